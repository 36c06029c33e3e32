"""The second version of the questions: what is known unprompted, five grades, weights; and what it never tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.factories.judge import GOOD, SIGNER, Town, closed, commissioned, town
from typer.testing import CliRunner

from qiao.base.access import SYSTEM
from qiao.base.ledger.log import sign_head
from qiao.base.problems import Problem
from qiao.cli.main import app
from qiao.judge.evaluations import services
from qiao.judge.evaluations.choices import Indicator, State
from qiao.judge.evaluations.exports import bundle_zip, sealed_lines
from qiao.judge.evaluations.rules.bundle import result_files
from qiao.judge.evaluations.rules.checking import ResultBundle, require_sound
from qiao.judge.evaluations.rules.coding import coded, names_it, plain, read_coding, wordings
from qiao.judge.evaluations.rules.instrument import (
    THREE_DEGREES_1,
    THREE_DEGREES_2,
    THREE_DEGREES_2_STEPS,
    checked_answers,
)
from qiao.judge.evaluations.rules.offline import Outcome, open_lines, signed_result
from qiao.judge.evaluations.rules.recompute import recompute
from qiao.judge.evaluations.rules.results import compute, is_small
from qiao.judge.evaluations.rules.states import COMPOSITE_WEIGHTS, SCALE
from qiao.org.settings.services import set_value

GRADES = ("very", "satisfied", "fairly", "not", "not_at_all")
NAMES = ["夜班班车", "Night bus"]


@pytest.fixture
def place(db: None, now: datetime) -> Town:
    return town(now)


def one(grade: str = "", named: str = "no", aware: str = "yes") -> dict[str, object]:
    """Somebody who used it and gave a grade, or, without one, did not use it."""
    used = "yes" if grade else "no"
    return {
        "unprompted": named, "awareness": aware, "participation": used, "satisfaction": grade, "solved": "no_need"
    }  # fmt: skip


def shared_out(number: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to share out so many answers over so many cells."""
    if cells == 1:
        yield (number,)
        return
    for first in range(number + 1):
        for rest in shared_out(number - first, cells - 1):
            yield (first, *rest)


def test_a_version_once_used_never_changes() -> None:
    assert THREE_DEGREES_1.digest == "6d124dab9bf19ba99d3f021b3232bda700b75528289f57ee349b95e6dcebbb97"
    assert THREE_DEGREES_1.first is None
    assert [question.key for question in THREE_DEGREES_2.tabled][:2] == ["unprompted", "awareness"]


def test_grades_one_to_three_of_five_are_satisfied_one_and_two_the_top() -> None:
    people = [one(grade) for grade in GRADES for _ in range(10)] + [one()] * 10
    found = compute(THREE_DEGREES_2, people, population=600)
    assert (found.figure(Indicator.SATISFACTION).base, found.figure(Indicator.SATISFACTION).estimate) == (50, 0.6)
    assert found.figure(Indicator.TOP_BOX).estimate == 0.4
    assert found.rows[0].indicator == Indicator.UNPROMPTED
    recompute(THREE_DEGREES_2, found.rows, found.table, answers=60, population=600)


@pytest.mark.parametrize("size", [7, 10])
def test_no_grade_of_five_can_be_computed_back(size: int) -> None:
    """Whatever prints the same leaves at least two numbers for each small cell, and passes what anybody computes."""
    alike = defaultdict(list)
    for way in shared_out(size, 7):
        people = [
            one(grade) for grade, number in zip((*GRADES, "", "cannot_say"), way, strict=True) for _ in range(number)
        ]
        found = compute(THREE_DEGREES_2, people, population=2 * size)
        alike[found.rows, found.table].append(way)
    for (rows, table), ways in alike.items():
        recompute(THREE_DEGREES_2, rows, table, answers=size, population=2 * size)
        for place, name in enumerate((*GRADES, "did not use it")):
            values = {way[place] for way in ways}
            assert len(values) > 1 or not is_small(min(values)), (name, ways)


