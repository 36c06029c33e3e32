"""The signed result: what the server refuses to publish and what anybody finds with `qiao verify`."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest
from tests.factories.judge import GOOD, SIGNER, Town, closed, opened_offline, published, town
from typer.testing import CliRunner

from qiao.base.ledger.log import sign_head
from qiao.base.problems import Problem
from qiao.cli.main import app
from qiao.judge.evaluations import services
from qiao.judge.evaluations.choices import Indicator, State
from qiao.judge.evaluations.exports import bundle_zip
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.bundle import result_files, unzipped, zipped
from qiao.judge.evaluations.rules.checking import ResultBundle, checks
from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_1, THREE_DEGREES_2
from qiao.judge.evaluations.rules.keys import new_keys, sign
from qiao.judge.evaluations.rules.offline import Outcome, signed_result
from qiao.judge.evaluations.rules.recompute import recompute
from qiao.judge.evaluations.rules.results import Results, Row, TableCell, compute

run = CliRunner()
BAD = {**GOOD, "satisfaction": "not", "solved": "not"}
FAIR = {**GOOD, "satisfaction": "fairly", "solved": "partly"}
Files = dict[str, str]


@pytest.fixture
def place(db: None, now: datetime) -> Town:
    return town(now)


@pytest.fixture
def sealed(place: Town) -> tuple[Evaluation, Outcome]:
    evaluation, keys = closed(place, [GOOD] * 8 + [BAD] * 5)
    return evaluation, opened_offline(place, evaluation, keys.private)


def signed_again(files: Files, change: Callable[[Files], None], key: str = SIGNER.sign) -> Files:
    """A whole bundle with other contents, properly listed and signed: what a dishonest evaluator could send."""
    changed = dict(files)
    change(changed)
    manifest = json.loads(changed["manifest.json"])
    for entry in manifest["files"]:
        text = changed[entry["name"]].encode()
        entry["sha256"], entry["bytes"] = hashlib.sha256(text).hexdigest(), len(text)
    changed["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    changed["signature.txt"] = sign(key, changed["manifest.json"].encode()) + "\n"
    return changed


def other_signature(files: Files) -> None:
    signed = files["signature.txt"]
    files["signature.txt"] = ("B" if signed[0] == "A" else "A") + signed[1:]


def put(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name], files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


# --- the server -------------------------------------------------------------------------------------------------


def drop_one(files: Files) -> None:
    files["sealed.txt"] = "".join(files["sealed.txt"].splitlines(keepends=True)[1:])


def twice(files: Files) -> None:
    first, _second, *rest = files["sealed.txt"].splitlines(keepends=True)
    files["sealed.txt"] = "".join([first, first, *rest])


def better(files: Files) -> None:
    # Every satisfied member told as if two more had been: figure and report agree, the table does not.
    lines = files["figures.csv"].splitlines()
    lines[4] = lines[4].replace("0.6154", "0.7692")
    files["figures.csv"] = "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop_one, "not as many as the sealed"),
        (twice, "in the list twice"),
        (better, "does not follow|lies inside|does not hold"),
        (put("answers.csv", "awareness,yes,13", "awareness,yes,12"), "does not add up|does not follow"),
        (put("answers.csv", "satisfaction,not,5", "satisfaction,not,4"), "fewer than 5"),
        (put("answers.csv", "satisfaction,not,5", "satisfaction,not,"), "all or nothing"),
        (put("codebook.json", "Satisfied", "Delighted"), "not those of this version"),
        (put("report.md", "95 %", "99 %"), "does not say what the figures say"),
        (put("manifest.json", '"served": 16', '"served": 160'), "says something else|does not follow|does not say"),
        (put("manifest.json", '"asked": 16', '"asked": 14'), "something else|does not say"),
        (put("manifest.json", '"unreadable": 0', '"unreadable": 1'), "not as many|does not say"),
    ],
)
def test_a_signed_lie_is_not_published(
    place: Town, sealed: tuple[Evaluation, Outcome], change: Callable[[Files], None], said: str
) -> None:
    evaluation, outcome = sealed
    files = signed_again(signed_result(outcome, SIGNER.sign), change)
    with pytest.raises(Problem, match=said):
        services.publish_result(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, files=files)
    evaluation.refresh_from_db()
    assert evaluation.state == State.SEALED
    assert not evaluation.figures.exists()


def test_another_key_or_no_signature_publishes_nothing(place: Town, sealed: tuple[Evaluation, Outcome]) -> None:
    evaluation, outcome = sealed
    files = signed_result(outcome, SIGNER.sign)
    other = new_keys()
    for wrong, said in (
        ({**files, "signature.txt": sign(other.sign, files["manifest.json"].encode())}, "not that of the evaluator"),
        ({**files, "signature.txt": ""}, "not that of the evaluator"),
        (
            signed_again(files, put("manifest.json", SIGNER.verify, other.verify), other.sign),
            "something else of “signing_key”",
        ),
        ({name: text for name, text in files.items() if name != "sealed.txt"}, "no result of an evaluation"),
    ):
        with pytest.raises(Problem, match=said):
            services.publish_result(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, files=wrong)
    services.publish_result(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, files=files)


def test_the_result_of_another_evaluation_is_refused(place: Town, sealed: tuple[Evaluation, Outcome]) -> None:
    evaluation, outcome = sealed
    files = signed_result(outcome, SIGNER.sign)
    Evaluation.objects.filter(pk=evaluation.pk).update(title={"en": "Another"})
    with pytest.raises(Problem, match="something else of “title”"):
        services.publish_result(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, files=files)


def test_an_archive_that_is_none_or_bursts_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        pack.writestr("E/../../etc/passwd", "x")
    for content in (b"", b"PK", stream.getvalue()):
        with pytest.raises(Problem):
            unzipped(content)


# --- every way to share out a few answers -----------------------------------------------------------------------


def ways(number: int) -> Iterator[tuple[int, int, int, int]]:
    """How many may be satisfied, fairly, not, and no users."""
    for best, fairly, bad in product(range(number + 1), repeat=3):
        if best + fairly + bad <= number:
            yield best, fairly, bad, number - best - fairly - bad


@pytest.mark.parametrize("number", [10, 12])
def test_whatever_is_computed_passes_and_whatever_else_is_told_does_not(number: int) -> None:
    none = {**GOOD, "participation": "no", "satisfaction": "", "solved": "no_need"}
    passed = refused = 0
    for best, fairly, bad, others in ways(number):
        results = compute(
            THREE_DEGREES_1, [*[GOOD] * best, *[FAIR] * fairly, *[BAD] * bad, *[none] * others], population=3 * number
        )
        recompute(THREE_DEGREES_1, results.rows, results.table, answers=number, population=3 * number)
        passed += 1
        if any(0 < count < 5 for count in (best, fairly, bad)):
            # The same answers, told openly.
            cells = {"satisfied": best, "fairly": fairly, "not": bad}
            table = [
                TableCell(cell.question, cell.answer, cells[cell.answer])
                if cell.question == "satisfaction" and cell.answer in cells
                else cell
                for cell in results.table
            ]
            with pytest.raises(Problem):
                recompute(THREE_DEGREES_1, results.rows, table, answers=number, population=3 * number)
            refused += 1
    assert passed > 100
    assert refused > 50


def test_a_figure_that_gives_a_hidden_number_away_is_refused() -> None:
    results = compute(THREE_DEGREES_1, [GOOD] * 20 + [FAIR] * 3 + [BAD] * 8, population=200)
    exact = compute(THREE_DEGREES_1, [GOOD] * 20 + [FAIR] * 8 + [BAD] * 8, population=200)
    share = 23 / 31
    rows = [
        Row(Indicator.TOP_BOX, 31, round(20 / 31, 4), 0.45, 0.81) if row.indicator == Indicator.TOP_BOX else row
        for row in results.rows
    ]
    assert results.figure(Indicator.SATISFACTION).estimate == round(share, 4)
    with pytest.raises(Problem, match="top_box"):
        recompute(THREE_DEGREES_1, rows, results.table, answers=31, population=200)
    assert exact.figure(Indicator.TOP_BOX).estimate == round(20 / 36, 4)


# --- anybody's laptop -------------------------------------------------------------------------------------------


@pytest.fixture
def archive(place: Town, now: datetime) -> Files:
    evaluation, keys = closed(place, [GOOD] * 8 + [BAD] * 5)
    published(place, evaluation, keys.private)
    sign_head(now=now)
    return unzipped(bundle_zip(evaluation))


def verified(tmp_path: Path, files: Files, *more: str) -> tuple[int, dict[str, str], str]:
    path = tmp_path / "E-result.zip"
    path.write_bytes(zipped(files, folder="E"))
    done = run.invoke(app, ["verify", str(path), "--format", "json", *more])
    rows = json.loads(done.stdout) if done.stdout else []
    return done.exit_code, {row["checked"]: row["verdict"] for row in rows}, done.output


def test_anybody_verifies_a_published_result(archive: Files, tmp_path: Path) -> None:
    code, verdicts, output = verified(tmp_path, archive)
    assert code == 0, output
    assert set(verdicts.values()) == {"ok"}
    assert list(verdicts) == [
        "files", "signature", "questions", "sealed answers", "figures", "report", "signed heads", "ledger: terms",
        "ledger: keys", "ledger: opening", "ledger: close", "ledger: publication",
    ]  # fmt: skip
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, text in archive.items():
        (folder / name).write_bytes(text.encode())
    assert run.invoke(app, ["verify", str(folder)]).exit_code == 0
    mine = archive["sealed.txt"].split()[3]
    assert verified(tmp_path, archive, "--receipt", mine)[1]["your answer"] == "ok"
    code, verdicts, _output = verified(tmp_path, archive, "--receipt", "0" * 64)
    assert (code, verdicts["your answer"]) == (2, "FAILED")


def entry(kind: str, **other: object) -> Callable[[Files], None]:
    """Another content of an entry of the ledger; without ``other`` the entry is left out."""

    def change(files: Files) -> None:
        document = json.loads(files["ledger.json"])
        rows = []
        for row in document["entries"]:
            if row["kind"] == f"evaluation.{kind}":
                if not other:
                    continue
                row = {**row, "payload": json.dumps({**json.loads(row["payload"]), **other})}
            rows.append(row)
        files["ledger.json"] = json.dumps({"entries": rows})

    return change


def unproved(files: Files) -> None:
    document = json.loads(files["ledger.json"])
    for row in document["entries"]:
        row.pop("root")
    files["ledger.json"] = json.dumps(document)


def foreign_head(files: Files) -> None:
    document = json.loads(files["ledger.json"])
    document["entries"][0]["signature"] = "00" * 64
    files["ledger.json"] = json.dumps(document)


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (put("figures.csv", "0.6154", "0.7154"), {"files", "figures", "report", "ledger: publication"}),
        (put("answers.csv", "satisfaction,not,5", "satisfaction,not,6"), {"files", "figures"}),
        (put("codebook.json", "Satisfied", "Delighted"), {"files", "questions"}),
        (put("report.md", "95 %", "99 %"), {"files", "report"}),
        (drop_one, {"files", "sealed answers", "ledger: close"}),
        (twice, {"files", "sealed answers"}),
        (other_signature, {"signature"}),
        (put("manifest.json", '"asked": 16', '"asked": 15'),
         {"signature", "report", "ledger: opening", "ledger: publication"}),
        (entry("closed", root="ab" * 32), {"signed heads", "ledger: close"}),
        (entry("key", signing_key="x"), {"signed heads", "ledger: keys"}),
        (entry("terms", questions_hash="x"), {"signed heads", "ledger: terms"}),
        (entry("published", bundle="x"), {"signed heads", "ledger: publication"}),
        (entry("opened"), {"signed heads", "ledger: opening"}),
        (unproved, {"signed heads"}),
        (foreign_head, {"signed heads"}),
    ],
)  # fmt: skip
def test_each_part_tampered_with_is_named(
    archive: Files, tmp_path: Path, change: Callable[[Files], None], fails: set[str]
) -> None:
    change(archive)
    code, verdicts, output = verified(tmp_path, archive)
    assert code == 2, output
    assert {name for name, said in verdicts.items() if said == "FAILED"} == fails


def test_an_evaluator_who_signs_another_result_later_is_caught_by_the_ledger(archive: Files, tmp_path: Path) -> None:
    """Signed, complete and in itself right: but it is not what was published."""
    manifest = json.loads(archive["manifest.json"])
    results: Results = compute(THREE_DEGREES_2, [{**GOOD, "unprompted": "no"}] * 13, population=manifest["served"])
    terms = {name: value for name, value in manifest.items() if name not in ("format", "files")}
    forged = result_files(THREE_DEGREES_2, results, terms, archive["sealed.txt"].split(), SIGNER.sign)
    assert all(one.holds for one in checks(ResultBundle(forged)))
    code, verdicts, _output = verified(tmp_path, {**archive, **forged})
    assert code == 2
    assert {name for name, said in verdicts.items() if said == "FAILED"} == {"ledger: publication"}
