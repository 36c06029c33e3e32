"""Materialised paths and the lock under which they change."""

from __future__ import annotations

from django.db import connection

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Key of the advisory lock on the shape of the tree ("qiao" in ASCII).
_TREE = 0x7169616F


def path_segment(key: int) -> str:
    """A key as five base-36 signs; raises OverflowError beyond 60 million units."""
    if not 0 <= key < 36**5:
        raise OverflowError(key)
    signs = ""
    for _ in range(5):
        key, rest = divmod(key, 36)
        signs = _DIGITS[rest] + signs
    return signs


def lock_tree(*, shared: bool = False) -> None:
    """Hold the shape of the tree until the transaction ends.

    Founders share the lock; a move holds it alone, so that no unit is founded under a path that is being rewritten
    and no two moves close a circle together. Paths must be read after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", [_TREE])


def lock_label(label: str) -> None:
    """Hold a label, in whatever case, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(upper(%s)))", [_TREE, label])
