"""`qiao verify` of a survey's bundle: what is whole passes, whatever was changed is found."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from qiao.base.access import SYSTEM
from qiao.cli.main import app
from qiao.hear.surveys import queries
from qiao.hear.surveys.exports.bundle import bundle_of
from qiao.hear.surveys.models import Round
from qiao.org.retention.services import run_rule
from tests.factories.hear import DAY, Town, closed_round

DAYS: dict[str, object] = {"ws_shift": "day", "need_first": ["pay", "bus"]}
NIGHTS: dict[str, object] = {"ws_shift": "night", "need_first": ["pay"]}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def checked(path: Path) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["verify", str(path), "--format", "csv"])
    return told.exit_code, told.stdout + told.stderr


@pytest.fixture
def survey(town: Town, own_home: Path) -> Round:
    return closed_round(town, [*[DAYS] * 20, *[NIGHTS] * 16])


def packed(survey: Round, tmp_path: Path, change: Callable[[dict[str, bytes]], None], *, full: bool = False) -> Path:
    files = {}
    with zipfile.ZipFile(io.BytesIO(bundle_of(survey, full=full))) as pack:
        for name in pack.namelist():
            files[name.partition("/")[2]] = pack.read(name)
    change(files)
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as pack:
        for name, content in files.items():
            pack.writestr(f"{survey.code}/{name}", content)
    return path


def relist(files: dict[str, bytes]) -> None:
    """Whoever changes a file mends the list of hashes as well."""
    import hashlib

    head = json.loads(files["bundle.json"])
    for entry in head["files"]:
        entry["sha256"] = hashlib.sha256(files[entry["name"]]).hexdigest()
    files["bundle.json"] = json.dumps(head).encode()


def test_a_whole_bundle_passes_and_says_what_it_cannot_do(survey: Round, tmp_path: Path) -> None:
    code, said = checked(packed(survey, tmp_path, lambda files: None))
    assert code == 0, said
    assert "single answers are never public" in said
    assert "under the head of" in said


def test_the_frozen_folder_is_computed_again_whole(survey: Round, town: Town) -> None:
    code, said = checked(queries.frozen_folder(survey.code))
    assert code == 0, said
    assert "computed again, all: the same" in said
    run_rule(actor=SYSTEM, now=town.now + 200 * DAY, key="survey_answers", batch=50)
    code, said = checked(queries.frozen_folder(survey.code))
    assert code == 0
    assert "not possible any more" in said


def test_a_changed_figure_is_found_by_hash(survey: Round, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["figures.csv"] = files["figures.csv"].replace(b"shown", b"shewn", 1)

    assert checked(packed(survey, tmp_path, change))[0] == 2


def test_a_changed_figure_is_located(survey: Round, tmp_path: Path) -> None:
    def rows_of(files: dict[str, bytes]) -> list[list[str]]:
        return list(csv.reader(io.StringIO(files["figures.csv"].decode("utf-8-sig"))))

    def write(files: dict[str, bytes], rows: list[list[str]]) -> None:
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows(rows)
        files["figures.csv"] = stream.getvalue().encode("utf-8-sig")

    def value(files: dict[str, bytes]) -> None:
        rows = rows_of(files)
        rows[1][rows[0].index("value")] = "0.99"
        write(files, rows)

    def bound(files: dict[str, bytes]) -> None:
        rows = rows_of(files)
        rows[2][rows[0].index("upper95")] = "0.99"
        write(files, rows)
        relist(files)

    def fewer(files: dict[str, bytes]) -> None:
        write(files, rows_of(files)[:-1])

    def other(files: dict[str, bytes]) -> None:
        rows = rows_of(files)
        write(files, [rows[0], *rows[2:]])

    def result(files: dict[str, bytes]) -> None:
        found = json.loads(files["results.json"])
        found["questions"][0]["options"][1]["cells"][0][1] = 0.5
        files["results.json"] = json.dumps(found).encode()

    def broken(files: dict[str, bytes]) -> None:
        files["results.json"] = b'{"questions": 3, "groups": [], "numbers": []}'

    code, said = checked(packed(survey, tmp_path, value))
    assert (code, "figures.csv, row 2, column value" in said) == (2, True), said
    assert "ws_shift = day in all: this table says 0.99, results.json says 0." in said
    assert "figures.csv, row 3, column upper95" in checked(packed(survey, tmp_path, bound))[1]
    assert "results.json" in checked(packed(survey, tmp_path, fewer))[1]
    assert "figures.csv, row 2: Here should stand the figure of ws_shift = day in all" in " ".join(
        checked(packed(survey, tmp_path, other))[1].split()
    )
    assert "interval of ws_shift = night" in checked(packed(survey, tmp_path, result))[1]
    assert "results.json is not the one that was packed" in checked(packed(survey, tmp_path, broken))[1]


def test_a_changed_figure_with_a_mended_list_is_found_by_the_manifest(survey: Round, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        results = json.loads(files["results.json"])
        results["questions"][0]["options"][0]["cells"][0][0] = 0.99
        files["results.json"] = json.dumps(results).encode()
        relist(files)

    code, said = checked(packed(survey, tmp_path, change))
    assert code == 2
    assert "The interval of ws_shift = day does not follow" in said


def test_another_codebook_with_a_mended_list_is_found_by_the_manifest(survey: Round, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["codebook.csv"] += b"x"
        relist(files)

    code, said = checked(packed(survey, tmp_path, change))
    assert code == 2
    assert "codebook.csv is not the one that was frozen" in said


def test_a_forged_manifest_is_found_by_the_ledger(survey: Round, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        import hashlib

        files["manifest.json"] += b" "
        relist(files)
        head = json.loads(files["bundle.json"])
        head["manifest"] = hashlib.sha256(files["manifest.json"]).hexdigest()
        files["bundle.json"] = json.dumps(head).encode()

    code, said = checked(packed(survey, tmp_path, change))
    assert code == 2
    assert "another manifest" in said


def test_a_forged_proof_is_found(survey: Round, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        proof = json.loads(files["ledger.json"])
        proof["payload"] = proof["payload"].replace("36", "37")
        files["ledger.json"] = json.dumps(proof).encode()
        relist(files)

    assert "does not lead" in checked(packed(survey, tmp_path, change))[1]


def test_a_file_too_many_or_too_few_is_found(survey: Round, tmp_path: Path) -> None:
    def more(files: dict[str, bytes]) -> None:
        files["extra.csv"] = b"x"

    def less(files: dict[str, bytes]) -> None:
        del files["codebook.csv"]

    assert "not listed" in checked(packed(survey, tmp_path, more))[1]
    assert "is missing" in checked(packed(survey, tmp_path, less))[1]


def test_the_full_bundle_carries_rows_only_where_nobody_stands_out(survey: Round, tmp_path: Path) -> None:
    path = packed(survey, tmp_path, lambda files: None, full=True)
    code, said = checked(path)
    assert code == 0, said
    with zipfile.ZipFile(path) as pack:
        head = json.loads(pack.read(f"{survey.code}/bundle.json"))
        names = {name.partition("/")[2] for name in pack.namelist()}
    assert head["kind"] == "full"
    assert head["rows"]["carried"] == ("rows.parquet" in names)
    assert "plan.json" in names
    if head["rows"]["carried"]:
        assert "computed again" in said
    else:
        assert head["rows"]["why"] == "small groups"
