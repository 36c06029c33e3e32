"""What the data protection officer sees of a plan: the sheet of the privacy check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import Localized, pick
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, Design, StratumBy
from qiao.hear.surveys.models import PrivacyCheck, Round
from qiao.hear.surveys.queries.forms import own_text, runtime_of

#: The points of the sheet; each must be held before a plan is passed.
POINTS: tuple[tuple[str, str | Promise], ...] = (
    ("purpose", _("The purpose is clear, and one that a union may have")),
    ("least", _("Every question is needed for it")),
    ("sensitive", _("Sensitive questions are marked, and can be left unanswered")),
    ("coarse", _("What goes onto an answer beside the answers is coarse enough")),
    ("retention", _("The single answers are erased when the tables are out and their time is over")),
)
#: Words in a question that make it sensitive at first sight (handbook P2b): the officer decides.
_WORDS = (
    "病", "健康", "残疾", "怀孕", "孕", "工伤", "心理", "收入", "工资", "银行", "身份证", "孩子", "子女", "性别",
    "health", "illness", "disab", "pregnan", "injur", "mental", "income", "wage", "bank", "identity", "child", "sex",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question: ``likely``: words in it speak for sensitive; ``free``: answered in words; ``required``."""

    name: str
    label: Localized
    likely: bool
    free: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions, what the deny-list says of them, and the design columns that will go onto the answer."""

    questions: tuple[SheetQuestion, ...]
    faults: tuple[Problem, ...]
    columns: tuple[str, ...]
    cell: int


def sheet_of(survey: Round) -> Sheet:
    """The sheet of a plan."""
    form = runtime_of(survey.version_id).form
    questions = []
    faults = list(form.refused)
    for question in form.questions:
        if question.type in {"note", "calculate", "hidden", "start", "end", "today"}:
            continue
        label = own_text(form, question.label)
        text = " ".join([*label.values(), question.name]).lower()
        known = rules.known_of_unions(label.values()) if survey.asked == Asked.BASE_UNIONS else ""
        if known:
            faults.append(
                Problem(
                    "“%(question)s” asks base unions for what the platform knows: %(fact)s. Take it out.",
                    question=pick(label) or question.name, fact=gettext(known),
                    hint="One entry is enough: place, kind and size of a union stand on its answer by themselves.",
                )
            )  # fmt: skip
        questions.append(
            SheetQuestion(
                question.key,
                label,
                any(word in text for word in _WORDS),
                question.type == "text",
                bool(question.required),
            )
        )
    return Sheet(tuple(questions), tuple(faults), design_columns(survey), rules.DESIGN_CELL)


def design_columns(survey: Round) -> tuple[str, ...]:
    """What will stand on an answer beside the answers, in words."""
    if survey.asked == Asked.VOLUNTEERS:
        return ()
    columns = [] if survey.stratum_by == StratumBy.NONE else [str(StratumBy(survey.stratum_by).label)]
    if survey.design != Design.ELEMENTS:
        columns.append(str(_("Group of unions of the draw")))
    if survey.asked == Asked.BASE_UNIONS:
        columns.append(str(_("How many members the union has, in four sizes")))
    elif survey.stratum_by != StratumBy.EMPLOYMENT:
        columns.append(str(StratumBy.EMPLOYMENT.label))
    columns.append(str(_("Whether asked online, on paper or by telephone")))
    return tuple(columns)


def checks_of(survey: Round) -> Sequence[PrivacyCheck]:
    """The checks of a plan, newest first."""
    return list(survey.checks.all())
