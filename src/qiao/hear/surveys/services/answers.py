"""Taking answers: one statement marks the invitation and stores the answer, sealed until the round closes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import SystemRandom
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.codes import normal_secret_code
from qiao.base.db import atomic
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.services import receipts, sealed


@cache
def _key() -> bytes:
    return hashlib.sha256(b"qiao.hear.surveys.codes\0" + settings.SECRET_KEY.encode()).digest()


def code_hash(code: str) -> bytes:
    """The keyed hash (HMAC-SHA-256) under which a single-use code is known, however it was typed."""
    return hmac.digest(_key(), normal_secret_code(code).encode(), "sha256")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a code opens: the round, its questionnaire, and whether the code was used."""

    round_id: int
    round_code: str
    version_id: int
    open: bool
    used: bool


_LOOK = """
    SELECT r.id, r.code, r.version_id, r.state = 'fielding' AND r.closes > %s, i.answered
    FROM surveys_invitation i JOIN surveys_round r ON r.id = i.round_id WHERE i.code_hash = %s
"""

# One statement, one round trip, one durable commit: the invitation is marked, the answer lies sealed.
_TAKE = """
    WITH done AS (
        UPDATE surveys_invitation i SET answered = true FROM surveys_round r, surveys_roundkey k
        WHERE i.{column} = %(key)s AND i.round_id = %(round)s AND NOT i.answered
          AND r.id = i.round_id AND r.state = 'fielding' AND r.closes > %(now)s
          AND k.round_id = r.id AND k.mark = %(mark)s
        RETURNING i.stratum, i.cluster, i.employment, i.mode
    )
    INSERT INTO surveys_sealedanswer (id, round_id, stratum, cluster, employment, mode, flagged, content)
    SELECT %(row)s, %(round)s, stratum, cluster, employment, mode, false, %(content)s FROM done RETURNING true
"""
_TAKE_BY_CODE = _TAKE.format(column="code_hash")
_TAKE_BY_PERSON = _TAKE.format(column="person_id")
_TAKE_FROM_VOLUNTEER = """
    INSERT INTO surveys_sealedanswer (id, round_id, flagged, content)
    SELECT %(row)s, r.id, %(flagged)s, %(content)s FROM surveys_round r, surveys_roundkey k
    WHERE r.id = %(round)s AND r.state = 'fielding' AND r.closes > %(now)s AND r.asked = 'volunteers'
      AND k.round_id = r.id AND k.mark = %(mark)s
    ON CONFLICT (id) DO NOTHING RETURNING true
"""
_HELD = "SELECT true FROM surveys_sealedanswer WHERE id = %s"


def _prepared(statement: str, values: Sequence[object] | Mapping[str, object]) -> tuple[Any, ...] | None:
    """The first row of a statement that the server plans once per connection: planning would cost more than running.

    Django binds values on the client, where every text is a new one to plan; hence psycopg's own cursor.
    """
    connection.ensure_connection()
    try:
        with psycopg.Cursor(connection.connection) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(statement, values, prepare=True).fetchone()
    except psycopg.OperationalError:
        # Past Django's own cursor nobody else notices a lost server: the next visitor gets a new connection.
        connection.close()
        raise
    return row


def look_up(*, code: str, now: datetime) -> Ticket | None:
    """What a typed code opens; None for a code never given, or forgotten because its round is closed."""
    row = _prepared(_LOOK, [now, code_hash(code)])
    return Ticket(*row) if row else None


def take_answer(
    *,
    now: datetime,
    round_id: int,
    values: Mapping[str, object],
    code: str = "",
    person_id: int | None = None,
    flagged: bool = False,
    token: str = "",
) -> str | None:
    """Store an answer, given by code, by a signed-in person, or by a volunteer; returns the receipt's number.

    Sent again it is not stored again and gets the same receipt, as long as the round is open: the same values by the
    same code or person, or with the same ``token`` of a volunteer's page. None where the invitation has answered
    otherwise already, does not exist or the round is not open: the first answer stays.
    No audit row is written: its order would tell which answer came when.
    """
    key: bytes | int | None = None
    if code:
        statement, key = _TAKE_BY_CODE, code_hash(code)
        sender = f"code {key.hex()}"
    elif person_id is not None:
        statement, key, sender = _TAKE_BY_PERSON, person_id, f"person {person_id}"
    else:
        statement, sender = _TAKE_FROM_VOLUNTEER, f"page {token or secrets.token_hex()}"
    payload, secret = sealed.payload_of(values), sealed.key_of(round_id)
    if secret is None:
        return None
    row = sealed.row_id(round_id, sender, payload)
    taken = _prepared(
        statement,
        {
            "key": key,
            "round": round_id,
            "now": now,
            "flagged": flagged,
            "row": row,
            "mark": secret.mark,
            "content": sealed.seal(secret, row, payload),
        },
    )
    if not taken:
        # Of the reasons why an answer is not taken one is that the database was put back to before the key was made.
        sealed.forget_key(round_id)
        taken = _prepared(_HELD, [row])
    return receipts.number_for(round_id, row) if taken else None


def store_many(
    *, actor: Actor, now: datetime, survey: Round, answers: Sequence[tuple[int | None, Mapping[str, object]]]
) -> int:
    """Store many answers at once: pairs of invitation id (None for volunteers) and values. All or nothing.

    The caller has asked for permission and checked the values. Answers are sealed and written in random order, without
    saying for which invitation; invitations that have answered already are an error of the caller and take nothing
    back.
    Returns how many were stored.
    """
    order = list(answers)
    SystemRandom().shuffle(order)
    ids = sorted(invitation for invitation, _values in order if invitation is not None)
    with atomic(), connection.cursor() as cursor:
        design: dict[int, tuple[str, ...]] = {}
        if ids:
            cursor.execute(
                "UPDATE surveys_invitation SET answered = true WHERE id = ANY(%s) AND round_id = %s AND NOT answered "
                "RETURNING id, stratum, cluster, employment, mode",
                [ids, survey.pk],
            )
            design = {pk: tuple(columns) for pk, *columns in cursor.fetchall()}
            if len(design) != len(ids):
                raise ValueError("an invitation has answered already")
        sealed.forget_key(survey.pk)
        secret = sealed.key_of(survey.pk)
        if secret is None:
            raise ValueError("the round is not open")
        with cursor.copy(
            "COPY surveys_sealedanswer (id, round_id, stratum, cluster, employment, mode, content) FROM STDIN"
        ) as copy:
            for invitation, values in order:
                columns = design[invitation] if invitation is not None else ("", "", "", "")
                row = uuid.uuid4()
                copy.write_row((row, survey.pk, *columns, sealed.seal(secret, row, sealed.payload_of(values))))
        audit.record(
            actor=actor, now=now, action="round.enter", code=survey.code, unit_path=survey.unit.path,
            detail={"answers": len(order)},
        )  # fmt: skip
    return len(order)
