"""`qiao sample`: the same draw for everybody, faults with their row."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qiao.cli.main import app


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    file = tmp_path / "frame.csv"
    rows = [f"m{number},{'night' if number % 4 == 0 else 'day'},u{number % 12},{number}" for number in range(400)]
    file.write_text("key,shift,unit,note\n" + "\n".join(rows), encoding="utf-8")
    return file


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["sample", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_the_size_follows_from_the_margin_and_the_response_expected(frame: Path) -> None:
    code, out, _err = run(frame, "--key", "key", "--seed", "2026", "-f", "json")
    assert code == 0
    assert json.loads(out)["drawn"] == 197
    _code, out, _err = run(frame, "--key", "key", "--seed", "2026", "--expect", "0.6", "-f", "json")
    assert json.loads(out)["drawn"] == 329


def test_strata_share_by_their_size_and_the_draw_is_the_same_for_everybody(frame: Path, tmp_path: Path) -> None:
    words = (frame, "--key", "key", "--seed", "x", "-n", 40, "--stratify", "shift", "-f", "json")
    one = json.loads(run(*words)[1])
    assert one == json.loads(run(*words)[1])
    assert [row["shift"] for row in one["rows"]].count("night") == 10
    assert one["sum_of_weights"] == pytest.approx(400)
    lines = frame.read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([lines[0], *lines[:0:-1]]), encoding="utf-8")
    two = json.loads(run(turned, *words[1:])[1])
    assert {row["key"] for row in two["rows"]} == {row["key"] for row in one["rows"]}


def test_clusters_in_two_stages_and_a_file_of_all_columns(frame: Path, tmp_path: Path) -> None:
    file = tmp_path / "drawn.csv"
    code, out, _err = run(
        frame, "--key", "key", "--seed", "x", "--cluster", "unit", "--clusters", 3, "--per-cluster", 5, "-o", file
    )
    assert code == 0
    assert "frame_sha256" in out
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 15
    assert len({row["unit"] for row in rows}) == 3
    assert {"note", "probability", "weight"} <= set(rows[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--stratify", "team"), "team"),
        (("-n", "401"), "between 1 and the 400"),
        (("--stratify", "shift", "--allocation", "neyman", "-n", "9"), "standard deviation of stratum day"),
        (("--stratify", "shift", "--allocation", "given", "--given", "day"), "no pair"),
        (("--cluster", "unit"), "--per-cluster"),
        (("--expect", "0"), "response expected"),
        (("-n", "-5"), "between 1 and the 400"),
        (("--margin", "nan"), "between 0 and 1"),
        (("--stratify", "shift", "-n", "9", "--least", "-3"), "0 or more"),
        (("--stratify", "shift", "--allocation", "given", "--given", "day=nan"), "no pair"),
        (("--stratify", "shift", "--allocation", "given", "--given", "day=2.5"), "no whole number"),
        (("--stratify", "shift", "--allocation", "given", "--given", "day=-4"), "-4 are asked"),
        (("-n", "4", "-o", "/nowhere/at/all.csv"), "no folder"),
    ],
)
def test_faults_say_what_to_write(frame: Path, words: tuple[str, ...], said: str) -> None:
    code, _out, err = run(frame, "--key", "key", "--seed", "x", *words)
    assert code == 2
    assert said in err


def test_an_empty_or_double_key_is_located(tmp_path: Path) -> None:
    file = tmp_path / "frame.csv"
    file.write_text("key\na\n \nb\n", encoding="utf-8")
    code, _out, err = run(file, "--key", "key", "--seed", "x", "-n", 1)
    assert (code, "row 3" in err) == (2, True)
    file.write_text("key\na\nb\na\n", encoding="utf-8")
    assert "rows 1 and 3" in run(file, "--key", "key", "--seed", "x", "-n", 1)[2]


@pytest.mark.parametrize("coding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_frame_as_offices_save_it_is_read_and_drawn_alike(tmp_path: Path, coding: str) -> None:
    text = "编号,区\n" + "".join(f"甲{number:03},第{number % 3}区\n" for number in range(90))
    (tmp_path / "plain.csv").write_text(text, encoding="utf-8")
    (tmp_path / "other.csv").write_bytes(text.encode(coding))
    words = ("--key", "编号", "--seed", "x", "-n", 9, "--stratify", "区", "-f", "json")
    one, two = (json.loads(run(tmp_path / name, *words)[1]) for name in ("plain.csv", "other.csv"))
    assert one["rows"] == two["rows"]
    assert one["sum_of_weights"] == pytest.approx(90)


def test_strata_nobody_is_drawn_from_are_said(frame: Path) -> None:
    code, _out, err = run(frame, "--key", "key", "--seed", "x", "--stratify", "unit", "-n", 5)
    assert code == 0
    assert "nobody is drawn from 7 of 12 strata" in err
    assert not run(frame, "--key", "key", "--seed", "x", "--stratify", "unit", "-n", 24)[2].startswith("warning")


def test_a_column_of_the_frame_is_not_covered(tmp_path: Path) -> None:
    file = tmp_path / "frame.csv"
    file.write_text("key,weight\na,1\nb,2\n", encoding="utf-8")
    code, _out, err = run(file, "--key", "key", "--seed", "x", "-n", 1, "-o", tmp_path / "out.csv")
    assert (code, "weight" in err, (tmp_path / "out.csv").exists()) == (2, True, False)
