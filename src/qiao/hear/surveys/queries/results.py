"""Published results as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qiao.base.figures import IntervalRow, described, interval_chart, share_text
from qiao.base.i18n import pick
from qiao.hear.surveys.models import Round


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One figure: in words, or hidden."""

    text: str
    n: int | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One answer of a question over all and by group."""

    label: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question with its figure (SVG) and its table."""

    name: str
    label: str
    n: int
    need: bool
    several: bool
    svg: str
    rows: tuple[ShownRow, ...]


def shown_results(survey: Round) -> list[ShownQuestion]:
    """Every question of a round's published results, questions on needs first; none before they are out."""
    questions = sorted(survey.results.get("questions", []), key=lambda question: not question["need"])
    return [_question(question) for question in questions]


def _question(question: dict[str, Any]) -> ShownQuestion:
    label = pick(question["label"]) or question["name"]
    options = question["options"]
    if question["need"]:
        options = sorted(options, key=lambda option: -(option["cells"][0][0] or 0))
    shown = [option for option in options if option["cells"][0][0] is not None]
    rows = [IntervalRow(pick(option["label"]) or option["name"], *option["cells"][0][:3]) for option in shown]
    return ShownQuestion(
        name=question["name"],
        label=label,
        n=question["n"],
        need=question["need"],
        several=not question["single"],
        svg=interval_chart(rows, title=label, description=described(rows)) if rows else "",
        rows=tuple(
            ShownRow(pick(option["label"]) or option["name"], tuple(_cell(cell) for cell in option["cells"]))
            for option in options
        ),
    )


def _cell(cell: list[Any]) -> ShownCell:
    share, lower, upper, n = cell
    return ShownCell(_("hidden") if share is None else share_text(share, lower, upper), n)
