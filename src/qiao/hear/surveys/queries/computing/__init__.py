"""From frozen answers to published figures: estimates with intervals, and which of them stay hidden.

Everything here follows from the answers, the questionnaire and the facts of the round, so that whoever has them gets
the same figures: the platform when it publishes, `qiao verify` afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from qiao.base.i18n import Localized
from qiao.base.xlsform import Form, Question
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.queries.computing.amounts import amount_of, repeats_of
from qiao.hear.surveys.queries.computing.estimates import estimates_by_group
from qiao.hear.surveys.queries.computing.hiding import bases_of, hidden_by_group, hide
from qiao.hear.surveys.queries.computing.run import FloatArray, Run, cell_of, kept_number
from qiao.hear.surveys.queries.forms import own_text
from qiao.hear.surveys.queries.frozen import Item, closed_item, closed_questions, design_of
from qiao.hear.surveys.queries.groupings import conditions_of, groupings_of


def compute_results(form: Form, facts: Mapping[str, Any], table: pa.Table) -> dict[str, Any]:
    """Every figure of a round that is shown: shares, first places, means and medians, over all and by group."""
    closed = [question for question in closed_questions(form) if question.key in table.column_names]
    works = [closed_item(form, question, table) for question in closed if rules.is_work_situation(question)]
    run = Run(
        facts, table, design_of(facts, table), groupings_of(facts, table, works), conditions_of(form),
        facts["asked"] != Asked.VOLUNTEERS.value,
    )  # fmt: skip
    del works
    questions = [_question(run, closed_item(form, question, table)) for question in closed]
    questions += [_ranking(run, form, question) for question in form.questions if _ranked(form, question, table)]
    numbers = [made for question in form.questions if (made := amount_of(run, form, question, closed)) is not None]
    numbers += repeats_of(run, form)
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


def _question(run: Run, item: Item) -> dict[str, Any]:
    options = [(option.name, option.label) for option in item.options]
    exclusive = item.single and len(options) > 1
    made = _shares(run, item.name, options, item.columns, exclusive=exclusive, work=item.work)
    return {"name": item.name, "label": item.label, "kind": "choice", "need": item.need, "work": item.work,
            "single": item.single, **made}  # fmt: skip


def _ranking(run: Run, form: Form, question: Question) -> dict[str, Any]:
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
    means = estimates_by_group(run, columns, "mean")
    for k, option in enumerate(made["options"]):
        option["mean_place"] = [
            cell_of(found[0][k], found[1][k], found[2][k], n, run.certain)[:3] if shown and n else [None] * 3
            for found, n, shown in zip(means, made["bases"], whole, strict=True)
        ]
    return {"name": question.key, "label": own_text(form, question.label), "kind": "rank", "need": False,
            "work": False, "single": True, **made}  # fmt: skip


def _shares(
    run: Run, name: str, options: Sequence[tuple[str, Localized]], columns: Sequence[FloatArray], *,
    exclusive: bool, work: bool,
) -> dict[str, Any]:  # fmt: skip
    answered = ~np.isnan(columns[0])
    by = [place for place, grouping in enumerate(run.groupings) if not (work and grouping.source)]
    released, by = hide(run, name, columns, answered, by, exclusive)
    n, rows = bases_of(run, answered, released, by)
    named = dict(zip([option for option, _label in options], columns, strict=True))
    figures = [] if released.question else estimates_by_group(run, named, "share", answered, by)
    hidden = hidden_by_group(run, released, by)
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
            cells.append(cell_of(share, lower, upper, base, run.certain))
            errors.append(kept_number(se) if run.certain else None)
        made.append({"name": option, "label": label, "cells": cells, "se": errors})
    return {
        "n": n[0],
        "bases": n,
        "by": sorted({key.partition(":")[0] for place in by for key in run.groupings[place].keys}),
        "threshold": run.threshold(name),
        "options": made,
    }
