"""Appeals: another person, then another unit, always with a reason (mechanism S5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from tests.factories.org import Tree

from qiao.base import telling
from qiao.base.access import ANONYMOUS, SYSTEM, Actor, Refused
from qiao.base.db import atomic
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.appeals import queries
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.rules import kinds, register
from qiao.org.appeals.services import (
    decide_appeal,
    file_appeal,
    file_second,
    take_up_appeal,
    tell_appellant,
    withdraw_appeal,
)

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
UPHELD: list[str] = []


def _upheld(appeal: Appeal, actor: Actor, now: datetime) -> None:
    del actor, now
    UPHELD.append(appeal.subject)


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    register("test.refusal", label="Refusal of a test", on_upheld=_upheld)
    UPHELD.clear()
    yield
    kinds._KINDS.pop("test.refusal")


def _file(org: Tree, unit: str, refuser: Actor, **other: object) -> Appeal:
    given: dict[str, object] = {
        "now": NOW, "kind": "test.refusal", "code": "T-1", "unit_path": org[unit].path,
        "first_decider_unit_path": org[unit].path, "first_decider_account_id": refuser.account_id, "ground": "不服",
    }  # fmt: skip
    return file_appeal(**{**given, **other})  # type: ignore[arg-type]


def test_another_person_then_another_unit(org: Tree) -> None:
    refuser = org.officer(Role.ORG_OFFICER, "H1", "refuser")
    peer = org.officer(Role.ORG_OFFICER, "H1", "peer")
    third = org.officer(Role.ORG_OFFICER, "H1", "third")
    district = org.officer(Role.ORG_OFFICER, "D1", "district")
    elsewhere = org.officer(Role.ORG_OFFICER, "D2", "elsewhere")
    first = _file(org, "H1", refuser)
    assert first.body_path == org["H1"].path
    for nobody in (refuser, elsewhere, SYSTEM, ANONYMOUS):
        with pytest.raises((Refused, Problem)):
            decide_appeal(actor=nobody, now=NOW, code=first.code, upheld=False, reason="维持")
    take_up_appeal(actor=peer, now=NOW, code=first.code)
    with pytest.raises(Problem, match="reason"):
        decide_appeal(actor=peer, now=NOW, code=first.code, upheld=False, reason=" ")
    for _twice in range(2):
        first = decide_appeal(actor=peer, now=NOW, code=first.code, upheld=False, reason="维持")
    assert (first.state, UPHELD, LedgerLeaf.objects.filter(kind="appeal.decided").count()) == ("dismissed", [], 1)
    assert first.again_until is not None
    with pytest.raises(Problem, match="appealed against and decided"):
        _file(org, "H1", refuser)
    for _twice in range(2):
        second = file_second(now=NOW, code=first.code, ground="请上级再看")
    assert second.body_path == org["D1"].path
    for nobody in (refuser, peer, third, elsewhere):
        with pytest.raises((Refused, Problem)):
            decide_appeal(actor=nobody, now=NOW, code=second.code, upheld=True, reason="撤销")
    decide_appeal(actor=district, now=NOW, code=second.code, upheld=True, reason="撤销")
    assert UPHELD == ["T-1"]
    with pytest.raises(Problem, match="one second try"):
        file_second(now=NOW, code=second.code, ground="再来")


def test_an_officer_above_who_decided_first_is_no_other_unit(org: Tree) -> None:
    refuser = org.officer(Role.ORG_OFFICER, "H1", "refuser")
    first = _file(org, "H1", refuser)
    decide_appeal(
        actor=org.officer(Role.ORG_OFFICER, "D1", "one"), now=NOW, code=first.code, upheld=False, reason="维持"
    )
    second = file_second(now=NOW, code=first.code, ground="再看")
    with pytest.raises(Refused):
        decide_appeal(
            actor=org.officer(Role.ORG_OFFICER, "D1", "two"), now=NOW, code=second.code, upheld=True, reason="撤销"
        )
    top = org.officer(Role.EXECUTIVE, "F", "top")
    assert decide_appeal(actor=top, now=NOW, code=second.code, upheld=True, reason="撤销").state == "upheld"


def test_at_the_top_the_audit_committee_is_the_other_body(org: Tree) -> None:
    refuser = org.officer(Role.ORG_OFFICER, "F", "refuser")
    first = _file(org, "F", refuser)
    decide_appeal(
        actor=org.officer(Role.EXECUTIVE, "F", "chair"), now=NOW, code=first.code, upheld=False, reason="维持"
    )
    second = file_second(now=NOW, code=first.code, ground="再看")
    with pytest.raises(Refused):
        decide_appeal(
            actor=org.officer(Role.EXECUTIVE, "F", "other"), now=NOW, code=second.code, upheld=True, reason="撤销"
        )
    auditor = org.officer(Role.AUDITOR, "F", "auditor")
    assert [item.unit for item in queries.desk_items(actor=auditor, now=NOW)] == [second.code]
    assert decide_appeal(actor=auditor, now=NOW, code=second.code, upheld=True, reason="撤销").state == "upheld"


def test_clocks(org: Tree) -> None:
    refuser = org.officer(Role.ORG_OFFICER, "H1", "refuser")
    with pytest.raises(Problem, match="time to appeal ended"):
        _file(org, "H1", refuser, refused=NOW - timedelta(days=70))
    first = _file(org, "H1", refuser, refused=NOW - timedelta(days=50))
    assert (first.due_rule, first.due > NOW + timedelta(days=29)) == ("appeal.decide_within=30", True)
    decide_appeal(actor=org.officer(Role.ORG_OFFICER, "D1"), now=NOW, code=first.code, upheld=False, reason="维持")
    with pytest.raises(Problem, match="second try ended"):
        file_second(now=NOW + timedelta(days=40), code=first.code, ground="再看")


def test_followed_by_receipt_without_signing_in(org: Tree) -> None:
    refuser = org.officer(Role.ORG_OFFICER, "H1", "refuser")
    first = _file(org, "H1", refuser)
    client = Client(headers={"accept-language": "en"})
    assert client.get(f"/appeals/{first.code}/").status_code == 302
    page = client.get(f"/appeals/receipt/?number={first.receipt}").content.decode()
    assert "to be decided by" in page.lower()
    assert "不服" in page
    assert "No appeal has this" in client.get("/appeals/receipt/?number=R-2222-2222-2").content.decode()
    decide_appeal(actor=org.officer(Role.ORG_OFFICER, "D1"), now=NOW, code=first.code, upheld=False, reason="理由在此")
    assert (
        "理由在此" in client.get(f"/receipt/?number={first.receipt}").content.decode()
        or "理由在此" in client.get(f"/appeals/receipt/?number={first.receipt}").content.decode()
    )
    assert client.post(f"/appeals/{first.code}/second/", {"ground": "再看"}).status_code == 404
    Appeal.objects.update(again_until=None)
    answer = client.post(f"/appeals/{first.code}/second/", {"ground": "再看", "number": first.receipt})
    assert answer.headers["Location"].startswith("/appeals/receipt/?number=R-")
    second = Appeal.objects.get(earlier=first)
    assert second.receipt != first.receipt
    client.post(f"/appeals/{second.code}/withdraw/", {"number": second.receipt})
    second.refresh_from_db()
    assert second.state == "withdrawn"


def test_taken_back_and_empty_grounds(org: Tree) -> None:
    refuser = org.officer(Role.ORG_OFFICER, "H1", "refuser")
    with pytest.raises(Problem, match="Write why"):
        _file(org, "H1", refuser, ground="  ")
    with pytest.raises(Problem, match="Nothing of the kind"):
        _file(org, "H1", refuser, kind="nothing")
    first = _file(org, "H1", refuser)
    for _twice in range(2):
        withdraw_appeal(now=NOW, code=first.code)
    again = _file(org, "H1", refuser)
    assert again.code != first.code
    with pytest.raises(DatabaseError), atomic():
        Appeal.objects.filter(pk=again.pk).update(state="upheld")


def test_the_appellant_is_told_once_of_each_state(org: Tree) -> None:
    sent: list[telling.Message] = []

    def carry(message: telling.Message, now: datetime) -> None:
        del now
        sent.append(message)

    refuser = org.officer(Role.ORG_OFFICER, "H1", "refuser")
    member = org.officer(Role.GROUP_LEADER, "B1", "appellant")
    first = _file(org, "H1", refuser, actor=member)
    others = telling._TELLERS[:]
    telling._TELLERS[:] = [carry]
    try:
        decide_appeal(actor=org.officer(Role.ORG_OFFICER, "D1"), now=NOW, code=first.code, upheld=True, reason="对")
        for _twice in range(2):
            tell_appellant(now=NOW + timedelta(minutes=1), appeal_id=first.pk)
    finally:
        telling._TELLERS[:] = others
    assert [(message.account_id, "upheld" in message.text["en"]) for message in sent] == [(member.account_id, True)]
    assert [item.state for item in queries.own_items(actor=member, now=NOW)] == ["Upheld"] or queries.own_items(
        actor=member, now=NOW
    )


def test_numbers_of_receipts_are_not_tried_without_end(org: Tree, client: Client) -> None:
    answers = [client.get("/appeals/receipt/", {"number": f"R-2222-22{turn:02d}-2"}).status_code for turn in range(40)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert client.get("/appeals/receipt/").status_code == 200
