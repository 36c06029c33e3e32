"""How fast the register answers at the size of a city and of a nation's tenth, against the floor in the same run.

Makes a federation in its own throw-away embedded PostgreSQL by COPY: 10,000 units with 1.4 million members (city), or
300,000 units with 10 million memberships (large). Then calls the very queries the pages call, many times over units of
every level, the root among them, and prints the median and the 95th of a hundred calls. The floor is one row of persons
by its primary key over the bare driver. The goal is 100 ms for the 95th.

    python bench/org_scale.py [--size city|large] [--calls 60] [--plans]

``--plans`` prints the query plan of each kind of call at the root. Needs 2 GB (city) or 12 GB (large) of disk.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import import_roster

#: Districts, hubs in each, base unions in each hub, members in all.
SIZES = {"city": (20, 12, 41, 1_400_000), "large": (100, 60, 49, 10_000_000)}
FREE = {"city": 4e9, "large": 2e10}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
FOUNDED = "2005-01-01"


def five(number: int) -> str:
    """A key as five base-36 signs, as paths are made of."""
    signs = ""
    for _place in range(5):
        number, rest = divmod(number, 36)
        signs = DIGITS[rest] + signs
    return signs


def copy(cursor: object, table: str, rows: pa.Table) -> None:
    """COPY a table into the database."""
    stream = io.BytesIO()
    pa_csv.write_csv(rows, stream, pa_csv.WriteOptions(include_header=False, quoting_style="all_valid"))
    statement = f"COPY {table} ({', '.join(rows.column_names)}) FROM STDIN (FORMAT csv)"
    with cursor.copy(statement) as target:  # type: ignore[attr-defined]
        target.write(stream.getbuffer())


def columns(model: object, size: int, given: dict[str, object]) -> pa.Table:
    """The columns given, and for all others that must hold something the model's default."""
    made = {name: value if isinstance(value, pa.Array) else pa.array([value] * size) for name, value in given.items()}
    for field in model._meta.concrete_fields:  # type: ignore[attr-defined]
        if field.column not in made and not field.null and not field.primary_key:
            default = field.get_default()
            made[field.column] = pa.array([json.dumps(default) if isinstance(default, dict | list) else default] * size)
    return pa.table(made)


