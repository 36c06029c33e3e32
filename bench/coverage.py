"""How long the nightly coverage of a whole federation takes, against the bare aggregate of the same rows.

Fills a federation as ``org_scale.py`` does (city: 10,000 units and 1.4 million members; large: 300,000 and 10 million),
gives every base union an employer with a headcount, every fifth hub some employers without a union, and every union a
term and a chair; then runs the very job of the night. The floor is one statement: members and employees of every unit
summed up the paths, by nothing else, with no test, no axis, nothing hidden and nothing written. The sector axis is
measured on the way: a sector union that guides 9,000 base unions, one page of it and its first rows by kind.

    python bench/coverage.py [--size city|large] [--units-only]

``--units-only`` measures the sector axis alone, without members. Needs 3 GB (city) or 20 GB (large) of disk.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import import_roster
import org_scale

GUIDED = 9_000
#: Members and employees of every unit, each with all below it.
FLOOR = """
    SELECT left(path, signs), sum(members), sum(employees) FROM (
        SELECT u.path, m.n AS members, 0 AS employees FROM (
            SELECT unit_id, count(*) AS n FROM membership_membership
            WHERE until IS NULL AND state = ANY(ARRAY['active', 'transferring']) GROUP BY unit_id
        ) m JOIN units_unit u ON u.id = m.unit_id
        UNION ALL
        SELECT u.path, 0, h.direct FROM workplaces_employerheadcount h
        JOIN workplaces_employer e ON e.id = h.employer_id JOIN units_unit u ON u.id = e.place_id
    ) rows, LATERAL generate_series(5, length(path), 5) steps(signs) GROUP BY 1
"""


def make_work(cursor: object, bases: np.ndarray, hubs: np.ndarray) -> None:
    """Employers with headcounts at every base union and at every fifth hub, a term and a chair in every union."""
    from qiao.org.mandates.models import Committee, Mandate, Term
    from qiao.org.workplaces.choices import Ownership, Sector
    from qiao.org.workplaces.models import Employer, EmployerHeadcount, UnitEmployer

    rng = np.random.default_rng(11)
    loose = hubs[::5].repeat(10)
    size = len(bases) + len(loose)
    keys = np.arange(1, size + 1)
    now, day = datetime.now(UTC).isoformat(), "2024-06-01"
    with org_scale.bare(cursor, "workplaces_employer", "workplaces_employerheadcount", "workplaces_unitemployer"):
        org_scale.copy(cursor, "workplaces_employer", org_scale.columns(Employer, size, {
            "id": pa.array(keys), "code": pa.array([f"E-{key}" for key in keys]),
            "name": pa.array([f"例桥{key}厂" for key in keys]),
            "ownership": pa.array(rng.choice(Ownership.values, size)),
            "sector": pa.array(rng.choice(Sector.values, size)),
            "place_id": pa.array(np.concatenate([bases, loose])), "state": "open", "entered": now, "confirmed": day,
        }))  # fmt: skip
        org_scale.copy(cursor, "workplaces_employerheadcount", org_scale.columns(EmployerHeadcount, size, {
            "employer_id": pa.array(keys), "day": day, "direct": pa.array(rng.integers(20, 400, size)), "agency": 5,
            "platform": 0, "source": "visit", "entered": now,
        }))  # fmt: skip
        org_scale.copy(cursor, "workplaces_unitemployer", org_scale.columns(UnitEmployer, len(bases), {
            "unit_id": pa.array(bases), "employer_id": pa.array(keys[: len(bases)]), "since": day, "entered": now,
        }))  # fmt: skip
    number = len(bases)
    committees = np.arange(1, number + 1)
    with org_scale.bare(cursor, "mandates_committee", "mandates_term", "mandates_mandate"):
        org_scale.copy(cursor, "mandates_committee", org_scale.columns(Committee, number, {
            "id": pa.array(committees), "unit_id": pa.array(bases), "kind": "union", "since": day,
        }))  # fmt: skip
        org_scale.copy(cursor, "mandates_term", org_scale.columns(Term, number, {
            "committee_id": pa.array(committees), "number": 1, "since": day, "until": "2029-06-01",
                    "due_from": "2028-12-03", "rule": "x", "due_rule": "x",
        }))  # fmt: skip
        org_scale.copy(cursor, "mandates_mandate", org_scale.columns(Mandate, number, {
            "unit_id": pa.array(bases), "post": "chair", "name": "云一", "since": day,
        }))  # fmt: skip


def make_sector(cursor: object, bases: np.ndarray) -> int:
    """A sector union that guides so many base unions; its key."""
    from qiao.org.units.models import Unit, UnitLink

    guided = np.sort(np.random.default_rng(5).choice(bases, GUIDED, replace=False))
    key = int(bases.max()) + 1
    org_scale.copy(cursor, "units_unit", org_scale.columns(Unit, 1, {
        "id": pa.array([key]), "path": org_scale.five(1) + org_scale.five(key), "parent_id": 1, "label": "S-GUIDE",
        "kind": "sector", "state": "active", "name": '{"zh-hans": "行业工会", "en": "Sector union"}',
        "founded": org_scale.FOUNDED,
    }))  # fmt: skip
    org_scale.copy(cursor, "units_unitlink", org_scale.columns(UnitLink, len(guided), {
        "unit_id": pa.array(guided), "above_id": key, "axis": "sector", "relation": "guides", "since": "2019-01-01",
    }))  # fmt: skip
    return key


def sector_axis(key: int, *, show: bool) -> dict[str, list[float]]:
    """Median and 95th in ms of the sector union's page and of pages of its units."""
    from django.test import Client
    from django.utils.timezone import localdate

    from qiao.org.units.choices import Axis, UnitKind
    from qiao.org.units.models import Unit
    from qiao.org.units.queries import PAGE, groups_below, page_below, sector_tops

    client = Client()
    unit, today = Unit.objects.get(pk=key), localdate()
    pages = GUIDED // PAGE
    work = {
        "sector: first of each kind": lambda _n: groups_below(unit, today, axis=Axis.SECTOR),
        "sector: a page": lambda n: page_below(unit, today, UnitKind.BASE, page=1 + n * 7 % pages, axis=Axis.SECTOR),
        "sector: where the axis begins": lambda _n: sector_tops(today),
        "sector: the page, served": lambda n: _served(client, n % pages),
    }
    found = {}
    for name, call in work.items():
        low, high = org_scale.times(call, 60)
        found[name] = [round(low, 2), round(high, 2)]
        print(f"{name:36} {low:8.2f} {high:8.2f} ms", flush=True)
    if show:
        org_scale.plans(work)
    return found


