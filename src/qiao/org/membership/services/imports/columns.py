"""What the cells of each matched column mean: each different cell read once, faults and notes by their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiao.base.problems import Problem
from qiao.base.vault import fingerprint_many
from qiao.org.membership.choices import Employment, Field
from qiao.org.membership.rules import (
    clean_name,
    read_date,
)
from qiao.org.membership.rules.cells import plain
from qiao.org.people.choices import ContactKind
from qiao.org.people.models.contacts import CONTACT_PURPOSE, IDENTITY_PURPOSE

#: An identity number: province, place, day of birth (the 29th to 31st are looked at one by one), serial, check sign.
_PLAIN_IDENTITY = (
    r"^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{4}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
    r"[0-9]{3}[0-9X]$"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: Names that are kept as they stand: Chinese signs without a blank, or Latin letters with single blanks.
_PLAIN_NAME = r"^(?:[\x{4e00}-\x{9fff}·]{2,30}|[A-Za-z][A-Za-z.'’\-]*(?: [A-Za-z.'’\-]+){0,8})$"
PLAIN_MOBILE = r"^1[3-9][0-9]{9}$"
PLAIN_MAIL = r"^[a-z0-9._%+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}$"


@dataclass(slots=True)
class Reading:
    """How rows are read: places of the columns, what holds for all, and what cells of units and employers mean.

    ``units`` and ``employers`` are asked for the cells of one chunk not met before, and remembered.
    """

    places: Mapping[Field, tuple[int, str]]
    employment: Employment | None
    serials: bool
    today: date
    own_unit: int
    hub: int
    units: Callable[[set[str]], Mapping[str, int]]
    employers: Callable[[set[str]], Mapping[str, int]]
    known: dict[Field, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Chunk:
    """The cells of a chunk, and the faults and notes found so far by place."""

    cells: pa.RecordBatch
    faults: dict[int, list[dict[str, object]]] = field(default_factory=dict)
    notes: dict[int, list[dict[str, object]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many rows the chunk has."""
        return int(self.cells.num_rows)

    def column(self, place: int) -> pa.Array:
        """The cells of one column."""
        return self.cells.column(place + 1)


def names(chunk: Chunk, reading: Reading) -> np.ndarray[Any, Any]:
    """Names as they are kept; a cell that is none is a fault."""
    place, header = reading.places[Field.NAME]
    given = pc.utf8_trim_whitespace(pc.utf8_normalize(chunk.column(place), "NFKC"))
    names: np.ndarray[Any, Any] = given.to_numpy(zero_copy_only=False).copy()
    odd = pc.indices_nonzero(pc.invert(pc.match_substring_regex(given, _PLAIN_NAME))).to_pylist()
    for index in odd:
        try:
            names[index] = clean_name(names[index])
        except Problem as problem:
            names[index] = ""
            _note(chunk.faults, index, problem, header)
    return names


def by_value(chunk: Chunk, reading: Reading, what: Field, read: Callable[[str], object]) -> np.ndarray[Any, Any] | None:
    """What each cell of a column means, each different cell read once; None where there is no such column."""
    return _meant(chunk, reading, what, read) if what in reading.places else None


def _meant(chunk: Chunk, reading: Reading, what: Field, read: Callable[[str], object]) -> np.ndarray[Any, Any]:
    place, header = reading.places[what]
    codes, texts = _distinct(chunk.column(place))
    known = reading.known.setdefault(what, {})
    values = np.empty(len(texts), object)
    for number, text in enumerate(texts):
        if text not in known:
            try:
                known[text] = read(text)
            except Problem as problem:
                known[text] = problem
        values[number] = known[text]
    if len(known) > 200_000:
        # A column of ever new texts is no reason to keep them all.
        known.clear()
    found = values[codes] if len(texts) else values
    wrong = [number for number, value in enumerate(values) if isinstance(value, Problem)]
    if wrong:
        for index in np.flatnonzero(np.isin(codes, wrong)):
            _note(chunk.faults, int(index), found[index], header)
            found[index] = None
    return found


def until_of(text: str, *, today: date, serials: bool) -> date | None:
    """The day a standing ended; None for an empty cell."""
    return read_date(text, today=today, serials=serials) if plain(text) else None


def check_terms(chunk: Chunk, reading: Reading, since: np.ndarray[Any, Any], until: np.ndarray[Any, Any]) -> None:
    """A standing ends after it began: anything else is a fault of its row."""
    for index in np.flatnonzero(until != None):  # noqa: E711
        if since[index] is not None and until[index] <= since[index]:
            problem = Problem(
                "The standing ends on %(until)s, before it began.", hint="Check both days.",
                until=until[index].isoformat(),
            )  # fmt: skip
            _note(chunk.faults, int(index), problem, reading.places[Field.UNTIL][1])


