"""From a budget to an audited sheet: inputs, the order of steps, who may take which, what the public can check."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client
from tests.factories.allocation import (
    PERIOD,
    computed,
    consultation,
    consulted,
    decided,
    drafted,
    federation,
    published,
)
from tests.factories.org import Tree
from typer.testing import CliRunner

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.cli.main import app
from qiao.judge.allocation import queries, services
from qiao.judge.allocation.choices import Level, State
from qiao.judge.allocation.models import Sheet, SheetLine
from qiao.org.access.choices import Role
from qiao.org.settings.services import set_value
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.models import AllocationInput
from qiao.org.yearbook.services import contest_input, decide_contest

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(now: object, db: None) -> Tree:
    return federation(now)  # type: ignore[arg-type]


def officer(tree: Tree) -> Actor:
    return tree.officer(Role.ORG_OFFICER, "F")


def test_inputs_are_gathered_with_their_sources_and_what_is_missing_is_marked(tree: Tree) -> None:
    rows, _days = queries.gather(tree["F"], Level.DISTRICT)
    found = {row.line.unit: row for row in rows}
    assert sorted(found) == ["D1", "D2", "D3"]
    assert [found[label].line.members for label in ("D1", "D2", "D3")] == [6, 12, 5], "fewer than five are not told"
    assert found["D3"].raised
    assert not found["D1"].raised
    assert found["D1"].line.inputs["remoteness_minutes"] == 20
    assert found["D3"].line.inputs["remoteness_minutes"] is None
    assert found["D1"].line.inputs["open_cases_per_1000"] is None, "fewer than ten cases are not told"
    assert found["D1"].sources["remoteness_minutes"] == {"day": "2026-01-01", "source": "年度决算"}


def test_the_amounts_sum_to_the_budget_and_follow_the_formula(tree: Tree) -> None:
    sheet = computed(tree)
    lines = {line.label: line for line in SheetLine.objects.filter(sheet=sheet)}
    assert sum(line.amount for line in lines.values()) == sheet.budget
    # Ranks by hand: way 0, 1, 1/2 (median); money 0, 1, 1/2; all else is missing everywhere: 1/2 each.
    for label, rank in (("D1", 0.0), ("D2", 1.0), ("D3", 0.5)):
        assert lines[label].need == pytest.approx(0.75 * 0.5 + 0.25 * rank)
    mass = {"D1": 0.375 * 6, "D2": 0.625 * 12, "D3": 0.5 * 5}
    for label, line in lines.items():
        assert line.share == pytest.approx(mass[label] / sum(mass.values()))
        assert line.least <= line.amount <= line.most
    assert sheet.figures["missing"]["aid_files_per_1000"] == 3


def test_anybody_recomputes_the_published_sheet(tree: Tree, tmp_path: Path) -> None:
    sheet = published(tree)
    answer = Client().get(f"/judge/allocation/{sheet.code}/bundle.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    terms = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert terms["sha256"] == sheet.sha256
    entry = LedgerLeaf.objects.get(kind="allocation.published")
    assert sheet.sha256 in entry.payload
    run = CliRunner().invoke(
        app, ["allocate", str(tmp_path / "sheet.csv"), "--manifest", str(tmp_path / "manifest.json")]
    )
    assert run.exit_code == 0, run.output
    assert "every amount agrees" in run.stderr


def test_the_whole_way(tree: Tree) -> None:
    sheet = decided(tree)
    later = tree.now + 3 * PERIOD
    services.pay_sheet(
        actor=officer(tree), now=later, code=sheet.code, day=later.date(), different={"D3": (5_000, "银行退回一笔")}
    )
    sheet = services.compare_sheet(actor=officer(tree), now=later, code=sheet.code)
    assert sheet.comparison["different"] == 1
    sheet = services.audit_sheet(
        actor=tree.officer(Role.AUDITOR, "F"),
        now=later,
        code=sheet.code,
        finding=localized("账实相符", "Accounts agree"),
    )
    assert sheet.state == State.AUDITED
    page = Client(headers={"accept-language": "en"}).get(f"/judge/allocation/{sheet.code}/").content.decode()
    assert "Accounts agree" in page
    assert "银行退回一笔" in page
    kinds = LedgerLeaf.objects.filter(code=sheet.code).order_by("index").values_list("kind", flat=True)
    assert list(kinds) == [f"allocation.{step}" for step in ("published", "decided", "compared", "audited")]


def test_next_year_begins_from_what_was_paid_and_keeps_the_limit(tree: Tree) -> None:
    sheet = decided(tree, year=2025)
    next_one = computed(tree, year=2026)
    assert next_one.before_code == sheet.code
    before = {line.label: line.share for line in SheetLine.objects.filter(sheet=sheet)}
    for line in SheetLine.objects.filter(sheet=next_one):
        assert 0.85 - 1e-6 <= line.share / before[line.label] <= 1.15 + 1e-6


def test_one_computes_another_decides_a_third_closes(tree: Tree) -> None:
    sheet = consulted(tree)
    for role in (Role.ORG_OFFICER, Role.AUDITOR):
        with pytest.raises(Refused):
            services.decide_sheet(
                actor=tree.officer(role, "F"), now=tree.now, code=sheet.code, ground=localized("同意", "Agreed")
            )
    Sheet.objects.filter(pk=sheet.pk).update(computed_by=tree.account(Role.EXECUTIVE, "F"))
    with pytest.raises(Problem, match="somebody else decides"):
        services.decide_sheet(
            actor=tree.officer(Role.EXECUTIVE, "F"), now=tree.now, code=sheet.code, ground=localized("同意", "Agreed")
        )
    with pytest.raises(DatabaseError), atomic():
        Sheet.objects.filter(pk=sheet.pk).update(decided_by=tree.account(Role.EXECUTIVE, "F"))


def test_a_district_divides_only_below_itself(tree: Tree) -> None:
    with pytest.raises(Refused):
        services.draft_sheet(
            actor=tree.officer(Role.ORG_OFFICER, "D1"), now=tree.now, unit=tree["F"], level=Level.DISTRICT, year=2026,
            title=localized("分配", "Fund"), budget=100,
        )  # fmt: skip
    sheet = computed(tree)
    assert Client().get(f"/judge/allocation/{sheet.code}/").status_code == 404, (
        "nothing is public before it is published"
    )
    assert tree.client(Role.ORG_OFFICER, "D1").get(f"/judge/allocation/{sheet.code}/").status_code == 404
    assert tree.client(Role.EXECUTIVE, "F").get(f"/judge/allocation/{sheet.code}/").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": 2020}, "the year before, this year or the next"),
        ({"budget": 0}, "above 0"),
        ({"title": {}}, "title"),
        ({"unit": "B1"}, "no units below"),
        ({"unit": "H1", "level": Level.DISTRICT}, "No unit of this level"),
    ],
)
def test_bad_drafts_are_refused(tree: Tree, given: dict[str, object], said: str) -> None:
    wanted: dict[str, object] = {
        "unit": "F", "level": Level.DISTRICT, "year": 2026, "title": localized("分配", "Fund"), "budget": 100
    } | given  # fmt: skip
    wanted["unit"] = tree[str(wanted["unit"])]
    with pytest.raises(Problem, match=said):
        services.draft_sheet(actor=officer(tree), now=tree.now, **wanted)  # type: ignore[arg-type]
    assert not Sheet.objects.exists()


def test_weights_that_do_not_sum_to_one_are_not_computable(tree: Tree) -> None:
    set_value(
        actor=SYSTEM, now=tree.now, setting_key="alloc.weight.1", unit=tree["F"], value=0.5, since=tree.now.date(),
        reason="试",
    )  # fmt: skip
    with pytest.raises(Problem, match=r"sum to 1\.3"):
        drafted(tree)


def test_a_form_sent_twice_makes_one_sheet_and_a_second_one_is_refused(tree: Tree) -> None:
    assert drafted(tree).pk == drafted(tree).pk
    with pytest.raises(Problem, match="already"):
        drafted(tree, budget=77)


def test_contested_inputs_come_first_and_change_the_sheet(tree: Tree) -> None:
    sheet = consulted(tree)
    held = AllocationInput.objects.get(unit=tree["D1"], kind=InputKind.REMOTENESS)
    contest_input(actor=tree.officer(Role.ORG_OFFICER, "D1"), now=tree.now, input_id=held.pk, ground="公交停运")
    with pytest.raises(Problem, match="1 inputs are contested"):
        services.decide_sheet(
            actor=tree.officer(Role.EXECUTIVE, "F"), now=tree.now, code=sheet.code, ground=localized("同意", "Agreed")
        )
    decide_contest(
        actor=tree.officer(Role.ORG_OFFICER, "F", "another"), now=tree.now, input_id=held.pk, upheld=True,
        answer="核实属实", value=Decimal(90),
    )  # fmt: skip
    sheet = services.compute_sheet(actor=officer(tree), now=tree.now, code=sheet.code)
    assert (sheet.state, sheet.sha256, sheet.consultation_code) == (State.COMPUTED, "", "")
    assert SheetLine.objects.get(sheet=sheet, label="D1").need > 0.375


def test_a_consultation_from_before_or_without_answers_does_not_count(tree: Tree) -> None:
    early = consultation(tree, tree.now - timedelta(days=1))
    sheet = published(tree)
    running = consultation(tree, tree.now + timedelta(hours=1), answered=False)
    for code, said in ((early, "before the sheet"), (running, "Not every opinion"), ("C-1", "no consultation")):
        with pytest.raises(Problem, match=said):
            services.consult_sheet(actor=officer(tree), now=tree.now, code=sheet.code, consultation_code=code)


def test_what_was_paid_differently_needs_a_unit_of_the_sheet_and_a_reason(tree: Tree) -> None:
    sheet = decided(tree)
    with pytest.raises(Problems) as caught:
        services.pay_sheet(
            actor=officer(tree), now=tree.now + 2 * PERIOD, code=sheet.code, day=(tree.now + 2 * PERIOD).date(),
            different={"D9": (1, "x"), "D1": (1, " ")},
        )  # fmt: skip
    assert len(caught.value.faults) == 2
    with pytest.raises(Problem, match="between the decision and today"):
        services.pay_sheet(
            actor=officer(tree), now=tree.now + 2 * PERIOD, code=sheet.code, day=date(2020, 1, 1), different={}
        )
    assert not SheetLine.objects.filter(sheet=sheet, paid__isnull=False).exists()


def test_a_decided_line_cannot_be_changed_even_in_the_database(tree: Tree) -> None:
    line = SheetLine.objects.filter(sheet=decided(tree)).first()
    assert line is not None
    for change in ({"amount": 1}, {"members": 99}):
        with pytest.raises(DatabaseError, match="stay as they are"), atomic():
            SheetLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError, match="stay as they are"), atomic():
        line.delete()


def test_officers_do_it_all_in_the_browser(tree: Tree) -> None:
    browser = tree.client(Role.ORG_OFFICER, "F")
    made = browser.post(
        "/judge/allocation/new/",
        {
            "unit": "F",
            "level": "district",
            "year": "2026",
            "title_zh_hans": "专项资金",
            "title_en": "Fund",
            "budget": "1000.50",
        },
    )
    address = made.headers["Location"]
    sheet = Sheet.objects.get()
    assert sheet.budget == 100_050
    for step in ("compute", "publish"):
        browser.post(f"{address}{step}/")
    page = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert "D2 Union" in page
    assert "Gini" in page
    assert browser.get(f"{address}pay/").status_code == 404, "nothing is decided yet"
    sheet = consulted_from(tree, sheet)
    chief = tree.client(Role.EXECUTIVE, "F")
    assert "Decide on the sheet" in chief.get(address).content.decode()
    assert "Decide on the sheet" not in browser.get(address).content.decode()
    assert chief.post(f"{address}decide/", {"text_zh_hans": "", "text_en": ""}).status_code == 422


def consulted_from(tree: Tree, sheet: Sheet) -> Sheet:
    sheet.refresh_from_db()
    Sheet.objects.filter(pk=sheet.pk).update(published=tree.now)
    code = consultation(tree, tree.now + timedelta(hours=1))
    return services.consult_sheet(
        actor=officer(tree), now=tree.now + 2 * PERIOD, code=sheet.code, consultation_code=code
    )


def test_lines_paid_differently_are_read_from_text(tree: Tree) -> None:
    from qiao.judge.allocation.forms import PaidForm

    form = PaidForm({"day": "2026-05-11", "different": "D1, 12.50, 退回\nD2 7 改户\nD3，8，账户有误，待补\n\n"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["different"] == {"D1": (1250, "退回"), "D2": (700, "改户"), "D3": (800, "账户有误，待补")}
    bad = PaidForm({"day": "2026-05-11", "different": "D1, viel, x\nD2\nD3, 1.234, y"})
    assert not bad.is_valid()
    assert len(bad.errors["different"]) == 3
