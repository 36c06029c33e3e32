"""What joining holds about one person."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.base.vault import WillNotOpen
from qiao.org.joining.choices import OPEN, State
from qiao.org.joining.models import Application
from qiao.org.people.choices import RefusalGround
from qiao.org.people.rules import Bar, OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Applications to join with what the person wrote in them."""
    rows = Application.objects.filter(person_id=person_id).select_related("unit", "employer").order_by("-applied", "pk")
    lines = tuple(
        OwnLine(
            f"{row.code} · {pick(row.unit.name)}",
            listed([part for part in (str(row.get_state_display()), row.name, _contact(row), _employer(row)) if part]),
            str(day_text(row.applied)),
        )
        for row in rows
    )
    return [
        OwnGroup(
            "applications", _("How I joined"), lines,
            _("To decide on my application and to answer an appeal. The contact in it is encrypted."),
        )
    ]  # fmt: skip


def _contact(row: Application) -> str:
    try:
        return str(row.contact or "")
    except WillNotOpen:
        return _("cannot be opened")


def _employer(row: Application) -> str:
    return row.employer.name if row.employer else row.employer_written


def own_bars(person_id: int, now: datetime) -> list[Bar]:  # noqa: ARG001 - all are asked alike
    """Applications that are not decided yet."""
    codes = Application.objects.filter(person_id=person_id, state__in=[*OPEN, State.RETURNED, State.UNCONFIRMED])
    return [
        Bar(
            RefusalGround.HOLD,
            _("The application %(code)s is open: take it back first, or wait for the answer.") % {"code": code},
        )
        for code in codes.order_by("pk").values_list("code", flat=True)
    ]
