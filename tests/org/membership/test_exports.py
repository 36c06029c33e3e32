"""Exports: off unless asked for with a purpose and approved by another; marked, counted, short-lived."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from tests.factories.org import Tree

from qiao.base.access import Refused
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.membership.exports import register_workbook
from qiao.org.membership.models import MemberExport
from qiao.org.membership.queries import desk_items
from qiao.org.membership.services import ask_export, decide_export, take_export
from qiao.org.people.models import Contact
from qiao.org.people.queries.contacts import contact_print

PURPOSE = "=Letters for the congress & nothing else"


def test_two_persons_and_three_days(org: Tree) -> None:
    org.member("B1", "云一诺")
    one, two = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.ORG_OFFICER, "D1")
    export = ask_export(actor=one, now=org.now, unit=org["B1"], purpose=PURPOSE)
    assert ask_export(actor=one, now=org.now, unit=org["B1"], purpose=PURPOSE) == export
    for attempt in (take_export,):
        with pytest.raises(Problem, match="not approved"):
            attempt(actor=one, now=org.now, code=export.code)
    with pytest.raises(Problem, match="second person"):
        decide_export(actor=one, now=org.now, code=export.code, approve=True)
    with pytest.raises(Refused):
        decide_export(actor=org.officer(Role.ORG_OFFICER, "D2", "far"), now=org.now, code=export.code, approve=True)
    assert [item.next_step for item in desk_items(actor=two, now=org.now)] == ["Approve or refuse"]
    decide_export(actor=two, now=org.now, code=export.code, approve=True)
    assert [item.next_step for item in desk_items(actor=one, now=org.now)] == ["Take the file"]
    with pytest.raises(Refused):
        take_export(actor=two, now=org.now, code=export.code)
    taken = take_export(actor=one, now=org.now, code=export.code)
    with register_workbook(taken, org.now) as file:
        book = load_workbook(io.BytesIO(file.read()))
    members, about, meaning = book.worksheets
    assert meaning.max_row == 8
    assert [cell.value for cell in members[2]][1] == "云一诺"
    assert members.max_row == 2
    # The purpose is text, never a formula, and stands in the file.
    assert about["B3"].value == PURPOSE
    assert about["B3"].data_type == "s"
    assert export.code in members.oddHeader.left.text
    row = AuditRow.objects.get(action="export.take")
    assert row.detail == {"unit": "B1", "purpose": PURPOSE, "contacts": False}
    with pytest.raises(Problem, match="expired"):
        take_export(actor=one, now=org.now + timedelta(days=3), code=export.code)
    decide_export(actor=two, now=org.now, code=export.code, approve=False)
    with pytest.raises(Problem, match="not approved"):
        take_export(actor=one, now=org.now, code=export.code)
    assert MemberExport.objects.get().state == "recalled"


def test_a_purpose_is_typed(org: Tree) -> None:
    client = org.client(Role.BASE_OFFICER, "B1")
    assert "at least 10" in client.post("/units/B1/members/export/", {"purpose": "list"}).content.decode()
    client.post("/units/B1/members/export/", {"purpose": PURPOSE})
    export = MemberExport.objects.get()
    address = f"/units/B1/members/export/{export.code}.xlsx"
    assert client.get(address).status_code == 422
    second = org.client(Role.ORG_OFFICER, "D1")
    second.post(f"/units/B1/members/export/{export.code}/decide/", {"to": "approve"})
    answer = client.get(address)
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    for close in answer._resource_closers:
        close()
    assert second.get(address).status_code == 403
    assert org.client(Role.BASE_OFFICER, "B2").get(address).status_code == 403
    assert MemberExport.objects.get().taken == 1


def test_contacts_leave_only_when_asked_for(org: Tree) -> None:
    member = org.member("B1", "云一诺")
    Contact(
        person=member.person, kind="mobile", value="13800000000", found_by=contact_print("mobile", "13800000000"),
        entered=org.now.date(),
    ).save()  # fmt: skip
    one, two = org.officer(Role.BASE_OFFICER, "B1"), org.officer(Role.ORG_OFFICER, "D1")
    for contacts in (False, True):
        export = ask_export(actor=one, now=org.now, unit=org["B1"], purpose=PURPOSE, contacts=contacts)
        decide_export(actor=two, now=org.now, code=export.code, approve=True)
        with register_workbook(take_export(actor=one, now=org.now, code=export.code), org.now) as file:
            sheet = load_workbook(io.BytesIO(file.read())).worksheets[0]
        shown = [cell.value for row in sheet.iter_rows() for cell in row]
        assert ("13800000000" in shown) == contacts
