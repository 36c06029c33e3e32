"""A vote's papers by its rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qiao.decide.ballots.models import Ballot, BallotItem
from qiao.decide.ballots.services.tally.budget import count_budget
from qiao.decide.ballots.services.tally.outcome import Outcome, Said
from qiao.decide.ballots.services.tally.ranked import count_rankings

Rows = Sequence[tuple[tuple[str, ...], tuple[int, ...]]]


def tally(ballot: Ballot, items: Sequence[BallotItem], rows: Rows) -> Outcome:
    """Count ``rows`` (marks and ranks of each paper, in the order of the random keys); blank ones decide nothing."""
    valid = [row for row in rows if row[0]]
    said: Said = Counter(valid)
    if ballot.ranked:
        return count_rankings(ballot, items, said)
    return count_budget(ballot, items, [marks for marks, _ranks in valid], said)
