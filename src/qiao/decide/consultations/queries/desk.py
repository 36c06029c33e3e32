"""The answering desk: suggested groups, groups given to offices, templates, how far the answers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem
from qiao.decide.consultations.choices import ConsultationState, SuggestionState
from qiao.decide.consultations.models import (
    AnswerTemplate,
    Assignment,
    Consultation,
    Opinion,
    OpinionGroup,
    Suggestion,
    SuggestionRun,
)
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.people.models import Account

#: Suggestions on one page.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One suggested group: the text in its middle, the others with their ids, and from how many members."""

    suggestion: Suggestion
    opinions: tuple[Opinion, ...]
    members: int


def suggestion_run(consultation: Consultation) -> SuggestionRun | None:
    """That suggestions were asked for, or None."""
    return SuggestionRun.objects.filter(consultation=consultation).first()


def open_suggestions(consultation: Consultation, *, most: int = SHOWN) -> list[SuggestionRow]:
    """Suggestions that wait for a word, the largest first. Opinions put elsewhere or answered since are left out."""
    found = list(Suggestion.objects.filter(consultation=consultation, state=SuggestionState.OPEN).order_by("pk")[:most])
    wanted = [key for one in found for key in one.opinion_ids]
    known = {
        opinion.pk: opinion
        for opinion in Opinion.objects.filter(
            pk__in=wanted, consultation=consultation, answer__isnull=True, group__isnull=True
        ).select_related("clause")
    }
    rows = []
    for one in found:
        opinions = tuple(known[key] for key in one.opinion_ids if key in known)
        if len(opinions) > 1:
            rows.append(SuggestionRow(one, opinions, supporters(opinions)))
    return rows


def suggestions_left(consultation: Consultation) -> int:
    """How many suggestions wait."""
    return Suggestion.objects.filter(consultation=consultation, state=SuggestionState.OPEN).count()


def supporters(opinions: Sequence[Opinion]) -> int:
    """From how many members these opinions come; each person counts once, of nobody's words each counts."""
    return len({opinion.person_id or -opinion.pk for opinion in opinions})


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group on the desk: its title, opinions and members, who prepares the answer, whether late, the draft."""

    group: OpinionGroup
    opinions: int
    members: int
    assignment: Assignment | None
    holder: str
    late: bool

    @property
    def drafted(self) -> bool:
        """Whether a draft waits for the deciders' word."""
        return self.assignment is not None and self.assignment.drafted is not None


def group_rows(consultation: Consultation, today: date) -> list[GroupRow]:
    """The groups that wait for their answer: late ones first, then by due day, those given to nobody last."""
    groups = (
        OpinionGroup.objects.filter(consultation=consultation, opinions__answer__isnull=True)
        .annotate(number=Count("opinions", distinct=True), people=Count("opinions__person", distinct=True),
                  nobodys=Count("opinions", filter=Q(opinions__person__isnull=True), distinct=True))
        .select_related("assignment__unit")
        .order_by("pk")
    )  # fmt: skip
    kept = list(groups)
    names = account_names([row.assignment.account_id for row in kept if hasattr(row, "assignment")])
    rows = [_group_row(row, names, today) for row in kept]
    return sorted(
        rows, key=lambda row: (row.assignment is None, row.assignment.due if row.assignment else today, -row.members)
    )


def _group_row(group: OpinionGroup, names: dict[int, str], today: date) -> GroupRow:
    assignment = group.assignment if hasattr(group, "assignment") else None
    holder = ""
    if assignment is not None:
        holder = f"{pick(assignment.unit.name)} · {names.get(assignment.account_id, '')}"
    late = assignment is not None and assignment.drafted is None and assignment.due < today
    return GroupRow(
        group, group.number, group.people + group.nobodys, assignment, holder, late  # type: ignore[attr-defined]
    )  # fmt: skip


