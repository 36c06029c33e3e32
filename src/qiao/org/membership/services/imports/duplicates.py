"""Which staged rows may be persons of the register, or of an earlier row: set by set, never row by row.

The rules are those of ``rules.twins``: the same identity number; the same telephone number or address and name; the
same name in the same unit. A differing identity number excludes what the others suggest.
"""

# ruff: noqa: S608 - names of tables and columns come from the models, values are always parameters
from __future__ import annotations

import json

from django.db import connection
from django.db.backends.utils import CursorWrapper

from qiao.base.problems import Problem
from qiao.org.membership.models import ImportBatch, ImportRow, Membership
from qiao.org.people.models import Person
from qiao.org.people.models.contacts import Contact, IdentityCheck

_ROW, _MEMBER, _PERSON = (model._meta.db_table for model in (ImportRow, Membership, Person))
_CONTACT, _IDENTITY = Contact._meta.db_table, IdentityCheck._meta.db_table
_WAITING = "r.batch_id = %(batch)s AND r.verdict IN ('ready', 'held')"
#: The cheap comparisons stand first: most names are written the same way.
_SAME_NAME = (
    "(p.name = r.name OR p.name = r.name_key OR (qiao_traditional(p.name) AND qiao_simplified(p.name) = r.name_key))"
)

_OF_REGISTER = f"""
    WITH pairs AS (
        SELECT r.id, i.person_id, 'identity' AS sign FROM {_ROW} r JOIN {_IDENTITY} i ON i.found_by = r.identity_mark
        WHERE {_WAITING} AND r.identity_mark IS NOT NULL
        UNION ALL
        SELECT r.id, c.person_id, 'mobile' FROM {_ROW} r
        JOIN {_CONTACT} c ON c.found_by = r.mobile_mark AND c.kind = 'mobile'
        JOIN {_PERSON} p ON p.id = c.person_id AND {_SAME_NAME} WHERE {_WAITING} AND r.mobile_mark IS NOT NULL
        UNION ALL
        SELECT r.id, c.person_id, 'mail' FROM {_ROW} r
        JOIN {_CONTACT} c ON c.found_by = r.mail_mark AND c.kind = 'mail'
        JOIN {_PERSON} p ON p.id = c.person_id AND {_SAME_NAME} WHERE {_WAITING} AND r.mail_mark IS NOT NULL
        UNION ALL
        SELECT r.id, m.person_id, 'unit' FROM {_ROW} r
        JOIN (SELECT m.unit_id, m.person_id, p.name FROM {_MEMBER} m JOIN {_PERSON} p ON p.id = m.person_id
              WHERE m.until IS NULL AND m.unit_id IN (SELECT DISTINCT r.unit_id FROM {_ROW} r WHERE {_WAITING})
             ) m ON m.unit_id = r.unit_id AND m.name = r.name WHERE {_WAITING}
        UNION ALL
        SELECT r.id, m.person_id, 'unit' FROM {_ROW} r
        JOIN (SELECT m.unit_id, m.person_id, p.name FROM {_MEMBER} m JOIN {_PERSON} p ON p.id = m.person_id
              WHERE m.until IS NULL AND m.unit_id IN (SELECT DISTINCT r.unit_id FROM {_ROW} r WHERE {_WAITING})
             ) m ON m.unit_id = r.unit_id AND m.name = r.name_key WHERE {_WAITING} AND r.name <> r.name_key
        UNION ALL
        SELECT r.id, m.person_id, 'unit' FROM {_ROW} r
        JOIN (SELECT m.unit_id, m.person_id, qiao_simplified(p.name) AS name
              FROM {_PERSON} p JOIN {_MEMBER} m ON p.id = m.person_id
              WHERE m.until IS NULL AND qiao_traditional(p.name)
              AND m.unit_id IN (SELECT DISTINCT r.unit_id FROM {_ROW} r WHERE {_WAITING})
             ) m ON m.unit_id = r.unit_id AND m.name = r.name_key WHERE {_WAITING}
    ), scored AS (
        SELECT pairs.id, pairs.person_id, array_agg(DISTINCT sign) AS signs,
            sum(DISTINCT CASE sign WHEN 'identity' THEN 99 WHEN 'mobile' THEN 31 WHEN 'mail' THEN 30 ELSE 20 END) AS sum
        FROM pairs GROUP BY 1, 2
    ), best AS (
        SELECT DISTINCT ON (s.id) s.id, s.person_id, s.signs FROM scored s
        JOIN {_ROW} r ON r.id = s.id LEFT JOIN {_IDENTITY} i ON i.person_id = s.person_id
        WHERE 'identity' = ANY(s.signs) OR i.found_by IS NULL OR r.identity_mark IS NULL
        ORDER BY s.id, s.sum DESC, s.person_id
    )
    UPDATE {_ROW} r SET verdict = 'duplicate', twin_number = best.person_id,
        twin_signs = CASE WHEN best.signs = '{{identity}}' THEN best.signs ELSE best.signs || '{{name}}'::text[] END,
        twin_elsewhere = coalesce((
            SELECT NOT starts_with(u.path, %(path)s) FROM {_MEMBER} m JOIN units_unit u ON u.id = m.unit_id
            WHERE m.person_id = best.person_id ORDER BY m.until IS NULL DESC, m.since DESC LIMIT 1
        ), true)
    FROM best WHERE best.id = r.id
"""

