"""Acts in processes of their own: killed in the middle, or several at the same moment. Linux and other Unix only.

A child is a fork of the test with a database connection of its own. Where it is to be killed is chosen by a lock the
test holds on a table: the child waits before its next write to it, everything before is written and not committed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator

from django.db import connection, connections

from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.problems import Problem, Problems

_PATIENCE = 30


def _child(act: Callable[[], object], pipe: int, gate: int) -> None:
    """Wait for the gate, act, say what came of it, and leave without the parent's cleaning up."""
    try:
        os.read(gate, 1)
        try:
            said = str(getattr(act(), "state", "done"))
        except (Problem, Problems, Refused) as refused:
            said = type(refused).__name__
        os.write(pipe, pickle.dumps(said))
    except BaseException as fault:
        os.write(pipe, pickle.dumps(f"{type(fault).__name__}: {fault}"))
    finally:
        os._exit(0)


def _fork(act: Callable[[], object], gate: int) -> tuple[int, int]:
    connections.close_all()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        # A copy of the parent's connection would be shared: the child opens its own.
        for one in connections.all(initialized_only=True):
            one.connection = None
        _child(act, write, gate)
    os.close(write)
    return child, read


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all acts at the same moment in a process each: the state of what came back, or the name of the refusal."""
    gate, opened = os.pipe()
    children = [_fork(act, gate) for act in acts]
    os.write(opened, b"g" * len(acts))
    said = []
    for child, pipe in children:
        with os.fdopen(pipe, "rb") as stream:
            said.append(str(pickle.loads(stream.read())))
        os.waitpid(child, 0)
    for end in (gate, opened):
        os.close(end)
    return said


def kill_before(table: str, act: Callable[[], object]) -> None:
    """Let a process act until it is about to write to ``table``, then kill it with SIGKILL.

    Back only when the database has rolled the dead one's transaction back.
    """
    gate, opened = os.pipe()
    child, pipe = _fork(act, gate)
    with _held(table):
        os.write(opened, b"g")
        backend = _waiting_for(table)
        os.kill(child, signal.SIGKILL)
        _child_pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it had ended before it was killed"
    for end in (gate, opened, pipe):
        os.close(end)
    _until(
        lambda: _asked("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend]) == 0,
        "the dead one's session stays",
    )


def killed_while(act: Callable[[], object], arm: Callable[[int], None]) -> None:
    """Let a process act until somebody else kills it: ``arm`` is told its id before it begins."""
    gate, opened = os.pipe()
    child, pipe = _fork(act, gate)
    arm(child)
    os.write(opened, b"g")
    _child_pid, status = os.waitpid(child, 0)
    for end in (gate, opened, pipe):
        os.close(end)
    assert os.WIFSIGNALED(status), "it had ended before it was killed"
    assert os.WTERMSIG(status) == signal.SIGKILL


@contextlib.contextmanager
def _held(table: str) -> Iterator[None]:
    with atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


def _waiting_for(table: str) -> int:
    """The session that waits for the table."""
    found: list[int] = []

    def look() -> bool:
        pid = _asked(
            "SELECT max(pid) FROM pg_locks WHERE NOT granted AND relation = %s::regclass AND pid <> pg_backend_pid()",
            [table],
        )
        found[:] = [pid] if pid else []
        return bool(found)

    _until(look, f"nobody came to write to {table}")
    return found[0]


def _asked(question: str, given: list[int | str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return int(cursor.fetchone()[0] or 0)


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)
