"""A text comes in as a Word file; a member on a phone, one with a code and one on paper speak; it closes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import docx
import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import FOUNDED, Calendar, Federation
from tests.journeys.story import RECEIPT, pair, write

from qiao.base.access import SYSTEM
from qiao.decide.consultations.models import Consultation, Opinion, Slip
from qiao.decide.consultations.services.slips import make_slips
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

pytestmark = pytest.mark.journey


def officer(federation: Federation, calendar: Calendar, role: Role, box: str) -> Account:
    """One more officer of the federation."""
    account = open_account(actor=SYSTEM, now=calendar.now(), email=f"{box}@x.example", display_name=box)
    grant_role(actor=SYSTEM, now=calendar.now(), account=account, role=role, unit=federation.root, since=FOUNDED)
    return account


def paper(*lines: str) -> dict[str, object]:
    """A Word file as a browser hands it in."""
    document, stream = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return {"name": "办法.docx", "mimeType": kind, "buffer": stream.getvalue()}


def test_a_word_file_becomes_a_consultation_people_answer_by_three_ways(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    secretary = open_as(officer(federation, calendar, Role.SECRETARY, "mishu"))
    secretary.goto("/decide/consultations/new/")
    pair(secretary, "title", "夜班车办法", "Rules of the night bus")
    pair(secretary, "question", "行得通吗？", "Would it work?")
    secretary.set_input_files("main [name='paper']", files=[paper("第一条 每夜两班车。", "第二条 全程免费。")])  # type: ignore[list-item]
    write(secretary, opens=calendar.moment(days=1), closes=calendar.moment(days=16))
    secretary.locator("main form button[type=submit]").first.click()
    expect(secretary.locator("main")).to_contain_text("第二条")
    code = Consultation.objects.get().code
    secretary.locator("main form[action$='/move/'] button").click()

    # A second file: the clause that moved keeps its id, the officer sees it before anything is saved.
    secretary.goto(f"/decide/consultations/{code}/file/")
    changed = paper("第一条 全程免费。", "第二条 每夜三班车。", "第三条 孕期职工优先。")
    secretary.set_input_files("main [name='paper']", files=[changed])  # type: ignore[list-item]
    secretary.locator("main form button[type=submit]").click()
    expect(secretary.locator("#id_key_0")).to_have_value("k2")
    expect(secretary.locator("#id_key_1")).to_have_value("k1")
    expect(secretary.locator("#id_key_2")).to_have_value("")
    keep(secretary, "clauses-looked-through")
    secretary.locator("main form button[type=submit]").first.click()
    secretary.locator("main a[href*='/compare/1/2/']").click()
    expect(secretary.locator("main ins").first).to_be_visible()
    keep(secretary, "versions-compared")

    calendar.turn(days=1, hours=1)
    secretary.goto(f"/decide/consultations/{code}/")
    secretary.locator("main form[action$='/move/'] button").click()

    member = open_as(federation.members[1], phone=True)
    member.goto(f"/decide/consultations/{code}/")
    member.locator("#clause-2 summary").first.click()
    member.fill("#clause-2 textarea", "零点那班请准点。")
    member.locator("#clause-2 form button").click()
    assert RECEIPT.search(member.locator("main").inner_text())

    lines = make_slips(actor=SYSTEM, now=calendar.now(), code=code, unit=federation.root)
    phone = open_as(None, phone=True, script=False)
    phone.goto("/decide/consultations/code/")
    phone.fill("main [name='code']", lines[0].code.lower())
    phone.locator("main form button").click()
    phone.locator("main [name='words_']").fill("希望周末也开。")
    keep(phone, "sheet-by-code")
    phone.locator("main form button[type=submit]").click()
    assert RECEIPT.search(phone.locator("main").inner_text())
    keep(phone, "handed-in")

    first = open_as(officer(federation, calendar, Role.BASE_OFFICER, "luru"))
    first.goto(f"/decide/consultations/{code}/paper/")
    write(first, expected="1", evidence="2026-7")
    first.locator("main form button[type=submit]").click()
    first.fill("#typed_code", lines[1].code)
    first.locator("main summary").first.click()
    first.locator("main [name='words_k2']").fill("免费要有期限。")
    first.locator("main form button[type=submit]").last.click()
    first.locator("main button[value='complete']").click()
    expect(first.locator("main form [name='words_k2']")).to_have_count(0)
    second = open_as(officer(federation, calendar, Role.BASE_OFFICER, "fulu"))
    second.goto(re.sub(r"\?.*", "", first.url))
    second.locator("main summary").first.click()
    second.locator("main [name='words_k2']").fill("免费 要有期限")
    keep(second, "paper-typed-again")
    second.locator("main form button[type=submit]").last.click()
    second.locator("main button[value='store']").click()
    assert sorted(Opinion.objects.values_list("channel", flat=True)) == ["account", "code", "paper"]

    calendar.turn(days=16)
    secretary = open_as(officer(federation, calendar, Role.SECRETARY, "mishu2"))
    secretary.goto(f"/decide/consultations/{code}/")
    secretary.locator("main form[action$='/move/'] button").click()
    expect(secretary.locator("main")).to_contain_text("零点那班请准点。")
    expect(secretary.locator("main")).to_contain_text("免费要有期限。")
    assert not Slip.objects.exists()
    keep(secretary, "consultation-closed")
