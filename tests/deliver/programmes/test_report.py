from __future__ import annotations

import io
import struct
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import deliver as make
from tests.factories.deliver import Ground

from qiao.base.access import Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes import services
from qiao.deliver.programmes.models import Evidence, Milestone, Project, Report, Spending

NOTE = localized("已选定线路", "Route is chosen")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def png(*extra: tuple[bytes, bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), *extra]
    parts += [(b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def report(place: Ground, milestone: Milestone, progress: int, **more: object) -> Report:
    given = {"actor": place.actor("task_owner"), "now": place.now, "milestone_id": milestone.pk, "progress": progress}
    return services.report_milestone(**{**given, **more})  # type: ignore[arg-type]


def milestones(project: Project) -> list[Milestone]:
    return list(project.milestones.order_by("position"))


def test_a_report_moves_the_weighted_whole(place: Ground) -> None:
    project = make.running(place)
    _first, second = milestones(project)
    report(place, second, 50, note=NOTE)
    project.refresh_from_db()
    assert project.progress == 37
    assert Report.objects.get().note == NOTE


def test_only_the_side_that_does_the_work_reports(place: Ground) -> None:
    first, _second = milestones(make.running(place))
    for role in ("executive", "auditor", "evaluator"):
        with pytest.raises(Refused):
            report(place, first, 10, actor=place.actor(role))


def test_a_milestone_is_not_reached_on_a_word_or_a_photo(place: Ground) -> None:
    first, _second = milestones(make.running(place))
    for given in ({}, {"evidence_file": SimpleUploadedFile("bus.png", png())}, {"asked": 5, "confirmed": 0}):
        with pytest.raises(Problem, match="Photos alone"):
            report(place, first, 100, **given)
    assert not Report.objects.exists()
    report(place, first, 100, asked=12, confirmed=9)
    first.refresh_from_db()
    assert first.done == place.now


def test_a_link_or_a_document_shows_it(place: Ground) -> None:
    first, second = milestones(make.running(place))
    report(place, first, 100, link="https://example.org/timetable")
    report(place, second, 100, evidence_file=SimpleUploadedFile("list.pdf", b"%PDF-1.7\n"))
    assert set(Evidence.objects.values_list("kind", flat=True)) == {"link", "document"}


def test_going_back_needs_a_note_and_opens_the_milestone_again(place: Ground) -> None:
    first, _second = milestones(make.running(place))
    report(place, first, 100, asked=1, confirmed=1)
    with pytest.raises(Problem, match="say why"):
        report(place, first, 60)
    report(place, first, 60, note=localized("线路取消", "Route was cancelled"))
    first.refresh_from_db()
    assert (first.progress, first.done) == (60, None)


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_has_its_range(place: Ground, progress: int) -> None:
    first, _second = milestones(make.running(place))
    with pytest.raises(Problem, match="0 to 100"):
        report(place, first, progress)


def test_two_officers_at_once_lose_nothing(place: Ground) -> None:
    first, _second = milestones(make.running(place))
    report(place, first, 30, note=NOTE, seen_version=0)
    with pytest.raises(Problem, match="at 30 % now"):
        report(place, first, 20, note=NOTE, seen_version=0, actor=place.actor("task_owner"))
    first.refresh_from_db()
    assert (first.progress, first.version, Report.objects.count()) == (30, 1, 1)
    report(place, first, 40, note=NOTE, seen_version=1)


def test_nothing_is_reported_before_the_start(place: Ground) -> None:
    first, _second = milestones(make.planned(place))
    with pytest.raises(Problem, match="while a project runs"):
        report(place, first, 10)


def office(part: str, *more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name in ("[Content_Types].xml", part, *more):
            package.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.exe", b"MZ", "not taken"),
        ("page.html", b"<script>", "not taken"),
        ("noending", b"%PDF-", "not taken"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ\x90", "not what its ending says"),
        ("a.png", b"\xff\xd8\xff\xe0", "not what its ending says"),
        ("a.xlsx", office("word/document.xml"), "not what its ending says"),
        ("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "not what its ending says"),
        ("a.csv", b"a\x00b", "not what its ending says"),
        ("a.pdf", b"%PDF-" + b"0" * (8 * 1024 * 1024), "at most 8 MB"),
    ],
)
def test_files_that_are_not_evidence_are_refused(
    place: Ground, folder: Path, name: str, content: bytes, said: str
) -> None:
    first, _second = milestones(make.running(place))
    with pytest.raises(Problem, match=said) as caught:
        report(place, first, 10, evidence_file=SimpleUploadedFile(name, content))
    assert caught.value.place.source == name
    assert not list(folder.rglob("*.*"))
    assert not Report.objects.exists()


def test_a_file_is_kept_under_its_hash_and_never_under_its_name(place: Ground, folder: Path) -> None:
    first, _second = milestones(make.running(place))
    report(place, first, 10, evidence_file=SimpleUploadedFile("../../名单.xlsx", office("xl/workbook.xml")))
    kept = Evidence.objects.get()
    assert kept.name == "名单.xlsx"
    assert [file.name for file in folder.rglob("*.xlsx")] == [f"{kept.sha256}.xlsx"]


def test_photos_lose_where_and_when_they_were_taken(place: Ground, folder: Path) -> None:
    first, second = milestones(make.running(place))
    report(place, first, 10, evidence_file=SimpleUploadedFile("a.png", png((b"eXIf", b"GPS"), (b"tEXt", b"me\0x"))))
    jpeg = b"\xff\xd8\xff\xe1\x00\x0aExif\0\0GP\xff\xdb\x00\x04QQ\xff\xda\x00\x02data\xff\xd9"
    report(place, second, 10, evidence_file=SimpleUploadedFile("a.jpg", jpeg))
    assert next(folder.rglob("*.png")).read_bytes() == png()
    assert next(folder.rglob("*.jpg")).read_bytes() == b"\xff\xd8\xff\xdb\x00\x04QQ\xff\xda\x00\x02data\xff\xd9"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x.example", "no address"])
def test_links_lead_to_the_web(place: Ground, link: str) -> None:
    first, _second = milestones(make.running(place))
    with pytest.raises(Problem, match="web address"):
        report(place, first, 10, link=link)


@pytest.mark.parametrize(("asked", "confirmed"), [(3, 4), (3, None), (None, 3)])
def test_confirmations_are_among_those_asked(place: Ground, asked: int | None, confirmed: int | None) -> None:
    first, _second = milestones(make.running(place))
    with pytest.raises(Problem):
        report(place, first, 10, asked=asked, confirmed=confirmed)


def spend(place: Ground, project: Project, amount: str, **more: object) -> Spending:
    given = {"actor": place.actor("task_owner"), "now": place.now, "code": project.code, "amount": Decimal(amount)}
    return services.spend(**{**given, "purpose": localized("租车", "Bus hire"), **more})  # type: ignore[arg-type]


def test_money_adds_up_and_a_mistake_is_taken_back(place: Ground) -> None:
    project = make.running(place)
    spend(place, project, "1200.50")
    spend(place, project, "-200.50")
    project.refresh_from_db()
    assert project.spent == Decimal("1000.00")
    with pytest.raises(Problem, match="taken back than was spent"):
        spend(place, project, "-1000.01")


def test_above_the_budget_only_with_a_public_reason(place: Ground) -> None:
    project = make.running(place)
    spend(place, project, "10000")
    with pytest.raises(Problem, match="why the budget is exceeded"):
        spend(place, project, "0.01")
    spend(place, project, "0.01", reason=localized("油价上涨", "Fuel rose"))
    project.refresh_from_db()
    assert project.spent == Decimal("10000.01")


@pytest.mark.parametrize("amount", ["0", "0.001", "1e12"])
def test_amounts_that_are_none(place: Ground, amount: str) -> None:
    project = make.running(place)
    with pytest.raises(Problem):
        spend(place, project, amount)


def test_what_money_was_spent_on_names_nobody(place: Ground) -> None:
    project = make.running(place)
    with pytest.raises(Problems, match="bank card"):
        spend(place, project, "5", purpose=localized("转入 6222 0202 0000 1234 567"))