def account_names(ids: Sequence[int]) -> dict[int, str]:
    """Names of accounts by id."""
    return {one.pk: one.display_name for one in Account.objects.filter(pk__in=ids)}


def drafters(path: str, today: date) -> list[tuple[int, int, str]]:
    """Officers at or below ``path`` who may prepare answers: (account id, unit id, name and unit)."""
    roles = [role.value for role in ROLES_BY_ACTION[Action.OPINION_DRAFT]]
    grants = (
        RoleGrant.objects.filter(unit__path__startswith=path, role__in=roles, since__lte=today)
        .filter(Q(until__isnull=True) | Q(until__gt=today))
        .select_related("unit", "account")
        .order_by("unit__path", "account__display_name", "pk")
    )
    rows: dict[tuple[int, int], str] = {}
    for grant in grants[:400]:
        rows.setdefault((grant.account_id, grant.unit_id), f"{pick(grant.unit.name)} · {grant.account.display_name}")
    return [(account, unit, name) for (account, unit), name in rows.items()]


def assignment_of(group_id: int, code: str) -> Assignment:
    """The assignment of a group with its consultation; raises Assignment.DoesNotExist."""
    return Assignment.objects.select_related("group__consultation__unit", "unit").get(
        group_id=group_id, group__consultation__code=code
    )


def opinions_of_group(group_id: int) -> list[Opinion]:
    """The opinions of a group with their clauses."""
    return list(Opinion.objects.filter(group_id=group_id).select_related("clause", "answer").order_by("pk"))


def group_here(consultation: Consultation, group_id: int) -> OpinionGroup | None:
    """A group of this consultation, or None."""
    return OpinionGroup.objects.filter(consultation=consultation, pk=group_id).select_related("assignment").first()


def templates_for(path: str) -> QuerySet[AnswerTemplate]:
    """Templates of the unit at ``path`` and of those above it, by outcome."""
    prefixes = [path[:end] for end in range(5, len(path) + 1, 5)]
    found = AnswerTemplate.objects.filter(unit__path__in=prefixes, retired__isnull=True)
    return found.select_related("unit").order_by("outcome", "pk")


def assigned_items(*, actor: Actor) -> list[DeskItem]:
    """Answers the actor's accounts are to prepare, the first due first."""
    rows = (
        Assignment.objects.filter(
            account_id__in=list(actor.own_accounts), drafted__isnull=True,
            group__consultation__state=ConsultationState.CLOSED,
        )
        .select_related("group__consultation", "unit")
        .order_by("due", "pk")[:50]
    )  # fmt: skip
    return [
        DeskItem(
            due=datetime.combine(row.due, time(23, 59), get_default_timezone()),
            title=_("Consultation: %(title)s") % {"title": pick(row.group.consultation.title)},
            stage=Stage.DECIDE,
            unit=pick(row.unit.name),
            next_step=_("Prepare the answer to “%(group)s”") % {"group": pick(row.group.title)},
            url=reverse("consultations:draft_answer", args=[row.group.consultation.code, row.group_id]),
        )
        for row in rows
    ]


def work_split(consultation: Consultation, today: date) -> list[tuple[str, int, int]]:
    """How the work is split: office, groups it still has to prepare, those of them that are late."""
    rows = Assignment.objects.filter(
        group__consultation=consultation, drafted__isnull=True, group__opinions__answer__isnull=True
    ).select_related("unit").distinct()  # fmt: skip
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        counts[pick(row.unit.name)][0] += 1
        counts[pick(row.unit.name)][1] += row.due < today
    return sorted((name, given, late) for name, (given, late) in counts.items())


def templates_under(paths: Sequence[str]) -> QuerySet[AnswerTemplate]:
    """Templates kept at units in these subtrees, by outcome; the latest 200."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path)
    found = AnswerTemplate.objects.filter(condition, retired__isnull=True)
    return found.select_related("unit").order_by("outcome", "-pk")[:200]
