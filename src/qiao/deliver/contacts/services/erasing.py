"""What retention erases of officers' days at the base: what was noted and raised, a year on (handbook P8)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from qiao.deliver.contacts.choices import DutyState
from qiao.deliver.contacts.models import Duty, Issue
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

NOTES_PERIOD = Setting[int](
    "keep.visit_notes",
    _("Notes of officers' days at the base"),
    Kind.YEARS,
    default=1,
    lowest=1,
    highest=3,
    setter=Setter.FEDERATION,
    action="setting.protect",
    note=_("Counted from the end of the visit; what is not answered yet stays until it is."),
)
#: What stands in the place of the words of an issue: a sign of every language, as the words may not be empty.
ERASED = "—"


def erase_notes(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase notes, place and reason of visits that ended before ``cutoff`` with the words of all that was raised.

    Day, place and officer stay: they are counted. A visit with an issue that waits for its answer is left alone.
    """
    waiting = Issue.objects.filter(duty=OuterRef("pk"), answered__isnull=True)
    worded = Issue.objects.filter(duty=OuterRef("pk")).exclude(text=ERASED)
    due = Duty.objects.filter(Exists(worded) | ~Q(notes__in=["", ERASED]) | ~Q(where="") | ~Q(reason__in=["", ERASED]))
    rows = held.leave_out(due.filter(~Exists(waiting), ends__lt=cutoff), code="code", path="place__path")
    chosen = list(rows.order_by("ends", "pk").values_list("pk", "code")[:limit])
    keys = [key for key, _code in chosen]
    Issue.objects.filter(duty_id__in=keys).update(text=ERASED, answer=ERASED)
    duties = Duty.objects.filter(pk__in=keys)
    duties.update(notes="", where="")
    duties.filter(state=DutyState.CANCELLED).update(reason=ERASED)
    duties.exclude(state=DutyState.CANCELLED).update(reason="")
    return Erased(tuple(f"contacts.duty:{code}" for _key, code in chosen))


NOTES_RULE = Rule(
    "visit_notes",
    _("Notes of officers' days at the base"),
    erase_notes,
    period=NOTES_PERIOD,
    purpose=_("Knowing what was raised, and answering it"),
    remains=_("Officer, place and day, and what became of each issue"),
)
