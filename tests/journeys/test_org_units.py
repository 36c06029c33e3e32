"""A union from a proposal on a phone to the tree of an earlier day; an auditor from the log to a proof by hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import RECEIPT

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.ledger import log
from qiao.base.models import LedgerLeaf
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.choices import Relation, UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit, link_sector

pytestmark = pytest.mark.journey
Keep = Callable[[Page, str], None]


def found(calendar: Calendar, kind: UnitKind, label: str, name: tuple[str, str], parent: Unit) -> Unit:
    return found_unit(
        actor=SYSTEM, now=calendar.now(), kind=kind, name=localized(*name), label=label, parent=parent,
        founded=date(2001, 1, 1),
    )  # fmt: skip


def officer(calendar: Calendar, name: str, role: Role, unit: Unit) -> Account:
    account = open_account(
        actor=SYSTEM,
        now=calendar.now(),
        email=f"{name[0].encode().hex()}{role.value}{ord(name[-1])}@lx.example",
        display_name=name,
    )
    grant_role(actor=SYSTEM, now=calendar.now(), account=account, role=role, unit=unit, since=date(2001, 1, 1))
    return account


def propose(phone: Page, calendar: Calendar, above: Unit, name: str) -> str:
    """Propose a base union; the number of the receipt."""
    phone.goto(f"/units/{above.label}/propose/")
    phone.locator("[name=name_zh_hans]").fill(name)
    phone.locator("[name=employers]").fill("溪口快运有限公司")
    phone.locator("[name=headcount]").fill("60")
    phone.locator("[name=founders]").fill("8")
    phone.locator("[name=prepares]").fill("栎知夏")
    phone.locator("[name=planned]").fill(calendar.day(40))
    phone.locator("main form[method=post] button.button").first.click()
    number = RECEIPT.search(phone.get_by_role("status").inner_text())
    assert number
    return number[0]


def press(page: Page) -> None:
    """The main button of the page's form."""
    page.locator("main form[method=post] button.button").first.click()


def test_a_union_is_proposed_refused_appealed_and_another_is_approved(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Keep, tmp_path: Path
) -> None:
    district = found(calendar, UnitKind.DISTRICT, "LX-D1", ("清溪区总工会", "Qingxi District"), federation.root)
    hub = found(calendar, UnitKind.HUB, "LX-D1-H1", ("溪口街道工会", "Xikou Street Union"), district)
    sector = found(calendar, UnitKind.SECTOR, "LX-S1", ("快运行业工会", "Couriers' Union"), federation.root)
    link_sector(
        actor=SYSTEM, now=calendar.now(), unit=hub, above=sector, relation=Relation.GUIDES, since=date(2010, 1, 1)
    )
    first = officer(calendar, "区甲", Role.ORG_OFFICER, district)
    second = officer(calendar, "区乙", Role.ORG_OFFICER, district)
    chair = officer(calendar, "栎长风", Role.BASE_CHAIR, federation.works[0])

    phone = open_as(chair, phone=True, script=False)
    receipt = propose(phone, calendar, hub, "溪口快运工会")
    keep(phone, "units-proposed")
    proposal = phone.url

    refuser = open_as(first)
    refuser.goto("/desk/")
    refuser.get_by_role("link", name="溪口快运工会").first.click()
    refuser.get_by_role("link", name="说明理由不予批准").click()
    press(refuser)
    refuser.locator("[name=reason]").fill("已有联合基层工会。")
    press(refuser)
    keep(refuser, "units-refused")

    # The receipt alone, as on another telephone, says that and why it was refused.
    other = open_as(None, phone=True, script=False)
    other.goto(f"/receipt/?number={receipt}")
    expect(other.get_by_role("main")).to_contain_text("已有联合基层工会。")
    keep(other, "units-receipt")

    phone.goto(proposal)
    phone.locator("a[href$='/appeal/']").click()
    phone.locator("[name=ground]").fill("联合基层工会不覆盖骑手。")
    press(phone)
    appealed = RECEIPT.search(phone.get_by_role("status").inner_text())
    assert appealed
    appeal = re.search(r"/appeals/([\w-]+)/", phone.url)
    assert appeal
    other.goto(f"/appeals/receipt/?number={appealed[0]}")
    expect(other.get_by_role("main")).to_contain_text("联合基层工会不覆盖骑手。")
    keep(other, "units-appeal-by-receipt")

    # Who refused has no say in it; the other officer decides.
    refuser.goto(f"/appeals/{appeal[1]}/")
    expect(refuser.locator("[name=reason]")).to_have_count(0)
    decider = open_as(second)
    decider.goto(f"/appeals/{appeal[1]}/")
    decider.locator("[name=upheld][value=yes]").check()
    decider.locator("[name=reason]").fill("骑手有权组建自己的工会。")
    decider.locator("main form", has=decider.locator("[name=reason]")).locator("button.button").click()
    other.reload()
    expect(other.get_by_role("main")).to_contain_text("骑手有权组建自己的工会。")
    keep(other, "units-appeal-decided")

    # A second proposal goes the whole way.
    propose(phone, calendar, hub, "溪口仓储工会")
    second_proposal = phone.url
    decider.goto(second_proposal.replace(phone.url.split("/units/")[0], ""))
    press(decider)
    phone.goto(second_proposal)
    phone.locator("a[href$='/prepared/']").click()
    phone.locator("[name=members]").fill("30")
    press(phone)
    decider.reload()
    decider.locator("a[href$='/approve/']").click()
    decider.locator("[name=label]").fill("LX-D1-H1-B1")
    press(decider)
    expect(decider.get_by_role("heading", level=1)).to_contain_text("溪口仓储工会")
    keep(decider, "units-approved")

    # The tree: today, on a day before, and by sector; then as a workbook.
    public = open_as(None)
    public.goto("/units/LX-D1-H1/")
    expect(public.get_by_role("main")).to_contain_text("溪口仓储工会")
    expect(public.get_by_role("main")).not_to_contain_text("溪口快运工会")
    public.goto("/units/LX-D1-H1/?on=2015-06-01")
    expect(public.get_by_role("main")).not_to_contain_text("溪口仓储工会")
    keep(public, "units-earlier-day")
    public.goto("/units/LX-S1/?axis=sector&on=2015-06-01")
    expect(public.get_by_role("link", name="溪口街道工会")).to_be_visible()
    public.goto("/units/LX-S1/?axis=sector&on=2005-06-01")
    expect(public.get_by_role("link", name="溪口街道工会")).to_have_count(0)
    keep(public, "units-sector")

    public.goto("/units/")
    with public.expect_download() as kept:
        public.get_by_role("link", name="Excel").click()
    kept.value.save_as(tmp_path / "tree.xlsx")
    cells = {
        str(cell) for row in load_workbook(tmp_path / "tree.xlsx").worksheets[0].iter_rows(values_only=True)
        for cell in row
    }  # fmt: skip
    assert {"LX-D1-H1-B1", "LX-D1-H1", "LX-S1", "溪口仓储工会"} <= cells
    assert "溪口快运工会" not in cells


