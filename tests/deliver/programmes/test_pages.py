from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from tests.factories import deliver as make
from tests.factories.deliver import Ground

from qiao.base.i18n import localized
from qiao.base.lineage import link
from qiao.deliver.programmes import exports, queries, services
from qiao.deliver.programmes.models import DeadlineChange, Milestone, Project, Report
from qiao.deliver.programmes.queries import BoardFilter


def reader() -> Client:
    return Client(headers={"accept-language": "en"})


def words(field: str, text: str) -> dict[str, str]:
    return {f"{field}_zh_hans": text, f"{field}_en": ""}


def test_the_executive_plans_and_starts_in_the_browser(place: Ground) -> None:
    decision_code, codes = make.decision(place)
    client = place.client("executive")
    work = client.get("/deliver/projects/")
    assert f"/deliver/projects/plan/{decision_code}/{codes[0]}/" in work.text
    page = f"/deliver/projects/plan/{decision_code}/{codes[0]}/"
    assert client.get(page).status_code == 200
    start = localdate(place.now)
    form = {
        **words("title", "夜班班车"), **words("goal", "有车回家"), "unit": place.one.pk,
        "owner": place.accounts["task_owner"].pk, "budget": "10000", "starts": start.isoformat(),
        "due": (start + timedelta(days=60)).isoformat(),
        "milestones-TOTAL_FORMS": "2", "milestones-INITIAL_FORMS": "0",
    }  # fmt: skip
    refused = client.post(page, form)
    assert refused.status_code == 422
    assert "without milestones is not approved" in refused.text
    half = client.post(page, {**form, **words("milestones-0-title", "选线")})
    assert half.status_code == 422
    assert "Give this milestone its date" in half.text
    day = (start + timedelta(days=30)).isoformat()
    made = client.post(page, {**form, **words("milestones-0-title", "选线"), "milestones-0-due": day}, follow=True)
    assert made.status_code == 200
    project = Project.objects.get()
    assert "Start and freeze" in made.text
    client.post(f"/deliver/projects/{project.code}/start/")
    project.refresh_from_db()
    assert project.state == "running"
    assert client.get(page).status_code == 404


def test_a_report_that_comes_second_is_kept_in_the_form(place: Ground) -> None:
    project = make.running(place)
    milestone = project.milestones.order_by("position")[0]
    one, two = place.client("task_owner"), place.client("second_owner")
    page = f"/deliver/projects/{project.code}/milestone/{milestone.pk}/"
    assert 'name="version" value="0"' in two.get(page).text
    one.post(page, {"progress": "30", "version": "0", **words("note", "甲")})
    refused = two.post(page, {"progress": "50", "version": "0", **words("note", "我写的话")})
    assert refused.status_code == 422
    assert "at 30 % now" in refused.text
    assert "我写的话" in refused.text
    assert 'name="version" value="1"' in refused.text
    two.post(page, {"progress": "50", "version": "1", **words("note", "我写的话")})
    assert [report.progress for report in Report.objects.order_by("pk")] == [30, 50]


def test_the_way_from_money_to_verification(place: Ground) -> None:
    project = make.running(place)
    owner, home = place.client("task_owner"), f"/deliver/projects/{project.code}/"
    over = owner.post(f"{home}money/", {"amount": "10001", **words("purpose", "租车")})
    assert over.status_code == 422
    assert "why the budget is exceeded" in over.text
    owner.post(f"{home}money/", {"amount": "1200", **words("purpose", "租车")})
    early = owner.get(f"{home}claim/")
    assert "2 milestones are still open" in early.text
    for milestone in project.milestones.all():
        owner.post(
            f"{home}milestone/{milestone.pk}/", {"progress": "100", "version": "0", "asked": "9", "confirmed": "7"}
        )
    owner.post(f"{home}claim/", words("note", "好了"))
    auditor = place.client("auditor")
    assert "Verify with those who use it" in auditor.get(home).text
    assert auditor.post(f"{home}verify/", {"found": "yes"}).status_code == 422
    auditor.post(f"{home}verify/", {"found": "yes", "asked": "12", "confirmed": "10"})
    page = reader().get(home).text
    assert "10 of 12 asked" in page
    assert "¥1,200" in page
    assert "7 of 9 users asked confirm it" in page


def test_dates_are_asked_and_answered_in_the_browser(place: Ground) -> None:
    project = make.running(place)
    home = f"/deliver/projects/{project.code}/"
    new = (localdate(place.now) + timedelta(days=400)).isoformat()
    asked = {"what": "", "new_due": new, **words("reason", "审批延后")}
    # The page's clock is today's, far behind the fixed moment of the plan: any day to come fits.
    Project.objects.filter(pk=project.pk).update(due=localdate(place.now) + timedelta(days=399))
    place.client("task_owner").post(f"{home}date/", asked)
    change = DeadlineChange.objects.get()
    answer = f"{home}date/{change.pk}/"
    assert place.client("second_owner").get(answer).status_code == 403
    assert place.client("executive").get(answer).status_code == 200
    place.client("executive").post(answer, {"consent": "yes"})
    page = reader().get(home).text
    assert "source target" in page
    assert "审批延后" in page


def test_what_people_write_is_shown_as_text(place: Ground) -> None:
    project = make.running(place, title=localized("<script>x</script>"), goal=localized("<b>一</b>\n二"))
    milestone = project.milestones.order_by("position")[0]
    services.report_milestone(
        actor=place.actor("task_owner"), now=place.now, milestone_id=milestone.pk, progress=5,
        note=localized("<i>好</i>"),
    )  # fmt: skip
    for address in (f"/deliver/projects/{project.code}/", "/deliver/"):
        text = reader().get(address).text
        assert "<script>x" not in text
        assert "<b>一" not in text
        assert "<i>好" not in text


