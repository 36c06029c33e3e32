"""Dividing a budget by need: computed, published, contested by a unit, asked of members, decided, paid, audited."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.factories.allocation import PERIOD, consultation, federation
from tests.journeys.story import pair, send, write
from typer.testing import CliRunner

from qiao.cli.main import app
from qiao.judge.allocation.choices import State
from qiao.judge.allocation.models import Sheet
from qiao.org.access.choices import Role
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.models import AllocationInput

pytestmark = pytest.mark.journey


def test_a_sheet_from_budget_to_audit(transactional_db: None, open_as, keep, calendar, tmp_path: Path) -> None:
    tree = federation(calendar.now())
    officer = open_as(tree.account(Role.ORG_OFFICER, "F"))

    # Begun, computed, published.
    officer.goto("/judge/allocation/new/?unit=F")
    pair(officer, "title", "困难帮扶专项", "Fund for hardship")
    officer.select_option("main [name='level']", "district")
    write(officer, year=str(calendar.now().year), budget="100000.01")
    send(officer)
    sheet = Sheet.objects.get()
    address = f"/judge/allocation/{sheet.code}/"
    send(officer, "/compute/")
    expect(officer.locator("main")).to_contain_text("D2")
    keep(officer, "allocation-computed")
    send(officer, "/publish/")

    # A unit contests a number of its own; whoever entered it does not decide, and nobody decides the sheet before.
    chief = open_as(tree.account(Role.ORG_OFFICER, "D1"))
    chief.goto("/yearbook/D1/inputs/")
    money = AllocationInput.objects.get(unit=tree["D1"], kind=InputKind.PER_MEMBER)
    chief.goto(f"/yearbook/D1/inputs/{money.pk}/contest/")
    write(chief, ground="决算是 240 元，附表可查。")
    send(chief)
    officer.goto(address)
    expect(officer.locator("main .flag").first).to_be_visible()
    keep(officer, "allocation-contested")
    second = open_as(tree.account(Role.ORG_OFFICER, "F", "second"))
    second.goto(f"/yearbook/D1/inputs/{money.pk}/decide/")
    second.check("main [name='upheld'][value='1']")
    write(second, value="240", answer="核对附表，改为 240 元。")
    send(second)
    for step in ("/compute/", "/publish/"):
        officer.goto(address)
        send(officer, step)

    # Anybody takes it home and computes it again; one figure altered is found.
    outsider = open_as(None, language="en", phone=True)
    outsider.goto(address)
    keep(outsider, "allocation-public")
    outsider.locator("main summary", has_text="Check it yourself").click()
    with outsider.expect_download() as download:
        outsider.click("main a[href$='/bundle.zip']")
    download.value.save_as(tmp_path / "sheet.zip")
    with zipfile.ZipFile(tmp_path / "sheet.zip") as archive:
        archive.extractall(tmp_path)
    table, manifest = tmp_path / "sheet.csv", tmp_path / "manifest.json"
    again = CliRunner().invoke(app, ["allocate", str(table), "--manifest", str(manifest)])
    assert again.exit_code == 0, again.output
    assert "240" in table.read_text("utf-8")
    table.write_text(table.read_text("utf-8").replace("240", "241"), encoding="utf-8")
    assert CliRunner().invoke(app, ["allocate", str(table), "--manifest", str(manifest)]).exit_code != 0

    # Members were asked and answered; another person decides, then it is paid, compared, audited.
    calendar.turn(hours=1)
    code = consultation(tree, calendar.now())
    calendar.turn(days=PERIOD.days + 1)
    officer = open_as(tree.account(Role.ORG_OFFICER, "F"))
    officer.goto(f"{address}consult/")
    write(officer, consultation=code)
    send(officer)
    executive = open_as(tree.account(Role.EXECUTIVE, "F"))
    executive.goto(f"{address}decide/")
    pair(executive, "text", "意见均支持现行权重。", "Opinions support the weights in force.")
    send(executive)
    expect(executive.locator("main")).to_contain_text("意见均支持现行权重。")
    assert executive.goto(f"{address}audit/").status == 403, "whoever decides does not audit"
    calendar.turn(days=3)
    officer = open_as(tree.account(Role.ORG_OFFICER, "F"))
    officer.goto(f"{address}pay/")
    write(officer, day=(calendar.now() - timedelta(days=1)).date().isoformat(), different="D3, 50.00, 账户有误，待补")
    send(officer)
    officer.goto(address)
    send(officer, "/compare/")
    auditor = open_as(tree.account(Role.AUDITOR, "F"))
    auditor.goto(f"{address}audit/")
    pair(auditor, "text", "账实相符，一笔待补。", "Accounts agree, one payment is outstanding.")
    send(auditor)
    outsider.goto(address)
    expect(outsider.locator("main")).to_contain_text("Accounts agree, one payment is outstanding.")
    expect(outsider.locator("main")).to_contain_text("账户有误，待补")
    keep(outsider, "allocation-audited")
    sheet.refresh_from_db()
    assert sheet.state == State.AUDITED
