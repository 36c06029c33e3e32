"""One election, one petition, and those of a unit."""

from __future__ import annotations

from django.db.models import Count, Q

from qiao.base.access import Actor
from qiao.org.elections.choices import ElectionState
from qiao.org.elections.models import Candidate, Election, Motion, Signature
from qiao.org.elections.rules import STEPS
from qiao.org.mandates.choices import ELECTED
from qiao.org.mandates.models import Mandate
from qiao.org.units.models import Unit

_SMALL = 5


def election_by_code(unit: Unit, code: str) -> Election:
    """One election of the unit; raises Election.DoesNotExist."""
    return Election.objects.select_related("unit", "filed_by", "decided_by", "planned_by", "called_by").get(
        code=code, unit=unit
    )


def elections_of(unit: Unit) -> list[Election]:
    """Elections of the unit, newest first, each with ``stand``: candidates on the list. The last fifty."""
    return list(
        Election.objects.filter(unit=unit)
        .annotate(stand=Count("candidates", filter=Q(candidates__withdrawn=False)))
        .order_by("-day", "-pk")[:50]
    )


def candidates_of(election: Election) -> list[Candidate]:
    """Candidates, those with the most votes first, then as nominated; those withdrawn last."""
    return sorted(
        election.candidates.order_by("pk"),
        key=lambda row: (row.withdrawn, -(row.votes if row.votes is not None else -1), row.pk),
    )


def petition_by_code(unit: Unit, code: str) -> Motion:
    """One petition of the unit; raises Motion.DoesNotExist."""
    return Motion.objects.select_related("unit", "mandate").get(code=code, unit=unit)


def petitions_of(unit: Unit) -> list[Motion]:
    """Petitions of the unit, newest first: the last fifty."""
    return list(Motion.objects.filter(unit=unit).select_related("mandate").order_by("-begun", "-pk")[:50])


def heads(number: int, *, inside: bool) -> str:
    """A count of members as it is shown: to those outside the union no small one, from which one might guess whose."""
    return str(number) if inside or not 0 < number < _SMALL else f"<{_SMALL}"


def has_signed(petition: Motion, actor: Actor) -> bool:
    """Whether this member has signed: shown to nobody else."""
    return actor.person_id is not None and Signature.objects.filter(motion=petition, person_id=actor.person_id).exists()


def recallable_mandates(unit: Unit) -> list[Mandate]:
    """Whom the unit's members elected and may recall."""
    return list(Mandate.objects.filter(unit=unit, until__isnull=True, post__in=ELECTED).order_by("pk"))


def steps_of(election: Election) -> list[tuple[str, bool, bool]]:
    """The steps of an election for its page: label, done, present."""
    here = ElectionState.HELD if election.state == ElectionState.RETURNED else ElectionState(election.state)
    if here == ElectionState.WITHDRAWN:
        return []
    place = STEPS.index(here)
    return [
        (str(step.label), number < place or here == ElectionState.CONFIRMED, number == place)
        for number, step in enumerate(STEPS)
    ]
