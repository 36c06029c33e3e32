from __future__ import annotations

from datetime import datetime

import pytest

from qiao.base.access import ANONYMOUS, SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.org.access.queries import actor_for
from qiao.org.access.services import found_federation
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

GIVEN = {"name": localized("试桥总工会"), "label": "TBF", "officer_email": "a@x.example", "officer_name": "云一"}


@pytest.mark.django_db
def test_an_empty_installation_gets_its_federation_once(now: datetime) -> None:
    unit = found_federation(actor=SYSTEM, now=now, **GIVEN)
    assert actor_for(Account.objects.get(), now.date()).may("unit.found", unit.path)
    with pytest.raises(Problem, match="already"):
        found_federation(actor=SYSTEM, now=now, **GIVEN)


@pytest.mark.django_db
def test_a_bad_address_leaves_nothing(now: datetime) -> None:
    with pytest.raises(Problem):
        found_federation(actor=SYSTEM, now=now, **{**GIVEN, "officer_email": "nowhere"})
    assert not Unit.objects.exists()
    with pytest.raises(Refused):
        found_federation(actor=ANONYMOUS, now=now, **GIVEN)
