"""Two officers set the same value at the same moment, in real transactions: one decides, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connections
from tests.factories.org import make_tree

from qiao.base.access import Actor
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.decide.consultations.rules import OPEN_DAYS
from qiao.org.access.choices import Role
from qiao.org.settings.models import SettingValue
from qiao.org.settings.services import set_value


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_decides(now: datetime) -> None:
    org = make_tree(now)
    officers = [org.officer(Role.ORG_OFFICER, "F", name) for name in ("One", "Two")]
    unit, start = org["F"], Barrier(2)

    def act(actor: Actor, value: int) -> object:
        start.wait(timeout=10)
        try:
            return set_value(
                actor=actor, now=now, setting_key=OPEN_DAYS.key, unit=unit, value=value, since=now.date(), reason="x"
            )
        except Problem as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(act, officers, (20, 25)))
    assert sorted(type(result).__name__ for result in results) == ["Problem", "SettingValue"]
    assert SettingValue.objects.count() == LedgerLeaf.objects.filter(kind="setting.set").count() == 1
