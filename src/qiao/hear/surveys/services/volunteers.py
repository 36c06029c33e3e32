"""Volunteers: anybody may answer, so one address is slowed, and a burst from one is flagged, never deleted."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from qiao.base import throttle
from qiao.hear.surveys import rules
from qiao.hear.surveys.models import Round
from qiao.org.settings.queries import value_of

#: Answers from one address that are let through at once, and the time after which the count begins anew.
LIMIT, PER = 40, timedelta(minutes=10)

_COUNT = """
INSERT INTO surveys_burst AS b (round_id, key, number) VALUES (%s, %s, 1)
ON CONFLICT (round_id, key) DO UPDATE SET number = b.number + 1 RETURNING number
"""


def note_volunteer(*, now: datetime, survey: Round, address: str) -> bool:
    """Count one answer from an address about to be stored; whether it belongs to a burst and is to be flagged.

    The address is kept as a keyed hash of address, round and day only, until the round closes: two days, or two rounds,
    cannot be joined. A counter or a union office may send many answers, which are kept all the same. Raises
    `throttle.TooMany` for an address that sends faster than people answer. To be called outside a transaction.
    """
    throttle.check(f"survey {survey.code}", address, limit=LIMIT, per=PER, now=now)
    day = localdate(now)
    key = hashlib.sha256(b"qiao.hear.surveys.bursts\0" + settings.SECRET_KEY.encode()).digest()
    hidden = hmac.digest(key, f"{survey.code}\n{day.isoformat()}\n{address}".encode(), "sha256")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [survey.pk, hidden])
        (number,) = cursor.fetchone()
    return int(number) > value_of(rules.BURST, path=survey.unit.path, on=day)
