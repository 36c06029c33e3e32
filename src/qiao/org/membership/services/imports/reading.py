"""Reading staged rows by the columns that were matched: whole columns at once, single cells only where one is odd."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from qiao.base.han import simplified
from qiao.org.membership.choices import Field, HoldReason, Verdict
from qiao.org.membership.rules import (
    read_consent,
    read_date,
    read_employment,
)
from qiao.org.membership.services.imports import columns
from qiao.org.people.rules import normal_identity, normal_mail, normal_mobile


@dataclass(slots=True)
class ReadRows:
    """One chunk as it was read: the table to stage, and the contacts by their row."""

    staged: pa.Table
    contacts: pa.RecordBatch | None


def read_chunk(cells: pa.RecordBatch, reading: columns.Reading, batch_id: int, numbers: Sequence[int]) -> ReadRows:
    """Read one chunk; the person of each row will have the number at its place."""
    chunk = columns.Chunk(cells)
    name = columns.names(chunk, reading)
    employment = columns.by_value(chunk, reading, Field.EMPLOYMENT, lambda text: read_employment(text).value)
    if employment is None:
        employment = np.full(chunk.size, reading.employment.value if reading.employment else None, object)
    since = columns.by_value(
        chunk, reading, Field.SINCE, partial(read_date, today=reading.today, serials=reading.serials)
    )
    until = columns.by_value(
        chunk, reading, Field.UNTIL, partial(columns.until_of, today=reading.today, serials=reading.serials)
    )
    unit = columns.units(chunk, reading)
    employer, employer_text = columns.employers(chunk, reading)
    consent = columns.by_value(chunk, reading, Field.CONSENT, read_consent)
    mobile, mobile_mark = columns.private(
        chunk, reading, Field.MOBILE, columns.matching(columns.PLAIN_MOBILE), normal_mobile
    )
    mail, mail_mark = columns.private(chunk, reading, Field.MAIL, columns.matching(columns.PLAIN_MAIL), normal_mail)
    identity, identity_mark = columns.private(chunk, reading, Field.IDENTITY, columns.right_identities, normal_identity)
    if since is not None and until is not None:
        columns.check_terms(chunk, reading, since, until)
    hold = np.full(chunk.size, "", object)
    if employer_text is not None:
        hold[employer_text != ""] = HoldReason.EMPLOYER.value
        unit[employer_text != ""] = reading.hub
    if consent is not None:
        hold[consent != True] = HoldReason.CONSENT.value  # noqa: E712
    verdict = np.where(hold == "", Verdict.READY.value, Verdict.HELD.value).astype(object)
    faulty = np.zeros(chunk.size, bool)
    faulty[list(chunk.faults)] = True
    verdict[faulty] = Verdict.FAULT.value
    for values, empty in ((name, ""), (employment, ""), (since, None), (until, None), (unit, None), (hold, "")):
        if values is not None:
            values[faulty] = empty
    for marks in (mobile_mark, mail_mark, identity_mark):
        if marks is not None:
            marks[faulty] = None
    key = np.array(simplified("\n".join(name)).split("\n"), object)
    none, blank = pa.nulls(chunk.size), np.full(chunk.size, "", object)
    tail = blank if identity is None else np.array([text[-4:] if text else "" for text in identity], object)
    tail[faulty] = ""
    staged = pa.table(
        {
            "batch_id": pa.array(np.full(chunk.size, batch_id)),
            "row": cells.column(0),
            "verdict": pa.array(verdict, pa.string()),
            "name": pa.array(name, pa.string()),
            "name_key": pa.array(key, pa.string()),
            "employment": pa.array(employment, pa.string()),
            "since": none if since is None else pa.array(since, pa.date32()),
            "until": none if until is None else pa.array(until, pa.date32()),
            "unit_id": pa.array(unit, pa.int64()),
            "employer_id": none if employer is None else pa.array(employer, pa.int64()),
            "employer_text": pa.array(blank if employer_text is None else employer_text, pa.string()),
            "hold": pa.array(hold, pa.string()),
            "mobile_mark": _hex(mobile_mark, none),
            "mail_mark": _hex(mail_mark, none),
            "identity_mark": _hex(identity_mark, none),
            "identity_tail": pa.array(tail, pa.string()),
            "twin_elsewhere": pa.array(np.zeros(chunk.size, bool)),
            "twin_signs": pa.array(np.full(chunk.size, "{}", object), pa.string()),
            "other_person": pa.array(np.zeros(chunk.size, bool)),
            "person_number": pa.array(numbers, pa.int64()),
            "faults": pa.array(_as_json(chunk.faults, chunk.size), pa.string()),
            "notes": pa.array(_as_json(chunk.notes, chunk.size), pa.string()),
        }
    )
    return ReadRows(staged, _contacts(cells, mobile, mail, faulty, numbers))


def _contacts(
    cells: pa.RecordBatch,
    mobile: np.ndarray[Any, Any] | None,
    mail: np.ndarray[Any, Any] | None,
    faulty: np.ndarray[Any, Any],
    numbers: Sequence[int],
) -> pa.RecordBatch | None:
    """Row, number of the person, mobile number and address of every row that has any."""
    if mobile is None and mail is None:
        return None
    blank = np.full(cells.num_rows, "", object)
    mobile, mail = (blank if values is None else values for values in (mobile, mail))
    kept = np.flatnonzero(((mobile != "") | (mail != "")) & ~faulty)
    return pa.RecordBatch.from_arrays(
        [
            cells.column(0).take(pa.array(kept)),
            pa.array(np.asarray(numbers)[kept]),
            pa.array(mobile[kept], pa.string()),
            pa.array(mail[kept], pa.string()),
        ],
        names=["row", "person", "mobile", "mail"],
    )


def _as_json(kept: Mapping[int, list[dict[str, object]]], size: int) -> np.ndarray[Any, Any]:
    texts = np.full(size, "[]", object)
    for index, entries in kept.items():
        texts[index] = json.dumps(entries, ensure_ascii=False)
    return texts


def _hex(marks: np.ndarray[Any, Any] | None, none: pa.Array) -> pa.Array:
    """Bytes as PostgreSQL reads them in CSV."""
    if marks is None:
        return none
    return pa.array([None if mark is None else "\\x" + mark.hex() for mark in marks], pa.string())
