from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.org.access.choices import Role
from qiao.org.settings.services import set_value
from qiao.org.yearbook import queries, services
from qiao.org.yearbook.choices import Verdict
from qiao.org.yearbook.models import Assurance, Edition

END = datetime(2027, 1, 2, 3, tzinfo=UTC)
FOUND: dict[str, Any] = {
    "assurer": "云溪会计师事务所", "appointment": "2026 年 5 月代表大会", "verdict": Verdict.ADEQUATE, "checked": 400,
    "wrong": 6, "reasons": "抽查四百份会籍，与本人逐一核对。",
}  # fmt: skip


def bind(org: Tree, above: int = 100) -> None:
    for key, value in (("mem.assurer", True), ("mem.assurer_above", above)):
        set_value(
            actor=SYSTEM, now=org.now, setting_key=key, unit=org["F"], value=value, since=org.now.date(),
            reason="代表大会决定",
        )  # fmt: skip


def frozen(org: Tree) -> Edition:
    services.compute_year(now=END, year=2026)
    return services.freeze_year(now=END, year=2026)


def test_nothing_is_owed_where_no_rule_asks_for_it(org: Tree) -> None:
    edition = frozen(org)
    auditor = org.officer(Role.AUDITOR, "F")
    assert queries.check_of(edition, org["F"]).due is None
    assert list(queries.owed(auditor)) == []


@pytest.mark.parametrize(("members", "asked"), [(100, False), (101, True)])
def test_it_is_owed_above_the_number_of_members_only(org: Tree, members: int, asked: bool) -> None:
    bind(org)
    for place in range(members):
        org.member("B1", f"m{place}")
    edition = frozen(org)
    due = queries.check_of(edition, org["F"]).due
    assert (due is not None) is asked
    if due is not None:
        # Five months after the end of the year, and on to the next working day: 31 May 2027 is a Monday.
        assert due.date() == date(2027, 5, 31)
        assert [(unit.label, year) for unit, year, _due in queries.owed(org.officer(Role.AUDITOR, "F"))] == [
            ("F", 2026)
        ]


def test_a_certificate_is_published_once_with_its_interval_and_stands_in_the_ledger(org: Tree) -> None:
    edition = frozen(org)
    auditor = org.officer(Role.AUDITOR, "F")
    services.assure_register(actor=auditor, now=END, unit=org["F"], year=2026, **FOUND)
    check = queries.check_of(edition, org["F"])
    assert check.share == 0.015
    # Wilson, 6 of 400, by hand: centre (6 + 1.9208)/(400 + 3.8416), half-width 1.96·sqrt(6·394/400 + 0.9604)/403.84.
    assert check.lower == pytest.approx(0.00689, abs=2e-5)
    assert check.upper == pytest.approx(0.03234, abs=2e-5)
    leaf = LedgerLeaf.objects.get(kind="yearbook.assured")
    assert edition.sha256 in leaf.payload
    with pytest.raises(Problem, match="has its certificate"):
        services.assure_register(actor=auditor, now=END, unit=org["F"], year=2026, **FOUND)
    for act in (
        lambda: Assurance.objects.update(verdict=Verdict.NOT_ADEQUATE),
        lambda: Assurance.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), atomic():
            act()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"checked": 0, "wrong": 0}, "rests on memberships"),
        ({"wrong": 401}, "More memberships are wrong"),
        ({"reasons": "  "}, "Say what was checked"),
        ({"reasons": "会员 13912345678 不在册"}, "looks like a telephone number"),
    ],
)
def test_what_does_not_fit_is_refused(org: Tree, change: dict[str, Any], said: str) -> None:
    frozen(org)
    auditor = org.officer(Role.AUDITOR, "F")
    with pytest.raises((Problem, Problems), match=said):
        services.assure_register(actor=auditor, now=END, unit=org["F"], year=2026, **(FOUND | change))
    assert not Assurance.objects.exists()


def test_a_table_that_still_moves_and_a_house_that_checks_itself_are_refused(org: Tree) -> None:
    services.compute_year(now=org.now, year=2026)
    auditor = org.officer(Role.AUDITOR, "F")
    with pytest.raises(Problem, match="not frozen yet"):
        services.assure_register(actor=auditor, now=org.now, unit=org["F"], year=2026, **FOUND)
    with pytest.raises(Problem, match="no yearly table"):
        services.assure_register(actor=auditor, now=org.now, unit=org["F"], year=2019, **FOUND)
    services.freeze_year(now=END, year=2026)
    with pytest.raises(Refused):
        services.assure_register(actor=org.officer(Role.AUDITOR, "D1"), now=END, unit=org["F"], year=2026, **FOUND)
    org.officer(Role.INTERVIEWER, "D1", "two-hats")
    both = org.officer(Role.AUDITOR, "F", "two-hats")
    with pytest.raises(Problem, match="holds no other role"):
        services.assure_register(actor=both, now=END, unit=org["F"], year=2026, **FOUND)


def test_the_table_shows_that_it_is_awaited_then_what_was_found(org: Tree, client: Client) -> None:
    bind(org)
    for place in range(101):
        org.member("B1", f"m{place}")
    frozen(org)
    address = reverse("yearbook:table", args=["F", 2026])
    assert "证明待出具" in client.get(address).content.decode()
    account = org.account(Role.AUDITOR, "F")
    client.force_login(account)
    form = reverse("yearbook:assure", args=["F", 2026])
    given = {name: str(value) for name, value in FOUND.items()} | {"verdict": "not_adequate", "wrong": "500"}
    refused = client.post(form, given)
    assert refused.status_code == 422
    assert "不符的会籍多于抽查的会籍" in refused.content.decode()
    assert client.post(form, given | {"wrong": "60"}).status_code == 302
    shown = client.get(address).content.decode()
    assert "抽查 400 份会籍，60 份与名册不符" in shown
    assert "证明待出具" not in shown
