"""When which round is due: members and base unions by their cadence, the digest of needs after the results."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import WITH_RESULTS, Asked, RoundState
from qiao.hear.surveys.models import Round
from qiao.org.settings.queries import value_of
from qiao.org.units.queries import units_at


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that comes round: what, for which unit, when last, when due, the round that will serve it."""

    what: str
    unit: str
    last: date | None
    due: date
    overdue: bool
    planned: str = ""


def due_calendar(actor: Actor, now: datetime) -> list[DueRow]:
    """What is due in the units the actor plans rounds for, earliest first. Few queries for each of these units."""
    paths, today = actor.paths("round.plan"), localdate(now)
    rows: list[DueRow] = []
    for unit in units_at(paths).filter(path__in=paths)[:20] if paths else ():
        rounds = list(
            Round.objects.filter(unit__path=unit.path).exclude(asked=Asked.VOLUNTEERS).order_by("-opens").values_list(
                "code", "asked", "state", "opens", "published"
            )
        )  # fmt: skip
        for kinds, setting, what in (
            ({Asked.CENSUS, Asked.SAMPLE}, rules.CADENCE_MEMBERS, _("Survey of the members")),
            ({Asked.BASE_UNIONS}, rules.CADENCE_UNIONS, _("Survey of the base unions")),
        ):
            mine = [row for row in rounds if row[1] in kinds]
            ready = next((row[0] for row in mine if row[2] in _PREPARING), "")
            last = next((localdate(row[3]) for row in mine if row[2] not in _PREPARING), None)
            due = months_after(last, value_of(setting, path=unit.path, on=today)) if last else today
            rows.append(DueRow(what, pick(unit.name), last, due, due < today and not ready, ready))
        out = [row for row in rounds if row[2] in WITH_RESULTS and row[4]]
        if out and out[0][4]:
            last = localdate(out[0][4])
            due = months_after(last, value_of(rules.DIGEST, path=unit.path, on=today))
            rows.append(DueRow(_("Digest of needs after the last results"), pick(unit.name), last, due, False))
    return sorted(rows, key=lambda row: (row.due, row.what))


_PREPARING = (RoundState.PLANNED, RoundState.PRIVACY_CHECKED, RoundState.SAMPLED)


def months_after(day: date, number: int) -> date:
    """The same day so many months later, or the last of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
