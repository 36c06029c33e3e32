"""Totals that an analyst brings along, to weight a round by them instead of the register's."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem
from qiao.base.tables import place, read_csv, sheet_row
from qiao.base.tables.workbook import sheets
from qiao.hear.surveys.choices import Asked, RoundState
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.margins import margin_words, register_totals
from qiao.hear.surveys.rules.margins import Page, read_margins

MAX_BYTES = 5_000_000


def keep_margins(*, actor: Actor, now: datetime, code: str, file_name: str, content: bytes) -> Round:
    """Take totals from a CSV file or workbook for the weights of a closed round; a later file takes their place.

    Raises Refused without ``round.weight`` at the unit, Problem for a round that is not waiting for its weights,
    Problem(s) with sheet, row and column for what does not fit: nothing is kept then.
    """
    if len(content) > MAX_BYTES:
        raise Problem("The file is too large.", place=Place(file_name))
    with atomic():
        survey = _waiting(actor, code)
        register = register_totals(survey)
        totals = read_margins(
            _pages(file_name, content),
            margin_words(survey, register),
            {variable: sum(known.values()) for variable, known in register.items()},
        )
        digest = hashlib.sha256(content).hexdigest()
        survey.margins = {"file": Path(file_name).name[:120], "sha256": digest, "totals": totals}
        survey.save(update_fields=["margins"])
        audit.record(
            actor=actor, now=now, action="round.margins", code=code, unit_path=survey.unit.path,
            detail={"sha256": digest, "variables": sorted(totals)},
        )  # fmt: skip
    return survey


def drop_margins(*, actor: Actor, now: datetime, code: str) -> Round:
    """Weight by the register again. Twice changes nothing. Raises as `keep_margins`."""
    with atomic():
        survey = _waiting(actor, code)
        if survey.margins:
            survey.margins = {}
            survey.save(update_fields=["margins"])
            audit.record(
                actor=actor, now=now, action="round.margins", code=code, unit_path=survey.unit.path,
                detail={"variables": []},
            )  # fmt: skip
    return survey


def _waiting(actor: Actor, code: str) -> Round:
    survey = Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
    require(actor, "round.weight", survey.unit.path)
    if survey.state != RoundState.CLOSED or survey.asked == Asked.VOLUNTEERS:
        raise Problem("Totals are taken between the close of a round and its weighting, where people were asked.")
    return survey


def _pages(file_name: str, content: bytes) -> list[Page]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file_name).name or "margins.csv")
        path.write_bytes(content)
        where = Place(path.name)
        if content[:4] not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            table = read_csv(path, max_bytes=MAX_BYTES)
            columns = [table[name].to_pylist() for name in table.column_names]
            rows = [
                (sheet_row(table, index), [str(column[index] or "") for column in columns])
                for index in range(table.num_rows)
            ]
            return [Page(place(table), "", table.column_names, rows)]
        pages = []
        for title, cells in sheets(path, where):
            lines = [
                (number, line) for number, line in enumerate(cells(), start=1) if any(cell.strip() for cell in line)
            ]
            if lines:
                pages.append(Page(Place(path.name, title), title, lines[0][1], lines[1:]))
        return pages
