"""What may happen to a need."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.hear.needs.choices import NeedState
from qiao.hear.needs.models import Need
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

#: A common need is among so many most named in every stratum.
TOP_K = Setting[int](
    "need.top_k",
    _("Places among the most named in every stratum that make a need common"),
    Kind.COUNT,
    default=5,
    lowest=1,
    highest=20,
    note=_("Taken when needs are derived from a round."),
    setter=Setter.ABOVE,
)
#: Share of false findings that is put up with among the needs of groups.
FALSE_DISCOVERIES = 0.05

STEPS = (NeedState.DRAFTED, NeedState.CHECKED, NeedState.PUBLISHED)
PUBLIC = (NeedState.PUBLISHED, NeedState.ANSWERED)


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states of a need as its page shows them: label, done, current."""
    order = [*STEPS, NeedState.ANSWERED] if state == NeedState.ANSWERED else list(STEPS)
    here = order.index(NeedState(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(order)]


def may_check(need: Need) -> bool:
    """Whether its words can be changed: until it is published."""
    return need.state in {NeedState.DRAFTED, NeedState.CHECKED}


def may_publish(need: Need) -> bool:
    """Whether it can be published: somebody has read and worded it."""
    return need.state == NeedState.CHECKED


def may_answer(need: Need) -> bool:
    """Whether it can be answered with "no, because"."""
    return need.state == NeedState.PUBLISHED
