"""What needs forget: the texts topics were worked out from, and a person who sat on a panel or followed a need."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qiao.hear.needs.models import Follower, TopicSet, TopicText, UserSeat
from qiao.hear.needs.rules.settings import TEXT_RETENTION
from qiao.org.retention.rules import Erased, Held, Rule


def erase_texts(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase the texts of sets that were ready before ``cutoff``; topics, counts, steps and approved quotes stay."""
    sets = TopicSet.objects.filter(asked__lte=cutoff, erased__isnull=True)
    found = held.leave_out(sets, code="code", path="unit__path").order_by("asked", "pk").first()
    if found is None:
        return Erased()
    chosen = list(TopicText.objects.filter(topic_set=found).order_by("pk").values_list("pk", flat=True)[:limit])
    if chosen:
        TopicText.objects.filter(pk__in=chosen).delete()
        return Erased(tuple(f"needs.text:{key}" for key in chosen))
    found.erased = held.at
    found.save(update_fields=["erased"])
    return Erased((f"needs.topics:{found.code}",))


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Take a person's seats on panels with what was said there, unless it was counted already, and what they follow."""
    gone, _rows = Follower.objects.filter(account__person_id=person_id).delete()
    seats = UserSeat.objects.filter(person_id=person_id)
    count = seats.count()
    seats.delete()
    return gone + count


TEXTS_RULE = Rule(
    "topic_texts",
    _("Free texts that topics were worked out from"),
    erase_texts,
    period=TEXT_RETENTION,
    purpose=_("Reading, merging and splitting topics"),
    remains=_("Topics with their counts, steps, and quotes that were approved"),
)