#: Rows of one identity number in order of their days: an earlier standing is history, an overlap is not.
_SAME_IDENTITY = f"""
    WITH groups AS (
        SELECT r.identity_mark AS mark FROM {_ROW} r WHERE {_WAITING} AND r.identity_mark IS NOT NULL
        GROUP BY 1 HAVING count(*) > 1
    ), ordered AS (
        SELECT r.id, r.row, r.until, r.since, r.identity_mark,
            max(coalesce(r.until, 'infinity')) OVER earlier AS reach,
            (array_agg(r.row) OVER earlier)[array_length(array_agg(r.row) OVER earlier, 1)] AS before,
            bool_or(r.until IS NULL) OVER earlier AS open_before,
            first_value(r.row) OVER main AS leader, first_value(r.person_number) OVER main AS leader_number
        FROM {_ROW} r JOIN groups g ON g.mark = r.identity_mark WHERE {_WAITING}
        WINDOW earlier AS (PARTITION BY r.identity_mark ORDER BY r.since, r.row ROWS BETWEEN UNBOUNDED PRECEDING
                           AND 1 PRECEDING),
               main AS (PARTITION BY r.identity_mark ORDER BY r.until IS NULL DESC, r.since, r.row)
    )
    SELECT id, row, before, until IS NULL, CASE
        WHEN reach IS NULL OR since >= reach THEN 'history'
        WHEN open_before AND until IS NULL THEN 'two'
        ELSE 'overlap' END AS found, leader, leader_number FROM ordered
"""

_WITHIN = f"""
    WITH found AS (
        SELECT r.{{key}} AS key, r.{{other}} AS other, min(r.row) AS first FROM {_ROW} r
        WHERE {_WAITING} AND r.same_as_row IS NULL AND r.{{key}} IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
    )
    UPDATE {_ROW} r SET verdict = 'duplicate', twin_row = found.first, twin_signs = %(signs)s
    FROM found, {_ROW} f WHERE r.{{key}} = found.key AND r.{{other}} = found.other AND r.row > found.first
    AND f.batch_id = r.batch_id AND f.row = found.first AND f.verdict IN ('ready', 'held')
    AND (f.identity_mark IS NULL OR r.identity_mark IS NULL OR f.identity_mark = r.identity_mark)
    AND {_WAITING} AND r.same_as_row IS NULL
"""


def mark_duplicates(batch: ImportBatch) -> None:
    """Turn rows into perhaps-duplicates of the register or of an earlier row; overlapping terms into faults."""
    given: dict[str, int | str] = {"batch": batch.pk, "path": batch.unit.path}
    with connection.cursor() as cursor:
        cursor.execute(_OF_REGISTER, given)
        _sort_identities(cursor, batch)
        for key, other, signs in (
            ("mobile_mark", "name_key", ["mobile", "name"]),
            ("mail_mark", "name_key", ["mail", "name"]),
            ("name_key", "unit_id", ["name", "unit"]),
        ):
            cursor.execute(
                _WITHIN.format(key=key, other=other), {"batch": batch.pk, "path": batch.unit.path, "signs": signs}
            )


def _sort_identities(cursor: CursorWrapper, batch: ImportBatch) -> None:
    """Rows with one identity number: earlier standings of one person, two standings at once, or terms that overlap."""
    cursor.execute(_SAME_IDENTITY, {"batch": batch.pk})
    history, two, overlap = [], [], []
    for key, row, before, standing, found, leader, number in cursor.fetchall():
        if found == "overlap":
            fault = Problem(
                "This standing overlaps with the one in row %(other)s of the same identity number.",
                hint="One person stands in one unit at a time: mend the days.",
                other=before,
            )
            entry = {"message": fault.message, "hint": fault.hint, "params": fault.params, "column": None}
            overlap.append((json.dumps([entry], ensure_ascii=False), key))
        elif found == "two":
            two.append((before, key))
        elif row != leader and not standing:
            history.append((leader, number, key))
    cursor.executemany(
        f"UPDATE {_ROW} SET verdict = 'fault', name = '', name_key = '', employment = '', since = NULL, until = NULL,"
        " unit_id = NULL, hold = '', mobile_mark = NULL, mail_mark = NULL, identity_mark = NULL, identity_tail = '',"
        " faults = %s::jsonb WHERE id = %s",
        overlap,
    )
    cursor.executemany(
        f"UPDATE {_ROW} SET verdict = 'duplicate', twin_row = %s, twin_signs = '{{identity}}' WHERE id = %s", two
    )
    cursor.executemany(f"UPDATE {_ROW} SET same_as_row = %s, person_number = %s WHERE id = %s", history)
