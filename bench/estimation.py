"""Means with standard errors and intervals of 20 items in 8 groups, against the bare sums by DuckDB in the same run.

1,000,000 respondents in 50 strata and 2,000 clusters answer 20 items on a scale of 1 to 5, 2 % of them missing. Both
sides read the same Parquet file into memory before the clock starts. The floor is what no method can do without: the
sums of w and w·x by stratum, cluster and group in one bare DuckDB query over the Arrow table. Ours goes from the same
columns, through building the design and the groups, to 160 figures with standard error and interval. CPU and wall time
are the median of some runs that take turns; only the ratio means anything on another machine.

    python bench/estimation.py [--rows 1000000] [--items 20] [--groups 8] [--runs 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qiao_stats.estimation import Grid, estimate_many, make_design, make_groups

STRATA, CLUSTERS = 50, 2_000


def respondents(rows: int, items: int, groups: int, seed: int = 20260701) -> pa.Table:
    """Made-up answers: clusters differ, so that the design effect is not 1."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, CLUSTERS, rows)
    stratum = cluster % STRATA
    columns: dict[str, object] = {
        "weight": rng.uniform(0.5, 3.0, rows),
        "stratum": stratum,
        "cluster": cluster,
        "unit": rng.integers(0, groups, rows),
    }
    for k in range(items):
        mood = rng.normal(3, 0.4, CLUSTERS)[cluster]
        answer = np.clip(np.rint(rng.normal(mood, 1.0)), 1, 5)
        columns[f"q{k + 1}"] = pa.array(answer, mask=rng.random(rows) < 0.02)
    return pa.table(columns)


def ours(table: pa.Table, names: list[str]) -> Grid:
    design = make_design(weights=table["weight"], strata=table["stratum"], clusters=[table["cluster"]])
    by = make_groups({"unit": table["unit"]}, rows=table.num_rows)
    return estimate_many(design, {name: table[name] for name in names}, by=by, deff=None)


def floor(connection: duckdb.DuckDBPyConnection, names: list[str]) -> pa.Table:
    sums = ", ".join(
        f"sum(weight * {name}) as a_{name}, sum(weight) filter ({name} is not null) as w_{name}" for name in names
    )
    query = f"select stratum, cluster, unit, {sums} from answers group by stratum, cluster, unit"
    return connection.sql(query).to_arrow_table()


def clock(work: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds (all threads) and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def agree(grid: Grid, sums: pa.Table, names: list[str]) -> None:
    """Refuse to compare speeds of different results: means and standard errors must follow from DuckDB's sums."""
    frame = {name: sums[name].to_numpy() for name in sums.column_names}
    group, stratum = frame["unit"], frame["stratum"]
    for p, name in enumerate(names):
        for g in range(len(grid.groups)):
            inside = group == grid.groups[g]["unit"]
            a, w = frame[f"a_{name}"][inside], frame[f"w_{name}"][inside]
            mean = a.sum() / w.sum()
            totals, variance = (a - mean * w) / w.sum(), 0.0
            for h in range(STRATA):
                t = totals[stratum[inside] == h]
                n = CLUSTERS // STRATA
                t = np.concatenate([t, np.zeros(n - t.size)])
                variance += n / (n - 1) * float(((t - t.mean()) ** 2).sum())
            assert np.isclose(grid.estimate[p, g], mean, rtol=1e-10), (name, g)
            assert np.isclose(grid.se[p, g], variance**0.5, rtol=1e-9), (name, g)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--groups", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    names = [f"q{k + 1}" for k in range(chosen.items)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        pq.write_table(respondents(chosen.rows, chosen.items, chosen.groups), path)
        table = pq.read_table(path)
    connection = duckdb.connect()
    connection.register("answers", table)
    agree(ours(table, names), floor(connection, names), names)
    mine, theirs = [], []
    for _ in range(chosen.runs):
        mine.append(clock(lambda: ours(table, names)))
        theirs.append(clock(lambda: floor(connection, names)))
    cpu, wall = (statistics.median(run[k] for run in mine) for k in (0, 1))
    floor_cpu, floor_wall = (statistics.median(run[k] for run in theirs) for k in (0, 1))
    result = {
        "rows": chosen.rows,
        "items": chosen.items,
        "groups": chosen.groups,
        "data": "Parquet read into memory (Arrow) before the clock starts",
        "floor": f"DuckDB {duckdb.__version__}: sums of w and w*x by stratum, cluster and group",
        "ours": "design, groups, means, standard errors, intervals",
        "cpu_s": round(cpu, 4),
        "wall_s": round(wall, 4),
        "floor_cpu_s": round(floor_cpu, 4),
        "floor_wall_s": round(floor_wall, 4),
        "cpu_ratio": round(cpu / floor_cpu, 3),
        "wall_ratio": round(wall / floor_wall, 3),
    }
    target = Path(os.environ.get("QIAO_HOME") or "var") / "bench" / "estimation.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(
        f"estimation: {chosen.rows:,} rows x {chosen.items} items x {chosen.groups} groups: "
        f"CPU {cpu:.3f} s, wall {wall:.3f} s; bare DuckDB sums CPU {floor_cpu:.3f} s, wall {floor_wall:.3f} s"
    )
    print(f"estimation: ratio to bare DuckDB sums: CPU {cpu / floor_cpu:.2f}, wall {wall / floor_wall:.2f} (goal 2.00)")


if __name__ == "__main__":
    main()
