"""Means with standard errors and intervals of 20 items in 8 groups from Parquet, against the bare group-by.

10,000,000 respondents in 50 strata and 2,000 clusters answer 20 items on a scale of 1 to 5, 2 % of them missing; the
file is written piece by piece. The floor is what no method can do without: the sums of w and w·x by stratum, cluster
and group in one bare DuckDB query over the file. Ours is `cluster_sums` through Ibis on DuckDB over the same file and
`estimate_sums` on its result: 160 figures with standard error and interval. Each runs in a process of its own, so that
its peak memory can be told; CPU and wall time are the median of runs that take turns; only ratios mean anything on
another machine. With --spark the same expression runs on Spark (local-cluster: two executors beside the driver) and
its figures are compared with DuckDB's. With --survey R's package survey does one item on a part of the rows, if R is
installed.

    python bench/estimation.py [--rows 10000000] [--items 20] [--groups 8] [--runs 3] [--spark] [--survey]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qiao_stats.estimation import Grid, cluster_sums, estimate_sums

STRATA, CLUSTERS, PIECE = 50, 2_000, 500_000
DESIGN: dict[str, Any] = {"clusters": "cluster", "strata": "stratum", "by": ["unit"]}
MEMORY = "1GB"


def write_respondents(path: Path, rows: int, items: int, groups: int, seed: int = 20260701) -> None:
    """Made-up answers: clusters differ, so that the design effect is not 1."""
    rng = np.random.default_rng(seed)
    moods = rng.normal(3, 0.4, (items, CLUSTERS))
    writer: pq.ParquetWriter | None = None
    for start in range(0, rows, PIECE):
        n = min(PIECE, rows - start)
        cluster = rng.integers(0, CLUSTERS, n)
        columns: dict[str, object] = {
            "weight": rng.uniform(0.5, 3.0, n),
            "stratum": (cluster % STRATA).astype(np.int32),
            "cluster": cluster.astype(np.int32),
            "unit": rng.integers(0, groups, n).astype(np.int32),
        }
        for k in range(items):
            answer = np.clip(np.rint(rng.normal(moods[k][cluster], 1.0)), 1, 5).astype(np.int8)
            columns[f"q{k + 1}"] = pa.array(answer, mask=rng.random(n) < 0.02)
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def ours(path: Path, names: list[str]) -> Grid:
    """The figures through Ibis on DuckDB."""
    import ibis

    connection = ibis.duckdb.connect(memory_limit=MEMORY)
    sums = connection.to_pyarrow(cluster_sums(connection.read_parquet(path), names, weights="weight", **DESIGN))
    return estimate_sums(sums, names, **DESIGN)


def floor(path: Path, names: list[str]) -> int:
    """The bare group-by; how many rows came out."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})
    sums = ", ".join(f"sum(weight * {name}), sum(weight) filter ({name} is not null)" for name in names)
    query = f"select stratum, cluster, unit, {sums} from read_parquet('{path}') group by stratum, cluster, unit"
    return int(connection.sql(query).to_arrow_table().num_rows)


def on_spark(path: Path, names: list[str]) -> Grid:
    """The same expression on Spark with two executors on this machine."""
    import ibis
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.executorEnv.SPARK_LOCAL_IP", "127.0.0.1")
        .getOrCreate()
    )
    connection = ibis.pyspark.connect(session)
    sums = connection.to_pyarrow(cluster_sums(connection.read_parquet(str(path)), names, weights="weight", **DESIGN))
    executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    session.stop()
    print(f"estimation: Spark ran with {executors} executors")
    return estimate_sums(sums, names, **DESIGN)


def measured(work: Callable[[Path, list[str]], object], path: Path, names: list[str], answer: Any) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    found = work(path, names)
    times = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    answer.send(
        (*times, peak, (found.estimate, found.se, found.lower, found.upper) if isinstance(found, Grid) else found)
    )


