"""Free texts of closed rounds and of requests, as topics are worked out from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qiao.base import frozen
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.hear.surveys.queries import find_round, frozen_folder, published_rounds, runtime_of
from qiao.org.membership.queries import member_count
from qiao.org.units.queries import units_at

#: A question so called asks whether one's own words may be shown.
QUOTE_PREFIX = "quote"
_YES = frozenset({"yes", "y", "1", "true", "ok", "OK"})


@dataclass(frozen=True, slots=True)
class FreeText:
    """One free text. ``person`` tells writers apart within the sources (None: not known); it is no person's number.

    ``may_quote``: the writer agreed to be quoted. ``members``: of the smallest unit or stratum it is known to be from.
    """

    source_code: str
    text: str
    person: str | None
    may_quote: bool
    members: int


#: Gives the texts of a code that is no survey round's, of the subtree at a path.
Reader = Callable[[str, str], Sequence[FreeText]]
_READERS: dict[str, Reader] = {}
#: Gives the sources of some subtrees an analyst may choose.
Lister = Callable[[Sequence[str]], "Sequence[TextSource]"]
_LISTERS: dict[str, Lister] = {}


def register_texts(prefix: str, reader: Reader, lister: Lister | None = None) -> None:
    """Have texts of codes that begin so (such as "window:") read by ``reader``; from AppConfig.ready().

    ``lister`` offers such sources to analysts beside the rounds.
    """
    _READERS[prefix] = reader
    if lister is not None:
        _LISTERS[prefix] = lister


def texts_of(codes: Sequence[str], *, path: str) -> list[FreeText]:
    """The free texts of sources of the subtree at ``path``.

    Raises Problem for a round that is not closed and published, is erased, or belongs to another part of the union.
    """
    found: list[FreeText] = []
    for code in codes:
        reader = next((reader for prefix, reader in _READERS.items() if code.startswith(prefix)), None)
        found += reader(code, path) if reader else _of_round(code, path)
    return found


def _of_round(code: str, path: str) -> list[FreeText]:
    survey = find_round(code)
    if survey is None or survey.published is None or survey.state == "failed":
        raise Problem("Topics are worked out from rounds whose results are published.")
    if not survey.unit.path.startswith(path):
        raise Problem("%(code)s belongs to another part of the union.", code=code)
    if survey.erased:
        raise Problem("The single answers of %(code)s are erased: its words can no longer be read.", code=code)
    folder = frozen_folder(code)
    frozen.verify(folder)
    table = pq.read_table(folder / frozen.TABLE)
    form = runtime_of(survey.version_id).form
    consented = _consented(table, [one.key for one in form.questions if one.name.startswith(QUOTE_PREFIX)])
    sizes = table["population"].to_numpy()
    everybody = member_count(survey.unit.path)
    members = [int(size) if np.isfinite(size) else everybody for size in sizes]
    # One answer is one person where people were invited; of volunteers nobody knows.
    persons: list[str | None] = [f"{code}:{row}" if survey.invited else None for row in range(table.num_rows)]
    found = []
    for question in form.questions:
        if question.type != "text" or question.name.startswith(QUOTE_PREFIX) or question.key not in table.column_names:
            continue
        for text, person, may, size in zip(table[question.key].to_pylist(), persons, consented, members, strict=True):
            if text and str(text).strip():
                found.append(FreeText(code, str(text), person, may, size))
    return found


def _consented(table: pa.Table, keys: Sequence[str]) -> list[bool]:
    columns = [table[key].to_pylist() for key in keys if key in table.column_names]
    return [bool(columns) and all(str(column[row]) in _YES for column in columns) for row in range(table.num_rows)]


@dataclass(frozen=True, slots=True)
class TextSource:
    """A source an analyst may choose: its code and what it is called."""

    code: str
    title: Localized


def text_sources(paths: Sequence[str]) -> list[TextSource]:
    """Published rounds of these subtrees that asked for words and still have answers; then those of apps above."""
    rounds = published_rounds().filter(unit__in=units_at(paths).order_by(), erased__isnull=True)[:40]
    found = [
        TextSource(one.code, one.title)
        for one in rounds
        if any(
            question.type == "text" and not question.name.startswith(QUOTE_PREFIX)
            for question in runtime_of(one.version_id).form.questions
        )
    ]
    return [*found, *(source for lister in _LISTERS.values() for source in lister(paths))]