def units(chunk: Chunk, reading: Reading) -> np.ndarray[Any, Any]:
    """The unit of each row; the unit of the import where there is no such column."""
    if Field.UNIT not in reading.places:
        return np.full(chunk.size, reading.own_unit, object)
    place, _header = reading.places[Field.UNIT]
    known = reading.known.setdefault(Field.UNIT, {})
    _codes, texts = _distinct(chunk.column(place))
    fresh = {text: plain(text) for text in texts if text not in known}
    found = reading.units(set(fresh.values())) if fresh else {}
    for text, word in fresh.items():
        known[text] = found.get(word.lower()) or _no_unit(word)
    return _meant(chunk, reading, Field.UNIT, lambda text: known[text])


def _no_unit(word: str) -> Problem:
    if not word:
        return Problem("The unit is missing.", hint="Write the label of the unit, as it stands on its page.")
    return Problem(
        "No open unit below yours is called “%(value)s”, or several are.",
        hint="Write the label of the unit, as it stands on its page.",
        value=word if len(word) <= 40 else f"{word[:39]}…",
    )


def employers(chunk: Chunk, reading: Reading) -> tuple[np.ndarray[Any, Any] | None, np.ndarray[Any, Any] | None]:
    """Employer by row, and what the cell said where nobody knows such an employer."""
    if Field.EMPLOYER not in reading.places:
        return None, None
    place, _header = reading.places[Field.EMPLOYER]
    known = reading.known.setdefault(Field.EMPLOYER, {})
    codes, texts = _distinct(chunk.column(place))
    fresh = {text: plain(text) for text in texts if text not in known}
    found = reading.employers({word for word in fresh.values() if word}) if fresh else {}
    for text, word in fresh.items():
        known[text] = (found.get(word), word[:80])
    keys = np.array([known[text][0] for text in texts], object)
    words = np.array(["" if known[text][0] else known[text][1] for text in texts], object)
    return keys[codes], words[codes]


def private(
    chunk: Chunk,
    reading: Reading,
    what: Field,
    usual: Callable[[pa.Array], np.ndarray[Any, Any]],
    read: Callable[[str], str],
) -> tuple[np.ndarray[Any, Any] | None, np.ndarray[Any, Any] | None]:
    """Contacts or identity numbers in the form they are kept in, "" where there is none, and their marks.

    ``usual`` says which cells stand in that form already. What is none is left out and noted, never shown.
    """
    if what not in reading.places:
        return None, None
    place, header = reading.places[what]
    column = chunk.column(place)
    values = column.to_numpy(zero_copy_only=False).copy()
    for index in np.flatnonzero(~usual(column)):
        try:
            values[index] = read(values[index]) if values[index].strip() else ""
        except Problem:
            values[index] = ""
            _note(chunk.notes, int(index), _left_out(what), header)
    filled = np.flatnonzero(values != "")
    marks = np.full(chunk.size, None, object)
    if what == Field.IDENTITY:
        prints = fingerprint_many([values[index] for index in filled], purpose=IDENTITY_PURPOSE)
    else:
        kind = ContactKind.MOBILE if what == Field.MOBILE else ContactKind.MAIL
        prints = fingerprint_many([f"{kind}:{values[index]}" for index in filled], purpose=CONTACT_PURPOSE)
    marks[filled] = prints
    return values, marks


def matching(pattern: str) -> Callable[[pa.Array], np.ndarray[Any, Any]]:
    """Which cells stand in the usual form, by a pattern."""

    def usual(column: pa.Array) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = pc.match_substring_regex(column, pattern).to_numpy(zero_copy_only=False)
        return found

    return usual


def right_identities(column: pa.Array) -> np.ndarray[Any, Any]:
    """Which cells are identity numbers beyond doubt: place, an ordinary day of birth, check sign (GB 11643-1999)."""
    fits: np.ndarray[Any, Any] = pc.match_substring_regex(column, _PLAIN_IDENTITY).to_numpy(zero_copy_only=False).copy()
    if fits.any():
        signs = np.array(column.filter(pa.array(fits)).to_pylist(), "S18").view("S1").reshape(-1, 18)
        digits = np.where(signs == b"X", 10, signs.view(np.uint8).reshape(signs.shape).astype(int) - 48)
        fits[fits] = (digits @ np.array([*_WEIGHTS, 1])) % 11 == 1
    return fits


def _left_out(what: Field) -> Problem:
    if what == Field.IDENTITY:
        return Problem("The identity number does not check and is left out.", hint="Ask the member for it.")
    if what == Field.MOBILE:
        return Problem("This is no mobile number in use; it is left out.", hint="Ask the member for the present one.")
    return Problem("This is no e-mail address; it is left out.", hint="Ask the member for the present one.")


def _distinct(column: pa.Array) -> tuple[np.ndarray[Any, Any], Sequence[str]]:
    encoded = pc.utf8_trim_whitespace(column).dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def _note(kept: dict[int, list[dict[str, object]]], index: int, problem: Problem, header: str) -> None:
    entry: dict[str, object] = {
        "message": problem.message,
        "hint": problem.hint,
        "params": problem.params,
        "column": header,
    }
    kept.setdefault(index, []).append(entry)