@contextlib.contextmanager
def bare(cursor: object, *tables: str) -> Iterator[None]:
    """The tables without triggers, foreign keys and further indexes while they are filled."""
    run = cursor.execute  # type: ignore[attr-defined]
    run(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid ="
        " ANY(%s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(tables)],
    )
    indexes = cursor.fetchall()  # type: ignore[attr-defined]
    for table in tables:
        run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    for name, _statement in indexes:
        run(f"DROP INDEX {name}")
    yield
    for _name, statement in indexes:
        run(statement)
    for table in tables:
        run(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def make_units(cursor: object, size: str) -> tuple[np.ndarray, list[str]]:
    """The tree; keys of base unions and all paths by key (index 0 unused)."""
    from qiao.org.units.models import Unit, UnitLink

    districts, hubs, bases, _members = SIZES[size]
    parents, kinds, paths = [0, 0], ["", "federation"], ["", five(1)]

    def add(parent: int, kind: str) -> int:
        parents.append(parent)
        kinds.append(kind)
        paths.append(paths[parent] + five(len(paths)))
        return len(paths) - 1

    for _district in range(districts):
        district = add(1, "district")
        for _hub in range(hubs):
            hub = add(district, "hub_unit")
            for _base in range(bases):
                add(hub, "base")
    number = len(paths) - 1
    keys = np.arange(1, number + 1)
    above = pa.array([None if parent == 0 else parent for parent in parents[1:]], pa.int64())
    units = {
        "id": pa.array(keys), "path": pa.array(paths[1:]), "parent_id": above,
        "label": pa.array([f"U{key}" for key in keys]), "kind": pa.array(kinds[1:]), "state": "active",
        "name": pa.array([f'{{"zh-hans": "第{key}工会", "en": "Union {key}"}}' for key in keys]),
        "founded": FOUNDED,
    }  # fmt: skip
    copy(cursor, "units_unit", columns(Unit, number, units))
    links = {
        "unit_id": pa.array(keys[1:]), "above_id": above.slice(1), "axis": "place", "relation": "leads",
        "since": FOUNDED,
    }  # fmt: skip
    copy(cursor, "units_unitlink", columns(UnitLink, number - 1, links))
    return np.array([key for key in keys if kinds[key] == "base"]), paths


def make_members(cursor: object, size: str, bases: np.ndarray) -> None:
    """Persons and their standings, base union by base union; a thirtieth is retained, a tenth has a former standing."""
    from qiao.org.membership.models import Membership
    from qiao.org.people.models import Person

    total = SIZES[size][3]
    rng = np.random.default_rng(20260701)
    weights = rng.lognormal(3.99, 1.13, len(bases))
    unit = np.repeat(bases, rng.multinomial(total, weights / weights.sum()))
    common = np.array([0.9**place for place in range(len(import_roster.SURNAMES))])
    surnames = np.array(list(import_roster.SURNAMES))[rng.choice(len(common), total, p=common / common.sum())]
    given = np.array(list(import_roster.GIVEN + "甲乙丙丁戊己庚辛壬癸伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛超"))
    step = 500_000
    for start in range(0, total, step):
        size_now = min(step, total - start)
        keys = pa.array(np.arange(start + 1, start + size_now + 1))
        names = np.char.add(
            np.char.add(surnames[start : start + size_now], given[rng.integers(0, len(given), size_now)]),
            given[rng.integers(0, len(given), size_now)],
        )
        copy(
            cursor,
            "people_person",
            columns(Person, size_now, {"id": keys, "name": pa.array(names), "language": "zh-hans"}),
        )
        kinds = np.array(["direct", "agency", "platform", "freelance"])[
            rng.choice(4, size_now, p=[0.82, 0.09, 0.06, 0.03])
        ]
        states = np.where(rng.random(size_now) < 0.033, "retained", "active")
        standing = {
            "person_id": keys, "unit_id": pa.array(unit[start : start + size_now]), "state": pa.array(states),
            "employment": pa.array(kinds),
            "since": pa.array((np.datetime64("2006-01-01") + rng.integers(0, 7000, size_now)).astype("datetime64[D]")),
        }  # fmt: skip
        copy(cursor, "membership_membership", columns(Membership, size_now, standing))
        print(f"   {start + size_now:,} members", flush=True)


def fill(size: str) -> list[str]:
    """Everything in the database; the paths of the units by key."""
    from django.db import connection

    with connection.cursor() as cursor:
        with bare(cursor, "units_unit", "units_unitlink"):
            bases, paths = make_units(cursor, size)
        with bare(cursor, "people_person", "membership_membership"):
            make_members(cursor, size, bases)
        kinds = ("direct", "agency", "platform", "freelance")
        counts = ", ".join(f"count(*) FILTER (WHERE m.employment = '{kind}')" for kind in kinds)
        cursor.execute(
            f"INSERT INTO membership_membertally (unit_id, path, {', '.join(kinds)}) SELECT m.unit_id, u.path, {counts}"
            " FROM membership_membership m JOIN units_unit u ON u.id = m.unit_id WHERE m.until IS NULL"
            " AND m.state IN ('active', 'transferring') GROUP BY m.unit_id, u.path"
        )
        make_coverage(cursor)
        cursor.execute("VACUUM ANALYZE")
    return paths


def make_coverage(cursor: object) -> None:
    """The counts a night would leave: one line for each unit, for those above base unions also by every axis."""
    from qiao.org.coverage.choices import Axis, DayKind
    from qiao.org.coverage.models import CoverageCount, CoverageDay
    from qiao.org.membership.choices import Employment
    from qiao.org.workplaces.choices import Ownership, Sector

    night = datetime.now(UTC)
    CoverageDay.objects.create(day=night.date(), kind=DayKind.NIGHTLY, made=night)
    named = [field.column for field in CoverageCount._meta.concrete_fields if not field.primary_key]
    fixed = {"day": "%(day)s", "unit_id": "u.id", "axis": "a.axis", "key": "a.key", "hidden": "false"}
    chosen = ", ".join(fixed.get(name, "20 + u.id %% 1000") for name in named)
    keys = [(Axis.ALL.value, "")] + [
        (axis.value, key)
        for axis, words in ((Axis.SECTOR, Sector), (Axis.OWNERSHIP, Ownership), (Axis.EMPLOYMENT, Employment))
        for key in words.values
    ]
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {CoverageCount._meta.db_table} ({', '.join(named)}) SELECT {chosen} FROM units_unit u"
        " JOIN unnest(%(axes)s::text[], %(keys)s::text[]) AS a(axis, key) ON a.axis = %(whole)s OR u.kind <> 'base'",
        {"day": night.date(), "axes": [axis for axis, _key in keys], "keys": [key for _axis, key in keys],
         "whole": Axis.ALL.value},
    )  # fmt: skip


