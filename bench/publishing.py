"""How long the figures of a large round take: 200,000 answers, 40 questions, four groupings; and the memory it needs.

    .venv/bin/python bench/publishing.py [answers] [questions]

Prints seconds and peak memory of computing every published figure with its intervals and of deciding what stays
hidden, beside the floor of the same run: the bare counts of every answer by every group.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import time

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc


def main() -> None:
    """Build the table, compute, print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiao.config.settings.check")
    import django

    django.setup()
    from qiao.base.xlsform import read_form
    from qiao.hear.surveys.queries.computing import compute_results

    form = read_form(_form(count), "bench.xlsx")
    table, facts = _data(rows, count)
    begun = time.perf_counter()
    for item in [name for name in table.column_names if name.startswith("q")]:
        for by in ("stratum", "employment", "ws_a", "ws_b"):
            table.group_by([by, item]).aggregate([("weight", "sum"), ([], "count_all")])
    floor = time.perf_counter() - begun
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    results = compute_results(form, facts, table)
    taken = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = sum(len(o["cells"]) for q in results["questions"] for o in q["options"])
    print(f"{rows:,} answers, {count} questions, {len(results['groups'])} groups: {figures:,} figures")
    print(
        f"{taken:.1f} s, {taken / floor:.1f} times the bare group-by ({floor:.1f} s); "
        f"memory {before:.0f} → {peak:.0f} MiB"
    )


def _form(count: int) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.active.append(["type", "name", "label::中文 (zh)", "label::English (en)"])
    for name in ("ws_a", "ws_b", *(f"q{k}" for k in range(count))):
        book.active.append(["select_one five", name, name, name])
    sheet = book.create_sheet("choices")
    sheet.append(["list_name", "name", "label::中文 (zh)", "label::English (en)"])
    for option in "abcde":
        sheet.append(["five", option, option, option])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _data(rows: int, count: int) -> tuple[pa.Table, dict[str, object]]:
    rng = np.random.default_rng(1)
    strata = np.array([f"D{k}" for k in range(8)], dtype=object)[rng.integers(0, 8, rows)]
    kinds = np.array(["direct", "agency", "platform"], dtype=object)[rng.integers(0, 3, rows)]
    letters = np.array(list("abcde"), dtype=object)
    columns: dict[str, object] = {
        "stratum": strata, "cluster": [""] * rows, "employment": kinds, "mode": ["web"] * rows, "category": kinds,
        "population": np.full(rows, 2.0 * rows), "start": np.full(rows, 8.0), "weight": np.full(rows, 8.0),
    }  # fmt: skip
    for name in ("ws_a", "ws_b", *(f"q{k}" for k in range(count))):
        columns[name] = letters[rng.choice(5, rows, p=[0.4, 0.3, 0.2, 0.08, 0.02])]
    table = pa.table(columns)
    totals = {
        name: {
            row["values"]: row["counts"] * 8.0 for row in pc.value_counts(table[column].combine_chunks()).to_pylist()
        }
        for name, column in (("stratum", "stratum"), ("employment", "category"))
    }
    facts: dict[str, object] = {
        "strata": [{"key": f"D{k}", "label": {"en": f"D{k}"}} for k in range(8)], "stratum_by": "district",
        "clusters": [], "asked": "sample", "small_cell": 5, "delicate_cell": 10, "sensitive": [], "confidence": 0.95,
        "weighting": {"method": "rake", "totals": totals, "cell_totals": []},
    }  # fmt: skip
    return table, facts


if __name__ == "__main__":
    main()
