"""Changing keys while the platform runs: in bounded batches, each its own transaction, resumable after a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime
from psycopg import sql

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.vault.cipher import WillNotOpen, head_of, key_id_of, reprint, seal, seal_many, unseal
from qiao.base.vault.elsewhere import Elsewhere, places_elsewhere
from qiao.base.vault.fields import (
    EncryptedTextField,
    FingerprintField,
    context_text,
    encrypted_fields,
    fingerprint_fields,
)
from qiao.base.vault.ring import Key, KeyFault, KeyState, KeyUse, current_ring, drop_secret, ring_path

BATCH = 2_000
#: So long an old key stays after the new one began to write: a transaction may still hold what it sealed before.
GRACE = timedelta(hours=1)

Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Rotated:
    """What a rotation did: values written anew, and where values lie that do not open (table, column, key of row)."""

    changed: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)


def reseal_values(*, actor: Actor, now: datetime, progress: Progress, batch: int = BATCH) -> Rotated:
    """Seal with the newest key what older ones sealed. Killed at any point and run again it goes on where it was.

    ``progress`` is told table.column and how many values were written, after every batch. A value that does not
    open is left as it is and reported. Raises Refused for anybody but the system.
    """
    require(actor, "keys.rotate")
    done = Rotated()
    head = head_of(current_ring().writing(KeyUse.SEAL).number)
    for column in encrypted_fields():
        names = _names(column)
        total, last = 0, None
        while True:
            with atomic():
                rows = _batch(column, head, last, batch, [_column(column.model, name) for name in column.bind])
                plain, contexts, keys = [], [], []
                for key, value, *parts in rows:
                    context = context_text(column, parts)
                    try:
                        plain.append(unseal(bytes(value), context=context))
                    except WillNotOpen:
                        done.faults.append((*names, str(key)))
                        continue
                    contexts.append(context)
                    keys.append(key)
                _write(column, keys, seal_many(plain, contexts))
            if not rows:
                break
            last = rows[-1][0]
            total += len(keys)
            done.changed += len(keys)
            progress(".".join(names), total)
    for place in places_elsewhere():
        _reseal_elsewhere(place, done)
        progress(f"{place.table}.{place.column}", done.changed)
    audit.record(
        actor=actor, now=now, action="keys.reseal", detail={"changed": done.changed, "faults": len(done.faults)}
    )
    return done


def _reseal_elsewhere(place: Elsewhere, done: Rotated) -> None:
    """Seal anew what lies in a table that is not ours, row by row, each its own transaction."""
    writing = current_ring().writing(KeyUse.SEAL).number

    for key in place.rows():
        renewed: list[bytes] = []

        def turn(value: bytes, key: Any = key, renewed: list[bytes] = renewed) -> bytes:
            try:
                if key_id_of(value) == writing:
                    return value
                text = unseal(value, context=place.context)
            except WillNotOpen:
                done.faults.append((place.table, place.column, str(key)))
                return value
            renewed.append(seal(text, context=place.context))
            return renewed[-1]

        with atomic():
            place.renew(key, turn)
        done.changed += len(renewed)


def reprint_values(*, actor: Actor, now: datetime, progress: Progress, batch: int = BATCH) -> Rotated:
    """Carry all fingerprints on to the newest key; resumable like `reseal_values`.

    Raises Refused for anybody but the system.
    """
    require(actor, "keys.rotate")
    done = Rotated()
    head = current_ring().writing(KeyUse.PRINT).number.to_bytes(2, "big")
    for column in fingerprint_fields():
        names = _names(column)
        total, last = 0, None
        while True:
            with atomic():
                rows = _batch(column, head, last, batch, [])
                keys, prints = [], []
                for key, value in rows:
                    try:
                        prints.append(reprint(bytes(value), purpose=column.purpose))
                    except WillNotOpen:
                        done.faults.append((*names, str(key)))
                        continue
                    keys.append(key)
                _write(column, keys, prints)
            if not rows:
                break
            last = rows[-1][0]
            total += len(keys)
            done.changed += len(keys)
            progress(".".join(names), total)
    audit.record(
        actor=actor, now=now, action="keys.reprint", detail={"changed": done.changed, "faults": len(done.faults)}
    )
    return done


def retire_keys(*, actor: Actor, now: datetime, at_once: bool = False) -> list[int]:
    """Drop the sealing keys that no row needs any more; the numbers dropped.

    A key stays while the one after it is younger than an hour, unless ``at_once``: a transaction begun before may
    still write with it. The tables are locked against writing while it is looked, so nothing slips in between.
    Raises Refused for anybody but the system.
    """
    require(actor, "keys.rotate")
    keys = current_ring().of(KeyUse.SEAL)
    dropped = []
    with atomic():
        columns = list(encrypted_fields())
        with connection.cursor() as cursor:
            for column in columns:
                cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(_table(column)))
            for place in places_elsewhere():
                cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(place.table)))
        used_elsewhere = set(_keys_elsewhere())
        for key, follower in pairwise(keys):
            begun = parse_datetime(follower.created)
            ripe = at_once or (begun is not None and now - begun >= GRACE)
            if (
                key.state == KeyState.READING
                and ripe
                and key.number not in used_elsewhere
                and not any(_uses(column, key) for column in columns)
            ):
                drop_secret(ring_path(), key.number)
                dropped.append(key.number)
        audit.record(actor=actor, now=now, action="keys.retire", detail={"keys": dropped})
    return dropped


def usage() -> dict[tuple[KeyUse, int], int]:
    """How many values each key holds, over all tables; keys without any are not in it."""
    counts: dict[tuple[KeyUse, int], int] = {}
    for use, columns, start in (
        (KeyUse.SEAL, list(encrypted_fields()), 2),
        (KeyUse.PRINT, list(fingerprint_fields()), 1),
    ):
        for column in columns:
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL(
                        "SELECT substring({c} from {s} for 2), count(*) FROM {t} WHERE {c} IS NOT NULL GROUP BY 1"
                    ).format(c=_value(column), s=sql.Literal(start), t=_table(column))
                )
                for number, count in cursor.fetchall():
                    place = (use, int.from_bytes(bytes(number), "big"))
                    counts[place] = counts.get(place, 0) + count
    for key_number in _keys_elsewhere():
        counts[KeyUse.SEAL, key_number] = counts.get((KeyUse.SEAL, key_number), 0) + 1
    return counts


def _keys_elsewhere() -> Iterator[int]:
    """The key of every value that lies in a table that is not ours; what is no sealed value has none."""
    for place in places_elsewhere():
        for value in place.values():
            try:
                yield key_id_of(value)
            except WillNotOpen:
                continue


def refuse_lost_ring() -> None:
    """Raise KeyFault where a new ring would be made although values sealed with another lie in the database."""
    found = usage()
    if found:
        raise KeyFault(
            f"the database holds {sum(found.values())} values of another key ring: bring {ring_path()} back from the "
            "backup; a new ring would not open them"
        )


def _names(column: EncryptedTextField | FingerprintField) -> tuple[str, str]:
    return column.model._meta.db_table, str(column.column)


def _table(column: EncryptedTextField | FingerprintField) -> sql.Identifier:
    return sql.Identifier(column.model._meta.db_table)


def _value(column: EncryptedTextField | FingerprintField) -> sql.Identifier:
    return sql.Identifier(str(column.column))


def _key(column: EncryptedTextField | FingerprintField) -> sql.Identifier:
    return sql.Identifier(str(column.model._meta.pk.column))


def _column(model: Any, name: str) -> sql.Identifier:
    """The column behind an attribute such as ``person_id``."""
    found = next(f for f in model._meta.concrete_fields if name in (f.attname, f.name))
    return sql.Identifier(found.column)


def _batch(
    column: EncryptedTextField | FingerprintField, head: bytes, last: object, size: int, further: list[sql.Identifier]
) -> list[tuple[Any, ...]]:
    """The next rows, by key, whose value does not begin with ``head``, locked: key, value and the further columns."""
    primary = _key(column)
    query = sql.SQL(
        "SELECT {columns} FROM {table} WHERE {value} IS NOT NULL AND substring({value} for {width}) <> {head}{after} "
        "ORDER BY {primary} LIMIT {size} FOR UPDATE"
    ).format(
        columns=sql.SQL(", ").join([primary, _value(column), *further]),
        table=_table(column),
        value=_value(column),
        width=sql.Literal(len(head)),
        head=sql.Literal(head),
        after=sql.SQL("") if last is None else sql.SQL(" AND {} > {}").format(primary, sql.Literal(last)),
        primary=primary,
        size=sql.Literal(size),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _write(column: EncryptedTextField | FingerprintField, keys: list[Any], values: list[bytes]) -> None:
    if not keys:
        return
    query = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(_table(column), _value(column), _key(column))
    with connection.cursor() as cursor:
        cursor.executemany(query, list(zip(values, keys, strict=True)))


def _uses(column: EncryptedTextField, key: Key) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT EXISTS (SELECT 1 FROM {t} WHERE substring({c} for 3) = {h})").format(
                t=_table(column), c=_value(column), h=sql.Literal(head_of(key.number))
            )
        )
        (found,) = cursor.fetchone()
    return bool(found)
