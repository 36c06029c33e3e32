"""How names mark questions, and which are counted."""

from __future__ import annotations

from qiao.base.xlsform import Question

#: Names that begin so mark questions about the work situation: their answers make groups.
WORK_PREFIX = "ws_"
#: Names that begin so mark questions whose options are needs.
NEED_PREFIX = "need"
#: Options that are no need and no group: they say no, nothing, other, or that one does not know.
NO_GROUP = frozenset({"no", "none", "n", "0", "other", "dont_know", "dk", "na"})
#: Columns of the frozen data that no question may be called.
RESERVED = frozenset({"code", "stratum", "cluster", "employment", "mode", "weight", "population"})

#: Kinds of question whose answers are counted and published.
CLOSED_KINDS = frozenset({"select_one", "select_multiple", "range", "acknowledge"})


def is_need(question: Question) -> bool:
    """Whether the options of a question are needs."""
    return question.name.startswith(NEED_PREFIX) and question.type in {"select_one", "select_multiple"}


def is_work_situation(question: Question) -> bool:
    """Whether a question's answers make groups by work situation."""
    return question.name.startswith(WORK_PREFIX) and question.type in {"select_one", "select_multiple"}
