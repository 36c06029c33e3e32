"""Sessions that have ended, and mails in files."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from qiao.base.access import SYSTEM
from qiao.org.retention.models import Proof
from qiao.org.retention.rules import Held
from qiao.org.retention.services import run_rule
from qiao.org.retention.services.own import erase_sessions

pytestmark = pytest.mark.django_db


def test_sessions_that_have_ended_go_and_their_keys_stand_nowhere(now: datetime) -> None:
    for key, days in (("old-secret-key", -1), ("living", 1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=now + timedelta(days=days))
    erased = erase_sessions(now, 10, Held(now))
    assert list(Session.objects.values_list("pk", flat=True)) == ["living"]
    assert len(erased.keys) == 1
    assert "old-secret-key" not in erased.keys[0]


def test_old_mails_go_and_new_ones_stay(now: datetime, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    for name, days in (("a.log", 40), ("b.log", 31), ("c.log", 29), ("keys", 90)):
        file = tmp_path / name
        file.write_text("x")
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    assert run_rule(actor=SYSTEM, now=now, key="outbox", batch=1) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c.log", "keys"]
    assert Proof.objects.get().number == 2
    settings.EMAIL_FILE_PATH = tmp_path / "none"
    assert run_rule(actor=SYSTEM, now=now + timedelta(days=90), key="outbox") == 0
