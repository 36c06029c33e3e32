"""Opening in several processes: the same to the byte as in one, faults located, no result from half of the work."""

from __future__ import annotations

import base64
import hashlib
import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qiao.base import sealing
from qiao.base.blind import new_issuer_key, new_token, sign_token
from qiao.base.ledger import merkle
from qiao.base.problems import Problem
from qiao.cli import opening
from qiao.cli.main import app
from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_2
from qiao.judge.evaluations.rules.keys import new_keys
from qiao.judge.evaluations.rules.offline import read_head

run = CliRunner()
KEYS = new_keys()
NUMBER = 40


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """A head and forty sealed answers with credentials."""
    issuer = new_issuer_key()
    sealed, digests = [], []
    for number in range(NUMBER):
        answers = {
            "awareness": "yes", "participation": "yes" if number % 2 else "no",
            "satisfaction": ("very", "not")[number % 4 == 1] if number % 2 else "",
            "solved": "solved", "unprompted": "夜班班车", "comment": f"第{number}份",
            "instrument": THREE_DEGREES_2.version,
        }  # fmt: skip
        box = sealing.seal(KEYS.public, answers)
        digest = hashlib.sha256(box).digest()
        token = new_token(digest)
        parts = {"sealed": box, "prefix": token[:32], "credential": sign_token(issuer.private, token)}
        sealed.append(json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}).encode())
        digests.append(digest)
    head = {
        "format": "qiao-sealed-1", "evaluation": "E-7", "project": "W-7", "unit": "B1",
        "title": {"zh-hans": "夜班班车", "en": "Night bus"}, "instrument": THREE_DEGREES_2.version,
        "questions_hash": THREE_DEGREES_2.digest, "served": 400, "asked": 100, "answers": NUMBER,
        "names": ["夜班班车"], "weights": {"awareness": 0.2, "participation": 0.3, "satisfaction": 0.5},
        "root": merkle.root([merkle.leaf_hash(digest) for digest in sorted(digests)]).hex(),
        "public_key": KEYS.public, "signing_key": KEYS.registered.sign, "issuer_key": issuer.public,
    }  # fmt: skip
    return [json.dumps(head).encode(), *sealed]


@pytest.fixture
def folder(tmp_path: Path, lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (tmp_path / "a.key").write_text(KEYS.private)
    (tmp_path / "a.sign.key").write_text(KEYS.sign)
    # No stretch ends where a line does: every boundary lies inside one.
    monkeypatch.setattr(opening, "STRETCH", 10_007)
    return tmp_path


def command(folder: Path, processes: int, *more: str) -> list[str]:
    return [
        "judge", "open", str(folder / "a.jsonl"), "-k", str(folder / "a.key"), "--processes", str(processes), *more,
    ]  # fmt: skip


def test_the_same_bytes_whatever_the_number_of_processes(folder: Path) -> None:
    written = []
    for processes in (1, 3):
        result, data = folder / f"r{processes}.zip", folder / f"d{processes}.csv"
        more = ("--sign", str(folder / "a.sign.key"), "-o", str(result), "--data", str(data), "-f", "json")
        done = run.invoke(app, command(folder, processes, *more))
        assert done.exit_code == 0, done.output
        written.append((done.stdout, result.read_bytes(), data.read_bytes()))
        assert "Opened: 50 %" in done.stderr
        assert "Opened: 100 %" in done.stderr
    assert written[0] == written[1]
    assert json.loads(written[0][0])["answers"] == NUMBER
    assert written[0][2].decode().count("第") == NUMBER


def test_one_stretch_tells_no_progress(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "STRETCH", 10_000_000)
    assert "Opened" not in run.invoke(app, command(folder, 2)).stderr


@pytest.mark.parametrize("processes", [1, 3])
def test_a_corrupted_line_is_located(folder: Path, lines: list[bytes], processes: int) -> None:
    faults = [(41, b'{"sealed": "\xff"}'), (23, lines[22][:-9]), (2, b"{"), (30, b"")]
    # Starting processes costs seconds: in several, two of them do.
    for row, broken in faults if processes == 1 else faults[:2]:
        changed = [*lines[: row - 1], broken, *lines[row:]]
        (folder / "a.jsonl").write_bytes(b"\n".join(changed) + b"\n")
        done = run.invoke(app, command(folder, processes))
        assert done.exit_code == 2
        assert "not part of a file of sealed answers" in done.stderr
        assert f"row {row}" in done.stderr
        assert done.stdout == ""


@pytest.mark.parametrize("processes", [1, 3])
def test_the_first_answer_without_a_credential_is_located(folder: Path, lines: list[bytes], processes: int) -> None:
    changed = list(lines)
    for row in (35, 19):
        content = json.loads(lines[row - 1])
        changed[row - 1] = json.dumps({**content, "credential": json.loads(lines[1])["credential"]}).encode()
    (folder / "a.jsonl").write_bytes(b"\n".join(changed) + b"\n")
    done = run.invoke(app, command(folder, processes))
    assert done.exit_code == 2
    assert "no valid credential" in done.stderr
    assert "row 19" in done.stderr


@pytest.mark.parametrize("processes", [1, 2])
def test_an_answer_dropped_twice_in_or_foreign_opens_nothing(folder: Path, lines: list[bytes], processes: int) -> None:
    foreign = json.dumps({"sealed": base64.b64encode(sealing.seal(KEYS.public, {"a": "b"})).decode()}).encode()
    changes = [[*lines[:-1], lines[-2]], lines[:-1], [*lines, lines[-1]], [*lines[:-1], foreign]]
    for changed in changes if processes == 1 else changes[:1]:
        (folder / "a.jsonl").write_bytes(b"\n".join(changed) + b"\n")
        done = run.invoke(app, command(folder, processes))
        assert (done.exit_code, done.stdout) == (2, "")
        assert "changed, added or left out" in done.stderr


def test_a_killed_process_yields_no_result(folder: Path, lines: list[bytes]) -> None:
    path = folder / "many.jsonl"
    path.write_bytes(lines[0] + b"\n" + b"\n".join(lines[1:] * 50) + b"\n")
    box = read_head(lines[0], str(path))
    found = opening.parts(
        path, box, KEYS.private, begin=len(lines[0]) + 1, end=path.stat().st_size, processes=2
    )  # fmt: skip
    assert next(found).broken is None
    killed = multiprocessing.active_children()
    assert killed
    for one in killed:
        assert one.pid is not None
        os.kill(one.pid, signal.SIGKILL)
    with pytest.raises(Problem, match="ended from outside"):
        list(found)
    for _ in range(100):
        if not multiprocessing.active_children():
            break
        time.sleep(0.05)
    assert not multiprocessing.active_children()
