"""By what the figures of a round are broken down, and on what condition each question was put."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qiao.base.i18n import Localized
from qiao.base.xlsform import Form, Group, Question, Repeat
from qiao.hear.surveys import rules
from qiao.hear.surveys.queries.frozen import Item, employment_labels, group_label
from qiao_stats.disclosure import suppress_line
from qiao_stats.release import hidden_groups

IntArray = npt.NDArray[np.int64]
_REFERENCE = re.compile(r"\$\{\s*([\w.\-]+)\s*\}")


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A partition of everybody: ``codes`` (n,) of the shown groups, the last number for what is none of them.

    ``source``: the question the groups come from, "" for the design. ``threshold``: smallest count shown in its tables.
    """

    source: str
    keys: tuple[str, ...]
    labels: tuple[Localized, ...]
    codes: IntArray
    threshold: int

    @property
    def sizes(self) -> IntArray:
        """How many answers each shown group has, and the rest."""
        return np.bincount(self.codes, minlength=len(self.keys) + 1)


def groupings_of(facts: Mapping[str, Any], table: pa.Table, works: Sequence[Item]) -> list[Grouping]:
    """Strata, kinds of employment, work situation. Groups too small to be told are none."""
    smallest = int(facts["small_cell"])
    made = []
    strata = {row["key"]: row["label"] for row in facts["strata"]}
    if len(strata) > 1 and facts["stratum_by"] != "employment":
        made.append(_of_column("stratum", strata, table, smallest))
    made.append(_of_column("employment", employment_labels(), table, smallest))
    for item in works:
        threshold = int(facts["delicate_cell"]) if item.name in facts["sensitive"] else smallest
        made.extend(_of_item(item, threshold))
    return [one for one in made if one.keys]


def _of_column(name: str, labels: Mapping[str, Localized], table: pa.Table, threshold: int) -> Grouping:
    values = table[name].to_pylist()
    place = {key: number for number, key in enumerate(labels)}
    codes = np.array([place.get(value, len(place)) for value in values], dtype=np.int64)
    sizes = np.bincount(codes, minlength=len(place) + 1)
    here = np.flatnonzero(sizes > 0)
    hidden = np.ones(sizes.size, dtype=np.bool_)
    hidden[here] = hidden_groups(sizes[here], threshold=threshold)
    hidden[-1] = True
    return _grouping("", [f"{name}:{key}" for key in labels], list(labels.values()), codes, hidden, threshold)


def _of_item(item: Item, threshold: int) -> list[Grouping]:
    """The groups of a question on the work situation: one grouping, or one for each of several choices."""
    matrix = np.stack([np.nan_to_num(column) for column in item.columns], axis=1) > 0
    counts = matrix.sum(axis=0).astype(np.int64)
    none = np.array([option.name in rules.NO_GROUP for option in item.options])
    keys = [f"{item.name}:{option.name}" for option in item.options]
    labels = [group_label(item, option) for option in item.options]
    if item.single:
        codes = np.where(matrix.any(axis=1), matrix.argmax(axis=1), len(keys)).astype(np.int64)
        # The same options as over everybody, so that no group tells the number of a hidden option.
        hidden = suppress_line(counts, threshold=threshold).hidden | none | (counts == 0)
        return [_grouping(item.name, keys, labels, codes, np.append(hidden, True), threshold)]
    answered = int((~np.isnan(item.columns[0])).sum())
    made = []
    for place, key in enumerate(keys):
        pair = np.array([counts[place], answered - counts[place]])
        secret = bool(none[place]) or not counts[place] or bool(suppress_line(pair, threshold=threshold).hidden.any())
        codes = np.where(matrix[:, place], 0, 1).astype(np.int64)
        made.append(_grouping(item.name, [key], [labels[place]], codes, np.array([secret, True]), threshold))
    return made


def _grouping(
    source: str, keys: Sequence[str], labels: Sequence[Localized], codes: IntArray, hidden: npt.NDArray[np.bool_],
    threshold: int,
) -> Grouping:  # fmt: skip
    sizes = np.bincount(codes, minlength=len(keys) + 1)
    hidden = hidden | (sizes < threshold)
    hidden[-1] = True
    # A rest of few would tell of them: the smallest group joins it.
    while 0 < int(sizes[hidden].sum()) < threshold and not hidden.all():
        hidden[min(np.flatnonzero(~hidden), key=lambda place: sizes[place])] = True
    shown = [int(k) for k in np.flatnonzero(~hidden)]
    place = np.full(hidden.size, len(shown))
    place[shown] = np.arange(len(shown))
    return Grouping(source, tuple(keys[k] for k in shown), tuple(labels[k] for k in shown), place[codes], threshold)


@dataclass(frozen=True, slots=True)
class Condition:
    """On what a question depends: the ``text`` of all conditions above it, and the questions they name."""

    text: str
    names: frozenset[str]


def conditions_of(form: Form) -> dict[str, Condition]:
    """The condition of each question and repeat, by its key; its own, those of its groups, and the choice filter."""
    return {key: _condition(parts) for key, parts in _walk(form.items, ())}


def _condition(parts: tuple[str, ...]) -> Condition:
    text = " and ".join(parts)
    return Condition(text, frozenset(_REFERENCE.findall(text)))


def _walk(items: Sequence[Question | Group | Repeat], above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in items:
        own = (*above, item.relevant) if item.relevant else above
        if isinstance(item, Question):
            yield item.key, (*own, item.choice_filter) if item.choice_filter else own
        elif isinstance(item, Repeat):
            yield item.key, own
        else:
            yield from _walk(item.items, own)
