"""Erasing with proofs, and holding back, with a class of records made for the purpose."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client
from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.models import AuditRow, LedgerLeaf, Link
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold, LastRun, Proof
from qiao.org.retention.rules import Erased, Held, Rule, register, registry
from qiao.org.retention.services import end_hold, run_rule, run_rules, set_hold
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting
from qiao.org.settings.rules import registry as settings_registry
from qiao.org.settings.services import set_value

PERIOD = Setting[int]("keep.test", "Test", Kind.DAYS, default=30, setter=Setter.FEDERATION, action="setting.protect")


def erase_links(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Links of the lineage stand for any record: their source is the code, their target the path of a unit."""
    rows = held.leave_out(Link.objects.filter(at__lt=cutoff), code="source", path="target").order_by("pk")
    chosen = list(rows.values_list("pk", "source")[:limit])
    Link.objects.filter(pk__in=[key for key, _code in chosen]).delete()
    return Erased(tuple(f"test:{code}" for _key, code in chosen))


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_RULES", {})
    monkeypatch.setattr(settings_registry, "_SETTINGS", dict(settings_registry._SETTINGS))
    register(Rule("test", "Records of test", erase_links, period=PERIOD))


@pytest.fixture
def links(org: Tree) -> Tree:
    for number in range(10):
        Link.objects.create(source=f"X-{number}", target=f"{org['D1' if number < 5 else 'D2'].path}.{number}",
                            at=org.now - timedelta(days=25 + number))  # fmt: skip
    return org


def run(org: Tree, **how: int) -> int:
    return run_rule(actor=SYSTEM, now=org.now, key="test", **how)


def test_what_is_due_goes_and_leaves_a_proof_anyone_can_compute(links: Tree) -> None:
    assert run(links, batch=3) == 4
    assert Link.objects.count() == 6
    proof = Proof.objects.get()
    first = hashlib.sha256(b"").hexdigest()
    for batch in (["test:X-6", "test:X-7", "test:X-8"], ["test:X-9"]):
        first = hashlib.sha256("\n".join([first, *batch]).encode()).hexdigest()
    assert (proof.number, proof.digest, proof.rule) == (4, first, "keep.test = 30 d")
    assert proof.cutoff == links.now - timedelta(days=30)
    assert proof.finished == links.now
    assert first in LedgerLeaf.objects.get(index=proof.ledger_index).payload
    assert AuditRow.objects.filter(action="retention.erase").count() == 1


def test_a_second_run_finds_nothing_and_writes_no_proof(links: Tree) -> None:
    run(links)
    assert run(links) == 0
    assert Proof.objects.count() == LedgerLeaf.objects.filter(kind="retention.erased").count() == 1
    assert LastRun.objects.get().at == links.now


def test_the_period_is_the_one_set(links: Tree) -> None:
    dpo = links.officer(Role.DPO, "F")
    set_value(actor=dpo, now=links.now, setting_key=PERIOD.key, unit=links["F"], value=27, since=links.now.date(),
              reason="shorter")  # fmt: skip
    assert run(links) == 7


