"""The consultation itself: text, statements, dates."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.decide.consultations.choices import ConsultationState
from qiao.decide.consultations.models import Clause, Consultation, Opinion, Statement, TextVersion
from qiao.decide.consultations.rules import is_public
from qiao.decide.proposals.models import Proposal
from qiao.decide.proposals.queries import open_proposals
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units

PER_PAGE = 30


def consultation_by_code(code: str) -> Consultation:
    """The consultation with this code and its unit; raises Consultation.DoesNotExist."""
    return Consultation.objects.select_related("unit").get(code=code)


def visible_consultation(actor: Actor, code: str) -> Consultation:
    """As `consultation_by_code`, but a draft exists only for those who prepare it or will answer for it."""
    found = consultation_by_code(code)
    if not is_public(found.state) and not sees_drafts(actor, found.unit.path):
        raise Consultation.DoesNotExist
    return found


def sees_drafts(actor: Actor, path: str) -> bool:
    """Whether drafts of the unit at ``path`` are this actor's to see."""
    return actor.may("consultation.run", path) or actor.may("opinion.answer", path)


def all_consultations(actor: Actor) -> QuerySet[Consultation]:
    """Every consultation the actor may see, the latest to close first."""
    condition = ~Q(state=ConsultationState.DRAFT)
    for action in ("consultation.run", "opinion.answer"):
        for path in actor.paths(action):
            condition |= Q(unit__path__startswith=path)
    return Consultation.objects.filter(condition).select_related("unit").order_by("-closes", "-pk")


def clauses_of(consultation: Consultation) -> list[Clause]:
    """The clauses of the text in force, in order."""
    return clauses_of_version(consultation, consultation.version)


def clauses_of_version(consultation: Consultation, number: int) -> list[Clause]:
    """The clauses of one version, in order; [] where there is no such version."""
    found = Clause.objects.filter(version__consultation=consultation, version__number=number)
    return list(found.order_by("number"))


def statements_of(consultation: Consultation) -> list[Statement]:
    """The statements, in order; those moderation took out are left out."""
    return list(Statement.objects.filter(consultation=consultation, shown=True).order_by("number"))


def versions_of(consultation: Consultation) -> QuerySet[TextVersion]:
    """All versions of the text, oldest first."""
    return TextVersion.objects.filter(consultation=consultation).order_by("number")


def opinions_given(consultation: Consultation, person_id: int) -> QuerySet[Opinion]:
    """The person's own opinions here, newest first."""
    return (
        Opinion.objects.filter(consultation=consultation, person_id=person_id)
        .select_related("clause", "answer")
        .order_by("-pk")
    )


def unit_options(actor: Actor) -> QuerySet[Unit]:
    """Units whose members the actor may consult."""
    return upper_units(actor.paths("consultation.run"))


def proposal_options(actor: Actor) -> QuerySet[Proposal]:
    """Proposals the actor may put to members."""
    return open_proposals(actor.paths("consultation.run"))


def under(paths: Iterable[str]) -> Q:
    """The condition that a consultation belongs to a unit in any of these subtrees; none for no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path)
    return condition


def reaching(paths: Iterable[str]) -> Q:
    """The condition that a consultation reaches members with these unit paths: its unit is theirs or above it."""
    prefixes = {path[:end] for path in paths for end in range(5, len(path) + 1, 5)}
    return Q(unit__path__in=prefixes)
