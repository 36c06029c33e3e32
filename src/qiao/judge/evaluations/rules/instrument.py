"""The questions of an evaluation: fixed here for everybody, versioned, in the ledger before anybody is asked.

A version once used is never changed: a new one gets a new name and stands beside it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from qiao.base.i18n import Localized, localized
from qiao.base.ledger.text import canonical
from qiao.base.problems import Place, Problem
from qiao.judge.evaluations.rules.modes import ASSISTED

COMMENT_LENGTH = 300
UNPROMPTED_LENGTH = 100


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
    def first(self) -> Question | None:
        """The open question asked before anything is named; None in versions that do not ask it."""
        return None

    @property
    def tabled(self) -> tuple[Question, ...]:
        """The questions whose answers are counted, in the order they are asked."""
        return self.questions if self.first is None else (self.first, *self.questions)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text of all questions and answers."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenedInstrument(Instrument):
    """A version that begins with an open question: its options are what its words are coded to, never offered."""

    unprompted: Question

    @property
    def first(self) -> Question | None:
        """The open question."""
        return self.unprompted


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

_AWARENESS, _PARTICIPATION, _THREE_STEPS, _SOLVED = THREE_DEGREES_1.questions
_UNPROMPTED = Question(
    "unprompted",
    localized(
        "您知道您的工会办了哪些服务？请写出名称。", "Which services of your union do you know? Please name them."
    ),
    (
        Option("yes", localized("写出了这项服务", "Named this service")),
        Option("no", localized("没有写出", "Did not name it")),
    ),
    localized(
        "想到什么写什么，不超过 100 字；想不起来就空着。请不要写人名。",
        "Whatever comes to mind, at most 100 signs; leave it empty if nothing does. Please write no names of persons.",
    ),
)
_PROMPTED = replace(
    _AWARENESS,
    label=localized(
        "这里说的就是上面写明的这项服务。在这次邀请之前，您知道工会办了这件事吗？",
        "This is about the service named above. Before this invitation, did you know that the union runs it?",
    ),
)
_FIVE_GRADES = replace(
    _THREE_STEPS,
    options=(
        Option("very", localized("非常满意", "Very satisfied")),
        Option("satisfied", localized("满意", "Satisfied")),
        Option("fairly", localized("基本满意", "Fairly satisfied")),
        Option("not", localized("不满意", "Not satisfied")),
        Option("not_at_all", localized("非常不满意", "Not satisfied at all")),
        Option("cannot_say", localized("说不清", "Cannot say")),
    ),
)


def _second(version: str, title: Localized, grades: Question) -> OpenedInstrument:
    return OpenedInstrument(
        version=version,
        title=title,
        questions=(_PROMPTED, _PARTICIPATION, grades, _SOLVED),
        comment=THREE_DEGREES_1.comment,
        unprompted=_UNPROMPTED,
    )


THREE_DEGREES_2 = _second(
    "three-degrees-2", localized("三度评价，第 2 版（五级）", "Three degrees, version 2 (five grades)"), _FIVE_GRADES
)
THREE_DEGREES_2_STEPS = _second(
    "three-degrees-2-steps",
    localized("三度评价，第 2 版（三档）", "Three degrees, version 2 (three steps)"),
    _THREE_STEPS,
)

INSTRUMENTS: Mapping[str, Instrument] = {
    one.version: one for one in (THREE_DEGREES_1, THREE_DEGREES_2, THREE_DEGREES_2_STEPS)
}
#: Of a new evaluation, by the scale of the grade (handbook C22, ``eval.scale``).
BY_SCALE: Mapping[str, OpenedInstrument] = {"5": THREE_DEGREES_2, "3": THREE_DEGREES_2_STEPS}


def checked_answers(instrument: Instrument, given: Mapping[str, str]) -> dict[str, object]:
    """What is sealed: one code for every question, the empty one where it was not asked of this person.

    A grade given by somebody who did not use the service is dropped, never counted; the open question may stay empty.
    Raises Problem for a missing
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
    answers["comment"] = _plain(given.get("comment", ""), "comment", COMMENT_LENGTH)
    if instrument.first is not None:
        key = instrument.first.key
        answers[key] = _plain(given.get(key, ""), key, UNPROMPTED_LENGTH)
    answers["instrument"] = instrument.version
    if given.get("mode") in ASSISTED:
        answers["mode"] = given["mode"]
    return answers


def _plain(text: str, column: str, most: int) -> str:
    """One line without control characters: so long at most that every sealed answer has the same size."""
    words = " ".join(text.split())
    plain = "".join(sign for sign in words if unicodedata.category(sign) != "Cc")
    if len(plain) > most:
        raise Problem(
            "The text has %(length)d signs, at most %(most)d are possible.",
            place=Place(column=column),
            length=len(plain),
            most=most,
        )
    return plain
