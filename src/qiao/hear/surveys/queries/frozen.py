"""Reading frozen answers back: the table, the design, the questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from qiao.base import frozen
from qiao.base.i18n import Localized
from qiao.base.xlsform import Form, Question
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import UnionSize
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.facts import facts_of
from qiao.hear.surveys.queries.fitting import fitted
from qiao.hear.surveys.queries.forms import own_text, runtime_of
from qiao.hear.surveys.queries.rounds import round_by_code
from qiao.org.membership.choices import Employment
from qiao_stats.estimation import Design, make_design
from qiao_stats.weighting import calibrated

#: Options that mean no more than yes.
YES = frozenset({"yes", "y", "1", "true"})


def frozen_folder(code: str) -> Path:
    """Where the frozen data of a round lie."""
    return Path(settings.HOME) / "frozen" / code


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a closed question."""

    name: str
    label: Localized


@dataclass(frozen=True, slots=True)
class Item:
    """A closed question with its options and, for each, a column (n,) of 0, 1 and NaN for those not asked."""

    name: str
    label: Localized
    single: bool
    need: bool
    work: bool
    options: tuple[Option, ...]
    columns: tuple[npt.NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group by work situation: which rows are in it and for which rows (n,) it is known."""

    key: str
    label: Localized
    member: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FrozenRound:
    """The frozen answers of a round, ready for estimation. ``strata`` (n,) holds each row's stratum."""

    survey: Round
    design: Design
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    strata: npt.NDArray[np.object_]
    stratum_labels: Mapping[str, Localized] = field(default_factory=dict)


def frozen_round(code: str) -> FrozenRound:
    """The frozen data of a round, whose files are hashed again first.

    Raises Round.DoesNotExist, and Problem where the files are not the ones that were frozen.
    """
    survey = round_by_code(code)
    folder = frozen_folder(code)
    frozen.verify(folder)
    table = pq.read_table(folder / frozen.TABLE)
    return prepare(survey, table)


def prepare(survey: Round, table: pa.Table) -> FrozenRound:
    """Design, closed questions and groups of a table of answers (at least one row)."""
    form = runtime_of(survey.version_id).form
    items = tuple(closed_item(form, question, table) for question in closed_questions(form))
    facts = facts_of(survey)
    return FrozenRound(
        survey=survey,
        design=design_of(facts, table),
        items=items,
        groups=_groups(items, table),
        strata=np.array(table["stratum"].to_pylist(), dtype=object),
        stratum_labels={row["key"]: row["label"] for row in facts["strata"]},
    )


def design_of(facts: Mapping[str, Any], table: pa.Table) -> Design:
    """The design of frozen answers: strata, clusters, weights, and the totals the weights were fitted to."""
    population = table["population"].to_numpy()
    sampled = bool(np.all(np.isfinite(population)))
    by_union = bool(facts["clusters"]) and "cluster" in table.column_names
    strata = np.array(table["stratum"].to_pylist(), dtype=object)
    # Drawn by unions the first stage is what varies: no correction for finite population, which errs to the wide side.
    design = make_design(
        weights=table["weight"].to_numpy(),
        strata=strata if sampled else None,
        clusters=[np.array(table["cluster"].to_pylist(), dtype=object)] if by_union else [],
        fpc=[population] if sampled and not by_union else [],
        rows=table.num_rows,
        lonely="adjust",
    )
    plan = facts.get("weighting") or {}
    method = plan.get("method", "none")
    if "start" not in table.column_names or method == "none" or (method == "strata" and not by_union):
        return design
    cells = {(row[0], row[1]): float(row[2]) for row in plan["cell_totals"]}
    fit = fitted(method, table["start"].to_numpy(), strata, table["category"].to_pylist(), plan["totals"], cells)
    # Trimmed weights meet the totals nearly: errors are those of the fit, the figures those of the weights themselves.
    return replace(calibrated(design, fit), weights=design.weights)


def closed_questions(form: Form) -> list[Question]:
    """The questions whose answers are counted."""
    return [
        question
        for question in form.questions
        if question.key not in form.repeated
        and question.type in rules.CLOSED_KINDS
        and (question.type != "range" or len(_range_options(question)) <= 15)
    ]


def _range_options(question: Question) -> list[str]:
    start, end, step = (float(question.parameters.get(key, 1)) for key in ("start", "end", "step"))
    count = int(abs(end - start) / abs(step) + 1e-9) + 1 if step else 1
    direction = 1 if end >= start else -1
    return [f"{start + number * direction * abs(step):.10g}" for number in range(count)]


def closed_item(form: Form, question: Question, table: pa.Table) -> Item:
    """A closed question with a column for each option."""
    codes, values = _encoded(table, question.key)
    asked = codes >= 0
    if question.type == "range":
        options = [Option(text, {"zh-hans": text, "en": text}) for text in _range_options(question)]
    elif question.type == "acknowledge":
        options = [Option("OK", {"zh-hans": "已确认", "en": "Confirmed"})]
        asked = np.ones(codes.size, dtype=np.bool_)
    else:
        listed = form.lists[str(question.choices)].choices
        options = [Option(choice.name, own_text(form, choice.label)) for choice in listed]
    multiple = question.type == "select_multiple"
    # Each different answer is taken apart once, not each row.
    chosen = [frozenset(value.split(" ")) if multiple else frozenset((value,)) for value in values]
    columns = []
    for option in options:
        holds = np.array([option.name in one for one in chosen] + [False], dtype=np.float64)
        column = holds[codes]
        column[~asked] = np.nan
        columns.append(column)
    return Item(
        name=question.key,
        label=own_text(form, question.label),
        single=not multiple,
        need=rules.is_need(question),
        work=rules.is_work_situation(question),
        options=tuple(options),
        columns=tuple(columns),
    )


def _encoded(table: pa.Table, key: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    """The different answers of a column, and for each row which it is (−1: none)."""
    array = table[key].combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], pa.string())
    coded = array.dictionary_encode()
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, [str(value) for value in coded.dictionary.to_pylist()]


def _groups(items: tuple[Item, ...], table: pa.Table) -> tuple[Group, ...]:
    found = []
    kinds = np.array(table["employment"].to_pylist(), dtype=object)
    labels = employment_labels()
    known = np.array([kind in labels for kind in kinds])
    for kind, label in labels.items():
        member = kinds == kind
        if member.any():
            found.append(Group(f"employment:{kind}", label, member, known))
    for item in items:
        if not item.work:
            continue
        for option, column in zip(item.options, item.columns, strict=True):
            if option.name not in rules.NO_GROUP and bool(np.any(column == 1)):
                label = group_label(item, option)
                found.append(Group(f"{item.name}:{option.name}", label, column == 1, ~np.isnan(column)))
    return tuple(found)


def group_label(item: Item, option: Option) -> Localized:
    """What a group is called: its option, which after a bare yes says nothing without the question."""
    if option.name not in YES:
        return option.label
    return {
        code: f"{item.label[code].rstrip('？?')}{'：' if code == 'zh-hans' else ': '}{option.label.get(code, '')}"
        for code in item.label
    }


def employment_labels() -> dict[str, Localized]:
    """The kinds of employment, and the sizes of base unions that stand in their place, in both languages."""
    from django.utils import translation

    made: dict[str, Localized] = {}
    for kind in (*Employment, *UnionSize):
        label: Localized = {}
        for code in ("zh-hans", "en"):
            with translation.override(code):
                label[code] = str(kind.label)
        made[kind.value] = label
    return made
