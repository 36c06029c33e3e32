"""What every act on a sheet does: hold its row, ask who acts and whether the order allows it, write it down."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.judge.allocation.choices import State
from qiao.judge.allocation.models import Sheet
from qiao.judge.allocation.rules.states import require_step
from qiao.publish.services import announce


def held(code: str, *, actor: Actor, action: str, after: State) -> Sheet:
    """The sheet's row, locked, ready to become ``after``; the caller saves it.

    Raises Problem for an unknown sheet or a step out of order, Refused without ``action`` at the sheet's unit.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if sheet is None:
        raise Problem("There is no allocation sheet %(code)s.", code=code)
    require(actor, action, sheet.unit.path)
    require_step(sheet.state, after)
    sheet.state = after
    return sheet


def note(sheet: Sheet, *, actor: Actor, now: datetime, deed: str, **detail: object) -> None:
    """One audit row."""
    audit.record(
        actor=actor, now=now, action=f"allocation_sheet.{deed}", code=sheet.code, unit_path=sheet.unit.path,
        detail=detail,
    )  # fmt: skip


def tell(sheet: Sheet, *, actor: Actor, now: datetime, title: Localized, body: Localized) -> None:
    """Announce a step, in the same transaction."""
    announce(
        actor=actor, now=now, unit=sheet.unit, code=sheet.code, title=title, body=body,
        url=reverse("allocation:sheet", args=[sheet.code]),
    )  # fmt: skip


def joined(template: Localized, title: Localized) -> Localized:
    """A sentence in every language of ``template`` with the sheet's title in that language or what it has."""
    first = next(iter(title.values()), "")
    return {language: text % {"title": title.get(language) or first} for language, text in template.items()}
