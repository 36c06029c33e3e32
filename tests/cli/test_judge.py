from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from tests.factories.judge import GOOD, closed, published, town
from typer.testing import CliRunner

from qiao.base import sealing
from qiao.base.ledger import merkle
from qiao.base.shares import split_key
from qiao.cli.main import app
from qiao.judge.evaluations.exports import sealed_lines
from qiao.judge.evaluations.models import Figure
from qiao.judge.evaluations.rules.bundle import unzipped
from qiao.judge.evaluations.rules.keys import new_keys, public_of, read_public

run = CliRunner()


def test_keygen_writes_a_pair_that_fits_and_never_overwrites(tmp_path: Path) -> None:
    done = run.invoke(app, ["judge", "keygen", "E-9", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    public = read_public((tmp_path / "E-9.pub").read_text())
    private = (tmp_path / "E-9.key").read_text().splitlines()[-1]
    signing = (tmp_path / "E-9.sign.key").read_text().splitlines()[-1]
    assert sealing.matches(public.seal, private)
    assert public_of(signing) == public.sign
    assert private not in done.output
    assert signing not in done.output
    assert (tmp_path / "E-9.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "E-9.sign.key").stat().st_mode & 0o077 == 0
    again = run.invoke(app, ["judge", "keygen", "E-9", "--folder", str(tmp_path)])
    assert again.exit_code == 2
    assert "not overwritten" in again.output
    assert sealing.matches(public.seal, (tmp_path / "E-9.key").read_text().splitlines()[-1])
    assert run.invoke(app, ["judge", "keygen", "../x", "--folder", str(tmp_path)]).exit_code == 2


def test_a_count_officer_of_a_rating_gets_one_pair_and_nothing_to_sign_or_draw_with(tmp_path: Path) -> None:
    done = run.invoke(app, ["judge", "keygen", "MR-3", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == {"MR-3.pub", "MR-3.key"}
    public = (tmp_path / "MR-3.pub").read_text()
    assert sealing.matches(public.strip(), (tmp_path / "MR-3.key").read_text().splitlines()[-1])
    assert public in done.output


def test_a_split_key_is_written_in_shares_alone(tmp_path: Path) -> None:
    done = run.invoke(app, ["judge", "keygen", "E-8", "-d", str(tmp_path), "--shares", "3", "--threshold", "2"])
    assert done.exit_code == 0, done.output
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"E-8.pub", "E-8.seed", "E-8.sign.key", "E-8.share-1.key", "E-8.share-2.key", "E-8.share-3.key"}
    assert all((tmp_path / name).stat().st_mode & 0o077 == 0 for name in names if name.endswith(".key"))
    words = (tmp_path / "E-8.share-2.key").read_text().splitlines()[-1]
    assert words not in done.output
    impossible = run.invoke(app, ["judge", "keygen", "E-7", "-d", str(tmp_path), "--shares", "2", "--threshold", "3"])
    assert impossible.exit_code == 2
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.fixture
def download(db: None, now: datetime, tmp_path: Path) -> Path:
    place = town(now)
    answers = [GOOD] * 8 + [{**GOOD, "satisfaction": "not", "comment": "太晚"}] * 3
    evaluation, pair = closed(place, answers)
    (tmp_path / "a.jsonl").write_text("".join(sealed_lines(evaluation)))
    (tmp_path / "a.key").write_text(f"# kept\n{pair.private}\n")
    (tmp_path / "a.sign.key").write_text(f"# kept\n{pair.sign}\n")
    published(place, evaluation, pair.private, now=now)
    return tmp_path


def test_the_evaluator_computes_the_published_figures_again_offline(download: Path) -> None:
    done = run.invoke(
        app, ["judge", "open", str(download / "a.jsonl"), "--key", str(download / "a.key"), "--format", "json"]
    )
    assert done.exit_code == 0, done.output
    found = {row["figure"]: row for row in json.loads(done.output)["figures"]}
    for figure in Figure.objects.all():
        row = found[figure.indicator]
        assert (row["base"], row["estimate"], row["lower"], row["upper"]) == (
            figure.base,
            figure.estimate,
            figure.lower,
            figure.upper,
        )
    said = run.invoke(app, ["judge", "open", str(download / "a.jsonl"), "-k", str(download / "a.key"), "--comments"])
    assert said.output.count("太晚") == 3


def test_the_signed_result_holds_no_single_answer_and_is_never_overwritten(download: Path) -> None:
    files = [str(download / name) for name in ("a.jsonl", "a.key", "a.sign.key", "r.zip", "d.csv")]
    command = ["judge", "open", files[0], "-k", files[1], "--sign", files[2], "-o", files[3]]
    done = run.invoke(app, [*command, "--data", files[4]])
    assert done.exit_code == 0, done.output
    result = unzipped((download / "r.zip").read_bytes())
    assert "太晚" not in "".join(result.values())
    data = (download / "d.csv").read_text().splitlines()
    assert len(data) == 12
    assert sum("太晚" in line for line in data) == 3
    assert (download / "d.csv").stat().st_mode & 0o077 == 0
    again = run.invoke(app, command)
    assert again.exit_code == 2
    assert "not overwritten" in again.output
    (download / "b.sign.key").write_text(new_keys().sign)
    other = run.invoke(app, [*command[:-3], str(download / "b.sign.key"), "-o", str(download / "o.zip")])
    assert other.exit_code == 2
    assert "not the one registered" in other.output
    assert not (download / "o.zip").exists()


def test_two_of_three_shares_open_it(download: Path) -> None:
    private = (download / "a.key").read_text().splitlines()[-1]
    for number, words in enumerate(split_key(private, shares=3, threshold=2), start=1):
        (download / f"s{number}.key").write_text(f"# share\n{words}\n")

    def opened_by(*files: str) -> Result:
        given = [part for file in files for part in ("--share", str(download / file))]
        return run.invoke(app, ["judge", "open", str(download / "a.jsonl"), *given])

    assert opened_by("s1.key", "s3.key").exit_code == 0
    alone = opened_by("s2.key")
    assert alone.exit_code == 2
    assert "2 are needed" in alone.output
    assert run.invoke(app, ["judge", "open", str(download / "a.jsonl")]).exit_code == 2


def test_it_runs_without_settings_server_and_database(tmp_path: Path) -> None:
    pair = sealing.new_key_pair()
    answers = [sealing.seal(pair.public, {**GOOD, "instrument": "three-degrees-1"}) for _ in range(12)]
    leaves = sorted(hashlib.sha256(each).digest() for each in answers)
    head = {
        "format": "qiao-sealed-1",
        "evaluation": "E-1",
        "project": "W-1",
        "title": {"en": "Night bus"},
        "unit": "F-B1",
        "signing_key": "",
        "instrument": "three-degrees-1",
        "public_key": pair.public,
        "served": 30,
        "asked": 20,
        "answers": 12,
        "root": merkle.root([merkle.leaf_hash(leaf) for leaf in leaves]).hex(),
    }
    lines = [head, *({"sealed": base64.b64encode(each).decode()} for each in answers)]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "s.key").write_text(pair.private)
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(
        [str(Path(sys.executable).parent / "qiao"), "judge", "open", "s.jsonl", "-k", "s.key", "-f", "json"],
        cwd=tmp_path,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {row["figure"]: row["estimate"] for row in json.loads(done.stdout)["figures"]}
    assert found["satisfaction"] == 1


def test_faults_are_told_and_nothing_is_printed(download: Path) -> None:
    other = download / "b.key"
    other.write_text(sealing.new_key_pair().private)
    wrong = run.invoke(app, ["judge", "open", str(download / "a.jsonl"), "-k", str(other)])
    assert wrong.exit_code == 2
    assert "does not belong" in wrong.output
    lines = (download / "a.jsonl").read_text().splitlines()
    (download / "c.jsonl").write_text("\n".join(lines[:-1]))
    less = run.invoke(app, ["judge", "open", str(download / "c.jsonl"), "-k", str(download / "a.key")])
    assert less.exit_code == 2
    assert "left out" in less.output
    (download / "d.jsonl").write_text("\n".join([*lines[:3], "{}"]))
    broken = run.invoke(app, ["judge", "open", str(download / "d.jsonl"), "-k", str(download / "a.key")])
    assert broken.exit_code == 2
    assert "row 4" in broken.output
    (download / "e.jsonl").write_text("")
    assert run.invoke(app, ["judge", "open", str(download / "e.jsonl"), "-k", str(download / "a.key")]).exit_code == 2
