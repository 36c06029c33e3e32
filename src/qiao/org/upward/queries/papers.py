"""Reads of papers: who sees which, and how fast each side above answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.upward.choices import WAITING, Addressee, PaperKind, PaperState
from qiao.org.upward.models import Paper
from qiao.org.upward.rules import Measures, measure
from qiao.org.upward.rules.measures import Case

PAGE = 30
_LOWER = ("paper.draft", "paper.issue")
_UPPER = ("paper.handle", "paper.answer")
#: Not out yet, or never out: nobody's but the drafting side's.
_INSIDE = (PaperState.DRAFT, PaperState.WITHDRAWN)


def _readable(actor: Actor) -> Q:
    """Papers of the actor's own units in any state, and what has come to the units they answer for."""
    own = {grant.unit_id for grant in actor.grants if any(action in grant.actions for action in _LOWER)}
    condition = Q(unit__in=own)
    for path in sorted({path for action in _UPPER for path in actor.paths(action)}):
        condition |= Q(holder__path__startswith=path) & ~Q(state__in=_INSIDE)
        # What once came to a unit and went on to the one above stays readable below.
        condition |= Q(unit__path__startswith=path) & ~Q(state__in=_INSIDE)
    return condition


def papers_for(actor: Actor, *, box: str = "", state: str = "", late_at: datetime | None = None) -> QuerySet[Paper]:
    """Papers this officer may read, newest first. ``box``: "in" to answer, "out" of one's own units, "" both."""
    own = {grant.unit_id for grant in actor.grants if any(action in grant.actions for action in _LOWER)}
    found = Paper.objects.filter(_readable(actor)).select_related("unit", "holder").order_by("-drafted", "-pk")
    if box == "out":
        found = found.filter(unit__in=own)
    elif box == "in":
        found = found.exclude(unit__in=own).exclude(state__in=_INSIDE)
    if state in PaperState.values:
        found = found.filter(state=state)
    if late_at is not None:
        found = found.filter(state__in=WAITING, due__lt=late_at)
    return found


def paper_for(actor: Actor, code: str) -> Paper:
    """A paper this officer may read, with units, people and log; raises Paper.DoesNotExist for every other."""
    return (
        Paper.objects.filter(_readable(actor))
        .select_related("unit", "holder", "drafted_by", "issued_by", "answered_by")
        .prefetch_related("log__account", "log__unit")
        .get(code=code)
    )


def may_read(actor: Actor, paper: Paper) -> bool:
    """Whether this officer may read the paper."""
    return Paper.objects.filter(_readable(actor), pk=paper.pk).exists()


def units_to_draft_for(actor: Actor) -> QuerySet[Unit]:
    """The units in which this officer drafts papers: those they hold the role in, not those below."""
    own = {grant.unit_id for grant in actor.grants if "paper.draft" in grant.actions}
    return Unit.objects.filter(pk__in=own).exclude(state=UnitState.CLOSED).order_by("path")


def measures_of(*, now: datetime, days: int = 365) -> list[tuple[Unit, Measures]]:
    """Each unit that was asked something within ``days``: how fast it answered. Busiest first, 60 at most.

    A request that went on to the next unit above counts for the unit that holds it now, and never as on time.
    """
    rows = Paper.objects.filter(
        kind=PaperKind.REQUEST, issued__gte=now - timedelta(days=days), issued__isnull=False
    ).exclude(state__in=[*_INSIDE, PaperState.RETURNED])
    by_unit: dict[int, list[Case]] = {}
    for unit_id, state, issued, due, answered, escalations in rows.values_list(
        "holder_id", "state", "issued", "due", "answered", "escalations"
    ).order_by("pk"):
        if issued is not None:
            by_unit.setdefault(unit_id, []).append(
                Case(state=state, issued=issued, due=due, answered=answered, escalations=escalations)
            )
    busiest = sorted(by_unit, key=lambda key: (-len(by_unit[key]), key))[:60]
    units = Unit.objects.in_bulk(busiest)
    return [(units[key], measure(by_unit[key], now)) for key in busiest]


def papers_per_base(*, now: datetime, days: int = 365) -> float | None:
    """Papers base unions issued per union and month over ``days``; None where there is no base union."""
    kinds = (UnitKind.BASE, UnitKind.JOINT_BASE)
    unions = Unit.objects.filter(kind__in=kinds).exclude(state=UnitState.CLOSED).count()
    if not unions:
        return None
    papers = Paper.objects.filter(unit__kind__in=kinds, issued__gte=now - timedelta(days=days)).count()
    return papers / unions / (days / 365 * 12)


def run_out(*, now: datetime) -> list[str]:
    """Codes of requests whose clock has run out and whose end the rule knows, for the job that ends clocks."""
    ends = Q(silence_consents=True) | Q(addressee=Addressee.UPPER, holder__parent__isnull=False)
    found = Paper.objects.filter(ends, state__in=WAITING, due__lt=now).order_by("due", "pk")
    return list(found.values_list("code", flat=True)[:1000])
