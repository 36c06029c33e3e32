"""Totals from a file beside those of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow.parquet as pq

from qiao.base import frozen
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Asked, StratumBy
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.frames import frame_folder
from qiao.hear.surveys.queries.frozen import employment_labels
from qiao.hear.surveys.rules.margins import plain


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One total of a file beside the register's."""

    variable: str
    label: str
    total: float
    register: float


def register_cells(survey: Round) -> list[tuple[str, str, int]]:
    """The frozen frame: stratum, kind of employment, how many. Raises Problem where the frame was changed."""
    folder = frame_folder(survey.code)
    frozen.verify(folder)
    table = pq.read_table(folder / frozen.TABLE, columns=["stratum", "employment"])
    grouped = table.group_by(["stratum", "employment"]).aggregate([([], "count_all")])
    names = [name for name in grouped.column_names if name not in {"stratum", "employment"}]
    return [
        (str(stratum), str(kind), int(number))
        for stratum, kind, number in zip(
            grouped["stratum"].to_pylist(), grouped["employment"].to_pylist(), grouped[names[0]].to_pylist(),
            strict=True,
        )
    ]  # fmt: skip


def register_totals(survey: Round) -> dict[str, dict[str, float]]:
    """What a round can be weighted by, with the register's totals."""
    found: dict[str, dict[str, float]] = {"stratum": {row["key"]: float(row["population"]) for row in survey.strata}}
    if survey.asked != Asked.BASE_UNIONS and survey.stratum_by != StratumBy.EMPLOYMENT:
        kinds: dict[str, float] = defaultdict(float)
        for _stratum, kind, number in register_cells(survey):
            kinds[kind] += number
        found["employment"] = dict(sorted(kinds.items()))
    return found


def margin_words(survey: Round, totals: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, str]]:
    """Which key a word in a file stands for, by variable: the key itself, and its name where only one has it."""
    strata = {row["key"]: row["label"] for row in survey.strata}
    labels = {"stratum": strata, "employment": employment_labels()}
    found: dict[str, dict[str, str]] = {}
    for variable, known in totals.items():
        named: dict[str, set[str]] = defaultdict(set)
        for key in known:
            for word in {plain(str(label)) for label in (labels[variable].get(key) or {}).values()}:
                named[word].add(key)
        found[variable] = {word: keys.pop() for word, keys in named.items() if len(keys) == 1}
        found[variable] |= {plain(key): key for key in known}
    return found


def margin_rows(survey: Round) -> list[MarginRow]:
    """The totals of a round's file, each beside the register's."""
    given = survey.margins.get("totals", {})
    if not given:
        return []
    register, kinds = register_totals(survey), employment_labels()
    strata = {row["key"]: row["label"] for row in survey.strata}
    return [
        MarginRow(
            variable, pick((strata if variable == "stratum" else kinds).get(key)) or key, total,
            register.get(variable, {}).get(key, 0),
        )
        for variable, totals in given.items()
        for key, total in totals.items()
    ]  # fmt: skip