def test_a_run_killed_in_the_middle_leaves_nothing_without_proof(links: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = registry.rule_by_key("test")
    calls = iter([1, 2])

    def dies(cutoff: datetime, limit: int, held: Held) -> Erased:
        erased = erase_links(cutoff, limit, held)
        if next(calls) == 2:
            raise MemoryError("killed")
        return erased

    monkeypatch.setattr(registry, "_RULES", {"test": Rule("test", "x", dies, period=PERIOD)})
    with pytest.raises(MemoryError):
        run(links, batch=3)
    assert Link.objects.count() == 7
    proof = Proof.objects.get()
    assert (proof.number, proof.finished) == (3, None)
    monkeypatch.setattr(registry, "_RULES", {"test": rule})
    assert run(links, batch=3) == 1
    proof.refresh_from_db()
    assert (proof.number, proof.finished) == (4, links.now)
    assert LedgerLeaf.objects.filter(kind="retention.erased").count() == 1


def test_a_class_that_fails_does_not_stop_the_others(links: Tree) -> None:
    def fails(cutoff: datetime, limit: int, held: Held) -> Erased:
        raise RuntimeError("x")

    register(Rule("a_failing", "Fails", fails, event="at once"))
    assert run_rules(actor=SYSTEM, now=links.now) == 4
    assert dict(LastRun.objects.values_list("object_class", "failed")) == {"a_failing": True, "test": False}
    page = Client(headers={"accept-language": "en"}).get("/retention/").content.decode()
    assert "The last run failed" in page


def test_holds_on_an_object_a_unit_and_the_class(links: Tree) -> None:
    dpo = links.officer(Role.DPO, "F")
    given = {"actor": dpo, "now": links.now, "object_class": "test", "ground": Ground.CASE, "reason": "case 7",
             "until": links.now.date() + timedelta(days=5)}  # fmt: skip
    set_hold(code="x-9", **given)
    assert run(links) == 3
    whole = set_hold(**given)
    set_hold(unit=links["D2"], **given)
    Link.objects.update(at=links.now - timedelta(days=90))
    assert run(links) == 0
    end_hold(actor=dpo, now=links.now, hold_id=whole.pk, reason="over")
    assert run(links) == 5
    assert set(Link.objects.values_list("source", flat=True)) == {"X-5", "X-9"}
    later = links.now + timedelta(days=5)
    assert run_rule(actor=SYSTEM, now=later, key="test") == 2


def test_holds_are_checked_and_replayed_harmlessly(links: Tree) -> None:
    dpo = links.officer(Role.DPO, "F")
    given = {"now": links.now, "object_class": "test", "ground": Ground.CASE, "reason": "case 7",
             "until": links.now.date() + timedelta(days=5)}  # fmt: skip
    first = set_hold(actor=dpo, **given)
    assert set_hold(actor=dpo, **given).pk == first.pk
    for wrong, words in (
        ({"until": links.now.date()}, "a day to come"),
        ({"until": date(206, 1, 1)}, "cannot be meant"),
        ({"reason": " "}, "Say why"),
        ({"object_class": "none"}, "No class"),
        ({"code": "X-1", "unit": links["D1"]}, "not both"),
    ):
        with pytest.raises(Problem, match=words):
            set_hold(actor=dpo, **{**given, **wrong})
    with pytest.raises(Refused):
        set_hold(actor=links.officer(Role.ORG_OFFICER, "F"), **given)
    district = links.officer(Role.DPO, "D1")
    with pytest.raises(Refused):
        set_hold(actor=district, **given)
    with pytest.raises(Refused):
        set_hold(actor=district, unit=links["D2"], **given)
    set_hold(actor=district, unit=links["D1"], **given)
    with pytest.raises(Refused):
        end_hold(actor=district, now=links.now, hold_id=first.pk, reason="x")
    with pytest.raises(Problem, match="Say why"):
        end_hold(actor=dpo, now=links.now, hold_id=first.pk, reason="")
    for _ in range(2):
        end_hold(actor=dpo, now=links.now, hold_id=first.pk, reason="over")
    assert AuditRow.objects.filter(action="retention.end_hold").count() == 1
    assert Hold.objects.count() == 2


def test_pages_show_the_table_to_all_and_holds_to_the_officer(links: Tree) -> None:
    run(links)
    public = Client(headers={"accept-language": "en"})
    page = public.get("/retention/").content.decode()
    assert "Records of test" in page
    assert "4 records on" in page
    assert "default, verify locally" in page
    proofs = public.get("/retention/proofs/?class=test").content.decode()
    assert Proof.objects.get().digest in proofs
    dpo = links.client(Role.DPO, "F")
    until = date.today() + timedelta(days=30)
    sent = {"object_class": "test", "ground": "court", "reason": "Case 12 of 2026", "until": until.isoformat()}
    assert "no unit with this label" in dpo.post("/retention/holds/new/", {**sent, "unit": "none"}).content.decode()
    page = dpo.post("/retention/holds/new/", {**sent, "unit": "d1"}, follow=True).content.decode()
    assert "Case 12 of 2026" in page
    shown = public.get("/retention/").content.decode()
    assert "1 hold, until" in shown
    assert "Case 12" not in shown
    hold = Hold.objects.get()
    assert links.client(Role.AUDITOR, "F").get(f"/retention/holds/{hold.pk}/end/").status_code == 403
    page = dpo.post(f"/retention/holds/{hold.pk}/end/", {"reason": "settled"}, follow=True).content.decode()
    assert "1 hold has ended" in page


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_erase_everything_once(now: datetime) -> None:
    org = make_tree(now)
    for number in range(60):
        Link.objects.create(source=f"X-{number}", target=f"T-{number}", at=org.now - timedelta(days=90))
    start, numbers = Barrier(2), []

    def one() -> None:
        start.wait(timeout=10)
        try:
            numbers.append(run(org, batch=7))
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sum(numbers) == 60
    assert sum(Proof.objects.values_list("number", flat=True)) == 60
    assert not Proof.objects.filter(finished=None).exists()


def test_a_proof_names_its_rule_in_words(org: Tree) -> None:
    for place, rule in enumerate(("keep.looks = 2 y", "event", "gone.rule = 9 d")):
        Proof.objects.create(
            object_class="looks", rule=rule, cutoff=org.now, digest=f"{place:064}", started=org.now, finished=org.now,
            number=1,
        )  # fmt: skip
    page = Client(headers={"accept-language": "en"}).get("/retention/proofs/").content.decode()
    assert "Who looked at whom: 2 years" in page
    assert "rule of the platform" in page
    assert "keep.looks" not in page
