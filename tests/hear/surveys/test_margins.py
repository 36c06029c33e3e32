"""Totals from a file: every fault located, shown beside the register, and what the weights are fitted to."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from qiao.base.access import Refused
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.frozen import employment_labels
from qiao.org.access.choices import Role
from tests.factories.hear import Town, make_town
from tests.hear.surveys.test_weighting import AGENCY, DIRECT, answered, table_of

HALF = {"stratum": {"T-D1": 80.0, "T-D2": 120.0}, "employment": {AGENCY: 60.0, DIRECT: 140.0}}
LONG = "variable,category,total\nstratum,T-D1,80\nstratum,T-D2,120\nemployment,agency,60\nemployment,direct,140\n"


@pytest.fixture
def big(db: None, now: datetime) -> Town:
    return make_town(now, members=200)


@pytest.fixture
def closed(big: Town) -> Round:
    """100 members in each district; every fourth by agency, all of them in the first."""
    return answered(big, {("T-D1", AGENCY): 12, ("T-D1", DIRECT): 30, ("T-D2", DIRECT): 40})


def keep(town: Town, survey: Round, content: bytes, name: str = "totals.csv") -> Round:
    return services.keep_margins(
        actor=town.actor(Role.ANALYST), now=survey.closes, code=survey.code, file_name=name, content=content
    )


def sheets(pages: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_long_table_in_either_language_and_with_digits_of_any_width(big: Town, closed: Round, encoding: str) -> None:
    kinds = {kind: employment_labels()[kind]["zh-hans"] for kind in (AGENCY, DIRECT)}
    text = (
        f'变量,类别,人数\n分层,T-D1,８０\n层,t-d2,"1２0.0"\n用工形式,{kinds[AGENCY]},60\n用工形式,{kinds[DIRECT]},140\n'
    )
    assert keep(big, closed, text.encode(encoding)).margins["totals"] == HALF


def test_one_sheet_for_each_variable_or_one_sheet_with_all(big: Town, closed: Round) -> None:
    head = ("category", "total")
    apart: dict[str, Sequence[Sequence[object]]] = {
        "层": [head, ("T-D1", 80), ("T-D2", 120.0)],
        "Employment": [head, ("agency", 60), (), ("direct", "1４0")],
    }
    assert keep(big, closed, sheets(apart), "t.xlsx").margins["totals"] == HALF
    rows = [line.split(",") for line in LONG.splitlines()]
    assert keep(big, closed, sheets({"Sheet1": rows}), "t.xlsx").margins["totals"] == HALF


@pytest.mark.parametrize(
    ("text", "row", "column", "said"),
    [
        (LONG.replace("T-D1,80", "T-D9,80"), 2, "category", "T-D9"),
        (LONG.replace("stratum,T-D2", "religion,T-D2"), 3, "variable", "religion"),
        (LONG.replace("140", "-140"), 5, "total", "-140"),
        (LONG.replace("140", "many"), 5, "total", "many"),
        (LONG.replace(",140", ","), 5, "total", "no total"),
        (LONG.replace("140", "nan"), 5, "total", "nan"),
        (LONG + "employment,Agency,1\n", 6, "category", "twice"),
        (LONG.replace("140", "141"), 4, None, "200, those of employment (用工形式) to 201"),
        (LONG.replace("stratum,T-D2,120\n", ""), 2, None, "no total for T-D2"),
        # The variable that is not given stays the register's, which adds up to 200.
        ("variable,category,total\nstratum,T-D1,80\nstratum,T-D2,121\n", 2, None, "201"),
        ("variable,category,total\nstratum,T-D1,0\nstratum,T-D2,0\n", 2, None, "all 0"),
        (LONG.replace("total", "much"), 1, None, "total"),
        ("variable,category,total\n", None, None, "no data rows"),
    ],
)
def test_every_fault_says_where_it_stands(
    big: Town, closed: Round, text: str, row: int | None, column: str | None, said: str
) -> None:
    with pytest.raises((Problem, Problems)) as caught:
        keep(big, closed, text.encode())
    (fault,) = caught.value.faults if isinstance(caught.value, Problems) else [caught.value]
    assert isinstance(fault, Problem)
    assert (fault.place.row, fault.place.column) == (row, column)
    assert said in fault.text()
    assert Round.objects.get(pk=closed.pk).margins == {}


def test_all_faults_of_a_workbook_come_at_once_with_their_sheet(big: Town, closed: Round) -> None:
    book = {
        "stratum": [("category", "total"), ("T-D1", -1), ("T-D7", 2)],
        "wealth": [("category", "total"), ("rich", 3)],
    }
    with pytest.raises(Problems) as caught:
        keep(big, closed, sheets(book), "t.xlsx")
    assert [(fault.place.sheet, fault.place.row) for fault in caught.value.faults] == [
        ("stratum", 2), ("stratum", 3), ("wealth", 1),
    ]  # fmt: skip
    for junk in (b"PK\x03\x04 no workbook", b"", b"\x00" * 40):
        with pytest.raises((Problem, Problems)):
            keep(big, closed, junk, "t.xlsx")


def test_the_weights_meet_the_totals_of_the_file(big: Town, closed: Round) -> None:
    keep(big, closed, LONG.encode())
    with pytest.raises(Problem, match="not of both at once"):
        services.weight_round(actor=big.actor(Role.ANALYST), now=closed.closes, code=closed.code, method="cells")
    survey = services.weight_round(actor=big.actor(Role.ANALYST), now=closed.closes, code=closed.code)
    assert (survey.weighting["method"], survey.weighting["totals"]) == ("rake", HALF)
    assert survey.weighting["margins"]["file"] == "totals.csv"
    services.publish_results(actor=big.actor(Role.SURVEY_OWNER), now=closed.closes, code=closed.code)
    table = table_of(survey)
    for column, totals in (("stratum", HALF["stratum"]), ("category", HALF["employment"])):
        for key, total in totals.items():
            found = sum(w for w, k in zip(table["weight"], table[column], strict=True) if k == key)  # type: ignore[misc]
            assert found == pytest.approx(total, rel=1e-6)
    # Weighted is weighted.
    with pytest.raises(Problem, match="between the close"):
        keep(big, closed, LONG.encode())


def test_the_analyst_sees_the_totals_before_they_are_used_and_may_drop_them(big: Town, closed: Round) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(big.account(Role.ANALYST))
    page = f"/hear/surveys/{closed.code}/weights/"
    assert 'name="margins"' in client.get(page).content.decode()
    bad = SimpleUploadedFile("t.csv", LONG.replace("T-D1", "T-D9").encode())
    refused = client.post(page, {"margins": bad})
    assert refused.status_code == 422
    assert "T-D9" in refused.content.decode()
    assert client.post(page, {"margins": SimpleUploadedFile("t.csv", LONG.encode())}).status_code == 302
    shown = client.get(page).content.decode()
    assert "t.csv" in shown
    assert 'data-label="In the file">120<' in shown
    assert 'data-label="In the register">100<' in shown
    for _twice in range(2):
        assert client.post(page, {"drop": "1"}).status_code == 302
    assert Round.objects.get(pk=closed.pk).margins == {}
    with pytest.raises(Refused):
        services.keep_margins(
            actor=big.actor(Role.SAMPLE_DRAWER), now=closed.closes, code=closed.code, file_name="t.csv",
            content=LONG.encode(),
        )  # fmt: skip
