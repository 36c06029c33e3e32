"""Whether a text asks something: a report may not, a request must, and once only."""

from __future__ import annotations

import re

#: The turns with which papers ask, whatever the punctuation.
_TURNS = re.compile(
    r"请(?:予)?(?:批复|批示|审批|核准|批准|指示|回复|答复)|恳请|妥否|当否|可否|能否|是否(?:同意|可行|妥当)|特此请示"
    r"|\bplease (?:approve|advise|answer|reply|confirm|instruct)\b|\b(?:may|shall|should|can) we\b"
    r"|\b(?:request|ask)(?:s|ing)? (?:for )?(?:your )?(?:approval|instructions|consent|permission)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[?？](?:[!！?？])*")


def asks_something(text: str) -> bool:
    """Whether a text puts a question: a question mark, or a turn that asks."""
    return bool(_MARKS.search(text) or _TURNS.search(text))


def number_of_questions(text: str) -> int:
    """How many questions a text puts: its question marks, one at least."""
    return max(1, len(_MARKS.findall(text)))
