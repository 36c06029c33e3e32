"""The key ring: one file, readable by its owner alone, with every key by its number.

Two kinds of keys. *Sealing* keys: the newest writes, older ones only read until no row needs them. *Printing* keys
form a chain: print n is the keyed hash by key n of print n-1, so that a new key reaches values whose plain text
nobody holds any more. An inner key of the chain, even a leaked one, tells nothing without the outer.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import fasteners
import nacl.utils
from django.conf import settings

KEY_BYTES = 32
FORMAT = 1
#: Numbers of keys are two bytes in every ciphertext and fingerprint.
HIGHEST_ID = 65_535


class KeyFault(RuntimeError):
    """The key ring is missing, open to others, or not what it should be; the message says what to do."""


class KeyUse(StrEnum):
    """What a key is for."""

    SEAL = "seal"
    PRINT = "print"


class KeyState(StrEnum):
    """How far a key has come: it writes, it only reads, it is gone (the number stays, the key does not)."""

    WRITING = "writing"
    READING = "reading"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the ring; ``secret`` (32 bytes) is empty once the key is retired."""

    number: int
    use: KeyUse
    state: KeyState
    created: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Ring:
    """The keys as they stood in the file at one time."""

    keys: tuple[Key, ...]

    def of(self, use: KeyUse) -> tuple[Key, ...]:
        """The keys of one use, oldest first."""
        return tuple(key for key in self.keys if key.use == use)

    def writing(self, use: KeyUse) -> Key:
        """The key that writes now. Raises KeyFault where there is none."""
        for key in reversed(self.of(use)):
            if key.state == KeyState.WRITING:
                return key
        raise KeyFault(f"the key ring has no key that writes ({use}): it is damaged, bring it back from your backup")

    def secret(self, use: KeyUse, number: int) -> bytes | None:
        """The secret of a key, or None where the ring does not hold it (any more)."""
        for key in self.of(use):
            if key.number == number and key.secret:
                return key.secret
        return None


def ring_path() -> Path:
    """Where the key ring lies: ``QIAO_VAULT_KEYS``, else ``keys/vault.json`` in ``QIAO_HOME``."""
    return Path(settings.VAULT_KEYS)


def create_ring(path: Path, *, now: datetime) -> Ring:
    """Write a new ring with one key of each use. Raises KeyFault where the file exists: a ring is never overwritten."""
    ring = Ring((_new_key(KeyUse.SEAL, 1, now), _new_key(KeyUse.PRINT, 1, now)))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFault(f"{path} exists already; a key ring is never overwritten") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(_as_json(ring))
        file.flush()
        os.fsync(file.fileno())
    return ring


_kept: tuple[str, int, int, Ring] | None = None


def current_ring() -> Ring:
    """The ring of this installation, read anew whenever its file has changed. Raises KeyFault."""
    global _kept
    path = str(settings.VAULT_KEYS)
    try:
        about = os.stat(path)
    except FileNotFoundError:
        raise KeyFault(
            f"the key file {path} is missing. A new installation makes one with `qiao keys init`; an old one needs "
            "its own back from the backup, without it nothing sealed can be opened again"
        ) from None
    if _kept is not None and _kept[:3] == (path, about.st_mtime_ns, about.st_ino):
        return _kept[3]
    ring = read_ring(Path(path))
    _kept = (path, about.st_mtime_ns, about.st_ino, ring)
    return ring


def check_ring() -> Ring:
    """What every start asks first: the ring is there, closed to others and whole. Raises KeyFault."""
    ring = current_ring()
    for use in KeyUse:
        ring.writing(use)
    return ring


def read_ring(path: Path) -> Ring:
    """The ring in a file. Raises KeyFault for one that is open to others or damaged."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyFault(f"{path} can be read by others (mode {mode:04o}): run `chmod 600 {path}`")
    try:
        found = json.loads(path.read_text("utf-8"))
        if found["format"] != FORMAT:
            raise KeyFault(f"{path} has format {found['format']!r}, this version reads {FORMAT}")
        keys = tuple(
            Key(
                int(row["number"]),
                KeyUse(row["use"]),
                KeyState(row["state"]),
                str(row["created"]),
                base64.b64decode(row["secret"], validate=True),
            )
            for row in found["keys"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFault(f"{path} is damaged ({type(error).__name__}): bring it back from your backup") from None
    for key in keys:
        if len(key.secret) not in ((0,) if key.state == KeyState.RETIRED else (KEY_BYTES,)):
            raise KeyFault(f"{path} is damaged (key {key.number}): bring it back from your backup")
    return Ring(keys)


def add_key(path: Path, use: KeyUse, *, now: datetime) -> Key:
    """Add a key that writes from now on; those before it only read. Processes that run notice by themselves."""
    with _changing(path) as ring:
        number = max((key.number for key in ring.of(use)), default=0) + 1
        if number > HIGHEST_ID:
            raise KeyFault("the ring holds no more keys")
        key = _new_key(use, number, now)
        older = tuple(
            replace(old, state=KeyState.READING) if old.use == use and old.state == KeyState.WRITING else old
            for old in ring.keys
        )
        _write(path, Ring((*older, key)))
    return key


def drop_secret(path: Path, number: int) -> None:
    """Retire a sealing key: its number stays, the key itself is gone. The caller has seen that no row needs it.

    Raises KeyFault for the key that writes.
    """
    with _changing(path) as ring:
        if ring.writing(KeyUse.SEAL).number == number:
            raise KeyFault(f"key {number} writes: it cannot be retired")
        kept = tuple(
            replace(key, state=KeyState.RETIRED, secret=b"") if (key.use, key.number) == (KeyUse.SEAL, number) else key
            for key in ring.keys
        )
        _write(path, Ring(kept))


@contextmanager
def _changing(path: Path) -> Iterator[Ring]:
    """The ring in the file while nobody else changes it."""
    with fasteners.InterProcessLock(path.with_suffix(".lock")):
        yield read_ring(path)


def _write(path: Path, ring: Ring) -> None:
    """Replace the file as a whole: whoever reads meanwhile sees the old or the new, never a half."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_as_json(ring))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _new_key(use: KeyUse, number: int, now: datetime) -> Key:
    return Key(number, use, KeyState.WRITING, now.isoformat(timespec="seconds"), nacl.utils.random(KEY_BYTES))


def _as_json(ring: Ring) -> bytes:
    rows = [
        {
            "number": key.number,
            "use": key.use.value,
            "state": key.state.value,
            "created": key.created,
            "secret": base64.b64encode(key.secret).decode(),
        }
        for key in ring.keys
    ]
    return (json.dumps({"format": FORMAT, "keys": rows}, indent=1) + "\n").encode()