def calls(paths: list[str], size: str) -> dict[str, Callable[[int], object]]:
    """What is measured, by name: each is given the number of the call."""
    from qiao.org.coverage.queries.pages import coverage_page
    from qiao.org.membership import queries
    from qiao.org.units.models import Unit
    from qiao.org.units.queries import groups_below, line_above_on, moves_of, names_of

    rng = np.random.default_rng(3)
    levels = [np.array([key for key in range(1, len(paths)) if len(paths[key]) == depth]) for depth in (5, 10, 15, 20)]
    # A quarter of the calls each at the root, districts, hubs and base unions.
    chosen = [int(rng.choice(levels[number % 4])) for number in range(400)]
    total = SIZES[size][3]
    begins = ["王", "李", "吕", "王乙", "张小", "曾宁远", "王伟", "赵彤泽", "欧", "郑雨风"]

    def unit(number: int) -> str:
        return paths[chosen[number % 400]]

    def deep(number: int) -> object:
        path = unit(number)
        below = [other for other in rng.choice(len(paths) - 1, 40) + 1 if paths[other].startswith(path)]
        place = paths[below[0]] if below else path
        return queries.register_page(path, after=f"{place}.{total // 2}")

    today = date.today()  # noqa: DTZ011 - which day it is makes no difference

    def unit_page(number: int) -> object:
        found = Unit.objects.get(path=unit(number))
        return (
            line_above_on(found, today), groups_below(found, today), moves_of(found), names_of(found),
            queries.member_count(found.path),
        )  # fmt: skip

    measured: dict[str, Callable[[int], object]] = {
        "list, first page": lambda n: queries.register_page(unit(n)),
        "list, a page in the middle": deep,
        "list of one kind of employment": lambda n: queries.register_page(unit(n), employment="platform"),
        "number of members": lambda n: queries.member_count(unit(n)),
        "search by the beginning of a name": lambda n: queries.register_page(unit(n), text=begins[n % len(begins)]),
        "search by number": lambda n: queries.register_page(unit(n), text=str(int(rng.integers(1, total)))),
        "page of a unit": unit_page,
        "coverage of a unit": lambda n: coverage_page(Unit.objects.get(path=unit(n)), full=bool(n % 2)),
        "tree on a day": lambda n: groups_below(Unit.objects.get(path=unit(n)), date(2015, 1, 1)),
    }
    return measured


def times(work: Callable[[int], object], number: int) -> tuple[float, float]:
    """Median and 95th of so many calls, in milliseconds; two calls before do not count."""
    for call in range(2):
        work(call)
    taken = []
    for call in range(number):
        begun = time.perf_counter()
        work(call)
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken), sorted(taken)[max(0, int(np.ceil(0.95 * number)) - 1)]


def plans(measured: dict[str, Callable[[int], object]]) -> None:
    """Print the plan of each query of the first call, which is one at the root."""
    from django.db import connection

    for name, work in measured.items():
        seen: list[tuple[str, object]] = []

        def note(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
            seen.append((sql, params))  # noqa: B023
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            work(0)
        print(f"--- {name}")
        for sql, params in seen:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)  # type: ignore[arg-type]
                print("\n".join(line for (line,) in cursor.fetchall()), end="\n\n")


def measure(size: str, number: int, home: Path, *, show: bool) -> dict[str, object]:
    """Fill, call, print."""
    import_roster.start(home)
    begun = time.perf_counter()
    paths = fill(size)
    used = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
    seconds = time.perf_counter() - begun
    print(f"{len(paths) - 1:,} units, {SIZES[size][3]:,} members: {seconds:.0f} s, {used / 1e9:.1f} GB")
    from django.db import connection

    raw = connection.connection
    rng = np.random.default_rng(1)

    def by_key(_number: int) -> object:
        key = int(rng.integers(1, SIZES[size][3]))
        return raw.execute("SELECT * FROM people_person WHERE id = %s", [key]).fetchone()

    low, high = times(by_key, 400)
    print(f"{'floor: one row by its key':36} {low:8.2f} {high:8.2f} ms")
    rows: dict[str, object] = {"floor": [round(low, 3), round(high, 3)]}
    measured = calls(paths, size)
    for name, work in measured.items():
        middle, ninety = times(work, number)
        rows[name] = [round(middle, 2), round(ninety, 2)]
        print(f"{name:36} {middle:8.2f} {ninety:8.2f} ms   {middle / low:6.0f} x floor", flush=True)
    if show:
        plans(measured)
    return {
        "size": size,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "p50_p95_ms": rows,
        "gb": round(used / 1e9, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", choices=sorted(SIZES), default="city")
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--plans", action="store_true")
    arguments = parser.parse_args()
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    if shutil.disk_usage(tempfile.gettempdir()).free < FREE[arguments.size]:
        raise SystemExit(f"{arguments.size} needs {FREE[arguments.size] / 1e9:.0f} GB of free disk")
    with tempfile.TemporaryDirectory(prefix="qiao-org-", ignore_cleanup_errors=True) as folder:
        found = measure(arguments.size, arguments.calls, Path(folder), show=arguments.plans)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"org-{arguments.size}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
