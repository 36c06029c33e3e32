"""Finding units by name, label and place."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection

from qiao.base.i18n import Localized
from qiao.org.units.choices import LIVING, UnitKind
from qiao.org.units.models import Unit

PAGE = 50
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
    of the database is needed for it.
    """
    wanted = " ".join(text.split()).lower()[:80]
    if len(wanted) < 2 and kind is None:
        return [], False
    conditions = ["u.state = ANY(%(states)s)"]
    given: dict[str, int | str | list[str]] = {
        "states": [state.value for state in LIVING], "limit": size + 1, "offset": (page - 1) * size,
    }  # fmt: skip
    if len(wanted) >= 2:
        words = _WORDS.replace("name ->>", "u.name ->>").replace("|| label", "|| u.label")
        conditions.append(f"qiao_bigrams({words}) @> qiao_bigrams(%(wanted)s) AND position(%(wanted)s in {words}) > 0")
        given["wanted"] = wanted
    if below is not None:
        conditions.append("u.path LIKE %(path)s")
        given["path"] = f"{below.path}%"
    if kind is not None:
        conditions.append("u.kind = %(kind)s")
        given["kind"] = kind.value
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT u.label, u.name, u.kind, u.state, a.name
            FROM units_unit u LEFT JOIN units_unit a ON a.id = u.parent_id
            WHERE {" AND ".join(conditions)} ORDER BY u.label LIMIT %(limit)s OFFSET %(offset)s
            """,  # noqa: S608
            given,
        )
        rows = [Found(label, _text(name), kind_, state, _text(above)) for label, name, kind_, state, above in cursor]
    return rows[:size], len(rows) > size


def _text(value: object) -> Localized:
    return json.loads(value) if isinstance(value, str) else (value or {})  # type: ignore[return-value]
