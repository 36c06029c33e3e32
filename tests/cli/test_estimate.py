"""`qiao estimate` as a person uses it: what it prints, and what it says of faulty input."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from qiao.cli.main import app

DATA = """姓名,w,shop,team,N,pay,unit,sex
a,1,s1,1,10,5,甲,f
b,2,s1,2,10,6,甲,m
c,1,s2,1,20,7,乙,f
d,3,s2,2,20,,乙,m
e,1,s2,2,20,9,,f
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(DATA, encoding="utf-8")
    return path


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["estimate", str(path), *options])


def figures(path: Path, *options: str) -> list[dict[str, Any]]:
    result = run(path, *options, "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["estimates"]
    return found


def refused(path: Path, *options: str) -> str:
    result = run(path, *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


DESIGN = ("--weights", "w", "--strata", "shop", "--clusters", "team", "--fpc", "N")


def test_json_describes_the_design_and_lists_every_figure(data: Path) -> None:
    result = run(data, *DESIGN, "--mean", "pay", "--total", "pay", "--format", "json")
    document = json.loads(result.stdout)
    design = document["design"]
    assert {name: design[name] for name in ("rows", "n_strata", "n_clusters", "df", "lonely", "confidence")} == {
        "rows": 5, "n_strata": 2, "n_clusters": 4, "df": 2, "lonely": "fail", "confidence": 0.95,
    }  # fmt: skip
    assert design["notes"] == [
        "Cluster names repeat across strata; each pair of stratum and name counts as one cluster."
    ]
    mean, total = document["estimates"]
    assert set(mean) == {
        "statistic", "variable", "level", "by", "n", "estimate", "se", "lower", "upper", "deff", "df",
    }  # fmt: skip
    assert (mean["statistic"], mean["variable"], mean["level"], mean["by"], mean["n"]) == ("mean", "pay", None, {}, 4)
    assert mean["estimate"] == pytest.approx(33 / 5)
    # Cluster totals 5, 12 of 10 and 7, 9 of 20 sampled clusters: V = Σ 2 (1 − 2/N) (t − t̄)² · 2
    assert total["estimate"] == 33
    assert total["se"] == pytest.approx(math.sqrt(2 * 0.8 * 2 * 3.5**2 + 2 * 0.9 * 2 * 1**2))


def test_every_statistic_in_the_order_asked_by_group(data: Path) -> None:
    found = figures(
        data, "--weights", "w", "--mean", "pay", "--mean", "w", "--total", "unit", "--count", "team",
        "--ratio", "pay:w", "--proportion", "sex", "--quantile", "pay:0.5,0.75", "--by", "shop,sex",
    )  # fmt: skip
    kinds = list(dict.fromkeys((f["statistic"], f["variable"], f["level"]) for f in found))
    assert kinds == [
        ("mean", "pay", None), ("mean", "w", None), ("total", "unit", "乙"), ("total", "unit", "甲"),
        ("total", "team", "1"), ("total", "team", "2"), ("ratio", "pay/w", None), ("proportion", "sex", "f"),
        ("proportion", "sex", "m"), ("quantile", "pay", "0.5"), ("quantile", "pay", "0.75"),
    ]  # fmt: skip
    assert [f["by"] for f in found[:4]] == [
        {"shop": "s1", "sex": "f"}, {"shop": "s1", "sex": "m"}, {"shop": "s2", "sex": "f"}, {"shop": "s2", "sex": "m"},
    ]  # fmt: skip
    # The only pay of this group is missing.
    assert (found[3]["n"], found[3]["estimate"]) == (0, None)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (["shop=s2"], 8),
        (["shop!=s2"], 17 / 3),
        (["unit!=乙"], 17 / 3),
        (["pay>=6", "pay<9"], 19 / 3),
        (["pay > 6"], 8),
        (["team==1", "shop = s1"], 5),
        (["w=2.0"], 6),
    ],
)
def test_conditions_choose_rows(data: Path, conditions: list[str], expected: float) -> None:
    options = [part for condition in conditions for part in ("--where", condition)]
    assert figures(data, "--weights", "w", "--mean", "pay", *options)[0]["estimate"] == pytest.approx(expected)


def test_groups_have_the_degrees_of_freedom_of_all_and_subsets_their_own(data: Path) -> None:
    by = figures(data, "--weights", "w", "--mean", "pay", "--by", "shop")
    subset = figures(data, "--weights", "w", "--mean", "pay", "--where", "shop=s2")
    assert (by[1]["df"], subset[0]["df"]) == (4, 2)
    assert by[1]["se"] == pytest.approx(subset[0]["se"])


