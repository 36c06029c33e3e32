"""Reads of surveys."""

from __future__ import annotations

from qiao.hear.surveys.queries.forms import (
    own_text,
    questionnaire_by_code,
    questionnaires,
    runtime_of,
    usable_versions,
)
from qiao.hear.surveys.queries.frozen import (
    FrozenRound,
    Group,
    Item,
    Option,
    closed_questions,
    frozen_folder,
    frozen_round,
    prepare,
)
from qiao.hear.surveys.queries.rounds import (
    MonitorRow,
    answered_now,
    codes_waiting,
    due_rounds,
    find_round,
    invitation_of,
    may_enter,
    monitor,
    open_rounds,
    published_rounds,
    round_by_code,
    visible_rounds,
)
from qiao.hear.surveys.queries.shell import (
    RECEIPT_KIND,
    desk_items,
    open_items,
    own_items,
    rate_text,
    receipt_state,
    stations,
)

__all__ = [
    "RECEIPT_KIND",
    "FrozenRound",
    "Group",
    "Item",
    "MonitorRow",
    "Option",
    "answered_now",
    "closed_questions",
    "codes_waiting",
    "desk_items",
    "due_rounds",
    "find_round",
    "frozen_folder",
    "frozen_round",
    "invitation_of",
    "may_enter",
    "monitor",
    "open_items",
    "open_rounds",
    "own_items",
    "own_text",
    "prepare",
    "published_rounds",
    "questionnaire_by_code",
    "questionnaires",
    "rate_text",
    "receipt_state",
    "round_by_code",
    "runtime_of",
    "stations",
    "usable_versions",
    "visible_rounds",
]
