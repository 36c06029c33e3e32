"""What requests hold about one person."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.base.vault import WillNotOpen
from qiao.hear.window.choices import OPEN
from qiao.hear.window.models import Request
from qiao.org.people.choices import RefusalGround
from qiao.org.people.rules import Bar, OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Requests with one's name or in confidence; what was brought without a name belongs to nobody."""
    rows = Request.objects.filter(person_id=person_id).select_related("body").order_by("-received", "-pk")
    lines = tuple(
        OwnLine(
            f"{row.code} · {pick(row.body.name)}",
            listed([part for part in (str(row.get_state_display()), _words(row)) if part]),
            str(day_text(row.received)),
            reverse("window:own_request", args=[row.code]),
        )
        for row in rows
    )
    return [
        OwnGroup(
            "requests", _("What I brought to the window"), lines,
            _("To answer it and to show what became of it, encrypted; six years from the end."),
        )
    ]  # fmt: skip


def _words(row: Request) -> str:
    try:
        return str(row.text)
    except WillNotOpen:
        return _("cannot be opened")


def own_bars(person_id: int, now: datetime) -> list[Bar]:  # noqa: ARG001 - all are asked alike
    """Requests that are still open."""
    codes = Request.objects.filter(person_id=person_id, state__in=OPEN).order_by("pk").values_list("code", flat=True)
    return [
        Bar(RefusalGround.HOLD, _("The request %(code)s is open: wait for its end.") % {"code": code})
        for code in codes[:20]
    ]
