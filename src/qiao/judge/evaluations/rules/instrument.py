"""The questions of an evaluation: fixed here for everybody, versioned, in the ledger before anybody is asked.

A version once used is never changed: a new one gets a new name and stands beside it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qiao.base.i18n import Localized, localized
from qiao.base.ledger.text import canonical
from qiao.base.problems import Place, Problem

COMMENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Option:
    """One answer and the code the figures count it by."""

    value: str
    label: Localized


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``users_only`` are asked, and counted, only of those who used the service."""

    key: str
    label: Localized
    options: tuple[Option, ...]
    hint: Localized
    users_only: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of the questions."""

    version: str
    title: Localized
    questions: tuple[Question, ...]
    comment: Question

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text of all questions and answers."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()


THREE_DEGREES_1 = Instrument(
    version="three-degrees-1",
    title=localized("三度评价，第 1 版", "Three degrees, version 1"),
    questions=(
        Question(
            "awareness",
            localized(
                "在这次邀请之前，您知道工会办了这件事吗？",
                "Before this invitation, did you know that the union runs this?",
            ),
            (
                Option("yes", localized("知道", "Yes, I knew")),
                Option("no", localized("不知道", "No, I did not")),
            ),
            {},
        ),
        Question(
            "participation",
            localized("过去 12 个月里，您用过或参加过吗？", "In the past 12 months, did you use it or take part?"),
            (
                Option("yes", localized("用过或参加过", "Yes, at least once")),
                Option("no", localized("没有", "No")),
            ),
            {},
        ),
        Question(
            "satisfaction",
            localized("用下来，您满意吗？", "Having used it, are you satisfied?"),
            (
                Option("satisfied", localized("满意", "Satisfied")),
                Option("fairly", localized("基本满意", "Fairly satisfied")),
                Option("not", localized("不满意", "Not satisfied")),
                Option("cannot_say", localized("说不清", "Cannot say")),
            ),
            localized(
                "只请用过或参加过的人回答；没有用过的，请空着。",
                "Only for those who used it; leave it empty otherwise.",
            ),
            users_only=True,
        ),
        Question(
            "solved",
            localized("它要解决的那个困难，您的解决了吗？", "The trouble it is meant to solve: is yours solved?"),
            (
                Option("solved", localized("解决了", "Solved")),
                Option("partly", localized("解决了一部分", "Partly")),
                Option("not", localized("没有解决", "Not solved")),
                Option("no_need", localized("我没有这个困难", "I did not have it")),
            ),
            {},
        ),
    ),
    comment=Question(
        "comment",
        localized("还有什么想说的？", "Anything else you want to say?"),
        (),
        localized(
            "不超过 300 字。只有第三方看得到，不会公布；请不要写姓名。",
            "At most 300 signs. Only the evaluator reads it and it is not published; please write no names.",
        ),
    ),
)

INSTRUMENTS: Mapping[str, Instrument] = {THREE_DEGREES_1.version: THREE_DEGREES_1}
CURRENT = THREE_DEGREES_1


def checked_answers(instrument: Instrument, given: Mapping[str, str]) -> dict[str, object]:
    """What is sealed: one code for every question, the empty one where it was not asked of this person.

    A grade given by somebody who did not use the service is dropped, never counted. Raises Problem for a missing
    answer, an answer that is not offered or a comment that is too long.
    """
    answers: dict[str, object] = {}
    used = given.get("participation") == "yes"
    for question in instrument.questions:
        value = given.get(question.key, "").strip()
        if question.users_only and not used:
            value = ""
        elif value not in {option.value for option in question.options}:
            raise Problem("Choose one of the answers.", place=Place(column=question.key))
        answers[question.key] = value
    answers["comment"] = _plain(given.get("comment", ""))
    answers["instrument"] = instrument.version
    return answers


def _plain(text: str) -> str:
    """One line without control characters: so long at most that every sealed answer has the same size."""
    words = " ".join(text.split())
    plain = "".join(sign for sign in words if unicodedata.category(sign) != "Cc")
    if len(plain) > COMMENT_LENGTH:
        raise Problem(
            "The text has %(length)d signs, at most %(most)d are possible.",
            place=Place(column="comment"),
            length=len(plain),
            most=COMMENT_LENGTH,
        )
    return plain
