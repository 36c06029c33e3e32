"""Taking in a table of employers; a list of persons is refused whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qiao.base import audit
from qiao.base.access import Actor, require, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.denylist import looks_denied, match_header
from qiao.base.problems import Place, Problem
from qiao.base.tables import place, read_table, sheet_row
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.choices import BatchState
from qiao.org.workplaces.models import EmployerBatch, EmployerColumn, EmployerRow
from qiao.org.workplaces.queries.imports import employers_tied
from qiao.org.workplaces.rules import next_states
from qiao.org.workplaces.rules.headers import guess_field, holds_persons, names_contact, names_persons, normal_header

MOST_ROWS = 50_000
MOST_COLUMNS = 60
MOST_BYTES = 20_000_000
MOST_SIGNS = 400


def upload_table(*, actor: Actor, now: datetime, unit: Unit, file: Path) -> EmployerBatch:
    """Stage a table of employers for a unit with all below it.

    A table in which columns speak of single persons is refused whole and nothing of it is kept: outreach is over
    employers, never over persons. Columns of the deny-list and of contact persons are dropped, their headers and
    numbers of filled cells reported.

    Raises Refused without ``employer.import`` at the unit, Problem (located) otherwise.
    """
    require(actor, "employer.import", unit.path)
    if not takes_in(unit) or unit.kind in (UnitKind.BASE, UnitKind.JOINT_BASE):
        raise Problem("Employers are imported into a hub, a district or a federation that is open.")
    table = read_table(file, max_bytes=MOST_BYTES)
    where = place(table)
    if table.num_rows > MOST_ROWS or table.num_columns > MOST_COLUMNS:
        raise Problem(
            "At most %(rows)s rows and %(columns)d columns are taken at once.",
            place=where,
            hint="Split the table, or leave out columns that are not needed.",
            rows=f"{MOST_ROWS:,}",
            columns=MOST_COLUMNS,
        )
    values = {name: table[name].to_pylist() for name in table.column_names}
    _refuse_persons(values, where)
    dropped: list[dict[str, object]] = []
    kept: list[str] = []
    for header, column in values.items():
        denied = match_header(header) or looks_denied(column)
        if denied or names_contact(header):
            filled = sum(1 for cell in column if cell.strip())
            dropped.append({"header": header, "kind": denied.value if denied else "contact", "rows": filled})
        else:
            kept.append(header)
    if not kept:
        raise Problem("No column is left that may be kept.", place=where, hint="Use the template.")
    for header in kept:
        long = next(
            (index for index, cell in enumerate(values[header]) if len(cell) > MOST_SIGNS or "\0" in cell), None
        )
        if long is not None:
            raise Problem(
                "This cell has more than %(most)d signs, or zero bytes.",
                place=place(table, index=long, column=header),
                hint="Look whether a quote is missing, or leave the column out.",
                most=MOST_SIGNS,
            )
    with atomic():
        batch = EmployerBatch.objects.create(
            code=next_code("J"), unit=unit, source=(where.source or "")[:200], sheet=(where.sheet or "")[:120],
            columns=_columns(kept, values, unit), dropped=dropped, rows_total=table.num_rows,
            uploaded_by_id=actor.account_id, uploaded=now,
        )  # fmt: skip
        EmployerRow.objects.bulk_create(
            [
                EmployerRow(batch=batch, row=sheet_row(table, index), cells=list(cells))
                for index, cells in enumerate(zip(*(values[name] for name in kept), strict=True))
            ],
            batch_size=2000,
        )
        audit.record(
            actor=actor, now=now, action="employers.upload", code=batch.code, unit_path=unit.path,
            detail={"rows": table.num_rows, "columns": len(kept), "dropped": len(dropped)},
        )  # fmt: skip
    return batch


def _refuse_persons(values: dict[str, list[str]], where: Place) -> None:
    persons = [header for header, column in values.items() if names_persons(header) or holds_persons(column)]
    if persons:
        raise Problem(
            "This is a list of persons (column “%(column)s”), not of employers: nothing of it is kept.",
            place=where,
            hint="Outreach is over employers. For workers there are posters and the address of the page to join.",
            column=persons[0],
        )


def _columns(kept: list[str], values: dict[str, list[str]], unit: Unit) -> list[dict[str, object]]:
    known = dict(EmployerColumn.objects.filter(unit=unit).order_by("pk").values_list("header", "field"))
    taken: set[str] = set()
    columns: list[dict[str, object]] = []
    for header in kept:
        guessed = guess_field(header)
        field = known.get(normal_header(header), guessed.value if guessed else "")
        field = "" if field in taken else field
        taken.add(field)
        columns.append({"header": header, "filled": sum(1 for cell in values[header] if cell.strip()), "field": field})
    return columns


def hand_over(*, actor: Actor, now: datetime, code: str) -> EmployerBatch:
    """Give a matched batch to a second person. Twice changes nothing. Raises Refused, Problem with nothing to take."""
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.WAITING:
            return batch
        require_step(batch, BatchState.WAITING)
        if not batch.report.get("new") and not batch.report.get("known"):
            raise Problem("No row can be taken: mend the table and upload it again.")
        batch.state = BatchState.WAITING
        batch.save(update_fields=["state"])
        audit.record(actor=actor, now=now, action="employers.hand_over", code=code, unit_path=batch.unit.path)
    return batch


def discard_batch(*, actor: Actor, now: datetime, code: str) -> EmployerBatch:
    """Throw a batch away that is not confirmed, with its rows. Twice changes nothing. Raises Refused, Problem."""
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.DISCARDED:
            return batch
        require_step(batch, BatchState.DISCARDED)
        batch.rows.all().delete()
        batch.state, batch.ended = BatchState.DISCARDED, now
        batch.save(update_fields=["state", "ended"])
        audit.record(actor=actor, now=now, action="employers.discard", code=code, unit_path=batch.unit.path)
    return batch


def locked_batch(actor: Actor, code: str) -> EmployerBatch:
    """The batch, locked, for whoever may import at its unit. Raises Refused, Problem."""
    batch = (
        EmployerBatch.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).order_by("pk")
    ).first()
    if batch is None:
        raise Problem("There is no import with this code: %(code)s.", code=code)
    require(actor, "employer.import", batch.unit.path)
    return batch


def require_step(batch: EmployerBatch, to: BatchState) -> None:
    """Raise Problem where a batch cannot go there from its state."""
    if to not in next_states(batch.state):
        raise Problem("This import is “%(state)s”: that cannot be done any more.", state=BatchState(batch.state).label)


def require_untied_rows(actor: Actor, batch: EmployerBatch) -> None:
    """Raise Problem where the actor declared a tie to an employer that stands in the batch (S12)."""
    require_untied(actor, batch.unit.path)
    for employer_id in employers_tied(batch, actor):
        require_untied(actor, batch.unit.path, employer_id)
