"""Reads of consultations."""

from __future__ import annotations

from qiao.decide.consultations.queries.answers import (
    AnswerRow,
    Cluster,
    PublishedOpinion,
    answered_rows,
    clusters,
    fate_labels,
    is_answered,
    opinion_by_receipt,
    opinion_fate,
    opinion_here,
    published_opinions,
    unanswered_count,
)
from qiao.decide.consultations.queries.reading import (
    all_consultations,
    clauses_of,
    clauses_of_version,
    consultation_by_code,
    opinions_given,
    proposal_options,
    statements_of,
    unit_options,
    versions_of,
    visible_consultation,
)
from qiao.decide.consultations.queries.results import Outcomes, outcomes
from qiao.decide.consultations.queries.shell import desk_items, open_items, own_items, receipt_state, stations
from qiao.decide.consultations.queries.voting import Ballot, ballot_of, own_votes, voter_key

__all__ = [
    "AnswerRow",
    "Ballot",
    "Cluster",
    "Outcomes",
    "PublishedOpinion",
    "all_consultations",
    "answered_rows",
    "ballot_of",
    "clauses_of",
    "clauses_of_version",
    "clusters",
    "consultation_by_code",
    "desk_items",
    "fate_labels",
    "is_answered",
    "open_items",
    "opinion_by_receipt",
    "opinion_fate",
    "opinion_here",
    "opinions_given",
    "outcomes",
    "own_items",
    "own_votes",
    "proposal_options",
    "published_opinions",
    "receipt_state",
    "statements_of",
    "stations",
    "unanswered_count",
    "unit_options",
    "versions_of",
    "visible_consultation",
    "voter_key",
]
