"""Warnings before a clock of the ledger runs out, and telling those who raised a problem what becomes of it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.db import atomic
from qiao.base.deadlines import Mark, progress
from qiao.base.i18n import in_every_language
from qiao.base.telling import Message, tell
from qiao.judge.problems.choices import OPEN_STATES, State
from qiao.judge.problems.models import Entry

_BATCH = 200
_MARKS = {Mark.HALF: 50, Mark.NEARLY: 80, Mark.OVERDUE: 100}
#: What those who raised a problem are told when it moves. Never a word of it: a telephone may lie open on a table.
_TEXTS = {
    "accepted": noop("Problem %(code)s is taken on: it stands in the public ledger now."),
    "declined": noop("Problem %(code)s is not taken on. The reason stands on its page; you may appeal."),
    "owned": noop("Somebody answers for problem %(code)s now."),
    "running": noop("Problem %(code)s is being mended, until %(day)s."),
    "extended": noop("Mending problem %(code)s takes longer, until %(day)s. The reason stands on its page."),
    "claimed": noop("Problem %(code)s is said to be mended. From %(from)s on you say whether it is."),
    "rechecked": noop("Problem %(code)s: those who raised it say it is mended."),
    "reopened": noop("Problem %(code)s is open again."),
    "closed": noop("Problem %(code)s is closed. Has it come back? Open it again on its page."),
}
_OWNER = {
    50: noop("Half the time for problem %(code)s has run."),
    80: noop("Four fifths of the time for problem %(code)s have run."),
    100: noop("Problem %(code)s is overdue: everybody sees it in the counts, the union above in its list."),
}


def warn_due(*, actor: Actor, now: datetime, after: int = 0) -> int:
    """Warn owners of clocks at 50, 80 and 100 % of their way, once each; the last row looked at, 0 at the end.

    Called again with what it returns until that is 0. Raises Refused for anybody but the clock.
    """
    if not actor.system:
        raise Refused("only the clock warns")
    with atomic():
        rows = list(
            Entry.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("unit")
            .filter(state__in=OPEN_STATES, due__isnull=False, warned__lt=100, pk__gt=after)
            .order_by("pk")[:_BATCH]
        )
        for entry in rows:
            if entry.due is None or entry.clock_from is None:
                continue
            mark = _MARKS.get(progress(entry.clock_from, entry.due, now).mark, 0)
            if mark <= entry.warned:
                continue
            entry.warned = mark
            entry.save(update_fields=["warned"])
            audit.record(
                actor=SYSTEM, now=now, action="problem.warn", code=entry.code, unit_path=entry.unit.path,
                detail={"mark": mark},
            )  # fmt: skip
            if entry.owner_id is not None and entry.state not in (State.CLAIMED, State.RECHECKED):
                jobs.defer("problems.tell_owner", entry_id=entry.pk, mark=mark)
    return rows[-1].pk if len(rows) == _BATCH else 0


def tell_those_who_raised(*, now: datetime, entry_id: int, what: str) -> int:
    """Tell whoever raised it, and once it is claimed those drawn, by the channels they chose; how many.

    Whoever left no name looks it up by receipt.
    """
    entry = Entry.objects.get(pk=entry_id)
    sent = 0
    with atomic():
        rows = entry.voices.exclude(person__isnull=True, account__isnull=True)
        for voice in rows:
            sent += tell(
                Message(
                    subject=in_every_language(noop("Problem %(code)s"), code=entry.code),
                    text=in_every_language(
                        _TEXTS[what], code=entry.code, day=localdate(entry.due) if entry.due else "",
                        **{"from": localdate(entry.recheck_from) if entry.recheck_from else ""},
                    ),
                    url=reverse("problems:say", args=[entry.code])
                    if what == "claimed"
                    else reverse("problems:problem", args=[entry.code]),
                    person_id=voice.person_id, account_id=voice.account_id,
                ),
                now,
            )  # fmt: skip
        audit.record(
            actor=SYSTEM, now=now, action="problem.tell", code=entry.code, unit_path=entry.unit.path,
            detail={"what": what, "sent": sent},
        )  # fmt: skip
    return sent


def tell_owner(*, now: datetime, entry_id: int, mark: int) -> bool:
    """Tell the owner how far the clock has run."""
    entry = Entry.objects.select_related("unit").get(pk=entry_id)
    if entry.owner_id is None:
        return False
    with atomic():
        audit.record(
            actor=SYSTEM, now=now, action="problem.tell", code=entry.code, unit_path=entry.unit.path,
            detail={"what": "clock", "mark": mark},
        )  # fmt: skip
        return tell(
            Message(
                subject=in_every_language(noop("Problem %(code)s"), code=entry.code),
                text=in_every_language(_OWNER[mark], code=entry.code),
                url=reverse("problems:problem", args=[entry.code]), account_id=entry.owner_id,
            ),
            now,
        )  # fmt: skip