def test_an_auditor_reads_the_log_and_proves_an_entry(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Keep, tmp_path: Path
) -> None:
    found(calendar, UnitKind.DISTRICT, "LX-D1", ("清溪区总工会", "Qingxi District"), federation.root)
    before = LedgerLeaf.objects.count()
    for number in range(3):
        log.append(kind="decision.taken", code=f"D-100{number}", content={"text": f"决定{number}"}, now=calendar.now())
    log.sign_head(now=calendar.now())

    auditor = open_as(federation.offices[Role.AUDITOR])
    auditor.goto("/desk/audit/")
    expect(auditor.get_by_role("cell", name="LX-D1", exact=True)).to_be_visible()
    auditor.locator("[name=kind]").select_option("unit")
    auditor.locator("[name=day]").fill(calendar.day())
    auditor.get_by_role("button", name="显示").click()
    rows = auditor.locator("tbody tr")
    expect(rows.first).to_be_visible()
    assert all("LX" in text for text in rows.all_inner_texts())
    keep(auditor, "audit-filtered")
    auditor.locator("[name=day]").fill(calendar.day(-3))
    auditor.get_by_role("button", name="显示").click()
    expect(rows).to_have_count(0)

    auditor.goto("/ledger/")
    auditor.locator("[name=find]").fill("D-1001")
    auditor.locator("main form button").first.click()
    auditor.locator("main ul.rows a").first.click()
    expect(auditor.get_by_role("main")).to_contain_text("决定1")
    shown = auditor.locator("dl.facts code").all_inner_texts()
    auditor.locator("summary").click()
    path = auditor.locator("details li code").all_inner_texts()
    keep(auditor, "ledger-proof")
    assert proves(shown[0], path, index=int(auditor.url.rstrip("/").split("/")[-1]), size=3 + before, root=shown[1])

    auditor.goto("/ledger/")
    with auditor.expect_download() as kept:
        auditor.locator("a[download]").click()
    export = tmp_path / "qiao-ledger.json"
    kept.value.save_as(export)
    assert verify(export).returncode == 0
    text = export.read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace("决定1", "决定9").replace(json.dumps("决定1")[1:-1], json.dumps("决定9")[1:-1]),
                       encoding="utf-8")  # fmt: skip
    assert changed.read_text(encoding="utf-8") != text
    refused = verify(changed)
    assert refused.returncode == 2
    assert "changed.json" in refused.stdout + refused.stderr


def verify(export: Path) -> subprocess.CompletedProcess[str]:
    """What ``qiao verify`` says of a file, on a computer that knows nothing of the installation."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(export.parent), "QIAO_HOME": str(export.parent / "home")}
    return subprocess.run(
        [str(Path(sys.executable).with_name("qiao")), "verify", str(export)],
        capture_output=True, text=True, env=bare, timeout=60, check=False,
    )  # fmt: skip


def proves(leaf: str, path: list[str], *, index: int, size: int, root: str) -> bool:
    """Compute the root from an entry by hand (RFC 9162, section 2.1.3.2)."""
    from hashlib import sha256

    node, last, at = bytes.fromhex(leaf), size - 1, index
    for step in path:
        if at % 2 or at == last:
            node = sha256(b"\1" + bytes.fromhex(step) + node).digest()
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + bytes.fromhex(step)).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and node.hex() == root
