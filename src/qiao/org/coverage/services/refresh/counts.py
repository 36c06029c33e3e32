"""The counts of a day in SQL: every employer and member is looked at once, then the sums go up the paths.

An employer with a union counts where its union stands, any other where it lies; a member counts in their unit. By
sector and ownership a member goes with the employer they follow, else with the employers of their union where these
have one sector (ownership) in common, else with the key "" (not attributable).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper

#: Number columns of CoverageCount in the order the statements use.
NUMBERS = (
    "employers", "formed", "uncounted", "employees", "employees_in", "members", "members_in", "members_scope",
    "members_work", "unions", "in_term", "reachable", "active", "told", "effective", "members_effective", "joined",
    "kept",
)  # fmt: skip

_EMPLOYERS = """
CREATE TEMP TABLE cov_employer ON COMMIT DROP AS
SELECT e.id, coalesce(u.path, p.path) AS path, u.id AS unit_id, e.sector, e.ownership,
       h.direct, h.agency, h.platform, s.path IS NOT NULL
       AND (s.least = 0 OR coalesce(h.direct + h.agency + h.platform, 0) >= s.least) AS in_scope
FROM workplaces_employer e
JOIN units_unit p ON p.id = e.place_id
LEFT JOIN LATERAL (
    SELECT l.unit_id FROM workplaces_unitemployer l
    WHERE l.employer_id = e.id AND l.since <= %(day)s AND (l.until IS NULL OR l.until > %(day)s)
    ORDER BY l.since DESC LIMIT 1
) link ON TRUE
LEFT JOIN units_unit u ON u.id = link.unit_id
LEFT JOIN LATERAL (
    SELECT c.direct, c.agency, c.platform FROM workplaces_employerheadcount c
    WHERE c.employer_id = e.id AND c.day <= %(day)s AND NOT c.withdraws
    AND NOT EXISTS (SELECT 1 FROM workplaces_employerheadcount later WHERE later.corrects_id = c.id)
    ORDER BY c.day DESC, c.id DESC LIMIT 1
) h ON TRUE
LEFT JOIN cov_scope s ON starts_with(coalesce(u.path, p.path), s.path)
WHERE (e.opened IS NULL OR e.opened <= %(day)s) AND (e.closed IS NULL OR e.closed > %(day)s)
"""

_UNIONS = """
CREATE TEMP TABLE cov_union ON COMMIT DROP AS
SELECT u.id AS unit_id, u.path,
       CASE WHEN count(DISTINCT e.sector) = 1 THEN min(e.sector) ELSE '' END AS sector,
       CASE WHEN count(DISTINCT e.ownership) = 1 THEN min(e.ownership) ELSE '' END AS ownership,
       coalesce(bool_or(e.in_scope), FALSE) AS in_scope, s.path IS NOT NULL AS scoped, coalesce(s.least, 0) AS least
FROM units_unit u
LEFT JOIN cov_employer e ON e.unit_id = u.id
LEFT JOIN cov_scope s ON starts_with(u.path, s.path)
GROUP BY u.id, u.path, s.path, s.least
"""

#: Rows of the history are stretches: a row that ended counted as taking part until its last day.
_MEMBERS = """
CREATE TEMP TABLE cov_member ON COMMIT DROP AS
SELECT u.path, m.employment, coalesce(e.sector, u.sector) AS sector, coalesce(e.ownership, u.ownership) AS ownership,
       coalesce(t.in_term AND t.reachable AND t.active AND t.told, FALSE) AS effective,
       sum(m.n) AS members, sum(CASE WHEN u.in_scope THEN m.n ELSE 0 END) AS members_in,
       sum(CASE WHEN u.scoped AND (u.least = 0 OR u.in_scope) THEN m.n ELSE 0 END) AS members_scope
