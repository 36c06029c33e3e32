"""Answers of an open round: sealed on arrival, opened once, together, in an order nobody knows (at closing).

docs/algorithms/anonymity.md says what this keeps from whom.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import SystemRandom
from secrets import randbelow
from typing import Any

import nacl.utils
from django.db import connection
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError

from qiao.base import vault
from qiao.hear.surveys.choices import RoundState
from qiao.hear.surveys.models import AnswerFile, Round, RoundKey

#: Least length of what is sealed, of answers and of files, doubled until it fits.
SHORTEST, SHORTEST_FILE = 1024, 64 * 1024
#: One in so many is doubled once more than it needs, one of those once more again, so often at most: whoever wrote much
#: is hidden among those who did not. Files are large already.
_COVER, _COVERS, _COVERS_FILE = 4, 4, 2
_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_KEY = 32
_FILE = re.compile(r'"file:([0-9a-f-]{36})"')
DESIGN = ("stratum", "cluster", "employment", "mode", "flagged")


@dataclass(frozen=True, slots=True)
class Key:
    """A round's key as a process keeps it: ``mark`` says which one, the secret never shows."""

    mark: uuid.UUID
    secret: bytes = field(repr=False)


#: Keys of rounds that this process has met. A closed round takes no answers, whatever lies here.
_keys: dict[int, Key] = {}
_KEPT = 64


def key_of(round_id: int) -> Key | None:
    """The key of an open round, made when its first answer comes; None for one that is not open.

    Raises KeyFault without a key ring.
    """
    found = _keys.get(round_id)
    if found is None:
        if not Round.objects.filter(pk=round_id, state=RoundState.FIELDING).exists():
            return None
        fresh = base64.b64encode(nacl.utils.random(_KEY)).decode()
        # Of processes that meet a round at the same time one makes the key; the others take what it made.
        RoundKey.objects.bulk_create(
            [RoundKey(round_id=round_id, mark=uuid.uuid4(), secret=fresh)], ignore_conflicts=True
        )
        held = RoundKey.objects.get(pk=round_id)
        found = Key(held.mark, base64.b64decode(held.secret))
        if len(_keys) >= _KEPT:
            _keys.clear()
        _keys[round_id] = found
    return found


def forget_key(round_id: int) -> None:
    """Forget what this process keeps of a round's key; the next answer reads it anew."""
    _keys.pop(round_id, None)


def row_id(round_id: int, sender: str, payload: bytes) -> uuid.UUID:
    """The key of an answer's row: the same answer from the same sender is the same row, and tells nothing else."""
    text = f"{round_id}|{sender}|{payload.decode()}"
    return uuid.UUID(bytes=vault.fingerprint(text, purpose="surveys.answer")[2:18])


def payload_of(values: Mapping[str, object]) -> bytes:
    """The values as they are sealed: JSON that the database takes when the round closes, so without NUL signs."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in text:
        text = json.dumps(_without_nul(values), ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace")


def _without_nul(value: object) -> object:
    if isinstance(value, Mapping):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nul(inner) for inner in value]
    return value.replace("\0", "") if isinstance(value, str) else value


def seal(key: Key, row: uuid.UUID, payload: bytes) -> bytes:
    """Pad and seal one answer for its row."""
    return _sealed(key, row, _padded(payload, SHORTEST, _COVERS))


def seal_bytes(key: Key, row: uuid.UUID, content: bytes) -> bytes:
    """Pad and seal a file for its row: a picture is known again by its length."""
    return _sealed(key, row, _padded(content, SHORTEST_FILE, _COVERS_FILE))


def _padded(content: bytes, least: int, covers: int) -> bytes:
    length = least
    while length < len(content) + 1:
        length *= 2
    while covers and randbelow(_COVER) == 0:
        length, covers = length * 2, covers - 1
    return content + b"\x80" + bytes(length - len(content) - 1)


def _sealed(key: Key, row: uuid.UUID, padded: bytes) -> bytes:
    nonce = nacl.utils.random(_NONCE)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(padded, row.bytes, nonce, key.secret)


def unseal(key: bytes, row: uuid.UUID, content: bytes) -> str | None:
    """The JSON text of one sealed answer; None for one that was changed or moved."""
    plain = unseal_bytes(key, row, content)
    return None if plain is None else plain.decode()


def unseal_bytes(key: bytes, row: uuid.UUID, content: bytes) -> bytes | None:
    """What was sealed; None for what was changed or moved."""
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(content[_NONCE:], row.bytes, content[:_NONCE], key)
    except CryptoError:
        return None
    body = padded.rstrip(b"\x00")
    # Files of rounds from before files were padded stand as they are: none of them ends in the mark.
    return body[:-1] if body.endswith(b"\x80") else padded


def open_sealed(survey: Round) -> int:
    """Move a round's answers out of their seals, in random order and under new keys; returns how many did not open.

    In the caller's transaction, which holds the round and keeps others from answering. Then the round's key is gone.
    One that does not open was changed by somebody past the platform: it is left out, and closing says how many.
    """
    held = RoundKey.objects.select_for_update().filter(pk=survey.pk).first()
    if held is None:
        return 0
    key, unread = base64.b64decode(held.secret), 0
    columns = ", ".join(DESIGN)
    renamed = _open_files(survey, key)
    # Read in batches by a random order that is made here: the one they lie in is the one they came in.
    with connection.cursor() as cursor, connection.cursor() as writing:
        cursor.execute(
            f"DECLARE sealed_answers CURSOR FOR SELECT id, content, {columns} FROM surveys_sealedanswer "  # noqa: S608 - our own columns
            "WHERE round_id = %s ORDER BY gen_random_uuid()",
            [survey.pk],
        )
        for rows in _batches(cursor):
            with writing.copy(f"COPY surveys_answer (id, round_id, {columns}, values) FROM STDIN") as copy:
                for row, content, *design in rows:
                    text = unseal(key, row, bytes(content))
                    if text is None:
                        unread += 1
                        continue
                    if renamed:
                        text = _FILE.sub(lambda one: f'"file:{renamed.get(one[1], "")}"', text)
                    copy.write_row((uuid.uuid4(), survey.pk, *design, text))
        cursor.execute("CLOSE sealed_answers")
        cursor.execute("DELETE FROM surveys_sealedanswer WHERE round_id = %s", [survey.pk])
    held.delete()
    forget_key(survey.pk)
    return unread


def _open_files(survey: Round, key: bytes) -> dict[str, str]:
    """Open the files of a round under new keys, in random order; returns the new key of each, by the old one."""
    renamed: dict[str, str] = {}
    rows = list(AnswerFile.objects.filter(round=survey, sealed=True).values_list("pk", flat=True))
    SystemRandom().shuffle(rows)
    for row in rows:
        kept = AnswerFile.objects.get(pk=row)
        plain = unseal_bytes(key, row, bytes(kept.content))
        if plain is None:
            continue
        renamed[str(row)] = str(
            AnswerFile.objects.create(round=survey, ending=kept.ending, sealed=False, content=plain).pk
        )
    AnswerFile.objects.filter(pk__in=rows).delete()
    return renamed


def _batches(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    while True:
        cursor.execute("FETCH 5000 FROM sealed_answers")
        rows = cursor.fetchall()
        if not rows:
            return
        yield rows
