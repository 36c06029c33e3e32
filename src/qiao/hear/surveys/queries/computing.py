"""From frozen answers to published figures: estimates with intervals, and which of them stay hidden.

Everything here follows from the answers, the questionnaire and the facts of the round, so that whoever has them gets
the same figures: the platform when it publishes, `qiao verify` afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qiao.base.i18n import Localized
from qiao.base.xlsform import Form, Question
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.queries.forms import own_text
from qiao.hear.surveys.queries.frozen import Item, closed_item, closed_questions, design_of
from qiao.hear.surveys.queries.groupings import Condition, Grouping, conditions_of, groupings_of
from qiao_stats.errors import StatsError
from qiao_stats.estimation import Design, estimate_many, quantile
from qiao_stats.estimation.groups import Groups
from qiao_stats.estimation.intervals import Interval
from qiao_stats.needs import interval_ends
from qiao_stats.release import Released, Table, release, release_several

FloatArray = npt.NDArray[np.float64]
#: Kinds of question whose answers are amounts.
AMOUNTS = frozenset({"integer", "decimal", "range"})
_NOTHING: list[float | int | None] = [None, None, None, None]
#: Digits that figures are kept with: the same on every machine, and finer than anybody reads.
_DIGITS = 9


@dataclass
class _Run:
    """What the questions of one round share while they are computed."""

    facts: Mapping[str, Any]
    table: pa.Table
    design: Design
    groupings: list[Grouping]
    conditions: Mapping[str, Condition]
    certain: bool
    #: Questions with one option each that are done: what of them is hidden over everybody, and by grouping.
    done: dict[str, tuple[Released, list[int]]] = field(default_factory=dict)
    #: Numbers asked that are told of questions with a condition of their own kind.
    told: list[int] = field(default_factory=list)

    def threshold(self, name: str) -> int:
        """Smallest count shown of a question."""
        return int(self.facts["delicate_cell" if name in self.facts["sensitive"] else "small_cell"])


def compute_results(form: Form, facts: Mapping[str, Any], table: pa.Table) -> dict[str, Any]:
    """Every figure of a round that is shown: shares, first places, means and medians, over all and by group."""
    closed = [question for question in closed_questions(form) if question.key in table.column_names]
    works = [closed_item(form, question, table) for question in closed if rules.is_work_situation(question)]
    run = _Run(
        facts, table, design_of(facts, table), groupings_of(facts, table, works), conditions_of(form),
        facts["asked"] != Asked.VOLUNTEERS.value,
    )  # fmt: skip
    del works
    questions = [_question(run, closed_item(form, question, table)) for question in closed]
    questions += [_ranking(run, form, question) for question in form.questions if _ranked(form, question, table)]
    numbers = [made for question in form.questions if (made := _amount(run, form, question, closed)) is not None]
    numbers += _repeats(run, form)
    groups = [
        {"key": key, "label": label, "n": int(grouping.sizes[place])}
        for grouping in run.groupings
        for place, (key, label) in enumerate(zip(grouping.keys, grouping.labels, strict=True))
    ]
    return {
        "confidence": facts["confidence"],
        "df": run.design.degrees_of_freedom(),
        "answered": table.num_rows,
        "modes": _modes(facts, table),
        "groups": groups,
        "questions": questions,
        "numbers": numbers,
    }


def _ranked(form: Form, question: Question, table: pa.Table) -> bool:
    return question.type == "rank" and question.key not in form.repeated and question.key in table.column_names


def _modes(facts: Mapping[str, Any], table: pa.Table) -> list[list[Any]]:
    """Which share answered by which way; small ones stand together with those not recorded."""
    if "mode" not in table.column_names:
        return []
    counts = {row["values"]: row["counts"] for row in table["mode"].value_counts().to_pylist()}
    shown = {mode: n for mode, n in counts.items() if mode and n >= int(facts["small_cell"])}
    rest = sum(counts.values()) - sum(shown.values())
    while shown and 0 < rest < int(facts["small_cell"]):
        least = min(shown, key=lambda mode: shown[mode])
        rest += shown.pop(least)
    return [*sorted([str(mode), int(n)] for mode, n in shown.items()), *([["", int(rest)]] if rest else [])]


def _question(run: _Run, item: Item) -> dict[str, Any]:
    options = [(option.name, option.label) for option in item.options]
    exclusive = item.single and len(options) > 1
    made = _shares(run, item.name, options, item.columns, exclusive=exclusive, work=item.work)
    return {"name": item.name, "label": item.label, "kind": "choice", "need": item.need, "work": item.work,
            "single": item.single, **made}  # fmt: skip


def _ranking(run: _Run, form: Form, question: Question) -> dict[str, Any]:
    """First places as shares, and the mean place of each option where all first places of the group are shown."""
    values = run.table[question.key].to_pylist()
    choices = form.lists[str(question.choices)].choices
    options = [(choice.name, own_text(form, choice.label)) for choice in choices]
    order = {name: place for place, (name, _label) in enumerate(options)}
    places = np.full((len(values), len(options)), np.nan)
    for row, value in enumerate(values):
        for rank, name in enumerate(str(value).split(" ") if value else [], start=1):
            if name in order:
                places[row, order[name]] = rank
    answered = ~np.isnan(places).all(axis=1)
    first = [np.where(answered, (places[:, k] == 1).astype(np.float64), np.nan) for k in range(len(options))]
    made = _shares(run, question.key, options, first, exclusive=True, work=False)
    columns = {name: places[:, k] for k, (name, _label) in enumerate(options)}
    whole = [all(row["cells"][k][0] is not None for row in made["options"]) for k in range(len(made["bases"]))]
    means = _by_groups(run, columns, "mean")
    for k, option in enumerate(made["options"]):
        option["mean_place"] = [
            _cell(found[0][k], found[1][k], found[2][k], n, run.certain)[:3] if shown and n else [None] * 3
            for found, n, shown in zip(means, made["bases"], whole, strict=True)
        ]
    return {"name": question.key, "label": own_text(form, question.label), "kind": "rank", "need": False,
            "work": False, "single": True, **made}  # fmt: skip


def _shares(
    run: _Run, name: str, options: Sequence[tuple[str, Localized]], columns: Sequence[FloatArray], *,
    exclusive: bool, work: bool,
) -> dict[str, Any]:  # fmt: skip
    answered = ~np.isnan(columns[0])
    by = [place for place, grouping in enumerate(run.groupings) if not (work and grouping.source)]
    released, by = _released(run, name, columns, answered, by, exclusive)
    n, rows = _bases(run, answered, released, by)
    figures = [] if released.question else _by_groups(run, dict(zip([o for o, _ in options], columns, strict=True)),
                                                      "share", answered, by)  # fmt: skip
    hidden = _aligned(run, released, by)
    made = []
    for k, (option, label) in enumerate(options):
        cells: list[list[float | int | None]] = []
        errors: list[float | None] = []
        for place, base in enumerate(rows):
            if hidden[place] is None or bool(hidden[place][k]) or not base or released.question:  # type: ignore[index]
                cells.append([None, None, None, n[place]])
                errors.append(None)
                continue
            share, lower, upper, se = (float(part[k]) for part in figures[place])
            cells.append(_cell(share, lower, upper, base, run.certain))
            errors.append(_number(se) if run.certain else None)
        made.append({"name": option, "label": label, "cells": cells, "se": errors})
    return {
        "n": n[0],
        "bases": n,
        "by": sorted({key.partition(":")[0] for place in by for key in run.groupings[place].keys}),
        "threshold": run.threshold(name),
        "options": made,
    }


def _released(
    run: _Run, name: str, columns: Sequence[FloatArray], answered: npt.NDArray[np.bool_], by: list[int],
    exclusive: bool,
) -> tuple[Released, list[int]]:  # fmt: skip
    """What of a question is hidden, and by which groupings it is told at all."""
    condition = run.conditions.get(name, Condition("", frozenset()))
    threshold = run.threshold(name)
    leaning = next(iter(condition.names)) if len(condition.names) == 1 else ""
    known = run.done.get(leaning)
    if condition.names and known is None and not _alone(run, condition):
        # Several conditions on one answer that is told nowhere: their differences would tell it by group.
        by = []
    tables, asked = [], []
    matrix = np.nan_to_num(np.stack(columns, axis=1)) > 0
    for place in by:
        grouping = run.groupings[place]
        rows = len(grouping.keys) + 1
        counts = np.stack(
            [np.bincount(grouping.codes, weights=matrix[:, k], minlength=rows) for k in range(matrix.shape[1])], axis=1
        ).astype(np.int64)
        came = np.bincount(grouping.codes, weights=answered, minlength=rows).astype(np.int64)
        forced: npt.NDArray[np.bool_] | None = None
        if known is not None and grouping.source != leaning:
            forced = np.ones(rows, np.bool_)
            if place in known[1]:
                forced = np.asarray(known[0].cells[known[1].index(place)].any(axis=1), dtype=np.bool_)
        tables.append(
            Table(counts, grouping.sizes - came, max(threshold, grouping.threshold), bool(condition.text), forced)
        )
        asked.append(came)
    total, n = matrix.sum(axis=0).astype(np.int64), int(answered.sum())
    silent = answered.size - n
    if exclusive:
        found = release(tables, total, silent, threshold=threshold)
    else:
        found = release_several(tables, asked, total, n, silent, threshold=threshold)
    secret = known is not None and (known[0].question or bool(known[0].total.any()))
    if condition.names and known is None and not found.question:
        secret = secret or any(0 < abs(n - other) < threshold for other in run.told)
        if not secret:
            run.told.append(n)
    if secret:
        found = Released(True, np.ones_like(found.total), tuple(np.ones_like(cell) for cell in found.cells),
                         tuple(np.ones_like(base) for base in found.bases))  # fmt: skip
    if exclusive:
        run.done[name] = (found, by)
    return found, by


def _alone(run: _Run, condition: Condition) -> bool:
    """Whether no other condition speaks of the same answers."""
    return all(
        other.text == condition.text or not other.names & condition.names
        for other in run.conditions.values()
        if not (len(other.names) == 1 and next(iter(other.names)) in run.done)
    )


def _bases(
    run: _Run, answered: npt.NDArray[np.bool_], released: Released, by: list[int]
) -> tuple[list[int | None], list[int]]:
    """How many answered over all and in every group: as told, and as they are."""
    told: list[int | None] = [None if released.question else int(answered.sum())]
    rows = [int(answered.sum())]
    for place, grouping in enumerate(run.groupings):
        came = np.bincount(grouping.codes, weights=answered, minlength=len(grouping.keys) + 1).astype(np.int64)
        for group in range(len(grouping.keys)):
            rows.append(int(came[group]))
            secret = released.question or place not in by or bool(released.bases[by.index(place)][group])
            told.append(None if secret else int(came[group]))
    return told, rows


def _aligned(run: _Run, released: Released, by: list[int]) -> list[npt.NDArray[np.bool_] | None]:
    """Hidden options over all and for every group; None for groups the question is not told by."""
    found: list[npt.NDArray[np.bool_] | None] = [released.total]
    for place, grouping in enumerate(run.groupings):
        groups = range(len(grouping.keys))
        found.extend(released.cells[by.index(place)][group] if place in by else None for group in groups)
    return found


def _by_groups(
    run: _Run, columns: Mapping[str, FloatArray], statistic: str, answered: npt.NDArray[np.bool_] | None = None,
    by: Sequence[int] | None = None,
) -> list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]]:  # fmt: skip
    """Estimate, bounds and standard error (options,) over all and for every group, in one pass for each grouping."""
    count = len(columns)
    empty = np.full(count, np.nan)
    nothing = (empty, empty, empty, empty)
    here = np.ones(run.design.rows, dtype=np.bool_) if answered is None else answered
    parts = [(-1, np.zeros(run.design.rows, dtype=np.int64), 1)]
    parts += [(place, grouping.codes, len(grouping.keys)) for place, grouping in enumerate(run.groupings)]
    made: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]] = []
    for place, codes, size in parts:
        if place >= 0 and by is not None and place not in by:
            made += [nothing] * size
            continue
        inside = np.where(here & (codes < size), codes, -1)
        interval: Interval = "beta" if statistic == "share" else "mean"
        try:
            grid = estimate_many(
                run.design, columns, by=Groups(inside, tuple({"group": number} for number in range(size))),
                confidence=float(run.facts["confidence"]), deff=None, interval=interval,
            )  # fmt: skip
        except StatsError:
            made += [nothing] * size
            continue
        lower, upper = interval_ends(grid) if statistic == "share" else (grid.lower, grid.upper)
        made += [(grid.estimate[:, k], lower[:, k], upper[:, k], grid.se[:, k]) for k in range(size)]
    return made


def _amount(run: _Run, form: Form, question: Question, closed: Sequence[Question]) -> dict[str, Any] | None:
    """Mean and median of a question answered by an amount; None for all others."""
    if question.type not in AMOUNTS or question.key in form.repeated or question.key not in run.table.column_names:
        return None
    if question.type == "range" and question in closed:
        return None
    values = np.array([_float(value) for value in run.table[question.key].to_pylist()], dtype=np.float64)
    return _numbers(run, question.key, own_text(form, question.label), values, "amount")


def _repeats(run: _Run, form: Form) -> list[dict[str, Any]]:
    """How many entries people gave to what is asked several times."""
    made = []
    for repeat in _all_repeats(form.items):
        if repeat.key in run.table.column_names:
            entries = [_entries(value) for value in run.table[repeat.key].to_pylist()]
            label = own_text(form, repeat.label) or {"zh-hans": repeat.name, "en": repeat.name}
            made.append(_numbers(run, repeat.key, label, np.array(entries, dtype=np.float64), "entries"))
    return made


def _all_repeats(items: Sequence[Any]) -> list[Any]:
    from qiao.base.xlsform import Group, Repeat

    found: list[Any] = []
    for item in items:
        if isinstance(item, Repeat):
            found.append(item)
        elif isinstance(item, Group):
            found += _all_repeats(item.items)
    return found


def _entries(value: str | None) -> float:
    try:
        listed = json.loads(value) if value else []
    except ValueError:
        listed = []
    return float(len(listed)) if isinstance(listed, list) else 0.0


def _float(value: str | None) -> float:
    try:
        found = float(value) if value not in {None, ""} else float("nan")
    except ValueError:
        return float("nan")
    return found if np.isfinite(found) else float("nan")


def _numbers(run: _Run, name: str, label: Localized, values: FloatArray, kind: str) -> dict[str, Any]:
    answered = ~np.isnan(values)
    by = list(range(len(run.groupings)))
    released, by = _released(run, name, [answered.astype(np.float64)], answered, by, exclusive=True)
    run.done.pop(name, None)
    n, rows = _bases(run, answered, released, by)
    cells: list[list[float | int | None]] = []
    medians: list[list[float | int | None]] = []
    errors: list[float | None] = []
    figures = [] if released.question else _by_groups(run, {name: values}, "mean", answered, by)
    middle = [] if released.question else _medians(run, values, answered, by)
    for place, (told, base) in enumerate(zip(n, rows, strict=True)):
        if told is None or not base or base < run.threshold(name) or released.question:
            cells.append([None, None, None, told])
            medians.append([None, None, None])
            errors.append(None)
            continue
        mean, lower, upper, se = (float(part[0]) for part in figures[place])
        cells.append(_cell(mean, lower, upper, base, run.certain))
        medians.append(_cell(*middle[place], base, run.certain)[:3])
        errors.append(_number(se) if run.certain else None)
    return {
        "name": name, "label": label, "kind": kind, "n": n[0], "bases": n, "threshold": run.threshold(name),
        "by": sorted({key.partition(":")[0] for place in by for key in run.groupings[place].keys}),
        "cells": cells, "medians": medians, "se": errors,
    }  # fmt: skip


def _medians(
    run: _Run, values: FloatArray, answered: npt.NDArray[np.bool_], by: Sequence[int]
) -> list[tuple[float, float, float]]:
    nothing = (float("nan"),) * 3
    parts = [(-1, np.zeros(values.size, dtype=np.int64), 1)]
    parts += [(place, grouping.codes, len(grouping.keys)) for place, grouping in enumerate(run.groupings)]
    made: list[tuple[float, float, float]] = []
    for place, codes, size in parts:
        inside = np.where(answered & (codes < size), codes, -1)
        present = np.unique(inside[inside >= 0])
        found: dict[int, tuple[float, float, float]] = {}
        if present.size and (place < 0 or place in by):
            position = np.full(size + 1, -1, dtype=np.int64)
            position[present] = np.arange(present.size)
            groups = Groups(np.where(inside >= 0, position[inside], -1), tuple({"group": int(k)} for k in present))
            try:
                listed = quantile(run.design, values, (0.5,), by=groups, confidence=float(run.facts["confidence"]))
            except StatsError:
                listed = ()
            found = {int(str(one.by["group"])): (one.estimate, one.lower, one.upper) for one in listed}
        made += [found.get(k, nothing) for k in range(size)]
    return made


def _cell(value: float, lower: float, upper: float, n: int, certain: bool) -> list[float | int | None]:
    """A figure with its interval and how many answers it rests on; what cannot be computed is empty."""
    sure = certain and bool(np.isfinite(lower)) and bool(np.isfinite(upper))
    return [_number(value), _number(lower) if sure else None, _number(upper) if sure else None, n]


def _number(value: float) -> float | None:
    return round(float(value), _DIGITS) if np.isfinite(value) else None
