"""Reading terms: quotas demanded, elected and missing; delegates; who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from qiao.base.access import Actor
from qiao.decide.congress.choices import TermState
from qiao.decide.congress.models import Congress, Delegate
from qiao.decide.congress.rules.quota import Demand, Electorate, Shares, demands


@dataclass(frozen=True, slots=True)
class Standing:
    """What a visitor is to a congress. ``inside``: reads names and open affairs."""

    seat: Delegate | None
    member: bool
    may_run: bool
    may_certify: bool
    may_review: bool

    @property
    def inside(self) -> bool:
        """Whether the visitor belongs to the unit or works for it."""
        return self.member or self.seat is not None or self.may_run or self.may_certify or self.may_review


def congress_by_code(code: str) -> Congress:
    """One term. Raises Congress.DoesNotExist."""
    return Congress.objects.select_related("unit").get(code=code)


def persons_of(actor: Actor) -> set[int]:
    """The person behind the actor, by all accounts of the same human."""
    return {one for one in (actor.person_id, *actor.persons) if one is not None}


def standing(congress: Congress, actor: Actor) -> Standing:
    """What the actor is to this congress."""
    path = congress.unit.path
    persons = persons_of(actor)
    seat = (
        congress.delegates.filter(person_id__in=persons, until__isnull=True).select_related("constituency").first()
        if persons
        else None
    )
    return Standing(
        seat=seat,
        member=any(own.startswith(path) for own in actor.member_paths),
        may_run=actor.may("congress.run", path),
        may_certify=actor.may("congress.certify", path[:-5] or path),
        may_review=actor.may("congress.review", path),
    )


def seats_held(actor: Actor) -> QuerySet[Delegate]:
    """Seats the actor holds now in congresses in term."""
    return (
        Delegate.objects.filter(person_id__in=persons_of(actor), until__isnull=True, congress__state=TermState.IN_TERM)
        .select_related("congress__unit")
        .order_by("pk")
    )


def quota_table(congress: Congress) -> tuple[Demand, ...]:
    """Front-line workers, women, managers: demanded, elected, missing, by the shares kept with the term."""
    return quota_tables([congress])[congress.pk]


def quota_tables(terms: Sequence[Congress]) -> dict[int, tuple[Demand, ...]]:
    """As `quota_table` for several terms in one query."""
    counted = Delegate.objects.filter(congress__in=terms, until__isnull=True).values("congress").annotate(
        elected=Count("pk"), women=Count("pk", filter=Q(woman=True)),
        front_line=Count("pk", filter=Q(front_line=True)), managers=Count("pk", filter=Q(manager=True)),
    ).order_by("congress")  # fmt: skip
    found = {
        row["congress"]: {key: int(row[key]) for key in ("elected", "women", "front_line", "managers")}
        for row in counted
    }
    none = {"elected": 0, "women": 0, "front_line": 0, "managers": 0}
    return {
        term.pk: demands(
            Electorate(term.workers, term.women, term.front_line),
            Shares(term.manager_share, term.front_line_share, term.women_part),
            seats=term.seats, **found.get(term.pk, none),
        )
        for term in terms
    }  # fmt: skip


def congresses_for(actor: Actor, find: str = "") -> QuerySet[Congress]:
    """Terms everybody may see (certified), and those being formed for who works on them."""
    rows = Congress.objects.select_related("unit")
    working = Q(pk__in=[])
    for action in ("congress.run", "congress.certify"):
        for path in actor.paths(action):
            working |= Q(unit__path__startswith=path)
    rows = rows.filter(Q(state__in=[TermState.IN_TERM, TermState.ENDED]) | working)
    if find:
        rows = rows.filter(Q(unit__name__icontains=find) | Q(unit__label__icontains=find) | Q(code__iexact=find))
    return rows.order_by("unit__path", "-number")


def own_congresses(actor: Actor) -> QuerySet[Congress]:
    """Congresses in term of the units the member belongs to, from the own unit upward, and those with a seat."""
    paths = {own[:end] for own in actor.member_paths for end in range(5, len(own) + 1, 5)}
    mine = Q(unit__path__in=paths) | Q(delegates__person_id__in=persons_of(actor), delegates__until__isnull=True)
    return (
        Congress.objects.filter(mine, state=TermState.IN_TERM).select_related("unit").distinct().order_by("-unit__path")
    )
