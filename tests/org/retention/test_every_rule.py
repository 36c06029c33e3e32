"""Every class of the retention table: what is over age goes with a proof, what is not stays, what is held stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import Model
from tests.factories.joining import apply
from tests.factories.judge import opened, town
from tests.factories.org import Tree

from qiao.base.access import SYSTEM
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import AuditRow, LedgerLeaf, Throttle
from qiao.decide.consultations.models import Consultation, Opinion
from qiao.deliver.contacts.choices import DutyState, System, Topic
from qiao.deliver.contacts.models import Duty, Issue
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.org.access.choices import Role
from qiao.org.appeals.models import Appeal
from qiao.org.elections.models import Candidate, Election
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.mandates.choices import CommitteeKind, Post
from qiao.org.membership.choices import ExportState, TwinState
from qiao.org.membership.models import MemberExport, Membership, Twin
from qiao.org.people.choices import CampaignState, RequestKind, RequestState, Source
from qiao.org.people.models import Campaign, Consent, DataRequest, Look, NumberChange, Person, PersonMessage
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold, Proof
from qiao.org.retention.queries import cutoff_of
from qiao.org.retention.rules import all_rules, rule_by_key
from qiao.org.retention.services import run_rule, set_hold
from qiao.org.units.models import UnitBatch, UnitRow
from qiao.org.workplaces.models import EmployerBatch, EmployerRow
from qiao.web.models import SignIn

TESTS = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """``make`` a record whose clock began at a moment; ``gone`` says of it whether it was erased.

    ``age``: for classes ended by an event, how long after the beginning the record is due.
    """

    make: Callable[[Tree, datetime, int], Model]
    gone: Callable[[Model], bool] = lambda row: not type(row)._base_manager.filter(pk=row.pk).exists()
    age: timedelta = timedelta(0)


def _batch(batch: type[Model], row: type[Model]) -> Callable[[Tree, datetime, int], Model]:
    def make(org: Tree, at: datetime, number: int) -> Model:
        made = batch._base_manager.create(
            code=f"I-{number}", unit=org["D1"], source="a.xlsx", uploaded=at, columns=[], dropped=[], rows_total=1,
        )  # fmt: skip
        return row._base_manager.create(batch=made, row=2, cells=["x"])

    return make


def _former(org: Tree, at: datetime, number: int) -> Model:
    standing = org.member("B1", f"云{number}")
    Membership.objects.filter(pk=standing.pk).update(state="left", since=at.date() - 9 * DAY, until=at.date())
    PersonMessage.objects.filter(person=standing.person).delete()
    return standing.person


def _nameless(row: Model) -> bool:
    return Person.objects.get(pk=row.pk).name == "—"


def _rested(org: Tree, at: datetime, number: int) -> Model:
    person = _former(org, at, number)
    org.account(Role.BASE_OFFICER, "B2", f"former{number}")
    account = org.account(Role.BASE_OFFICER, "B2", f"former{number}")
    account.grants.all().delete()
    account.person = person
    account.save(update_fields=["person"])
    return person


def _accountless(row: Model) -> bool:
    return not Person.objects.filter(pk=row.pk, account__isnull=False).exists()


def _merged(org: Tree, at: datetime, number: int) -> Model:
    left, right = sorted((org.member("B1", f"云{number}").person, org.member("B2", f"云{number}").person), key=_key)
    Membership.objects.filter(person=right).update(state="left", since=at.date() - DAY, until=at.date())
    return Twin.objects.create(
        left=left, right=right, left_unit=org["B1"], right_unit=org["B2"], state=TwinState.MERGED, score=90,
        found=at, undo_until=at, trace={"moved": []}, signs={"name": "same"},
    )  # fmt: skip


def _key(person: Person) -> int:
    return person.pk


def _traceless(row: Model) -> bool:
    return Twin.objects.get(pk=row.pk).trace == {}


def _request(org: Tree, at: datetime, number: int) -> Model:
    return DataRequest.objects.create(
        code=f"DR-{number}", kind=RequestKind.CORRECTION, state=RequestState.GRANTED, field="other", text="x",
        unit_path=org["B1"].path, filed=at - DAY, due=at, rule="r", decided=at,
    )  # fmt: skip


def _candidate(org: Tree, at: datetime, number: int) -> Model:
    election = Election.objects.create(
        unit=org["B1" if number else "B2"], code=f"L-{number}", kind=CommitteeKind.UNION, cause="renewal",
        state="withdrawn", day=at.date(), seats=3, planned_at=at, decided_at=at, reason="r",
    )  # fmt: skip
    return Candidate.objects.create(
        election=election, name=f"江{number}", post=next(iter(Post)), nominated_by="members", declared_at=at
    )


def _unnamed(row: Model) -> bool:
    return Candidate.objects.get(pk=row.pk).name.startswith("—")


def _application(org: Tree, at: datetime, number: int) -> Model:
    row = apply(org, name=f"江{number}")
    Application.objects.filter(pk=row.pk).update(state=State.REFUSED, reason="r" * 12, decided=at)
    return row


def _confirmation(org: Tree, at: datetime, number: int) -> Model:
    account = org.account(Role.BASE_OFFICER, "B1", f"mail{number}")
    address = EmailAddress.objects.create(user=account, email=f"new{number}@x.example")
    row = EmailConfirmation.objects.create(email_address=address, key=f"k{number}")
    EmailConfirmation.objects.filter(pk=row.pk).update(created=at)
    return row


def _opinion(org: Tree, at: datetime, number: int) -> Model:
    consultation = Consultation.objects.create(
        code=f"C-{number}", unit=org["D1"], title=localized("题"), question=localized("问"), state="closed",
        opens=at - 9 * DAY, closes=at, drafted=at - 20 * DAY, noticed=at - 15 * DAY, opened=at - 9 * DAY, closed=at,
    )  # fmt: skip
    return Opinion.objects.create(
        consultation=consultation, person=org.member("B1", f"云{number}").person, text="夜班车太少", language="zh-hans",
        likeness="ab" * 32, filed=at.date(),
    )  # fmt: skip


def _wordless(row: Model) -> bool:
    now = Opinion.objects.get(pk=row.pk)
    return (now.text, now.person_id) == ("", None) and now.likeness != "ab" * 32


def _visit(org: Tree, at: datetime, number: int) -> Model:
    duty = Duty.objects.create(
        code=f"V-{number}", officer=org.account(Role.EXECUTIVE, "D1", f"o{number}"), unit=org["D1"], place=org["B1"],
        where="车间", system=next(iter(System)), starts=at - timedelta(hours=3), ends=at, planned=at - DAY, log_due=at,
        state=DutyState.CLOSED, notes="看了车间", logged=at,
    )  # fmt: skip
    Issue.objects.create(
        duty=duty, serial=1, topic=next(iter(Topic)), text="太热", receipt=f"R{number}", answer="已装风扇", answered=at
    )
    return duty


def _noteless(row: Model) -> bool:
    duty = Duty.objects.get(pk=row.pk)
    return (duty.notes, duty.where) == ("", "") and duty.issues.get().text == "—"


CASES: dict[str, Case] = {
    "appeals": Case(lambda org, at, number: Appeal.objects.create(
        code=f"A-{number}", kind="joining", subject=f"J-{number}", unit_path=org["B1"].path, body_path=org["D1"].path,
        state="dismissed", ground="g", reason="r", receipt=f"R-{number}", filed=at - DAY, due=at, decided=at)),
    "applications": Case(_application),
    "audit": Case(lambda org, at, number: AuditRow.objects.create(at=at, actor_name="x", action="unit.rename")),
    "confirmations": Case(_confirmation, age=3 * DAY),
    "consents": Case(lambda org, at, number: Consent.objects.create(
        person=org.member("B1", f"云{number}").person, kind="publish_name", version=1, language="en",
        source=Source.SELF, given=at - DAY, revoked=at)),
    "data_checks": Case(lambda org, at, number: Campaign.objects.create(
        code=f"DC-{number}", unit=org["B1"], state=CampaignState.CLOSED, reason="r", not_since=at.date(),
        started=at - DAY, closes=at)),
    "data_requests": Case(_request),
    "employer_staging": Case(_batch(EmployerBatch, EmployerRow)),
    "former_members": Case(_former, _nameless),
    "former_rest": Case(_rested, _accountless),
    "looks": Case(lambda org, at, number: Look.objects.create(
        person=org.member("B1", f"云{number}").person, at=at, looker="x", unit_path=org["B1"].path, record="contact",
        reason="r")),
    "losing_candidates": Case(_candidate, _unnamed),
    "member_exports": Case(lambda org, at, number: MemberExport.objects.create(
        code=f"X-{number}", unit=org["B1"], state=ExportState.APPROVED, purpose="p", asked=at - DAY, expires=at)),
    "merged_records": Case(_merged, _traceless),
    "messages": Case(lambda org, at, number: PersonMessage.objects.create(
        account=org.account(Role.BASE_OFFICER, "B1"), at=at, subject="s", text="t")),
    "number_changes": Case(lambda org, at, number: NumberChange.objects.create(
        code=f"NC-{number}", person=org.member("B1", f"云{number}").person, unit_path=org["B1"].path, seen="s",
        state="refused", asked=at - DAY, ended=at)),
    "opinions": Case(_opinion, _wordless),
    "sessions": Case(lambda org, at, number: Session.objects.create(
        session_key=f"k{number}", session_data="x", expire_date=at)),
    "sign_ins": Case(lambda org, at, number: SignIn.objects.create(
        account=org.account(Role.BASE_OFFICER, "B1"), session_key=f"k{number}", browser="Firefox", system="Linux",
        started=at - DAY, seen=at.date()), age=90 * DAY),
    "throttle": Case(lambda org, at, number: Throttle.objects.create(
        name="x", key=bytes([number] * 32), tries=3, since=at, until=at, refused=False), age=DAY),
    "unit_staging": Case(_batch(UnitBatch, UnitRow)),
    "visit_notes": Case(_visit, _noteless),
}  # fmt: skip


def test_every_class_has_a_case_here_or_a_run_in_the_tests_of_its_app() -> None:
    files = (file.read_text(encoding="utf-8") for file in TESTS.rglob("test_*.py"))
    run = set(re.findall(r"\"([a-z_]+)\"", "\n".join(text for text in files if "run_rule" in text)))
    assert {rule.key for rule in all_rules()} <= set(CASES) | run
    assert set(CASES) <= {rule.key for rule in all_rules()}


@pytest.mark.parametrize("key", sorted(CASES))
def test_over_age_goes_with_a_proof_and_the_rest_stays(org: Tree, key: str) -> None:
    case, rule = CASES[key], rule_by_key(key)
    due = cutoff_of(rule, org.now) - case.age
    old, young = case.make(org, due - 2 * DAY, 0), case.make(org, due + 2 * DAY, 1)
    set_hold(actor=SYSTEM, now=org.now, object_class=key, ground=Ground.COURT, reason="case 7",
             until=org.now.date() + DAY)  # fmt: skip
    assert run_rule(actor=SYSTEM, now=org.now, key=key) == 0
    assert (case.gone(old), case.gone(young)) == (False, False)
    Hold.objects.filter(object_class=key).update(ended_at=org.now)
    erased = run_rule(actor=SYSTEM, now=org.now, key=key)
    assert (case.gone(old), case.gone(young)) == (True, False)
    assert erased >= 1
    proof = Proof.objects.get(object_class=key)
    assert (proof.number, proof.finished) == (erased, org.now)
    assert proof.digest in LedgerLeaf.objects.get(index=proof.ledger_index).payload
    assert run_rule(actor=SYSTEM, now=org.now, key=key) == 0


def test_the_database_lets_no_young_audit_row_go_and_none_be_changed(org: Tree) -> None:
    young = AuditRow.objects.create(at=org.now - timedelta(days=1500), actor_name="x", action="unit.rename")
    old = AuditRow.objects.create(at=org.now - timedelta(days=3000), actor_name="x", action="unit.rename")
    for refused in (young.delete, lambda: AuditRow.objects.filter(pk=old.pk).update(actor_name="y")):
        with pytest.raises(DatabaseError, match="append-only"), atomic():
            refused()
    AuditRow.objects.filter(pk=old.pk).delete()
    assert AuditRow.objects.filter(pk=young.pk).exists()


def test_a_visit_with_an_issue_that_waits_keeps_its_notes(org: Tree) -> None:
    duty = _visit(org, org.now - timedelta(days=500), 0)
    Issue.objects.update(answer="", answered=None)
    assert run_rule(actor=SYSTEM, now=org.now, key="visit_notes") == 0
    assert not _noteless(duty)


@pytest.mark.django_db
def test_the_roll_of_an_evaluation_goes_once_it_is_over(now: datetime) -> None:
    evaluation, _key = opened(town(now))
    asked = RollEntry.objects.count()
    assert asked > 0
    assert run_rule(actor=SYSTEM, now=now, key="evaluation_roll") == 0
    Evaluation.objects.filter(pk=evaluation.pk).update(state="void", void_reason=localized("停评"))
    assert run_rule(actor=SYSTEM, now=now, key="evaluation_roll") == asked
    assert Proof.objects.get().number == asked
    assert not RollEntry.objects.exists()
