"""The published bundle of a rating: counts as CSV, facts as JSON, a manifest with hashes and roots."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence

from qiao.base.problems import Place, Problem
from qiao.judge.ratings.choices import Grade
from qiao.judge.ratings.rules.counting import ORDER, CellCount, Line, line_of, why_void

FORMAT = "qiao-rating-1"
CELLS, FACTS, MANIFEST = "cells.csv", "rating.json", "manifest.json"


def bundle_files(lines: Sequence[Line], facts: Mapping[str, object], roots: Mapping[str, str]) -> dict[str, str]:
    """File name to text. Hidden counts are empty fields; ``few`` says which are one to four themselves."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("point", "grade", "count", "few"))
    for line in lines:
        for cell in line.cells:
            writer.writerow((line.point, cell.grade.value, "" if cell.count is None else cell.count, int(cell.few)))
    files = {CELLS: stream.getvalue(), FACTS: _json(facts)}
    listed = [
        {"name": name, "bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        for name, text in sorted(files.items())
    ]
    files[MANIFEST] = _json({"format": FORMAT, **roots, "files": listed})
    return files


def check_bundle(files: Mapping[str, str]) -> list[dict[str, object]]:
    """Recompute every figure from the counts. Raises Problem at the first that does not fit."""
    facts = json.loads(files[FACTS])
    valid = int(facts["valid"])
    rows: dict[str, dict[str, CellCount]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(files[CELLS])), start=2):
        try:
            cell = CellCount(Grade(row["grade"]), int(row["count"]) if row["count"] else None, row["few"] == "1")
        except (KeyError, ValueError):
            raise Problem("This is no count of a rating.", place=Place(CELLS, row=number)) from None
        if row["grade"] in rows.setdefault(row["point"], {}):
            raise Problem("This count stands there twice.", place=Place(CELLS, row=number))
        rows[row["point"]][row["grade"]] = cell
    checked: list[dict[str, object]] = []
    if list(rows) != [figure["point"] for figure in facts["figures"]]:
        raise Problem("The points of the counts are not those of the figures.", place=Place(CELLS))
    for figure in facts["figures"]:
        cells = rows[figure["point"]]
        known = [cell.count for cell in cells.values() if cell.count is not None]
        if len(cells) != len(ORDER) or sum(known) > valid or (len(known) == len(ORDER) and sum(known) != valid):
            raise Problem("The counts of “%(point)s” do not sum to the valid ballots.", place=Place(CELLS),
                          point=figure["point"])  # fmt: skip
        line = line_of(figure["point"], [cells[grade.value] for grade in ORDER], valid)
        if figure_of(line) != figure:
            raise Problem("The figures of “%(point)s” do not follow from the counts.", place=Place(FACTS),
                          point=figure["point"])  # fmt: skip
        checked.append({"checked": figure["point"], "base": line.base, "satisfied": line.satisfied, "top": line.top})
    reason = why_void(
        valid=valid, roll=facts["roll"], voted=facts["voted"], frontline=facts["voted_frontline"] or 0,
        min_turnout=facts["min_turnout"],
        min_frontline=facts["min_frontline"] if facts["voted_frontline"] is not None else 0,
    )  # fmt: skip
    if reason is not None:
        raise Problem("By its own thresholds this rating is void: %(reason)s.", place=Place(FACTS),
                      reason=reason.value)  # fmt: skip
    checked.append({"checked": "turnout", "base": facts["roll"], "satisfied": None, "top": valid / facts["roll"]})
    return checked


def figure_of(line: Line) -> dict[str, object]:
    """A line's figures as the bundle prints them."""
    return {
        "point": line.point, "base": line.base,
        **{name: None if value is None else round(value, 6)
           for name, value in (("satisfied", line.satisfied), ("top", line.top), ("at_least", line.at_least))},
    }  # fmt: skip


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
