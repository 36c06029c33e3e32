"""On which channels a person is told, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qiao.org.people.choices import Channel, ConsentKind

#: What holds for those who chose no order: what costs nothing first.
USUAL_ORDER = (Channel.MAIL, Channel.SMS)
CONSENT_OF = {Channel.MAIL: ConsentKind.CHANNEL_MAIL, Channel.SMS: ConsentKind.CHANNEL_SMS}
#: So often one channel is tried before the next one's turn.
TRIES = 3


def plan(order: Sequence[str], *, consents: Collection[str], reachable: Collection[str]) -> list[Channel]:
    """The channels to try one after another: consented and with an address that is not known to reach nobody.

    The message on the platform is there in any case and takes no place.
    """
    wanted = [Channel(channel) for channel in order if channel in CONSENT_OF]
    wanted += [channel for channel in USUAL_ORDER if channel not in wanted]
    return [channel for channel in wanted if CONSENT_OF[channel] in consents and channel in reachable]
