"""Means and medians: questions answered by an amount, entries of what is asked several times."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from qiao.base.i18n import Localized
from qiao.base.xlsform import Form, Question
from qiao.hear.surveys.queries.computing.estimates import estimates_by_group, medians_by_group
from qiao.hear.surveys.queries.computing.hiding import bases_of, hide
from qiao.hear.surveys.queries.computing.run import FloatArray, Run, cell_of, kept_number
from qiao.hear.surveys.queries.forms import own_text

#: Kinds of question whose answers are amounts.
AMOUNTS = frozenset({"integer", "decimal", "range"})


def amount_of(run: Run, form: Form, question: Question, closed: Sequence[Question]) -> dict[str, Any] | None:
    """Mean and median of a question answered by an amount; None for all others."""
    if question.type not in AMOUNTS or question.key in form.repeated or question.key not in run.table.column_names:
        return None
    if question.type == "range" and question in closed:
        return None
    values = np.array([_float(value) for value in run.table[question.key].to_pylist()], dtype=np.float64)
    return _numbers(run, question.key, own_text(form, question.label), values, "amount")


def repeats_of(run: Run, form: Form) -> list[dict[str, Any]]:
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


def _numbers(run: Run, name: str, label: Localized, values: FloatArray, kind: str) -> dict[str, Any]:
    answered = ~np.isnan(values)
    by = list(range(len(run.groupings)))
    released, by = hide(run, name, [answered.astype(np.float64)], answered, by, exclusive=True)
    run.done.pop(name, None)
    n, rows = bases_of(run, answered, released, by)
    cells: list[list[float | int | None]] = []
    medians: list[list[float | int | None]] = []
    errors: list[float | None] = []
    figures = [] if released.question else estimates_by_group(run, {name: values}, "mean", answered, by)
    middle = [] if released.question else medians_by_group(run, values, answered, by)
    for place, (told, base) in enumerate(zip(n, rows, strict=True)):
        if told is None or not base or base < run.threshold(name) or released.question:
            cells.append([None, None, None, told])
            medians.append([None, None, None])
            errors.append(None)
            continue
        mean, lower, upper, se = (float(part[0]) for part in figures[place])
        cells.append(cell_of(mean, lower, upper, base, run.certain))
        medians.append(cell_of(*middle[place], base, run.certain)[:3])
        errors.append(kept_number(se) if run.certain else None)
    return {
        "name": name, "label": label, "kind": kind, "n": n[0], "bases": n, "threshold": run.threshold(name),
        "by": sorted({key.partition(":")[0] for place in by for key in run.groupings[place].keys}),
        "cells": cells, "medians": medians, "se": errors,
    }  # fmt: skip