def test_evidence_files_are_for_offices(place: Ground, tmp_path, settings) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    project = make.running(place)
    milestone = project.milestones.order_by("position")[0]
    page = f"/deliver/projects/{project.code}/milestone/{milestone.pk}/"
    file = SimpleUploadedFile("名单.pdf", b"%PDF-1.7 list")
    place.client("task_owner").post(page, {"progress": "10", "version": "0", "file": file})
    piece = Report.objects.get().evidence.get()
    address = f"/deliver/projects/{project.code}/evidence/{piece.pk}/"
    assert "名单" not in reader().get(f"/deliver/projects/{project.code}/").text
    assert place.client("editor").get(address).status_code == 403
    response = place.client("auditor").get(address)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 list"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_board_says_what_has_to_be_said(place: Ground) -> None:
    project = make.running(place)
    make.planned(place, unit=place.two, title=localized("纳凉点", "Cool room"))
    services.stop_project(
        actor=place.actor("executive"), now=place.now, code=project.code, reason=localized("改道", "Rerouted")
    )
    text = reader().get("/deliver/").text
    assert text.count("No need stands behind this") == 2
    assert "Ended without a judgment" in text
    assert "task_owner" in text
    only = reader().get("/deliver/?unit=D2").text
    assert "Cool room" in only
    assert "Night bus" not in only
    assert "Night bus" in reader().get("/deliver/?state=stopped").text
    assert "No project is as you asked" in reader().get("/deliver/?state=verified").text


def test_the_need_of_a_sister_project_is_not_its_own(place: Ground) -> None:
    decision_code, codes = make.decision(place, number=2)
    link(source="N-1", target=codes[0], now=place.now)
    served, other = (make.planned(place, decision_code=decision_code, proposal_code=code) for code in codes)
    lines = queries.lines_behind([served, other])
    assert lines[served.code] == {served.code, decision_code, codes[0], "N-1"}
    assert lines[other.code] == {other.code, decision_code, codes[1]}


def test_an_empty_board_says_where_projects_come_from(db: None) -> None:
    text = reader().get("/deliver/").text
    assert "Projects are made of decisions" in text


@pytest.mark.parametrize("address", ["/deliver/", "/deliver/projects/projects.csv", "/deliver/projects/milestones.ics"])
def test_the_board_asks_as_much_for_30_as_for_1(place: Ground, address: str) -> None:
    client = reader()
    make.running(place)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(29):
        make.running(place)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(one)


def test_overdue_is_a_project_or_one_of_its_open_milestones(place: Ground) -> None:
    project, today = make.running(place), localdate(place.now)

    def overdue(days: int) -> list[Project]:
        day = today + timedelta(days=days)
        return list(queries.board(BoardFilter(overdue=True), today=day))

    assert overdue(40) == []
    assert overdue(41) == [project]
    Milestone.objects.filter(project=project).update(progress=100, done=place.now)
    assert overdue(41) == []
    assert overdue(101) == [project]
    row = queries.board_rows(overdue(101), today=today + timedelta(days=101))[0]
    assert row.late
    assert row.next_milestone is None
    assert queries.totals(today=today + timedelta(days=101)).late == 1


def test_the_files_hold_the_board(place: Ground) -> None:
    project = make.running(place, title=localized("=1+1", "=HYPERLINK(1)"), budget=Decimal("10000.50"))
    rows = list(csv.reader(io.StringIO(reader().get("/deliver/projects/projects.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][:2] == [project.code, "'=HYPERLINK(1)"]
    book = openpyxl.load_workbook(io.BytesIO(reader().get("/deliver/projects/projects.xlsx").content))
    values = [cell.value for cell in book.worksheets[0][2]]
    assert values[1] == "=HYPERLINK(1)"
    assert book.worksheets[0]["B2"].data_type == "s"
    assert values[9] == 10000.5
    assert values[6].date() == project.due
    assert len(list(csv.reader(io.StringIO(reader().get("/deliver/projects/projects.csv?unit=D2").text)))) == 1


def test_the_calendar_follows_rfc_5545(place: Ground) -> None:
    title = localized("很长的标题" * 20, "Long; with, commas\\ " + "x" * 80)
    project = make.running(place, title=title)
    content = reader().get(f"/deliver/projects/{project.code}/milestones.ics").content
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    unfolded = content.decode().replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") == 2
    assert "Long\\; with\\, commas\\\\ " in unfolded
    day = project.milestones.order_by("position")[0].due
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in unfolded


def test_the_timeline_holds_every_bar_and_today(place: Ground) -> None:
    project, today = make.running(place), localdate(place.now)
    line = queries.timeline(queries.board(BoardFilter(), today=today), today=today)
    assert line is not None
    bar = line.bars[0]
    left, width = float(bar.left[:-1]), float(bar.width[:-1])
    assert 0 < left < left + width < 100
    assert line.today == bar.left
    assert len(bar.marks) == project.milestones.count()
    assert 1 <= len(line.ticks) <= 4
    assert queries.timeline([], today=today) is None


def test_disarmed_cells() -> None:
    assert exports.as_csv(["a"], [["+1"], ["@x"], [5]]) == b"\xef\xbb\xbfa\r\n'+1\r\n'@x\r\n5\r\n"
