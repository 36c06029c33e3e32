"""Reading frozen answers back: the table, the design, the questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from qiao.base import frozen
from qiao.base.i18n import Localized
from qiao.base.xlsform import Form, Question
from qiao.hear.surveys import rules
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.forms import own_text, runtime_of
from qiao.hear.surveys.queries.rounds import round_by_code
from qiao.org.membership.choices import Employment
from qiao_stats.estimation import Design, make_design

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
    strata = np.array(table["stratum"].to_pylist(), dtype=object)
    population = table["population"].to_numpy()
    sampled = bool(np.all(np.isfinite(population)))
    by_union = bool(survey.clusters) and "cluster" in table.column_names
    # Drawn by unions the first stage is what varies: no correction for finite population, which errs to the wide side.
    design = make_design(
        weights=table["weight"].to_numpy(),
        strata=strata if sampled else None,
        clusters=[np.array(table["cluster"].to_pylist(), dtype=object)] if by_union else [],
        fpc=[population] if sampled and not by_union else [],
        rows=table.num_rows,
        lonely="adjust",
    )
    items = tuple(_item(form, question, table) for question in closed_questions(form))
    return FrozenRound(
        survey=survey,
        design=design,
        items=items,
        groups=_groups(items, table),
        strata=strata,
        stratum_labels={row["key"]: row["label"] for row in survey.strata},
    )


def closed_questions(form: Form) -> list[Question]:
    """The questions whose answers are counted."""
    return [
        question
        for question in form.questions
        if question.type in rules.CLOSED_KINDS and (question.type != "range" or len(_range_options(question)) <= 15)
    ]


def _range_options(question: Question) -> list[str]:
    start, end, step = (float(question.parameters.get(key, 1)) for key in ("start", "end", "step"))
    count = int(abs(end - start) / abs(step) + 1e-9) + 1 if step else 1
    direction = 1 if end >= start else -1
    return [f"{start + number * direction * abs(step):.10g}" for number in range(count)]


def _item(form: Form, question: Question, table: pa.Table) -> Item:
    values: list[str | None] = table[question.key].to_pylist()
    asked = np.array([value is not None for value in values])
    if question.type == "range":
        options = [Option(text, {"zh-hans": text, "en": text}) for text in _range_options(question)]
    elif question.type == "acknowledge":
        options = [Option("OK", {"zh-hans": "已确认", "en": "Confirmed"})]
        asked = np.ones(len(values), dtype=np.bool_)
    else:
        listed = form.lists[str(question.choices)].choices
        options = [Option(choice.name, own_text(form, choice.label)) for choice in listed]
    multiple = question.type == "select_multiple"
    chosen = [frozenset(value.split(" ")) if multiple else frozenset((value,)) for value in (v or "" for v in values)]
    columns = []
    for option in options:
        column = np.array([option.name in one for one in chosen], dtype=np.float64)
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
                label = _group_label(item, option)
                found.append(Group(f"{item.name}:{option.name}", label, column == 1, ~np.isnan(column)))
    return tuple(found)


def _group_label(item: Item, option: Option) -> Localized:
    """What a group is called: its option, which after a bare yes says nothing without the question."""
    if option.name not in YES:
        return option.label
    return {
        code: f"{item.label[code].rstrip('？?')}{'：' if code == 'zh-hans' else ': '}{option.label.get(code, '')}"
        for code in item.label
    }


def employment_labels() -> dict[str, Localized]:
    """The kinds of employment in both languages."""
    from django.utils import translation

    made: dict[str, Localized] = {}
    for kind in Employment:
        label: Localized = {}
        for code in ("zh-hans", "en"):
            with translation.override(code):
                label[code] = str(kind.label)
        made[kind.value] = label
    return made
