"""What a round publishes: figures by group, amounts, rankings, what stays hidden, and the files of the report."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

import docx
import openpyxl
import pytest
from django.test import Client
from django.utils.translation import override

from qiao.base.access import SYSTEM, Refused
from qiao.base.problems import Problem
from qiao.base.telling import Message
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.models import Round
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from tests.factories.hear import DAY, Town, closed_round, fill, make_town, open_round, upload, workbook

SURVEY = (
    ("type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant"),
    ("select_one shift", "ws_shift", "班次？", "Shift?", "yes", ""),
    ("select_multiple needs", "need_first", "最需要什么？", "@What is needed?", "yes", ""),
    ("rank needs", "order", "排序", "Put in order", "", ""),
    ("integer", "hours", "加班几小时？", "Hours of overtime?", "", "${ws_shift} = 'night'"),
    ("select_one shift", "late", "晚班？", "Late?", "", "${ws_shift} = 'night'"),
    ("begin_repeat", "kids", "孩子", "Children", "", ""),
    ("integer", "age", "年龄", "Age", "", ""),
    ("end_repeat", "", "", "", "", ""),
)  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Pages asked for in English leave the language behind: not into the next test."""
    with override("en"):
        yield


@pytest.fixture
def big(db: None, now: datetime) -> Town:
    return make_town(now, members=160)


def answers(nights: int, days: int) -> list[dict[str, object]]:
    """Nights work 10 hours over, want the bus and put it first; days want pay."""
    order = ["bus", "pay", "legal", "culture"]
    made: list[dict[str, object]] = [
        {"ws_shift": "night", "need_first": ["bus"], "order": order, "hours": 8 + k % 5, "late": "night",
         "kids": [{"age": 3}, {"age": 9}]}
        for k in range(nights)
    ]  # fmt: skip
    return made + [
        {"ws_shift": "day", "need_first": ["pay"], "order": ["pay", "bus", "legal", "culture"], "kids": []}
        for _ in range(days)
    ]


def published(town: Town, given: list[dict[str, object]], **wanted: object) -> Round:
    from qiao.hear.surveys.queries import version_by_id

    version = version_by_id(upload(town, workbook(SURVEY)))
    return closed_round(town, given, version=version, **wanted)


def test_amounts_rankings_and_repeats_are_figures_too(big: Town) -> None:
    survey = published(big, answers(30, 50))
    by_name = {one["name"]: one for one in survey.results["questions"]}
    order = by_name["order"]
    assert order["kind"] == "rank"
    bus = next(option for option in order["options"] if option["name"] == "bus")
    assert bus["cells"][0][0] == pytest.approx(30 / 80, abs=0.02)
    assert 1 < bus["mean_place"][0][0] < 2
    numbers = {one["name"]: one for one in survey.results["numbers"]}
    mean, lower, upper, n = numbers["hours"]["cells"][0]
    assert n == 30
    assert lower <= mean <= upper
    assert mean == pytest.approx(10, abs=0.3)
    assert numbers["hours"]["medians"][0][0] == 10
    assert numbers["kids"]["cells"][0][0] == pytest.approx(2 * 30 / 80, abs=0.05)
    keys = [group["key"] for group in survey.results["groups"]]
    assert {"stratum:T-D1", "employment:agency", "ws_shift:night"} <= set(keys)
    need = by_name["need_first"]
    share = next(o for o in need["options"] if o["name"] == "bus")["cells"][1 + keys.index("ws_shift:night")][0]
    assert share == 1


def test_a_question_on_the_condition_of_a_hidden_answer_is_hidden(big: Town) -> None:
    survey = published(big, answers(3, 60))
    by_name = {one["name"]: one for one in survey.results["questions"]}
    assert [option["cells"][0][0] for option in by_name["ws_shift"]["options"]] == [None, None]
    assert by_name["late"]["n"] is None
    assert {one["name"]: one["n"] for one in survey.results["numbers"]}["hours"] is None
    assert not queries.is_shown(survey.results, "late", "night")
    assert queries.is_shown(survey.results, "order", "pay") is False


def test_sensitive_questions_hide_more(big: Town) -> None:
    from qiao.hear.surveys.models import PrivacyCheck

    first = published(big, answers(8, 60))
    assert queries.is_shown(first.results, "ws_shift", "night")
    survey = open_round(big)
    PrivacyCheck.objects.filter(round=survey).update(sensitive=["ws_shift"])
    fill(big, survey, [{"ws_shift": "night" if k < 8 else "day", "need_first": ["pay"]} for k in range(70)])
    owner = big.actor(Role.SURVEY_OWNER)
    services.close_round(actor=owner, now=survey.closes, code=survey.code)
    survey = services.publish_results(actor=owner, now=survey.closes, code=survey.code)
    assert not queries.is_shown(survey.results, "ws_shift", "night")
    assert not any(group["key"].startswith("ws_shift") for group in survey.results["groups"])