FROM (
    SELECT unit_id, employment, employer_id, count(*) AS n FROM membership_membership
    WHERE since <= %(day)s AND (
        (state = ANY(%(holding)s) AND (until IS NULL OR until > %(day)s))
        OR (state = ANY(%(ended)s) AND until > %(day)s)
    )
    GROUP BY unit_id, employment, employer_id
) m
JOIN cov_union u ON u.unit_id = m.unit_id
LEFT JOIN workplaces_employer e ON e.id = m.employer_id
LEFT JOIN cov_test t ON t.unit_id = m.unit_id
GROUP BY 1, 2, 3, 4, 5
"""

#: Who joined in the twelve months that ended one check ago, and of these who takes part anywhere one check later.
_KEPT = """
CREATE TEMP TABLE cov_kept ON COMMIT DROP AS
SELECT u.path, count(*) AS joined, count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM membership_membership later WHERE later.person_id = first.person_id
    AND later.since <= first.since + first.check_after AND (
        (later.state = ANY(%(holding)s)
            AND (later.until IS NULL OR later.until > first.since + first.check_after))
        OR (later.state = ANY(%(ended)s) AND later.until > first.since + first.check_after)
    )
)) AS kept
FROM (
    SELECT m.person_id, m.unit_id, m.since, make_interval(months => %(months)s) AS check_after
    FROM membership_membership m
    WHERE m.since > %(joined_from)s AND m.since <= %(joined_to)s
    AND NOT EXISTS (
        SELECT 1 FROM membership_membership earlier
        WHERE earlier.person_id = m.person_id AND earlier.since < m.since
    )
) first
JOIN units_unit u ON u.id = first.unit_id
GROUP BY u.path
"""

_FLAT = """
CREATE TEMP TABLE cov_flat ON COMMIT DROP AS
SELECT path, axis, key, {sums} FROM (
    SELECT path, axis, key, 1 AS employers, (unit_id IS NOT NULL)::int AS formed,
           (direct IS NULL)::int AS uncounted, coalesce(direct + agency + platform, 0) AS employees,
           CASE WHEN unit_id IS NULL THEN 0 ELSE coalesce(direct + agency + platform, 0) END AS employees_in,
           {none_of_ten}, 0 AS effective, 0 AS members_effective, 0 AS joined, 0 AS kept
    FROM cov_employer, LATERAL (VALUES ('all', ''), ('sector', sector), ('ownership', ownership)) cut(axis, key)
    WHERE in_scope
    UNION ALL
    SELECT path, 'employment', kind, 1, (unit_id IS NOT NULL)::int, 0, workers,
           CASE WHEN unit_id IS NULL THEN 0 ELSE workers END, {zeros_ten}, 0, 0, 0, 0
    FROM cov_employer, LATERAL (VALUES ('direct', direct), ('agency', agency), ('platform', platform))
        cut(kind, workers)
    WHERE in_scope AND workers > 0
    UNION ALL
    SELECT path, axis, key, 0, 0, 0, 0, 0, members, members_in, members_scope,
           CASE WHEN employment = 'freelance' THEN 0 ELSE members END,
           0, 0, 0, 0, 0, 0, CASE WHEN effective THEN members ELSE 0 END, 0, 0
    FROM cov_member, LATERAL (
        VALUES ('all', ''), ('sector', sector), ('ownership', ownership), ('employment', employment)
    ) cut(axis, key)
    UNION ALL
    SELECT u.path, axis, key, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, t.in_term::int, t.reachable::int, t.active::int,
           t.told::int, (t.in_term AND t.reachable AND t.active AND t.told)::int, 0, 0, 0
    FROM cov_test t JOIN cov_union u ON u.unit_id = t.unit_id,
        LATERAL (VALUES ('all', ''), ('sector', u.sector), ('ownership', u.ownership)) cut(axis, key)
    UNION ALL
    SELECT path, 'all', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, joined, kept FROM cov_kept
) contributions
GROUP BY path, axis, key
"""

_ROLL_UP = """
INSERT INTO coverage_coveragecount (day, unit_id, axis, key, hidden, {columns})
SELECT %(day)s, u.id, sums.axis, sums.key, FALSE, {values} FROM (
    SELECT left(path, steps.signs) AS prefix, axis, key, {sums}
    FROM cov_flat, LATERAL generate_series(5, length(path), 5) steps(signs)
    GROUP BY 1, 2, 3
) sums JOIN units_unit u ON u.path = sums.prefix
WHERE sums.axis = ANY(%(axes)s)
"""


def write_counts(
    cursor: CursorWrapper,
    *,
    day: date,
    scopes: Iterable[tuple[str, int]],
    tests: Mapping[int, tuple[bool, bool, bool, bool]],
    months: int,
    joined: tuple[date, date],
    holding: list[str],
    ended: list[str],
    axes: list[str],
) -> int:
    """Write the counts of a day for all units, in the caller's transaction; returns how many rows.

    ``scopes``: path and least number of workers of every statement, none below another. ``tests``: the four tests of
    every active base union. ``joined``: joiners after the first and up to the second day are checked ``months`` later.
    """
    params: dict[str, Any] = {
        "day": day, "holding": holding, "ended": ended, "months": months, "joined_from": joined[0],
        "joined_to": joined[1], "axes": axes,
    }  # fmt: skip
    for name in ("scope", "test", "employer", "union", "member", "kept", "flat"):
        cursor.execute(f"DROP TABLE IF EXISTS cov_{name}")
    cursor.execute("CREATE TEMP TABLE cov_scope (path text, least int) ON COMMIT DROP")
    cursor.execute(
        "CREATE TEMP TABLE cov_test (unit_id bigint, in_term bool, reachable bool, active bool, told bool)"
        " ON COMMIT DROP"
    )
    with cursor.copy("COPY cov_scope FROM STDIN") as copy:
        for scope in scopes:
            copy.write_row(scope)
    with cursor.copy("COPY cov_test FROM STDIN") as copy:
        for key, results in tests.items():
            copy.write_row((key, *results))
    cursor.execute("ANALYZE cov_scope; ANALYZE cov_test")
    for statement in (_EMPLOYERS, _UNIONS):
        cursor.execute(statement, params)
    cursor.execute("ANALYZE cov_employer; ANALYZE cov_union")
    for statement in (_MEMBERS, _KEPT):
        cursor.execute(statement, params)
    sums = ", ".join(f"sum({name}) AS {name}" for name in NUMBERS)
    ten = NUMBERS[5:14]
    cursor.execute(
        _FLAT.format(
            sums=sums,
            none_of_ten=", ".join(f"0 AS {name}" for name in ten),
            zeros_ten=", ".join("0" for _name in ten),
        )
    )
    cursor.execute(
        _ROLL_UP.format(columns=", ".join(NUMBERS), values=", ".join(f"sums.{name}" for name in NUMBERS), sums=sums),
        params,
    )
    return int(cursor.rowcount)
