"""`qiao weight` as a person uses it: what it prints and writes, and what it says of faulty input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from qiao.cli.main import app

DATA = """id,w,p,unit,sex,shop,came
1,10,0.1,a,f,x,1
2,10,0.1,a,m,x,1
3,20,0.05,a,f,y,0
4,20,0.05,b,m,y,1
5,20,0.05,b,f,y,1
6,10,0.1,b,m,x,1
"""
MARGINS = ("--margin", "sex:f=60,m=40", "--margin", "shop:x=45,y=55")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(DATA, encoding="utf-8")
    return path


def run(command: str, path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, [command, str(path), *options])


def weights(path: Path, *options: str) -> dict[str, Any]:
    result = run("weight", path, *options, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(path: Path, *options: str) -> str:
    result = run("weight", path, *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


def test_steps_are_told_one_by_one(data: Path) -> None:
    found = weights(
        data, "--probability", "p", "--responded", "came", "--cells", "unit", "--rake", "sex,shop", *MARGINS,
        "--trim", "0.2,3", "--trim-relative",
    )  # fmt: skip
    assert [step["step"] for step in found["steps"]] == ["base", "nonresponse", "rake", "trim"]
    assert [step["total"] for step in found["steps"]] == pytest.approx([90, 90, 100, 100])
    assert found["weights"][2] == 0
    assert [step["n"] for step in found["steps"]] == [6, 5, 5, 5]


def test_margins_from_a_file_and_parquet_give_the_same(data: Path, tmp_path: Path) -> None:
    margins = tmp_path / "margins.csv"
    margins.write_text("variable,category,total\nsex,f,60\nsex,m,40\nshop,x,45\nshop,y,55\n", encoding="utf-8")
    rows = list(csv.DictReader(data.read_text(encoding="utf-8").splitlines()))
    table = pa.table({
        "w": [float(row["w"]) for row in rows], "sex": pa.array([row["sex"] for row in rows]).dictionary_encode(),
        "shop": [row["shop"] for row in rows],
    })  # fmt: skip
    parquet = tmp_path / "answers.parquet"
    pq.write_table(table, parquet)
    one = weights(data, "--weights", "w", "--rake", "sex,shop", *MARGINS)
    two = weights(parquet, "--weights", "w", "--rake", "sex,shop", "--margins", str(margins))
    assert one["weights"] == two["weights"]
    assert weights(data, "--weights", "w", "--calibrate", "raking", *MARGINS)["weights"] == pytest.approx(
        one["weights"]
    )


def test_what_it_writes_estimates_as_it_was_fitted(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "weighted.csv"
    result = run(
        "weight", data, "--weights", "w", "--poststratify", "sex", *MARGINS[:2],
        "--replicates", "JK1", "-o", str(target),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    asked = ("--weights", "weight", "--repweights", "rep*", "--rep-type", "JK1", "--total", "sex", "--format", "json")
    figures = json.loads(run("estimate", target, *asked).stdout)["estimates"]
    assert [(f["level"], f["estimate"]) for f in figures] == [("f", pytest.approx(60)), ("m", pytest.approx(40))]
    assert [f["se"] for f in figures] == pytest.approx([0, 0], abs=1e-9)
    boot = ("--weights", "w", "--replicates", "bootstrap", "--count", "5", "--seed", "7")
    assert weights(data, *boot) == weights(data, *boot)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "nothing to begin with"),
        (("--weights", "v"), "Missing column: v"),
        (("--weights", "w", *MARGINS), "no way to meet them"),
        (("--weights", "w", "--rake", "sex"), "no totals to meet"),
        (("--weights", "w", "--rake", "sex,unit", *MARGINS), "no totals of unit"),
        (("--weights", "w", "--rake", "sex", "--margin", "sex:f=1"), "row 3, column sex: The margin of sex has no"),
        (("--weights", "w", "--rake", "sex", "--poststratify", "shop", *MARGINS), "one way at a time"),
        (("--weights", "w", "--calibrate", "magic", *MARGINS), "linear, raking or logit"),
        (("--weights", "w", "--rake", "sex", "--margin", "sex:f=many"), "no name with a number"),
        (("--weights", "w", "--trim", "5"), "no pair of bounds"),
        (("--weights", "w", "--replicates", "bootstrap"), "needs a seed"),
        (("--weights", "w", "--cells", "unit"), "Give --responded"),
    ],
)  # fmt: skip
def test_faults_are_located_and_nothing_is_written(
    data: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    target = tmp_path / "weighted.csv"
    assert message in refused(data, *options, "-o", str(target))
    assert not target.exists()
