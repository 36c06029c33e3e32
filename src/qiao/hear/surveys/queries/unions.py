"""Base unions that are asked: which of them an officer answers for, and what the platform knows of them already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from qiao.base.access import Actor
from qiao.hear.surveys.choices import Asked, UnionSize
from qiao.hear.surveys.models import Invitation, Round
from qiao.org.membership.queries import member_counts
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class OwnUnion:
    """A base union of one's own that is asked: what is known of it, what of that stands on its answer, and whether it
    has answered. ``above``: the unit above it; ``size``: its band, empty where too few unions asked share it."""

    unit: Unit
    above: Unit | None
    members: int
    size: str
    answered: bool


def own_unions(actor: Actor, survey: Round) -> list[OwnUnion]:
    """The base unions the actor answers for in a round of base unions, in the order of the tree; none elsewhere."""
    if survey.asked != Asked.BASE_UNIONS:
        return []
    reach = [Q(path__startswith=path) for path in actor.paths("round.answer_union")]
    if not reach:
        return []
    below = Unit.objects.filter(reduce(or_, reach), path__startswith=survey.unit.path)
    rows = Invitation.objects.filter(round=survey, unit_id__in=below.values("pk")).order_by("unit_id")
    asked = {row.unit_id: row for row in rows}
    units = list(Unit.objects.select_related("parent").filter(pk__in=list(asked)).order_by("path"))
    members = member_counts(units)
    known = {size.value: str(size.label) for size in UnionSize}
    return [
        OwnUnion(
            unit, unit.parent, members.get(unit.pk, 0), known.get(row.employment, ""), row.answered
        )
        for unit, row in ((unit, asked[unit.pk]) for unit in units)
    ]  # fmt: skip
