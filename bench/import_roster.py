"""How fast and in how much memory a roster becomes members, against a bare COPY of the same rows plus an index build.

A roster of members as CSV (name, unit, employment, day of joining, employer, mobile number, identity number; 1.2 %
of the persons twice) is uploaded, its columns matched, duplicates searched in it and in a register that already holds
as many, handed over and confirmed: persons, standings, sealed contacts, keyed marks, holds and pairs stand in their
tables with all their indexes and constraints. Three floors, in the same database, in turns, each without any reading,
matching or sealing: the same file is copied into one table without any constraint and one index built on the name; the
very rows an import made are copied into twins of the four tables they stand in, bare, and the indexes of these tables
built on them; the same rows are copied into twins that keep their indexes and references, as tables in use do. Memory
is the peak of a process of its own for each size.

    python bench/import_roster.py [--rows 100000] [--runs 3] [--memory 10000 100000 1000000] [--plain]

``--plain`` leaves mobile and identity numbers out, to see what sealing and marks cost.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

UNITS = 200
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "一乙小天子文方月心云水火木土山石田禾竹米羽舟衣言谷车辰里金青雨风飞香高鸣龙知秋若明晓诺然宁远安乐嘉懿彤泽"
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
HEADER = ["姓名", "工会编号", "就业形式", "入会日期", "统一社会信用代码", "手机号码", "身份证号"]


def write_roster(path: Path, rows: int, seed: int, *, plain: bool) -> None:
    """A roster; the same seed gives the same persons."""
    rng = np.random.default_rng(seed)
    surnames, given = np.array(list(SURNAMES)), np.array(list(GIVEN))
    names = [
        a + b + c
        for a, b, c in zip(surnames[rng.integers(0, len(surnames), rows)], given[rng.integers(0, len(given), rows)],
                           given[rng.integers(0, len(given), rows)], strict=True)
    ]  # fmt: skip
    kinds = np.array(["直接用工", "劳务派遣", "平台用工", "灵活就业"])[rng.choice(4, rows, p=[0.82, 0.09, 0.06, 0.03])]
    days = np.datetime64("2005-01-01") + rng.integers(0, 7000, rows)
    mobiles = 13_000_000_000 + rng.choice(5_900_000_000, rows)
    digits = np.concatenate(
        [
            np.tile(np.array([3, 1]), (rows, 1)), rng.integers(0, 10, (rows, 4)),
            np.tile(np.array([1, 9]), (rows, 1)), rng.integers(6, 10, (rows, 1)),
            rng.integers(0, 10, (rows, 1)), np.zeros((rows, 1), int), rng.integers(1, 10, (rows, 1)),
            np.ones((rows, 1), int), rng.integers(0, 9, (rows, 1)), rng.integers(0, 10, (rows, 3)),
        ],
        axis=1,
    )  # fmt: skip
    checks = np.array(list("10X98765432"))[digits @ WEIGHTS % 11]
    units = rng.integers(0, UNITS, rows)
    twice = rng.choice(rows, int(rows * 0.012), replace=False)
    source = np.arange(rows)
    source[twice] = rng.integers(0, rows, len(twice))
    text = ["".join(map(str, row)) for row in digits]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER[:5] if plain else HEADER)
        for row in range(rows):
            one = source[row]
            line = [names[one], f"B{units[row]}", kinds[row], str(days[row]), ""]
            writer.writerow(line if plain else [*line, str(mobiles[one]), text[one] + checks[one]])


def start(home: Path) -> None:
    """Django on its own embedded database below ``home``."""
    os.environ["QIAO_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("QIAO_DEMO", None)
    from qiao.cli.starting import prepare, start_django

    start_django()
    prepare()
    from django.conf import settings

    from qiao.base import vault

    if not settings.VAULT_KEYS.exists():
        vault.create_ring(settings.VAULT_KEYS, now=datetime.now(UTC))


def found_units() -> None:
    """A federation with some hundred base unions, and two officers."""
    from django.db import connection

    from qiao.base.access import SYSTEM
    from qiao.base.i18n import localized
    from qiao.org.people.services import open_account
    from qiao.org.units.choices import UnitKind
    from qiao.org.units.services import found_unit

    moment = datetime.now(UTC)
    root = found_unit(
        actor=SYSTEM, now=moment, kind=UnitKind.FEDERATION, name=localized("测", "Measured"), label="M", parent=None,
        founded=date(2000, 1, 1),
    )  # fmt: skip
    hub = found_unit(
        actor=SYSTEM, now=moment, kind=UnitKind.HUB, name=localized("枢", "Hub"), label="H", parent=root,
        founded=date(2000, 1, 1),
    )  # fmt: skip
    for number in range(UNITS):
        found_unit(
            actor=SYSTEM, now=moment, kind=UnitKind.BASE, name=localized(f"基层{number}", f"Base {number}"),
            label=f"B{number}", parent=hub, founded=date(2000, 1, 1),
        )  # fmt: skip
    for name in ("first", "second"):
        open_account(actor=SYSTEM, now=moment, email=f"{name}@bench.example", display_name=name)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def take_in(path: Path, *, statements: bool = False) -> dict[str, float]:
    """The whole way of one roster; seconds of each step, and with ``statements`` what took longest in the database."""
    from django.db import connection

    from qiao.base.access import Actor
    from qiao.org.membership import services
    from qiao.org.membership.models import ImportBatch
    from qiao.org.people.models import Account
    from qiao.org.units.models import Unit

    moment = datetime.now(UTC)
    first, second = (
        Actor(account_id=Account.objects.get(email=f"{name}@bench.example").pk, name=name, system=True)
        for name in ("first", "second")
    )
    steps: dict[str, float] = {}

    slow: list[tuple[float, str]] = []

    def clocked(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            slow.append((time.perf_counter() - begun, " ".join(str(sql).split())[:110]))

    def timed(name: str, work: object) -> object:
        begun = time.perf_counter()
        with connection.execute_wrapper(clocked) if statements else contextlib.nullcontext():
            made = work()  # type: ignore[operator]
        steps[name] = time.perf_counter() - begun
        for seconds, sql in sorted(slow, reverse=True)[:8] if statements else ():
            print(f"      {name}: {seconds:6.2f} s {sql}")
        slow.clear()
        return made

    batch = timed(
        "upload",
        lambda: services.upload_table(actor=first, now=moment, unit=Unit.objects.get(label="M"), file=path),
    )
    assert isinstance(batch, ImportBatch)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    timed("match", lambda: services.match_columns(actor=first, now=moment, code=batch.code, mapping=mapping))
    timed("hand over", lambda: services.hand_over(actor=first, now=moment, code=batch.code))
    done = timed("confirm", lambda: services.confirm_batch(actor=second, now=moment, code=batch.code))
    assert isinstance(done, ImportBatch)
    print(f"   {done.report}", flush=True)
    return steps


def floor(path: Path) -> float:
    """Seconds of a bare COPY of the file and one index."""
    from django.db import connection

    columns = path.open(encoding="utf-8").readline().count(",") + 1
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS floor_roster")
        cursor.execute("CREATE TABLE floor_roster (" + ", ".join(f"c{number} text" for number in range(columns)) + ")")
        begun = time.perf_counter()
        with (
            path.open("rb") as stream,
            cursor.copy("COPY floor_roster FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while chunk := stream.read(1 << 20):
                copy.write(chunk)
        cursor.execute("CREATE INDEX floor_name ON floor_roster (c0)")
        return time.perf_counter() - begun


#: The tables that an import fills with about a row for each of its own.
GUARDED = ("people_person", "membership_membership", "people_identitycheck", "people_contact")


def floors_of_rows(rows: int) -> tuple[float, float]:
    """Seconds of copying the newest rows of the filled tables into empty twins.

    First with the same indexes built afterwards and no reference, then with indexes and references as they stand.
    """
    from django.db import connection

    from qiao.base.db import atomic

    seconds: list[float] = []
    for guarded in (False, True):
        kept: dict[str, bytes] = {}
        indexes: list[str] = []
        with connection.cursor() as cursor:
            for table in GUARDED:
                cursor.execute(f"DROP TABLE IF EXISTS twin_{table}")
                cursor.execute(f"CREATE TABLE twin_{table} (LIKE {table}{' INCLUDING ALL' if guarded else ''})")
                cursor.execute(
                    "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                    " WHERE conrelid = %s::regclass AND contype = 'f'",
                    [table],
                )
                for (reference,) in cursor.fetchall() if guarded else ():
                    cursor.execute(f"ALTER TABLE twin_{table} ADD {reference}")
                cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", [table])
                indexes += [
                    built.replace(f" {name} ON public.{table} ", f" ON twin_{table} ")
                    for name, built in cursor.fetchall()
                ]
                with cursor.copy(
                    f"COPY (SELECT * FROM {table} ORDER BY id DESC LIMIT {rows}) TO STDOUT (FORMAT binary)"
                ) as copy:
                    kept[table] = b"".join(copy)
            begun = time.perf_counter()
            with atomic():
                for table, content in kept.items():
                    with cursor.copy(f"COPY twin_{table} FROM STDIN (FORMAT binary)") as copy:
                        copy.write(content)
                for built in () if guarded else indexes:
                    cursor.execute(built)
            seconds.append(time.perf_counter() - begun)
            for table in GUARDED:
                cursor.execute(f"DROP TABLE twin_{table}")
    return seconds[0], seconds[1]


def measure(rows: int, runs: int, home: Path, *, plain: bool, statements: bool) -> dict[str, object]:
    """Times of both, in turns."""
    start(home)
    found_units()
    path = home / "roster.csv"
    write_roster(path, rows, 1, plain=plain)
    print(f"filling the register with {rows:,} members …", flush=True)
    take_in(path)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    ours, bare, rebuilt, guarded, parts = [], [], [], [], []
    for run in range(runs):
        write_roster(path, rows, 2 + run, plain=plain)
        bare.append(floor(path))
        steps = take_in(path, statements=statements)
        bare.append(floor(path))
        built, kept = floors_of_rows(rows)
        rebuilt.append(built)
        guarded.append(kept)
        ours.append(sum(steps.values()))
        parts.append(steps)
        shown = {name: round(seconds, 2) for name, seconds in steps.items()}
        print(
            f"   {ours[-1]:.2f} s {shown}, floor {bare[-1]:.2f} s, the rows themselves {built:.2f} s,"
            f" with the guards {kept:.2f} s",
            flush=True,
        )
    ratio = statistics.median(ours) / statistics.median(bare)
    print(
        f"import of {rows:,} rows: {statistics.median(ours):.2f} s; COPY and index {statistics.median(bare):.2f} s;"
        f" ratio {ratio:.1f}; to copying the rows of the register that come of it and building their indexes"
        f" {statistics.median(ours) / statistics.median(rebuilt):.1f} (goal 10), to copying them past their guards"
        f" {statistics.median(ours) / statistics.median(guarded):.1f}"
    )
    return {
        "rows": rows, "seconds": ours, "floor_seconds": bare, "rebuilt_seconds": rebuilt,
        "guarded_seconds": guarded, "ratio": round(ratio, 2),
        "steps": {name: round(statistics.median(part[name] for part in parts), 3) for name in parts[0]},
    }  # fmt: skip


def peak(rows: int, home: Path, *, plain: bool) -> None:
    """Print the peak memory (MiB) of this process before and after importing so many rows, as JSON."""
    start(home)
    found_units()
    path = home / "roster.csv"
    # Written by another process: its memory is not ours.
    subprocess.run(
        [sys.executable, __file__, "--write", str(path), "--rows", str(rows), *(["--plain"] if plain else [])],
        check=True,
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = sum(take_in(path).values())
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = path.stat().st_size / 1e6
    print(
        json.dumps(
            {"rows": rows, "file_mb": round(size, 1), "before_mib": round(before), "peak_mib": round(after),
             "seconds": round(seconds, 1)}
        )
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--statements", action="store_true", help="print the slowest statements of each step")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--write", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.write:
        write_roster(Path(arguments.write), arguments.rows, 7, plain=arguments.plain)
        return
    with tempfile.TemporaryDirectory(prefix="qiao-roster-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        if arguments.peak:
            peak(arguments.peak, home, plain=arguments.plain)
            return
        kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
        memory = []
        for rows in arguments.memory:
            command = [sys.executable, __file__, "--peak", str(rows), *(["--plain"] if arguments.plain else [])]
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
            memory.append(json.loads(lines[-1]))
            print(f"memory: {memory[-1]}", flush=True)
        found = {
            **measure(arguments.rows, arguments.runs, home, plain=arguments.plain, statements=arguments.statements),
            "memory": memory,
        }
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "import_roster.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
