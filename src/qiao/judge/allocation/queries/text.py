"""The text of a sheet and of its manifest: what is hashed, published and recomputed by `qiao allocate`."""

from __future__ import annotations

import csv
import io
import json

from qiao.base.cells import disarmed
from qiao.base.i18n import pick
from qiao.judge.allocation.models import Sheet, SheetLine
from qiao.judge.allocation.rules.sheet import BEFORE, INPUTS, MEMBERS, MISSING, UNIT

#: Version of the formula and of the file's columns.
FORMULA = "need-by-percentile-ranks-1"


def sheet_text(sheet: Sheet) -> str:
    """The sheet as CSV: every line with inputs, need, share and amount; CRLF, UTF-8 without a mark.

    The same sheet gives the same bytes: what the ledger holds is their SHA-256.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([UNIT, "name", MEMBERS, *INPUTS, BEFORE, "need", "share", "amount", "limit"])
    lines = SheetLine.objects.filter(sheet=sheet).select_related("unit").order_by("position")
    for line in lines.iterator(chunk_size=2000):
        inputs = [line.inputs.get(key) for key in INPUTS]
        writer.writerow(
            [
                line.label, disarmed(pick(line.unit.name, "zh-hans")), line.members,
                *(MISSING if value is None else repr(value) for value in inputs),
                "" if line.before is None else _yuan(line.before),
                f"{line.need:.12f}", f"{line.share:.12f}", _yuan(line.amount), line.bound,
            ]
        )  # fmt: skip
    return stream.getvalue()


def manifest_text(sheet: Sheet) -> str:
    """What `qiao allocate --manifest` needs, and where it comes from, as JSON."""
    return json.dumps(
        {
            "sheet": sheet.code, "unit": sheet.unit.label, "level": sheet.level, "year": sheet.year,
            "budget": _yuan(sheet.budget), "weights": {key: sheet.weights[key] for key in INPUTS},
            "limit": sheet.limit, "formula": FORMULA, "days": sheet.days, "before": sheet.before_code,
            "sha256": sheet.sha256,
        },
        ensure_ascii=False, indent=1, sort_keys=True,
    )  # fmt: skip


def _yuan(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
