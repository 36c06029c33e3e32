"""Finding units by name, label and place."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection

from qiao.base.i18n import Localized
from qiao.org.units.choices import LIVING, UnitKind
from qiao.org.units.models import Unit

PAGE = 50
#: Pages a search goes on for: beyond, one looks for something narrower, or takes the whole tree as a file.
PAGES = 40
#: So many units one search shows in all; the page says so where it ends.
MOST_FOUND = PAGES * PAGE
#: Up to so many units each is looked at by itself: quicker than reading an index in which many more stand.
_FEW = 20_000
#: What is searched; the same text as the index "unit_words" stands on, letter by letter.
_WORDS = "lower(coalesce(name ->> 'zh-hans', '') || ' ' || coalesce(name ->> 'en', '') || ' ' || label)"


@dataclass(frozen=True, slots=True)
class Found:
    """One unit found, with the unit above it."""

    label: str
    name: Localized
    kind: str
    state: str
    above: Localized | None


def find_units(
    text: str, *, below: Unit | None = None, kind: UnitKind | None = None, page: int = 1, size: int = PAGE
) -> tuple[list[Found], bool]:
    """A page of the living units whose name or label holds ``text`` (two signs or more), by label; whether more follow.

    ``below`` keeps to one subtree, ``kind`` to one kind. Two letters in a row are looked up in an index; no extension
    of the database is needed for it. After page `PAGES` nothing follows, so that no address costs more than others.
    """
    if not 1 <= page <= PAGES:
        return [], False
    wanted = " ".join(text.split()).lower()[:80]
    if len(wanted) < 2 and kind is None:
        return [], False
    conditions = ["u.state = ANY(%(states)s)"]
    given: dict[str, int | str | list[str]] = {
        "states": [state.value for state in LIVING], "limit": size + 1, "offset": (page - 1) * size,
    }  # fmt: skip
    units, few = "units_unit", False
    if below is not None and below.parent_id is not None:
        given["path"] = f"{below.path}%"
        if few := _is_small(f"{below.path}%"):
            # Fenced off, so that the subtree is read first and then searched.
            units = "(SELECT * FROM units_unit WHERE path LIKE %(path)s OFFSET 0)"
        else:
            conditions.append("u.path LIKE %(path)s")
    if len(wanted) >= 2:
        words = _WORDS.replace("name ->>", "u.name ->>").replace("|| label", "|| u.label")
        if not few:
            conditions.append(f"qiao_bigrams({words}) @> qiao_bigrams(%(wanted)s)")
        conditions.append(f"position(%(wanted)s in {words}) > 0")
        given["wanted"] = wanted
    if kind is not None:
        conditions.append("u.kind = %(kind)s")
        given["kind"] = kind.value
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT u.label, u.name, u.kind, u.state, a.name
            FROM {units} u LEFT JOIN units_unit a ON a.id = u.parent_id
            WHERE {" AND ".join(conditions)} ORDER BY u.label LIMIT %(limit)s OFFSET %(offset)s
            """,  # noqa: S608
            given,
        )
        rows = [Found(label, _text(name), kind_, state, _text(above)) for label, name, kind_, state, above in cursor]
    return rows[:size], len(rows) > size and page < PAGES


def _is_small(path: str) -> bool:
    """Whether few units stand at paths like this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) <= %s FROM (SELECT 1 FROM units_unit WHERE path LIKE %s LIMIT %s) few",
            [_FEW, path, _FEW + 1],
        )
        return bool(cursor.fetchone()[0])


def _text(value: object) -> Localized:
    return json.loads(value) if isinstance(value, str) else (value or {})  # type: ignore[return-value]
