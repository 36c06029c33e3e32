"""A member's own votes while the consultation is open, and the statement shown next. No number of votes is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from qiao.decide.consultations.models import Consultation, Statement, StatementWeights, Vote
from qiao.decide.consultations.queries.reading import statements_of
from qiao_stats.opinion import importance, next_statement_priority

#: What a statement weighs that nobody has seen (docs/algorithms/opinion-map.md).
NEW = float(importance(0, 0, 0, 0))


def voter_key(consultation: Consultation, person_id: int) -> str:
    """The mark a person's votes carry while the consultation is open.

    HMAC-SHA-256 with the installation's secret over the consultation's salt, code and person: whoever has only the
    database, or only the secret, cannot compute it; without the salt, erased at the close, nobody can.
    Raises ValueError once the salt is gone.
    """
    if consultation.salt is None:
        raise ValueError("the salt of this consultation has been erased")
    value = f"{bytes(consultation.salt).hex()}:{consultation.code}:{person_id}"
    return salted_hmac("qiao.consultations.voter", value, algorithm="sha256").hexdigest()


def own_votes(consultation: Consultation, person_id: int) -> dict[int, int]:
    """The person's votes as statement id → vote; empty once the salt is gone."""
    if consultation.salt is None:
        return {}
    votes = Vote.objects.filter(statement__consultation=consultation, voter=voter_key(consultation, person_id))
    return dict(votes.values_list("statement_id", "value"))


@dataclass(frozen=True, slots=True)
class Ballot:
    """Where a member stands with the statements: all with the own vote (or None), the one to show, the number done.

    ``back`` is the statement answered just before, one step back.
    """

    rows: tuple[tuple[Statement, int | None], ...]
    shown: Statement | None
    vote: int | None
    done: int
    back: Statement | None = None

    @property
    def total(self) -> int:
        """How many statements there are."""
        return len(self.rows)

    @property
    def complete(self) -> bool:
        """Whether every statement has a vote."""
        return self.done == self.total


def ballot_of(
    consultation: Consultation, person_id: int, wanted: int | None = None, after: int | None = None
) -> Ballot:
    """The statements of a member: the wanted number, else the one from whose vote most is learnt, is the one to show.

    It is drawn among those without the member's vote (`next_statement_priority`), by a seed of the member's mark and
    of how many are done: opening the page again shows the same, and others begin with others. ``after`` is the number
    voted on just before.
    """
    votes = own_votes(consultation, person_id)
    rows = tuple((statement, votes.get(statement.pk)) for statement in statements_of(consultation))
    shown = next((statement for statement, _vote in rows if statement.number == wanted), None)
    if shown is None:
        shown = _most_telling(consultation, person_id, rows)
    return Ballot(
        rows,
        shown,
        votes.get(shown.pk) if shown else None,
        sum(vote is not None for _s, vote in rows),
        next((statement for statement, vote in rows if vote is not None and statement.number == after), None),
    )


def _most_telling(
    consultation: Consultation, person_id: int, rows: tuple[tuple[Statement, int | None], ...]
) -> Statement | None:
    kept = StatementWeights.objects.filter(consultation=consultation).first()
    weights = kept.weights if kept else {}
    done = [vote is not None for _statement, vote in rows]
    mark = f"{voter_key(consultation, person_id)}:{sum(done)}" if consultation.salt is not None else ""
    place = next_statement_priority(
        [float(weights.get(str(statement.number), NEW)) for statement, _vote in rows],
        done,
        seed=int.from_bytes(hashlib.sha256(mark.encode()).digest()[:8], "big"),
    )
    return None if place is None else rows[place][0]
