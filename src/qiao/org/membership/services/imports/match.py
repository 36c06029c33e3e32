"""Saying which column is what, and reading every row by it."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from datetime import datetime

import pyarrow.csv as pa_csv
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import BatchState, ChunkKind, Employment, Field, Verdict
from qiao.org.membership.models import ColumnMemory, ImportBatch, ImportChunk, ImportRow
from qiao.org.membership.queries.imports import verdicts
from qiao.org.membership.rules import is_staff, normal_header
from qiao.org.membership.services.imports.chunks import read_chunks, write_chunk
from qiao.org.membership.services.imports.columns import Reading
from qiao.org.membership.services.imports.duplicates import mark_duplicates
from qiao.org.membership.services.imports.reading import read_chunk
from qiao.org.membership.services.imports.staging import locked_batch, require_step
from qiao.org.people.models import Person
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above
from qiao.org.workplaces.models import Employer


def match_columns(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    mapping: Mapping[str, str],
    employment: Employment | None = None,
    serials: bool = False,
    drop_quarantined: bool = False,
) -> ImportBatch:
    """Take each column for the field named ("" leaves it out), read all rows, and remember it for the unit.

    ``employment`` holds for all rows where no column says it; ``serials`` reads numbers in columns of days as
    spreadsheets count them; ``drop_quarantined`` is the yes to leave out what was quarantined for what stands in it.
    May be done again until the batch is handed over.

    Raises Refused without ``member.admit``, Problem where name or day of joining have no column, a field has two, the
    kind of employment comes from nowhere or from two sides, or quarantined columns were not said yes to.
    """
    with atomic():
        batch = locked_batch(actor, code)
        require_step(batch, BatchState.MATCHED)
        if any(entry.get("quarantined") for entry in batch.dropped) and not drop_quarantined:
            raise Problem("Say yes to leaving out the quarantined columns, or discard the table.")
        reading = _reading(batch, mapping, employment, serials, now)
        _read_rows(batch, reading)
        mark_duplicates(batch)
        ColumnMemory.objects.bulk_create(
            [
                ColumnMemory(unit_id=batch.unit_id, header=normal_header(header), field=mapping.get(header, ""))
                for header in {normal_header(column["header"]): column["header"] for column in batch.columns}.values()
            ],
            update_conflicts=True, unique_fields=["unit", "header"], update_fields=["field"],
        )  # fmt: skip
        batch.mapping = {column["header"]: mapping.get(column["header"], "") for column in batch.columns}
        batch.defaults = {"employment": employment.value if employment else "", "serials": serials}
        batch.state, batch.report = BatchState.MATCHED, verdicts(batch)
        batch.save(update_fields=["mapping", "defaults", "state", "report"])
        audit.record(
            actor=actor, now=now, action="import.match", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def decide_duplicates(
    *, actor: Actor, now: datetime, code: str, shown: Collection[int], others: Collection[int]
) -> ImportBatch:
    """Of the perhaps-duplicates in the rows ``shown``, those in ``others`` are other persons and will be admitted.

    Who has the same identity number is no other person: such rows stay as they are.
    Raises Refused without ``member.admit``, Problem once the batch is handed over.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state != BatchState.MATCHED:
            raise Problem("This import is handed over: nothing in it can be changed any more.")
        rows = batch.rows.filter(verdict=Verdict.DUPLICATE, row__in=shown)
        rows.filter(row__in=others).exclude(twin_signs__contains=["identity"]).update(other_person=True)
        rows.exclude(row__in=others).update(other_person=False)
        batch.report = verdicts(batch)
        batch.save(update_fields=["report"])
        audit.record(
            actor=actor, now=now, action="import.duplicates", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def _reading(
    batch: ImportBatch, mapping: Mapping[str, str], employment: Employment | None, serials: bool, now: datetime
) -> Reading:
    places: dict[Field, tuple[int, str]] = {}
    for index, column in enumerate(batch.columns):
        field = mapping.get(column["header"], "")
        if not field:
            continue
        if field not in Field.values:
            raise Problem("There is no such field: %(field)s.", field=field)
        if Field(field) in places:
            raise Problem(
                "Two columns are taken for “%(field)s”: “%(first)s” and “%(second)s”.",
                hint="Leave one of them out.",
                field=Field(field).label,
                first=places[Field(field)][1],
                second=column["header"],
            )
        places[Field(field)] = (index, column["header"])
    if Field.NAME not in places:
        raise Problem("Say which column holds the name.")
    if Field.SINCE not in places:
        raise Problem(
            "Say which column holds the day each person joined: a table without it makes nobody a member.",
            hint="Who is not a member yet is invited under outreach and applies on their own.",
        )
    if is_staff(places[Field.SINCE][1]):
        raise Problem(
            "“%(header)s” is the day of hiring, not of joining the union.",
            hint="Who is not a member yet is invited under outreach and applies on their own.",
            header=places[Field.SINCE][1],
        )
    if (Field.EMPLOYMENT in places) == (employment is not None):
        raise Problem("The kind of employment comes either from a column or is the same for all rows: choose one.")
    today = timezone.localdate(now)
    path = batch.unit.path
    return Reading(
        places, employment, serials, today, batch.unit_id, _hub_at(batch.unit).pk,
        lambda words: _units(path, words), _employers,
    )  # fmt: skip


def _hub_at(unit: Unit) -> Unit:
    """Where somebody of this unit is held whose employer nobody knows: the unit itself or the nearest hub over it."""
    if unit.kind not in (UnitKind.BASE, UnitKind.JOINT_BASE):
        return unit
    above = [one for one in reversed(line_above(unit)) if one.state != UnitState.CLOSED]
    return next((one for one in above if one.kind == UnitKind.HUB), above[0] if above else unit)


def _units(path: str, words: Collection[str]) -> dict[str, int]:
    """Each word (small letters) to the open unit it means: by label, or by its whole name."""
    found: dict[str, set[int]] = {}
    open_units = Unit.objects.filter(path__startswith=path).exclude(state=UnitState.CLOSED)
    listed = list(words)
    for start in range(0, len(listed), 1000):
        part = listed[start : start + 1000]
        spelt = {variant for word in part for variant in (word, word.upper(), word.lower())}
        rows = open_units.filter(Q(label__in=spelt) | Q(**{"name__zh-hans__in": part}) | Q(name__en__in=part))
        for key, label, name in rows.order_by("pk").values_list("pk", "label", "name"):
            for spelling in {label.lower(), *(text.lower() for text in name.values())}:
                found.setdefault(spelling, set()).add(key)
    # A name that two units bear means neither.
    return {spelling: min(keys) for spelling, keys in found.items() if len(keys) == 1}


def _employers(words: Collection[str]) -> dict[str, int]:
    """Each word to the employer with this code or this very name; a name that two employers bear means neither."""
    found: dict[str, set[int]] = {}
    listed = list(words)
    for start in range(0, len(listed), 1000):
        part = listed[start : start + 1000]
        codes = {word.replace(" ", "").replace("-", "").upper(): word for word in part}
        for key, code, name in (
            Employer.objects.filter(Q(reg_code__in=codes) | Q(name__in=part))
            .order_by("pk")
            .values_list("pk", "reg_code", "name")
        ):
            for word in {codes.get(code or ""), name}:
                if word:
                    found.setdefault(word, set()).add(key)
    return {word: min(keys) for word, keys in found.items() if len(keys) == 1}


def _read_rows(batch: ImportBatch, reading: Reading) -> None:
    """Read all rows, chunk by chunk, into staging; what an earlier reading left is gone first."""
    ImportRow.objects.filter(batch=batch)._raw_delete("default")
    ImportChunk.objects.filter(batch=batch, kind=ChunkKind.CONTACTS).delete()
    table = ImportRow._meta.db_table
    for number, cells in read_chunks(batch, ChunkKind.CELLS):
        read = read_chunk(cells, reading, batch.pk, _numbers(cells.num_rows))
        stream = io.BytesIO()
        pa_csv.write_csv(
            read.staged, stream, pa_csv.WriteOptions(include_header=False, quoting_style="all_valid", batch_size=10_000)
        )
        columns = ", ".join(read.staged.column_names)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy,
        ):
            copy.write(stream.getbuffer())
        if read.contacts is not None and read.contacts.num_rows:
            write_chunk(batch, ChunkKind.CONTACTS, number, read.contacts)
    with connection.cursor() as cursor:
        # The planner must know how many rows there are now before they are compared with the register.
        cursor.execute(f"ANALYZE {table}")


def _numbers(count: int) -> list[int]:
    """Numbers for so many persons, from the sequence: nobody else gets them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(nextval(pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s)",
            [Person._meta.db_table, count],
        )
        (numbers,) = cursor.fetchone()
    return list(numbers)
