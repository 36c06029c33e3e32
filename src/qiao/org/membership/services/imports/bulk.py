"""Writing many rows whose references are checked set by set instead of row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper


@contextmanager
def checked_by_sets(cursor: CursorWrapper) -> Iterator[None]:
    """Within it foreign keys are not checked for each row written; the caller checks them for all rows together.

    A key is looked up for every row and reference, which takes longer than writing the rows. Only for rows whose
    referred rows the same transaction has written or holds locked, so that the one check afterwards says as much; all
    other constraints stay, and the triggers that count members fire always. Where the database does not let its user
    do this (PostgreSQL's right to SET session_replication_role), every row is checked as ever.
    """
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    if not cursor.fetchone()[0]:
        yield
        return
    cursor.execute("SET LOCAL session_replication_role = replica")
    # Not in a finally: after a failure nothing more can be said to the database, and its rollback takes this back.
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")
