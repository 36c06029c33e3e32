"""`qiao allocate` as a person runs it: a sheet worked by hand, a published sheet recomputed, faults located."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qiao.cli.main import app

RUN = CliRunner()
HEAD = (
    "unit,members,members_per_full_time_officer,open_cases_per_1000,aid_files_per_1000,coverage_gap,"
    "remoteness_minutes,budget_per_member,amount_before"
)
# Ranks by hand, in the order of the weights: A 0 0 1/2 0 0 1, B 1/2 1/2 1/2 1/2 1/2 (its median) 1/2, C 1 1 1/2 1 1 0.
SHEET = f"{HEAD}\nA,100,500,1,missing,0.1,10,20,\nB,300,800,2,,0.2,,30,\nC,600,900,3,,0.3,90,40,\n"
# need: A .1 + .15 = .25, B .5, C .2 + .2 + .1 + .15 + .1 = .75; mass 25, 150, 450 of 625.
WEIGHTS = ".2,.2,.2,.15,.1,.15"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_a_sheet_worked_by_hand(sheet: Path) -> None:
    result = RUN.invoke(app, ["allocate", str(sheet), "--weights", WEIGHTS, "--budget", "625", "-f", "json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [row["amount"] for row in found["units"]] == ["25.00", "150.00", "450.00"]
    assert [row["need"] for row in found["units"]] == pytest.approx([0.25, 0.5, 0.75])
    assert [row["medians"] for row in found["units"]] == [1, 2, 1]
    assert len(found["sensitivity"]) == 12
    # Money per member: before 20, 30, 40; after 20.25, 30.5, 40.75. Lorenz curves by hand.
    assert found["gini_before"] == pytest.approx(1 - (0.1 * 2 + 0.3 * 13 + 0.6 * 46) / 35)
    assert found["gini_after"] == pytest.approx(1 - (0.1 * 2.025 + 0.3 * 13.2 + 0.6 * 46.8) / 35.625)


def test_weights_by_name_and_a_sheet_in_gbk(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes("unit,name,members,coverage_gap\nA,甲厂,10,0.1\nB,乙厂,10,０.3\n".encode("gbk"))
    result = RUN.invoke(app, ["allocate", str(path), "--weights", "coverage_gap=1", "--budget", "100", "-f", "csv"])
    assert result.exit_code == 0, result.output
    assert "A,10,0,0,0.00," in result.stdout
    assert "B,10,1,1,100.00," in result.stdout


def test_a_published_sheet_is_recomputed_and_a_changed_one_told(sheet: Path) -> None:
    amounts = iter(["amount", "25.00", "150.00", "450.00"])
    sheet.write_text("".join(f"{line},{next(amounts)}\n" for line in SHEET.splitlines()), encoding="utf-8")
    terms = {
        "weights": dict(zip(HEAD.split(",")[2:8], [float(part) for part in WEIGHTS.split(",")], strict=True)),
        "budget": "625.00", "limit": None, "sha256": hashlib.sha256(sheet.read_bytes()).hexdigest(),
    }  # fmt: skip
    manifest = sheet.with_name("manifest.json")
    manifest.write_text(json.dumps(terms), encoding="utf-8")
    good = RUN.invoke(app, ["allocate", str(sheet), "--manifest", str(manifest)])
    assert good.exit_code == 0, good.output
    assert "every amount agrees" in good.stderr
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("150.00", "160.00"), encoding="utf-8")
    bad = RUN.invoke(app, ["allocate", str(sheet), "--manifest", str(manifest)])
    assert bad.exit_code == 1
    assert "B: the sheet says 160.00, recomputed 150.00" in bad.stderr
    assert "not the published one" in bad.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("B,300", "B,0", "row 3, column members"),
        ("B,300", "B,many", "row 3, column members: 'many' is no number"),
        ("B,300", "A,300", "row 3, column unit: The unit A stands here a second time"),
        ("C,600", ",600", "row 4, column unit: The unit is missing"),
        ("0.3,90", "-0.3,90", "row 4, column coverage_gap"),
        ("40,\n", "40,12.345\n", "row 4, column amount_before"),
    ],
)
def test_faults_are_located(sheet: Path, old: str, new: str, said: str) -> None:
    assert old in SHEET
    sheet.write_text(SHEET.replace(old, new), encoding="utf-8")
    result = RUN.invoke(app, ["allocate", str(sheet), "--weights", WEIGHTS, "--budget", "625"])
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--weights", ".2,.2", "--budget", "1"], "2 weights for 6 inputs"),
        (["--weights", "coverage_gap=.9", "--budget", "1"], "sum to 0.9"),
        (["--weights", "ethnicity=1", "--budget", "1"], "There is no input ethnicity"),
        (["--budget", "1"], "Without weights"),
        (["--weights", WEIGHTS], "Say what is divided"),
        (["--weights", WEIGHTS, "--budget", "1.234"], "--budget is an amount"),
        (["--weights", WEIGHTS, "--budget", "1", "--limit", "much"], "--limit must be a share"),
    ],
)
def test_wrong_options_are_told(sheet: Path, given: list[str], said: str) -> None:
    result = RUN.invoke(app, ["allocate", str(sheet), *given])
    assert result.exit_code == 2
    assert said in result.stderr
