"""Reads of evaluations: for their own pages, and what the shell asks every app."""

from __future__ import annotations

from qiao.judge.evaluations.queries.after import After, PromiseLine, after, open_promises
from qiao.judge.evaluations.queries.own import Standing, standing_by_code, standing_of
from qiao.judge.evaluations.queries.owners import possible_owners
from qiao.judge.evaluations.queries.page import FigureRow, Page, evaluation_page
from qiao.judge.evaluations.queries.proof import Inclusion, inclusion_of
from qiao.judge.evaluations.queries.rounds import (
    Board,
    bar_rows,
    board,
    codes_over,
    digests_of,
    evaluation_by_code,
    evaluators_for,
    frame_of,
    instrument_for,
    issuer_of,
    latest_results,
    open_rounds,
    projects_to_judge,
)
from qiao.judge.evaluations.queries.shell import desk_items, open_items, own_items, receipt_state, stations

__all__ = [
    "After",
    "Board",
    "FigureRow",
    "Inclusion",
    "Page",
    "PromiseLine",
    "Standing",
    "after",
    "bar_rows",
    "board",
    "codes_over",
    "desk_items",
    "digests_of",
    "evaluation_by_code",
    "evaluation_page",
    "evaluators_for",
    "frame_of",
    "inclusion_of",
    "instrument_for",
    "issuer_of",
    "latest_results",
    "open_items",
    "open_promises",
    "open_rounds",
    "own_items",
    "possible_owners",
    "projects_to_judge",
    "receipt_state",
    "standing_by_code",
    "standing_of",
    "stations",
]