@pytest.mark.parametrize("size", [8, 11, 14])
def test_nor_who_named_it_unprompted(size: int) -> None:
    """Named and known, named alone, known alone, neither: of no cell of the table, and of no grade a small number."""
    alike = defaultdict(list)
    kinds = (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no"))
    for way in shared_out(size, 4):
        people = [
            one("", named, aware) for (named, aware), number in zip(kinds, way, strict=True) for _ in range(number)
        ]
        found = compute(THREE_DEGREES_2, people, population=3 * size)
        alike[found.rows, found.table].append((way[0] + way[1], way[0] + way[2]))
    for (rows, table), ways in alike.items():
        recompute(THREE_DEGREES_2, rows, table, answers=size, population=3 * size)
        for counts in zip(*ways, strict=True):
            for values in (set(counts), {size - count for count in counts}):
                assert len(values) > 1 or not is_small(min(values)), ways
    named_all = compute(THREE_DEGREES_2, [one("", "yes")] * size, population=3 * size).rows
    hidden = compute(THREE_DEGREES_2, [one("", "yes")] * (size - 1) + [one()], population=3 * size).table
    assert named_all[0].estimate == 1
    with pytest.raises(Problem, match="unprompted"):
        recompute(
            THREE_DEGREES_2,
            compute(THREE_DEGREES_2, [one("", "yes")] * (size - 5) + [one()] * 5, population=3 * size).rows,
            compute(THREE_DEGREES_2, [one("", "yes")] * size, population=3 * size).table,
            answers=size, population=3 * size,
        )  # fmt: skip
    assert {cell.count for cell in hidden if cell.question == "unprompted"} == {None}


def test_the_machine_compares_without_width_case_and_spaces() -> None:
    assert plain("Ｎｉｇｈｔ  BUS！") == "nightbus"
    assert names_it("食堂、夜班 班车", NAMES)
    assert names_it("the NIGHT-bus, canteen", NAMES)
    assert not names_it("班车", NAMES)
    assert not names_it("", NAMES)


def test_the_hand_corrects_and_few_corrections_are_not_counted_out() -> None:
    people: list[dict[str, object]] = [
        {**GOOD, "unprompted": text} for text in ("night bus", "夜车", "夜 车", "", "=1+1")
    ]
    assert wordings(THREE_DEGREES_2, people, NAMES) == [["'=1+1", "0"], ["night bus", "1"], ["夜车", "0"]]
    coding = read_coding(["answer,named", "夜车,1", "'=1+1,0"], "coding.csv")
    marked, corrected = coded(THREE_DEGREES_2, people, NAMES, coding)
    assert [row["unprompted"] for row in marked] == ["yes", "yes", "yes", "no", "no"]
    assert corrected == "1-4"
    assert coded(THREE_DEGREES_2, people, NAMES, {})[1] == 0
    assert coded(THREE_DEGREES_2, people * 3, NAMES, coding)[1] == 6
    for lines, said in (
        (["wording,named"], "first line"),
        (["answer,named", "夜车,yes"], "Write 1"),
        (["answer,named", "夜车,1", "夜 车,0"], "differently"),
        (["answer,named", ",1"], "empty"),
    ):
        with pytest.raises(Problem, match=said):
            read_coding(lines, "coding.csv")


def test_what_is_written_first_is_short_and_may_be_nothing() -> None:
    assert checked_answers(THREE_DEGREES_2, GOOD)["unprompted"] == ""
    with pytest.raises(Problem, match="at most 100"):
        checked_answers(THREE_DEGREES_2, {**GOOD, "unprompted": "夜" * 101})
    assert "unprompted" not in checked_answers(THREE_DEGREES_1, {**GOOD, "unprompted": "夜班班车"})


def test_scale_and_weights_are_those_in_force_and_stand_in_the_terms(place: Town) -> None:
    today: date = place.now.date()
    settings = ((SCALE, "3"), *zip(COMPOSITE_WEIGHTS.values(), (0.5, 0.25, 0.25), strict=True))
    for setting, value in settings:
        set_value(
            actor=SYSTEM, now=place.now, unit=place.root, setting_key=setting.key,
            value=value, since=today, reason="Test"
        )  # fmt: skip
    evaluation = commissioned(place)
    assert evaluation.instrument == THREE_DEGREES_2_STEPS.version
    assert evaluation.weights == {"awareness": 0.5, "participation": 0.25, "satisfaction": 0.25}
    assert set(evaluation.names) == set(NAMES)


def test_from_the_open_question_to_the_verified_figure(place: Town, tmp_path: Path) -> None:
    told = ["夜班班车"] * 5 + ["夜间的车"] * 2 + [""] * 6
    evaluation, keys = closed(place, [{**GOOD, "satisfaction": "very", "unprompted": text} for text in told])
    box = tmp_path / "sealed.jsonl"
    box.write_text("".join(sealed_lines(evaluation)), encoding="utf-8")
    key, coding = tmp_path / "own.key", tmp_path / "coding.csv"
    key.write_text(keys.private + "\n", encoding="ascii")
    run = CliRunner()
    opened = ["judge", "open", str(box), "--key", str(key)]
    assert run.invoke(app, [*opened, "--coding-sheet", str(coding)]).exit_code == 0
    sheet = coding.read_text(encoding="utf-8-sig")
    assert sheet == "answer,named\n夜班班车,1\n夜间的车,0\n"
    coding.write_text(sheet.replace("夜间的车,0", "夜间的车,1"), encoding="utf-8-sig")
    found = run.invoke(app, [*opened, "--coding", str(coding), "--format", "json"])
    assert found.exit_code == 0, found.output
    assert '"unprompted"' in found.stdout

    by_hand = read_coding(coding.read_text("utf-8-sig").splitlines(), "")
    outcome: Outcome = open_lines(sealed_lines(evaluation), "", keys.private, coding=by_hand)
    assert outcome.results.figure(Indicator.UNPROMPTED).estimate == round(7 / 13, 4)
    files = signed_result(outcome, SIGNER.sign)
    assert '"corrected": "1-4"' in files["manifest.json"]
    lied = {name: value for name, value in ResultBundle(files).manifest.items() if name not in ("format", "files")}
    for change in ({"names": ["班车"]}, {"weights": {"awareness": 1, "participation": 0, "satisfaction": 0}}):
        forged = result_files(
            THREE_DEGREES_2, outcome.results, {**lied, **change}, files["sealed.txt"].split(), SIGNER.sign
        )
        with pytest.raises(Problem, match=r"does not follow|something else"):
            services.publish_result(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, files=forged)
    told_exactly = result_files(
        THREE_DEGREES_2, outcome.results, {**lied, "coding": {"corrected": 2}}, files["sealed.txt"].split(), SIGNER.sign
    )
    with pytest.raises(Problem, match="how the open question was coded"):
        require_sound(ResultBundle(told_exactly))
    done = services.publish_result(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, files=files)
    assert done.state == State.PUBLISHED
    sign_head(now=place.now)
    archive = tmp_path / "result.zip"
    archive.write_bytes(bundle_zip(done))
    checked = run.invoke(app, ["verify", str(archive)])
    assert checked.exit_code == 0, checked.output
    assert "夜班班车" in checked.output
