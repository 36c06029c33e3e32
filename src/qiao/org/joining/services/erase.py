"""Applications that made nobody a member are erased after their time (handbook P8)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiao.org.appeals.models import Appeal
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

PERIOD = Setting[int](
    "keep.applications",
    _("Applications to join that were refused or taken back"),
    Kind.MONTHS,
    default=6,
    lowest=1,
    highest=24,
    note=_("Counted from the decision; what a worker never confirmed or answered, from the day it was handed in."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)
_ENDED = (State.REFUSED, State.WITHDRAWN)
_SILENT = (State.UNCONFIRMED, State.RETURNED)


def erase_applications(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase applications decided against, taken back, or left without the worker's word before ``cutoff``."""
    due = Application.objects.filter(
        Q(state__in=_ENDED, decided__lt=cutoff) | Q(state__in=_SILENT, applied__lt=cutoff)
    ).order_by("pk")
    # An objection that is still open keeps what it is about.
    due = due.exclude(code__in=Appeal.objects.filter(decided__isnull=True).values("subject"))
    rows = held.leave_out(due, code="code", path="unit__path")
    found = list(rows.values_list("pk", "code")[:limit])
    Application.objects.filter(pk__in=[key for key, _code in found]).delete()
    return Erased(tuple(f"org.application:{code}" for _key, code in found))


RULE = Rule(
    key="applications",
    label=_("Applications to join that made nobody a member"),
    eraser=erase_applications,
    period=PERIOD,
    purpose=_("To answer an appeal, and not to ask twice."),
    remains=_("Nothing but the receipt's number and state."),
)


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Erase a person's decided applications; how many. The receipt's number and state stay."""
    rows = Application.objects.filter(person_id=person_id, state__in=[*_ENDED, State.ACTIVE])
    return rows.delete()[0]
