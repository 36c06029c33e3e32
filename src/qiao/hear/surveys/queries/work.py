"""Lists of those who do the fieldwork: interviewers and their calls, stacks of paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from qiao.base.access import Actor
from qiao.hear.surveys.choices import CallOutcome
from qiao.hear.surveys.models import Call, PaperBatch, Round
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import actions_of
from qiao.org.people.models import Account


def interviewers_at(path: str, today: date) -> list[Account]:
    """Accounts that hold a role with ``round.interview`` at a unit or above it today, by name."""
    above = [path[:end] for end in range(5, len(path) + 1, 5)]
    grants = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), unit__path__in=above, since__lte=today
    )
    wanted = {grant.account_id for grant in grants if "round.interview" in actions_of(grant.role)}
    return list(Account.objects.filter(pk__in=wanted, is_active=True).order_by("display_name", "pk"))


@dataclass(frozen=True, slots=True)
class CallsLeft:
    """How many of one's list wait: in all, with an appointment, and those who will not be called again."""

    waiting: int
    appointments: int
    ended: int


def calls_left(actor: Actor, survey: Round) -> CallsLeft:
    """What is left of the actor's own list; whoever has answered, by whatever way, is not in it."""
    ended = Q(outcome__in=[CallOutcome.REFUSED, CallOutcome.WRONG_NUMBER])
    found = Call.objects.filter(
        interviewer_id=actor.account_id, invitation__round=survey, invitation__answered=False
    ).aggregate(
        waiting=Count("pk", filter=~ended),
        appointments=Count("pk", filter=Q(outcome=CallOutcome.APPOINTMENT)),
        ended=Count("pk", filter=ended),
    )  # fmt: skip
    return CallsLeft(**found)


def stacks_of(survey: Round) -> list[PaperBatch]:
    """The stacks of a round, newest first, each with ``typed``: how many of its sheets are typed."""
    return list(
        PaperBatch.objects.filter(round=survey)
        .select_related("opened_by")
        .annotate(typed=Count("sheets"))
        .order_by("-opened", "-pk")
    )


def stack_by_code(survey: Round, code: str) -> PaperBatch | None:
    """A stack of this round, or None."""
    return PaperBatch.objects.select_related("round__unit", "round__version").filter(round=survey, code=code).first()


@dataclass(frozen=True, slots=True)
class StackFacts:
    """How far a stack is: typed sheets, those drawn to be typed again, those done, questions typed in two ways."""

    typed: int
    drawn: tuple[int, ...]
    agreed: int
    differing: Mapping[int, Sequence[str]]
    first_by: Mapping[int, int | None]

    @property
    def ready(self) -> bool:
        """Whether nothing is left to be typed again."""
        return self.agreed == len(self.drawn) and not self.differing


def stack_facts(batch: PaperBatch, drawn: Sequence[int]) -> StackFacts:
    """The state of a stack's sheets."""
    rows = {row.number: row for row in batch.sheets.all()}
    done = [number for number in drawn if number in rows and rows[number].again_by_id is not None]
    differing = {number: row.differs for number, row in rows.items() if row.differs}
    return StackFacts(
        len(rows), tuple(drawn), sum(1 for number in done if number not in differing), differing,
        {number: row.typed_by_id for number, row in rows.items()},
    )  # fmt: skip


def next_sheet(batch: PaperBatch, drawn: Sequence[int], account_id: int | None = None) -> int:
    """The number of the first sheet that waits: to be typed, to be typed again, or to be settled. 0 for none.

    What was typed by this account waits for somebody else; a difference for who typed it neither time.
    """
    facts = stack_facts(batch, drawn)
    if batch.state == "verifying":
        for row in sorted(batch.sheets.filter(number__in=drawn), key=lambda each: each.number):
            own = {row.typed_by_id, row.again_by_id} if row.differs else {row.typed_by_id}
            if (row.again_by_id is None or row.differs) and (account_id is None or account_id not in own):
                return row.number
        return 0
    return next((number for number in range(1, batch.expected + 1) if number not in facts.first_by), 0)
