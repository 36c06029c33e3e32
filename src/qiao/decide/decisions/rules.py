"""What must hold before a decision is taken. Pure checks on what was read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from qiao.base.i18n import Localized, pick
from qiao.base.problems import Place, Problem
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class Task:
    """Who answers for an adopted proposal, and by when it is done."""

    unit: Unit
    owner: Account
    due: date


def faults_of_tasks(
    tasks: Mapping[str, Task], *, adopted: Collection[str], path: str, owners: Collection[int], today: date
) -> list[Problem]:
    """What is wrong with the tasks: on nothing adopted, in another part of the union, overdue when given."""
    faults = []
    for code, task in tasks.items():
        place = Place(source=code)
        if code not in adopted:
            faults.append(Problem("Only what is adopted becomes a task.", place=place))
        if not task.unit.path.startswith(path):
            faults.append(Problem("The responsible unit belongs to another part of the union.", place=place))
        if task.owner.pk not in owners:
            faults.append(Problem("The responsible person answers for no projects there.", place=place))
        if task.due < today:
            faults.append(Problem("The task would be overdue when it is given: choose a later day.", place=place))
    return faults


def faults_of_answers(*, code: str, state: str, unanswered: int) -> list[Problem]:
    """The guard of handbook C07: no decision while any opinion lacks an answer."""
    place = Place(source=code)
    if unanswered:
        return [
            Problem(
                "%(number)d opinions of this consultation have no answer yet. Each needs one before the decision.",
                place=place, number=unanswered, hint="Answer them on the page of the consultation.",
            )
        ]  # fmt: skip
    if state != "answered":
        return [
            Problem(
                "The consultation is not finished: a decision follows when it is closed and its answers are published.",
                place=place,
            )
        ]
    return []


def faults_of_papers(code: str, ready: datetime | None, now: datetime) -> list[Problem]:
    """Handbook C07: whoever decides had the text in hand for as many days as is set before the meeting."""
    if ready is None or ready <= now:
        return []
    return [
        Problem(
            "The last version of the text has not been public for long enough: decide on %(day)s or later.",
            place=Place(source=code), day=localdate(ready),
        )
    ]  # fmt: skip


def faults_of_choice(
    *, adopted: Sequence[str], rejected: Mapping[str, Localized], bought: Collection[str] | None, lost: Collection[str]
) -> list[Problem]:
    """What is wrong with the proposals taken up and not taken up.

    After a vote (``bought`` is not None) only what it bought can be adopted, and leaving out something it bought needs
    a public reason: the members' vote is not overruled in silence.
    """
    faults = [
        Problem("The proposal cannot be both adopted and not taken up.", place=Place(source=code))
        for code in adopted
        if code in rejected
    ]
    faults += [
        Problem("Say why the proposal is not taken up: those who asked will read it.", place=Place(source=code))
        for code, reason in rejected.items()
        if not pick(reason)
    ]
    if bought is not None:
        faults += [
            Problem("The members' vote did not choose this proposal: it cannot be adopted.", place=Place(source=code))
            for code in adopted
            if code not in bought
        ]
        faults += [
            Problem(
                "The members' vote chose this proposal. Adopt it, or give the public reason why not.",
                place=Place(source=code),
            )
            for code in bought
            if code not in adopted and code not in rejected
        ]
    if not adopted and not rejected and not lost:
        faults.append(Problem("Name at least one proposal: a decision takes it up or not."))
    return faults


def faults_of_record(votes: Sequence[int | None]) -> list[Problem]:
    """What is wrong with the vote record (for, against, abstained)."""
    given = [number for number in votes if number is not None]
    if not given:
        return []
    if len(given) < len(votes):
        return [Problem("Write all three numbers of the vote record, or none.")]
    if min(given) < 0 or given[0] <= given[1]:
        return [Problem("More votes for than against are needed: otherwise nothing was decided.")]
    return []