def test_listwise_leaves_out_rows_that_lack_any_variable(data: Path) -> None:
    together = figures(data, "--mean", "pay", "--mean", "w", "--listwise")
    assert [f["n"] for f in together] == [4, 4]
    assert [f["n"] for f in figures(data, "--mean", "pay", "--mean", "w")] == [4, 5]


def test_csv_carries_full_digits_and_the_table_is_for_reading(data: Path) -> None:
    options = ("--weights", "w", "--mean", "pay", "--by", "sex")
    rows = list(csv.DictReader(io.StringIO(run(data, *options, "--format", "csv").stdout)))
    assert list(rows[0]) == [
        "statistic", "variable", "level", "sex", "n", "estimate", "se", "lower", "upper", "deff", "df",
    ]  # fmt: skip
    assert float(rows[0]["estimate"]) == 7.0
    assert float(rows[0]["se"]) == figures(data, *options)[0]["se"]
    table = run(data, *options).stdout
    assert "estimate" in table
    assert table.count("mean") == 2


def test_a_group_column_may_be_called_like_a_column_of_the_result(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("n,x\n1,2\n1,3\n2,5\n2,6\n", encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run(path, "--mean", "x", "--by", "n", "-f", "csv").stdout)))
    assert [(row["by:n"], row["n"], row["estimate"]) for row in rows] == [("1", "2", "2.5"), ("2", "2", "5.5")]


