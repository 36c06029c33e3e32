"""From the close to a figure anybody can check: owner, analyst, the public with a telephone."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, expect
from tests.factories.hear import workbook
from tests.journeys.ground import Calendar, Federation
from tests.journeys.story import Keep, Opener, Story, send
from typer.testing import CliRunner

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.cli.main import app
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Invitation
from qiao.hear.surveys.queries import POINTS, round_by_code
from qiao.org.access.choices import Role

pytestmark = pytest.mark.journey


@pytest.fixture
def story(federation: Federation, calendar: Calendar, open_as: Opener, keep: Keep, tmp_path: Path) -> Story:
    return Story(federation, calendar, open_as, keep, tmp_path)


def test_results_from_the_close_to_the_proof(story: Story) -> None:
    """The round is closed, weighted and published; a visitor reads it, takes every file, and checks the figures."""
    code = answered_round(story)
    story.calendar.turn(days=11)
    owner = story.officer(Role.SURVEY_OWNER)
    owner.goto(f"/hear/surveys/{code}/")
    for fold in owner.locator("main details:has(form[action$='/close/']) > summary").all():
        fold.click()
    send(owner, "/close/")
    analyst = story.officer(Role.ANALYST)
    analyst.goto(f"/hear/surveys/{code}/weights/")
    expect(analyst.locator("main")).to_contain_text("effective answers")
    send(analyst)
    expect(analyst.locator("main table").first).to_contain_text("38")
    story.shoot(analyst, "weights")
    owner.goto(f"/hear/surveys/{code}/weights/")
    send(owner, "/publish/")

    visitor = story.public(language="zh-hans")
    visitor.goto(f"/hear/surveys/{code}/report/")
    expect(visitor.locator("main")).to_contain_text("应答率")
    story.shoot(visitor, "report")
    public = {name: taken(visitor, story, name) for name in ("report.pdf", "report.docx", "report.xlsx", "bundle.zip")}
    assert public["report.pdf"].read_bytes()[:5] == b"%PDF-"
    assert len(docx.Document(str(public["report.docx"])).tables) > 1
    assert "ws_shift" in openpyxl.load_workbook(public["report.xlsx"]).sheetnames
    assert verified(public["bundle.zip"], 0, "single answers are never public")

    analyst.goto(f"/hear/surveys/{code}/report/full/")
    whole = taken(analyst, story, "bundle.zip")
    assert verified(whole, 0, "computed again")
    assert verified(changed(whole, story.folder / "changed.zip"), 2, "figures.csv, row 2, column value")


def answered_round(story: Story) -> str:
    """A round in the field that 60 of 76 have answered."""
    federation, now = story.federation, story.calendar.now()
    owner = federation.actor(Role.SURVEY_OWNER, now)
    version = services.upload_questionnaire(
        actor=owner, now=now, unit=federation.root, title=localized("需求问卷", "Needs questionnaire"),
        file_name="needs.xlsx", content=workbook(),
    )  # fmt: skip
    survey = services.plan_round(
        actor=owner, now=now, version=version, unit=federation.root, title=localized("夜班调查", "Survey of nights"),
        asked="census", opens=now, closes=now + timedelta(days=10),
        purpose=localized("了解夜班困难", "To learn what is hard at night"),
    )  # fmt: skip
    held = {key: True for key, _label in POINTS}
    services.pass_plan(actor=federation.actor(Role.DPO, now), now=now, code=survey.code, points=held)
    services.draw_round(actor=federation.actor(Role.SAMPLE_DRAWER, now), now=now, code=survey.code)
    services.open_round(actor=owner, now=now, code=survey.code)
    survey = round_by_code(survey.code)
    invited = list(Invitation.objects.filter(round=survey).order_by("person_id")[:60])
    services.store_many(
        actor=SYSTEM, now=now, survey=survey,
        answers=[
            (row.pk, {"ws_shift": "night" if k % 4 < 2 else "day", "need_first": ["bus" if k % 4 < 2 else "pay"]})
            for k, row in enumerate(invited)
        ],
    )  # fmt: skip
    return survey.code


def taken(page: Page, story: Story, name: str) -> Path:
    """A file of the report, by its link on the page."""
    with page.expect_download() as coming:
        page.locator(f"main a[href$='/{name}']").first.click()
    path = story.folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def verified(path: Path, exit_code: int, words: str) -> bool:
    """Whether ``qiao verify`` ends so and says this."""
    told = CliRunner().invoke(app, ["verify", str(path), "--format", "csv"])
    said = told.stdout + told.stderr
    assert told.exit_code == exit_code, said
    assert words in said, said
    return True


def changed(path: Path, target: Path) -> Path:
    """The bundle with another first figure in its table."""
    with zipfile.ZipFile(path) as pack, zipfile.ZipFile(target, "w") as other:
        for name in pack.namelist():
            content = pack.read(name)
            if name.endswith("figures.csv"):
                stream = io.StringIO(content.decode("utf-8-sig"), newline="")
                head, first, *rest = stream.read().split("\r\n")
                cells = first.split(",")
                cells[head.split(",").index("value")] = "0.99"
                content = "\r\n".join([head, ",".join(cells), *rest]).encode("utf-8-sig")
            other.writestr(name, content)
    return target
