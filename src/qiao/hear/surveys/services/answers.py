"""Taking answers: one statement marks the invitation and stores the answer apart from it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import SystemRandom
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.codes import new_receipt_number, normal_secret_code
from qiao.base.db import atomic
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.shell import RECEIPT_KIND


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

# One statement, one round trip, one durable commit. Nothing in the answer's row leads back to the invitation's.
_TAKE = """
    WITH done AS (
        UPDATE surveys_invitation i SET answered = true FROM surveys_round r
        WHERE i.{column} = %(key)s AND i.round_id = %(round)s AND NOT i.answered
          AND r.id = i.round_id AND r.state = 'fielding' AND r.closes > %(now)s
        RETURNING i.round_id, i.stratum, i.cluster, i.employment, i.mode, r.code
    ), kept AS (
        INSERT INTO surveys_answer (id, round_id, stratum, cluster, employment, mode, values)
        SELECT gen_random_uuid(), round_id, stratum, cluster, employment, mode, %(values)s::jsonb FROM done
    )
    INSERT INTO base_receipt (number, kind, code, reference, content_hash, day)
    SELECT %(receipt)s, %(kind)s, code, '', '', %(day)s FROM done RETURNING number
"""
_TAKE_BY_CODE = _TAKE.format(column="code_hash")
_TAKE_BY_PERSON = _TAKE.format(column="person_id")
_TAKE_FROM_VOLUNTEER = """
    WITH kept AS (
        INSERT INTO surveys_answer (id, round_id, stratum, employment, flagged, values)
        SELECT gen_random_uuid(), id, '', '', %(flagged)s, %(values)s::jsonb FROM surveys_round
        WHERE id = %(round)s AND state = 'fielding' AND closes > %(now)s AND asked = 'volunteers' RETURNING round_id
    )
    INSERT INTO base_receipt (number, kind, code, reference, content_hash, day)
    SELECT %(receipt)s, %(kind)s, r.code, '', '', %(day)s FROM kept JOIN surveys_round r ON r.id = kept.round_id
    RETURNING number
"""


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
) -> str | None:
    """Store an answer, given by code, by a signed-in person, or by a volunteer; returns the receipt's number.

    None where the invitation has answered already, does not exist or the round is not open: the first answer stays.
    No audit row is written: its order would tell which answer came when.
    """
    statement, key = (
        (_TAKE_BY_CODE, code_hash(code))
        if code
        else (_TAKE_BY_PERSON, person_id)
        if person_id is not None
        else (_TAKE_FROM_VOLUNTEER, None)
    )
    row = _prepared(
        statement,
        {
            "key": key,
            "round": round_id,
            "now": now,
            "values": json.dumps(values, ensure_ascii=False),
            "flagged": flagged,
            "receipt": new_receipt_number(),
            "kind": RECEIPT_KIND,
            "day": localdate(now),
        },
    )
    return str(row[0]) if row else None


def store_many(
    *, actor: Actor, now: datetime, survey: Round, answers: Sequence[tuple[int | None, Mapping[str, object]]]
) -> int:
    """Store many answers at once: pairs of invitation id (None for volunteers) and values. All or nothing.

    The caller has asked for permission and checked the values. Answers are written in random order and without saying
    for which invitation; invitations that have answered already are an error of the caller and take nothing back.
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
        from uuid import uuid4

        with cursor.copy(
            "COPY surveys_answer (id, round_id, stratum, cluster, employment, mode, values) FROM STDIN"
        ) as copy:
            for invitation, values in order:
                columns = design[invitation] if invitation is not None else ("", "", "", "")
                copy.write_row((uuid4(), survey.pk, *columns, json.dumps(values, ensure_ascii=False)))
        audit.record(
            actor=actor, now=now, action="round.enter", code=survey.code, unit_path=survey.unit.path,
            detail={"answers": len(order)},
        )  # fmt: skip
    return len(order)
