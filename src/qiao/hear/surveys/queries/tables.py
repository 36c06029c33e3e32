"""Published figures as tables for files: one row for each question, answer and group."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from qiao.base.cells import disarmed

HEAD = (
    "question", "question_zh", "question_en", "option", "option_zh", "option_en", "group", "group_zh", "group_en",
    "statistic", "n", "value", "lower95", "upper95", "se", "status",
)  # fmt: skip
_ALL: Mapping[str, Any] = {"key": "all", "label": {"zh-hans": "全体", "en": "all"}}


def figure_rows(results: Mapping[str, Any]) -> Iterator[list[object]]:
    """Every figure of a round's results, hidden ones empty. ``status``: shown, hidden, or "" where it is not told so.

    Figures of a question are empty by groups it is not broken down by.
    """
    groups = [_ALL, *results.get("groups", [])]
    for question in results.get("questions", []):
        for option in question["options"]:
            for place, group in enumerate(groups):
                where = [question["name"], *_pair(question["label"]), option["name"], *_pair(option["label"]),
                         group["key"], *_pair(group["label"])]  # fmt: skip
                told = _status(question, group, option["cells"][place])
                yield [*where, "share", *_figures(option["cells"][place], option["se"][place]), told]
                if "mean_place" in option and told:
                    value, lower, upper = option["mean_place"][place]
                    n = option["cells"][place][3]
                    yield [*where, "mean place", n, value, lower, upper, None, "hidden" if value is None else "shown"]
    for amount in results.get("numbers", []):
        for place, group in enumerate(groups):
            where = [amount["name"], *_pair(amount["label"]), "", "", "", group["key"], *_pair(group["label"])]
            told = _status(amount, group, amount["cells"][place])
            yield [*where, "mean", *_figures(amount["cells"][place], amount["se"][place]), told]
            value, lower, upper = amount["medians"][place]
            yield [*where, "median", amount["cells"][place][3], value, lower, upper, None, told]


def figures_csv(results: Mapping[str, Any]) -> bytes:
    """The published figures as CSV (UTF-8 with mark); a text is never taken for a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEAD)
    for row in figure_rows(results):
        writer.writerow([disarmed(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _figures(cell: list[Any], se: float | None) -> list[object]:
    value, lower, upper, n = cell
    return [n, value, lower, upper, se]


def _status(question: Mapping[str, Any], group: Mapping[str, Any], cell: list[Any]) -> str:
    """Whether a figure is shown, hidden, or not told by this group at all."""
    prefix = str(group["key"]).partition(":")[0]
    if prefix != "all" and prefix not in question["by"]:
        return ""
    return "hidden" if cell[0] is None else "shown"


def _pair(label: Mapping[str, str]) -> tuple[str, str]:
    return label.get("zh-hans", ""), label.get("en", "")
