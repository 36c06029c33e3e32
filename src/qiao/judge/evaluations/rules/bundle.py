"""The open bundle: figures and table as CSV, the questions as codebook, a manifest with the hash of each file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from qiao.judge.evaluations.rules.instrument import Instrument
from qiao.judge.evaluations.rules.results import Results

MANIFEST = "manifest.json"


def bundle_files(instrument: Instrument, results: Results, terms: Mapping[str, object]) -> dict[str, str]:
    """File name to text, UTF-8. The manifest is last and hashes the others; hidden cells are empty fields."""
    files = {
        "figures.csv": _csv(
            ("indicator", "base", "estimate", "lower", "upper"),
            ((row.indicator.value, row.base, row.estimate, row.lower, row.upper) for row in results.rows),
        ),
        "answers.csv": _csv(
            ("question", "answer", "count"), ((cell.question, cell.answer, cell.count) for cell in results.table)
        ),
        "codebook.json": _json(asdict(instrument)),
    }
    listed = [
        {"name": name, "bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        for name, text in sorted(files.items())
    ]
    files[MANIFEST] = _json({"format": "qiao-evaluation-1", **terms, "files": listed})
    return files


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return stream.getvalue()


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
