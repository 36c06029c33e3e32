"""One election, one petition, and those of a unit."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from django.utils.timezone import localdate

from qiao.base.access import Actor
from qiao.base.counts import count_text, is_small
from qiao.org.access.queries import handling_unit
from qiao.org.elections.choices import ElectionState
from qiao.org.elections.models import Candidate, Election, Motion, Signature
from qiao.org.elections.rules import DELEGATE_QUOTA, STEPS, delegates_for
from qiao.org.mandates.choices import ELECTED
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.rules import is_base
from qiao.org.membership.queries import member_count
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit


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


def hands_in(election: Election) -> set[int]:
    """Accounts that planned, called or filed an election or stood in it: none of them confirms it."""
    hands = {election.planned_by_id, election.called_by_id, election.filed_by_id}
    hands |= set(election.candidates.exclude(account=None).order_by("pk").values_list("account_id", flat=True))
    return {hand for hand in hands if hand is not None}


def may_confirm(actor: Actor, election: Election) -> bool:
    """Whether an officer with the role may confirm this very election: no hand in it, no declared tie (S12)."""
    return not actor.tied(election.unit.path) and not actor.did(*hands_in(election))


def confirmed_elsewhere(election: Election, now: datetime) -> Unit | None:
    """The unit on whose desk a filed result stands where nobody in the unit directly above may confirm it."""
    above = election.unit.path[:-5]
    if election.state != ElectionState.FILED or not above:
        return None
    found = handling_unit(
        "election.confirm", above, on=localdate(now), about=election.unit.path, but=hands_in(election)
    )
    return found if found is not None and found.path != above else None


def signatures_text(petition: Motion, *, inside: bool) -> str:
    """How many have signed as it is shown: outside no small count, but that enough have signed everybody may know."""
    enough = petition.signed >= petition.needed and not is_small(petition.members)
    return count_text(petition.signed, inside=inside or enough)


def delegates_wanted(election: Election) -> tuple[int, int] | None:
    """Fewest and most delegates for the members of a unit above the base; None below, or where nobody has set it."""
    unit = election.unit
    if is_base(unit.kind):
        return None
    table = value_of(DELEGATE_QUOTA, path=unit.path, on=election.day)
    return delegates_for(table, member_count(unit.path))


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