def test_pages_and_files_of_the_report(big: Town) -> None:
    survey = published(big, answers(30, 50))
    visitor = Client(headers={"accept-language": "en"})
    page = visitor.get(f"/hear/surveys/{survey.code}/report/").content.decode()
    assert "80 answered this question" in page
    assert "Response rate" in page
    assert visitor.get(f"/hear/surveys/{survey.code}/report/full/").status_code in {302, 403}
    pdf = visitor.get(f"/hear/surveys/{survey.code}/report/report.pdf")
    assert pdf.content[:5] == b"%PDF-" or pdf.status_code == 302
    document = docx.Document(io.BytesIO(visitor.get(f"/hear/surveys/{survey.code}/report/report.docx").content))
    assert len(document.tables) > 5
    pictures = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert pictures
    assert all("%" in text or "(" in text for text in pictures)
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"/hear/surveys/{survey.code}/report/report.xlsx").content))
    assert {"ws_shift", "need_first", "order", "hours", "late", "kids"} <= set(book.sheetnames)
    assert book["need_first"]["A1"].value == "'@What is needed?"
    notes = {row[0].value for row in book.worksheets[0].iter_rows()}
    assert {"Valid answers", "Population", "Response rate"} <= notes
    for name in ("figures.csv", "nothing.csv"):
        assert visitor.get(f"/hear/surveys/{survey.code}/report/{name}").status_code == 404
    text = (queries.frozen_folder(survey.code) / "figures.csv").read_text(encoding="utf-8-sig")
    assert ",@What" not in text


def test_volunteers_are_said_to_be_volunteers_and_stand_for_nobody(big: Town) -> None:
    survey = open_round(big, asked="volunteers")
    for _ in range(40):
        assert services.take_answer(now=big.now, round_id=survey.pk, values={"ws_shift": "day", "need_first": ["pay"]})
    owner = big.actor(Role.SURVEY_OWNER)
    services.close_round(actor=owner, now=survey.closes, code=survey.code)
    survey = services.publish_results(actor=owner, now=survey.closes, code=survey.code)
    assert survey.weighting["volunteers"] is True
    cells = [cell for question in survey.results["questions"] for option in question["options"]
             for cell in option["cells"]]  # fmt: skip
    assert {(cell[1], cell[2]) for cell in cells} == {(None, None)}
    page = Client(headers={"accept-language": "en"}).get(f"/hear/surveys/{survey.code}/report/").content.decode()
    assert "Volunteers, not representative" in page
    assert "Population" not in page


def test_who_was_invited_is_told_once_whether_or_not_they_answered(
    big: Town, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiao.base import telling

    survey = published(big, answers(20, 30))
    account = big.member_account(0)
    told: list[Message] = []
    monkeypatch.setattr(telling, "_TELLERS", [lambda message, moment: told.append(message)])
    assert services.tell_results(now=now, code=survey.code) == 1
    assert [message.person_id for message in told] == [account.person_id]
    assert services.tell_results(now=now, code=survey.code) == 0


def test_the_public_bundle_holds_no_answers(big: Town) -> None:
    survey = published(big, answers(30, 50))
    visitor = Client(headers={"accept-language": "en"})
    pack = zipfile.ZipFile(
        io.BytesIO(visitor.get(f"/hear/surveys/{survey.code}/report/bundle.zip").content)
    )  # fmt: skip
    names = {name.partition("/")[2] for name in pack.namelist()}
    assert {"figures.csv", "results.json", "codebook.csv", "round.json", "manifest.json", "bundle.json"} <= names
    assert not {"answers.parquet", "rows.parquet", "weighting.json"} & names
    assert "ledger.json" in names


def test_only_who_may_reads_the_full_report(big: Town) -> None:
    survey = published(big, answers(30, 50))
    with pytest.raises(Refused):
        services.weight_round(actor=actor_for(big.member_account(1), big.now.date()), now=big.now, code=survey.code)
    client = Client(headers={"accept-language": "en"})
    client.force_login(big.account(Role.ANALYST))
    page = client.get(f"/hear/surveys/{survey.code}/report/full/")
    assert page.status_code == 200
    assert "Effective answers before and after the fit" in page.content.decode()


def test_a_closed_round_waits_for_its_weights_but_not_for_ever(big: Town, now: datetime) -> None:
    survey = open_round(big)
    fill(big, survey, [{"ws_shift": "day", "need_first": ["pay"]}] * 60)
    survey = services.close_round(actor=SYSTEM, now=survey.closes, code=survey.code)
    assert queries.due_rounds(survey.closes) == []
    assert queries.due_rounds(survey.closes + 8 * DAY) == [survey.code]
    with pytest.raises(Problem, match="no such way"):
        services.weight_round(actor=big.actor(Role.ANALYST), now=survey.closes, code=survey.code, method="x")
