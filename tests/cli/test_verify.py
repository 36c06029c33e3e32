from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from qiao.base.frozen import freeze
from qiao.base.ledger.log import append, export, sign_head
from qiao.cli.main import app


def run(*arguments: object):
    return CliRunner().invoke(app, ["verify", *map(str, arguments)])


@pytest.mark.django_db
def test_a_ledger_export_is_checked_without_the_database(now: datetime, tmp_path: Path) -> None:
    append(kind="test", code="T-1", content={"n": 1}, now=now)
    sign_head(now=now)
    file = tmp_path / "ledger.json"
    file.write_text(json.dumps(export()), encoding="utf-8")
    assert run(file, "--format", "csv").exit_code == 0
    file.write_text(file.read_text().replace('\\"n\\":1', '\\"n\\":2'), encoding="utf-8")
    changed = run(file)
    assert changed.exit_code == 2
    assert "ledger.json: Entry 0 was changed" in changed.stderr


@pytest.mark.parametrize(
    ("content", "words"), [("", "no JSON"), ("[1]", "no ledger export"), ("{}", "no ledger export")]
)
def test_what_is_no_export_is_named(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content)
    refused = run(file)
    assert refused.exit_code == 2
    assert f"x.json: This is {words}" in refused.stderr


def test_a_frozen_bundle_is_checked_as_folder_and_as_zip(tmp_path: Path) -> None:
    folder = tmp_path / "S-1"
    freeze(pa.table({"a": [1, 2]}), [{"variable": "a"}], folder)
    pack = Path(shutil.make_archive(str(tmp_path / "S-1"), "zip", folder))
    assert run(folder).exit_code == 0
    assert "codebook.csv" in run(pack).stdout
    (folder / "codebook.csv").write_text("other")
    changed = run(folder)
    assert changed.exit_code == 2
    assert "codebook.csv is not the one that was frozen" in changed.stderr
    (folder / "codebook.csv").unlink()
    assert "codebook.csv is missing" in run(folder).stderr
    assert "no readable zip" in run(tmp_path / "none.zip").stderr
