"""Sheets and candidates as pages show them: nobody reads another's marks before all are in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from qiao.base.access import Actor
from qiao.hear.needs.choices import CandidateState, Say, SheetState
from qiao.hear.needs.models import Candidate, CandidateNeed, Need, Score, Sheet, UserSeat, Voice
from qiao.hear.needs.rules import PUBLIC, forming
from qiao.org.people.models import Account


def sheet_by_code(code: str) -> Sheet:
    """The sheet with this code; raises Sheet.DoesNotExist."""
    return Sheet.objects.select_related("unit").get(code=code)


def sheets(actor: Actor) -> QuerySet[Sheet]:
    """Published sheets, and drafts where the actor keeps them; newest first."""
    visible = ~Q(state=SheetState.DRAFTED)
    for path in actor.paths("sheet.keep"):
        visible |= Q(unit__path__startswith=path)
    return Sheet.objects.filter(visible).select_related("unit").annotate(raised=Count("candidates")).order_by("-pk")


def may_see_sheet(actor: Actor, sheet: Sheet) -> bool:
    """Drafts are seen by who keeps sheets there only."""
    return sheet.state != SheetState.DRAFTED or actor.may("sheet.keep", sheet.unit.path)


def candidate_by_code(code: str) -> Candidate:
    """The candidate with this code, its sheet, unit and needs loaded; raises Candidate.DoesNotExist."""
    return _loaded().get(code=code)


def candidates_of(sheet: Sheet) -> list[Candidate]:
    """Its candidates: the highest score first, those without one by their coming."""
    found = list(_loaded().filter(sheet=sheet))
    return sorted(found, key=lambda one: (one.score is None, -(one.score or 0.0), one.pk))


def _loaded() -> QuerySet[Candidate]:
    served = CandidateNeed.objects.select_related("need").order_by("pk")
    return Candidate.objects.select_related("sheet__unit", "proposer").prefetch_related(
        Prefetch("served", queryset=served)
    )


def may_see_candidate(actor: Actor, candidate: Candidate) -> bool:
    """Candidates are public with their sheet; before that to the officers of the unit."""
    sheet = candidate.sheet
    return may_see_sheet(actor, sheet) or actor.may("candidate.raise", sheet.unit.path)


@dataclass(frozen=True, slots=True)
class Marks:
    """One scorer's marks as the page shows them after all are in: by number, not by name."""

    number: int
    total: float
    rows: tuple[tuple[str, int], ...]


def marks_of(candidate: Candidate) -> list[Marks]:
    """Marks of all scorers, once all are in; before that of nobody."""
    if candidate.state == CandidateState.RAISED:
        return []
    scores = Score.objects.filter(candidate=candidate, void__isnull=True).order_by("-total", "pk")
    return [
        Marks(number, score.total, tuple((forming.criterion_text(key), score.marks[key]) for key in forming.CRITERIA))
        for number, score in enumerate(scores, 1)
    ]


def own_marks(candidate: Candidate, actor: Actor) -> dict[str, int]:
    """One's own marks; {} where there are none that hold."""
    if actor.account_id is None:
        return {}
    score = Score.objects.filter(candidate=candidate, account_id=actor.account_id, void__isnull=True).first()
    return dict(score.marks) if score else {}


def given_count(candidate: Candidate) -> tuple[int, int]:
    """How many scorers have given their marks, of how many awaited."""
    awaited = candidate.sheet.scorers.exclude(account=candidate.proposer_id).count()
    return Score.objects.filter(candidate=candidate, void__isnull=True).count(), awaited


def void_count(sheet: Sheet) -> int:
    """How many scores a change of the sheet made void."""
    return Score.objects.filter(candidate__sheet=sheet, void__isnull=False).count()


def is_scorer(sheet: Sheet, actor: Actor) -> bool:
    """Whether the actor scores by this sheet."""
    return actor.account_id is not None and sheet.scorers.filter(account_id=actor.account_id).exists()


def has_seat(sheet: Sheet, actor: Actor) -> bool:
    """Whether the actor was drawn for the user panel."""
    return actor.person_id is not None and UserSeat.objects.filter(sheet=sheet, person_id=actor.person_id).exists()


def own_voice(candidate: Candidate, actor: Actor) -> Voice | None:
    """What the actor said to a candidate."""
    if actor.person_id is None:
        return None
    return Voice.objects.filter(candidate=candidate, seat__person_id=actor.person_id).first()


def voices_shown(candidate: Candidate) -> list[tuple[str, int]]:
    """What the panel said, in counts; [] before it was counted. A panel of five or more is told only as a whole."""
    return [(str(say.label), candidate.voices[say.value]) for say in Say if candidate.voices]


def words_said(candidate: Candidate) -> list[str]:
    """What the panel added in words, without names and in the order of the alphabet; only once it was counted."""
    if not candidate.voices:
        return []
    return sorted(Voice.objects.filter(candidate=candidate).exclude(words="").values_list("words", flat=True))


def spoken_count(candidate: Candidate) -> int:
    """How many of the panel have spoken."""
    return Voice.objects.filter(candidate=candidate).count()


def officers_at(path: str) -> list[Account]:
    """Accounts that hold an office at a unit or above it: who can be named to score there."""
    line = [path[:end] for end in range(5, len(path) + 1, 5)]
    return list(
        Account.objects.filter(grants__unit__path__in=line, grants__until__isnull=True, is_active=True)
        .distinct()
        .order_by("display_name", "pk")[:200]
    )


def needs_to_choose(path: str) -> list[Need]:
    """Published needs of the units on the line of ``path`` and below it, not answered yet."""
    line = [path[:end] for end in range(5, len(path) + 1, 5)]
    return list(
        Need.objects.filter(Q(unit__path__startswith=path) | Q(unit__path__in=line), state__in=PUBLIC)
        .exclude(state="answered")
        .select_related("unit")
        .order_by("-share", "pk")[:200]
    )
