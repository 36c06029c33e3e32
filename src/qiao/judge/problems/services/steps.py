"""What every act on a problem does: hold its row, start the clock of the new state, write down who did it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor
from qiao.base.deadlines import due as due_at
from qiao.base.deadlines import extended
from qiao.base.i18n import Localized, localized
from qiao.base.problems import Problem
from qiao.judge.problems.choices import State
from qiao.judge.problems.models import Entry, Move
from qiao.judge.problems.rules.settings import (
    ACCEPT_WITHIN,
    CLOSE_WITHIN,
    OWN_WITHIN,
    PLAN_WITHIN,
    RECHECK_WITHIN,
)
from qiao.judge.problems.rules.states import require_step
from qiao.org.settings.queries import calendar_of, ruling
from qiao.org.settings.rules import Setting
from qiao.publish.services import announce

#: Which setting's clock runs in a state; the remedy's own last day ends `State.RUNNING`.
_CLOCKS: dict[State, Setting[int]] = {
    State.RAISED: ACCEPT_WITHIN,
    State.ACCEPTED: OWN_WITHIN,
    State.OWNED: PLAN_WITHIN,
    State.REOPENED: PLAN_WITHIN,
    State.CLAIMED: RECHECK_WITHIN,
    State.RECHECKED: CLOSE_WITHIN,
}


def held(code: str) -> Entry:
    """The problem's row, locked. Raises Problem for an unknown one."""
    entry = Entry.objects.select_for_update(of=("self",)).select_related("unit", "owner_unit").filter(code=code).first()
    if entry is None:
        raise Problem("There is no problem %(code)s in the ledger.", code=code)
    return entry


def step_to(
    entry: Entry, after: State, *, actor: Actor, now: datetime, ground: Localized | None = None,
    until: datetime | None = None,
) -> None:  # fmt: skip
    """Bring the problem into a state: the order is asked, its clock started, the step written. The caller saves.

    ``until``: the last moment where no setting says it.
    """
    require_step(entry.state, after)
    before, entry.state = entry.state, after
    start_clock(entry, now=now, until=until)
    log_move(entry, before=before, actor=actor, now=now, ground=ground)


def start_clock(entry: Entry, *, now: datetime, until: datetime | None = None) -> None:
    """The clock of the present state, by the rule in force today: a later change of the setting does not touch it."""
    entry.clock_from, entry.warned = now, 0
    setting = _CLOCKS.get(State(entry.state))
    if setting is None:
        entry.due, entry.due_rule = until, "" if until is None else "remedy"
        return
    path, today = entry.unit.path, localdate(now)
    rule = ruling(setting, path=path, on=today)
    calendar, span = calendar_of(path, today), setting.span(rule.value)
    begins = entry.recheck_from if entry.state == State.CLAIMED and entry.recheck_from else None
    entry.due = extended(begins, span, calendar) if begins else due_at(now, span, calendar)
    entry.due_rule = rule.origin


def log_move(entry: Entry, *, before: str, actor: Actor, now: datetime, ground: Localized | None = None) -> None:
    """One step (S3). Whoever raised a problem is not named in it."""
    role = next((grant.role for grant in actor.grants if grant.reaches(entry.unit.path)), "")
    hidden = entry.state == State.RAISED and before == ""
    Move.objects.create(
        entry=entry, at=now, before=before, after=entry.state, ground=ground or {},
        by=None if hidden else actor.account_id, role="" if hidden else role,
    )  # fmt: skip


def note(entry: Entry, *, actor: Actor, now: datetime, deed: str, **detail: object) -> None:
    """One audit row."""
    audit.record(
        actor=actor, now=now, action=f"problem.{deed}", code=entry.code, unit_path=entry.unit.path, detail=detail
    )


def tell_voices(entry: Entry, what: str) -> None:
    """Have those who raised it told, after the transaction (S8)."""
    jobs.defer("problems.tell", entry_id=entry.pk, what=what)


def tell_all(entry: Entry, *, actor: Actor, now: datetime, words: Localized) -> None:
    """Announce a step to everybody, in the same transaction: no person is named."""
    announce(
        actor=actor, now=now, unit=entry.unit, code=entry.code,
        title={code: text % {"title": entry.title.get(code) or next(iter(entry.title.values()))}
               for code, text in words.items()},
        body=entry.text, url=reverse("problems:problem", args=[entry.code]),
    )  # fmt: skip


CLOSED_WORDS = localized("问题已销号：%(title)s", "Problem closed: %(title)s")
REOPENED_WORDS = localized("问题重新打开：%(title)s", "Problem open again: %(title)s")
ACCEPTED_WORDS = localized("问题列入台账：%(title)s", "Problem entered into the ledger: %(title)s")