def test_the_same_from_gbk_semicolons_and_a_workbook(data: Path, tmp_path: Path) -> None:
    expected = figures(data, *DESIGN, "--mean", "pay")
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes(DATA.replace(",", ";").encode("gbk"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(DATA)):
        sheet.append([float(cell) if cell.isdigit() else cell or None for cell in row])
    book.save(tmp_path / "book.xlsx")
    assert figures(gbk, *DESIGN, "--mean", "pay") == expected
    assert figures(tmp_path / "book.xlsx", *DESIGN, "--mean", "pay") == expected


def test_intervals_of_shares_can_be_kept_within_bounds(data: Path) -> None:
    symmetric = figures(data, "--proportion", "sex")[1]
    bounded = figures(data, "--proportion", "sex", "--interval", "beta")[1]
    assert symmetric["lower"] < 0 < bounded["lower"] < bounded["estimate"] < bounded["upper"] < 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Nothing to estimate. Give at least one of --mean"),
        (["--mean", "wage"], "Missing column: wage. The file has these columns: 姓名, w, shop"),
        (["--weights", "wt", "--mean", "pay"], "Missing column: wt"),
        (["--strata", "st", "--mean", "pay"], "Missing column: st"),
        (["--clusters", "team,block", "--mean", "pay"], "Missing column: block"),
        (["--fpc", "M", "--mean", "pay"], "Missing column: M"),
        (["--mean", "pay", "--by", "sex,age"], "Missing column: age"),
        (["--mean", "pay", "--where", "age>3"], "Missing column: age"),
        (["--ratio", "pay:hours"], "Missing column: hours"),
        (["--quantile", "hours:0.5"], "Missing column: hours"),
        (["--mean", "shop"], "row 2, column shop: “s1” is not a number"),
        (["--mean", "pay", "--weights", "pay"], "row 5, column pay: The weight is missing (1 such rows)"),
        (["--mean", "pay", "--strata", "unit"], "row 6, column unit: The value is missing"),
        (["--mean", "pay", "--clusters", "unit"], "row 6, column unit: The value is missing"),
        (
            ["--mean", "w", "--fpc", "team"],
            "row 3, column team: The population size varies within stratum all: 1 and 2",
        ),
        (["--mean", "pay", "--strata", "姓名"], "Stratum a has only one cluster at stage 1 (4 such strata)"),
        (["--mean", "pay", "--strata", "shop", "--clusters", "team", "--no-nest"], "row 4, column team"),
        (["--mean", "pay", "--confidence", "95"], "The confidence level 95.0 is not between 0 and 1"),
        (["--mean", "pay", "--confidence", "0"], "is not between 0 and 1"),
        (["--mean", "pay", "--where", "unit=丙"], "column unit: No row has the value “丙”. The values are: 乙, 甲."),
        (["--mean", "pay", "--where", "unit!=丙"], "No row has the value “丙”"),
        (["--mean", "pay", "--where", "unit"], "“unit” is not a condition"),
        (["--mean", "pay", "--where", "pay<x"], "“x” in “pay<x” is not a number"),
        (["--mean", "pay", "--where", "pay>100"], "No row satisfies --where pay>100"),
        (["--ratio", "pay"], "“pay” does not name two columns. Write --ratio NUMERATOR:DENOMINATOR"),
        (["--quantile", "pay:2"], "“pay:2” does not name a column and probabilities between 0 and 1"),
        (["--quantile", "pay:half"], "does not name a column and probabilities"),
        (["--mean", "pay", "--lonely", "perhaps"], "'certainty'"),
    ],
)
def test_faults_are_located_and_nothing_is_printed(data: Path, options: list[str], message: str) -> None:
    assert message in refused(data, *options)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("w,x\n1,2\n-2,3\n", ["--weights", "w"], "d.csv, row 3, column w: The weight -2 is not allowed"),
        ("w,x\n0,2\n0,3\n", ["--weights", "w"], "column w: All weights are zero"),
        (
            "n,x\n2,1\n2,2\n2,3\n",
            ["--fpc", "n"],
            "row 2, column n: Stratum all has 3 sampled clusters, but a population",
        ),
        ("n,x\n0,1\n0,2\n", ["--fpc", "n"], "column n: The population size is missing or not positive"),
        ("w,x\n1,2\n1\n", ["--weights", "w"], "d.csv, row 3: This row has 1 cells, but the header has 2 columns"),
        ("w,x\n", [], "no data rows"),
        ("", [], "The file is empty"),
    ],
)
def test_faulty_files(tmp_path: Path, content: str, options: list[str], message: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(content, encoding="utf-8")
    assert message in refused(path, "--mean", "x", *options)


def test_the_lonely_message_names_the_rules_and_a_rule_helps(data: Path) -> None:
    message = refused(data, "--mean", "pay", "--strata", "姓名")
    assert "choose a rule for lonely clusters: adjust, average, certainty, remove" in message
    assert figures(data, "--mean", "pay", "--strata", "姓名", "--lonely", "adjust")[0]["estimate"] == 6.75


REPLICATED = "w,r1,r2,r3,x\n1,0,1.5,1.5,2\n1,1.5,0,1.5,3\n1,1.5,1.5,0,7\n"


def test_replicate_weights_stand_for_the_design(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(REPLICATED, encoding="utf-8")
    for columns in ("r*", "r1,r2,r3"):
        (found,) = figures(path, "--mean", "x", "--weights", "w", "--repweights", columns, "--rep-type", "JK1")
        # The jackknife of a mean: s²/n with s² = 7.
        assert (found["estimate"], found["df"]) == (4, 2)
        assert found["se"] == pytest.approx(math.sqrt(7 / 3))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--repweights", "r*", "--rep-type", "JK1"], "Replicate weights need full-sample weights"),
        (["--repweights", "r*", "--weights", "w"], "It must be said how the replicate weights were made"),
        (["--repweights", "r1,q", "--weights", "w", "--rep-type", "JK1"], "Missing column: q"),
        (["--repweights", "q*", "--weights", "w", "--rep-type", "JK1"], "At least two columns of replicate weights"),
        (["--repweights", "r*", "--weights", "w", "--rep-type", "JK1", "--strata", "w"], "already stand for strata"),
        (["--repweights", "r*", "--weights", "w", "--rep-type", "JKn"], "JKn replicates need one scale each"),
        (
            ["--repweights", "r*", "--weights", "w", "--rep-type", "JKn", "--rep-rscales", "1,x,1"],
            "“x” in --rep-rscales",
        ),
        (["--repweights", "r*", "--weights", "w", "--rep-type", "JKn", "--rep-rscales", "1,1"], "2 scales for 3"),
    ],
)
def test_faulty_replicates_are_explained(tmp_path: Path, options: list[str], message: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(REPLICATED, encoding="utf-8")
    assert message in refused(path, "--mean", "x", *options)


def test_a_column_of_names_has_no_shares(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("name,x\n" + "".join(f"n{k},1\n" for k in range(1001)), encoding="utf-8")
    for option in ("--proportion", "--count", "--total"):
        assert "column name: The column has 1001 different values; at most 1000" in refused(path, option, "name")