def apart(work: Callable[[Path, list[str]], object], path: Path, names: list[str]) -> tuple[float, float, float, Any]:
    """CPU seconds (all threads), wall seconds, peak GiB and result of the work in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=measured, args=(work, path, names, send))
    process.start()
    send.close()
    found: tuple[float, float, float, Any] = receive.recv()
    process.join()
    return found


R_SCRIPT = """
suppressMessages(library(survey)); d <- read.csv(commandArgs(TRUE)[1])
t <- system.time({des <- svydesign(id=~cluster, strata=~stratum, weights=~weight, data=d)
b <- svyby(~q1, ~unit, des, svymean, na.rm=TRUE)}); cat(t[["user.self"]] + t[["sys.self"]], coef(b), SE(b), "\n")
"""


def in_survey(path: Path, rows: int) -> None:
    """R's survey on the first rows and one item: its time, and whether its figures are ours."""
    from qiao_stats.estimation import estimate_many, make_design, make_groups

    if not shutil.which("Rscript"):
        print("estimation: R is not installed")
        return
    table = pq.ParquetFile(path).read_row_group(0).slice(0, rows)
    with tempfile.TemporaryDirectory() as folder:
        from pyarrow import csv

        source = Path(folder) / "part.csv"
        csv.write_csv(table.select(["weight", "stratum", "cluster", "unit", "q1"]), source)
        done = subprocess.run(["Rscript", "-e", R_SCRIPT, str(source)], capture_output=True, text=True, check=True)
    numbers = np.array([float(value) for value in done.stdout.split()])
    before = time.process_time()
    design = make_design(weights=table["weight"], strata=table["stratum"], clusters=[table["cluster"]])
    grid = estimate_many(design, {"q1": table["q1"]}, by=make_groups({"unit": table["unit"]}, rows=table.num_rows))
    cpu = time.process_time() - before
    np.testing.assert_allclose(numbers[1:], np.concatenate([grid.estimate[0], grid.se[0]]), rtol=1e-9)
    print(
        f"estimation: {table.num_rows:,} rows x 1 item: R survey CPU {numbers[0]:.2f} s, ours {cpu:.2f} s, same figures"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--groups", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--survey", action="store_true")
    chosen = parser.parse_args()
    names = [f"q{k + 1}" for k in range(chosen.items)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        write_respondents(path, chosen.rows, chosen.items, chosen.groups)
        if chosen.survey:
            in_survey(path, 200_000)
        mine, theirs = [], []
        for _ in range(chosen.runs):
            theirs.append(apart(floor, path, names))
            mine.append(apart(ours, path, names))
        spark = apart(on_spark, path, names) if chosen.spark else None
    cpu, wall, peak = (statistics.median(run[k] for run in mine) for k in range(3))
    floor_cpu, floor_wall, floor_peak = (statistics.median(run[k] for run in theirs) for k in range(3))
    result: dict[str, object] = {
        "rows": chosen.rows,
        "items": chosen.items,
        "groups": chosen.groups,
        "data": "one Parquet file, read by both",
        "floor": "DuckDB: sums of w and w*x by stratum, cluster and group",
        "ours": "Ibis on DuckDB: the sums, then means, standard errors, intervals",
        "cpu_s": round(cpu, 3),
        "wall_s": round(wall, 3),
        "peak_gib": round(peak, 3),
        "floor_cpu_s": round(floor_cpu, 3),
        "floor_wall_s": round(floor_wall, 3),
        "floor_peak_gib": round(floor_peak, 3),
        "cpu_ratio": round(cpu / floor_cpu, 3),
        "wall_ratio": round(wall / floor_wall, 3),
    }
    if spark is not None:
        worst = max(float(np.max(np.abs(a / b - 1))) for a, b in zip(mine[0][3], spark[3], strict=True))
        result |= {"spark_wall_s": round(spark[1], 3), "spark_relative_difference": worst}
        print(f"estimation: Spark wall {spark[1]:.1f} s; largest relative difference from DuckDB {worst:.1e}")
        if worst > 1e-9:
            sys.exit("estimation: Spark and DuckDB differ")
    target = Path(os.environ.get("QIAO_HOME") or "var") / "bench" / "estimation.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(
        f"estimation: {chosen.rows:,} rows x {chosen.items} items x {chosen.groups} groups: CPU {cpu:.2f} s, "
        f"wall {wall:.2f} s, peak {peak:.2f} GiB; bare group-by CPU {floor_cpu:.2f} s, wall {floor_wall:.2f} s, "
        f"peak {floor_peak:.2f} GiB"
    )
    print(
        f"estimation: ratio to the bare group-by: CPU {cpu / floor_cpu:.2f}, wall {wall / floor_wall:.2f} (goal 1.50); "
        f"memory {peak:.2f} GiB (goal below 2)"
    )


if __name__ == "__main__":
    main()