def _served(client: object, page: int) -> None:
    answer = client.get(  # type: ignore[attr-defined]
        f"/units/S-GUIDE/below/base/?axis=sector&page={page + 1}", headers={"host": "localhost"}
    )
    if answer.status_code != 200:
        raise SystemExit(f"the page answers {answer.status_code}")


def measure(size: str, home: Path, *, units_only: bool, show: bool) -> dict[str, object]:
    """Fill, run the night, print."""
    import_roster.start(home)
    from django.db import connection

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        with org_scale.bare(cursor, "units_unit", "units_unitlink"):
            bases, paths = org_scale.make_units(cursor, size)
            sector = make_sector(cursor, bases)
        if not units_only:
            with org_scale.bare(cursor, "people_person", "membership_membership"):
                org_scale.make_members(cursor, size, bases)
            hubs = np.array([key for key in range(1, len(paths)) if len(paths[key]) == 15])
            make_work(cursor, bases, hubs)
        cursor.execute("VACUUM ANALYZE")
    print(f"{len(paths):,} units filled in {time.perf_counter() - begun:.0f} s", flush=True)
    rows: dict[str, object] = {"size": size, "units": len(paths), "sector_ms": sector_axis(sector, show=show)}
    if units_only:
        return rows
    from django.utils.timezone import localdate

    from qiao.base.access import SYSTEM
    from qiao.org.coverage.services import refresh_coverage, state_scope
    from qiao.org.units.models import Unit

    now = datetime.now(UTC)
    state_scope(
        actor=SYSTEM, now=now, unit=Unit.objects.get(pk=1), text={"zh-hans": "全部", "en": "All"}, source="bench",
        least_workers=0, since=localdate(now),
    )  # fmt: skip
    took = []
    for _turn in range(3):
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(FLOOR)
            units = len(cursor.fetchall())
        took.append(time.perf_counter() - begun)
    floor = sorted(took)[1]
    print(f"floor, {units:,} units summed up the paths {floor:8.1f} s", flush=True)
    begun = time.perf_counter()
    written = refresh_coverage(actor=SYSTEM, now=now, day=localdate(now))
    night = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"one night, {written:,} rows written {night:8.1f} s   {night / floor:.1f} x floor   {peak:.0f} MB peak")
    return {**rows, "floor_s": round(floor, 2), "night_s": round(night, 2), "rows": written, "peak_mb": round(peak)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", choices=sorted(org_scale.SIZES), default="city")
    parser.add_argument("--units-only", action="store_true")
    parser.add_argument("--plans", action="store_true")
    given = parser.parse_args()
    kept = Path(os.environ.get("QIAO_HOME", "var")).resolve() / "bench"
    if shutil.disk_usage(tempfile.gettempdir()).free < org_scale.FREE[given.size]:
        raise SystemExit(f"{given.size} needs {org_scale.FREE[given.size] / 1e9:.0f} GB of free disk")
    with tempfile.TemporaryDirectory(prefix="qiao-cov-", ignore_cleanup_errors=True) as folder:
        found = measure(given.size, Path(folder), units_only=given.units_only, show=given.plans)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"coverage-{given.size}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
