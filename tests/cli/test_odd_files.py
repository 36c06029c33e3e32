"""`qiao share` and `qiao opinion` fed with what offices really send: a located fault, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from qiao.cli.main import app

RUN = CliRunner()
PB = """META
key; value
num_projects; 2
num_votes; 2
budget; 100
vote_type; approval
PROJECTS
project_id; cost; name
a; 50; 休息室
b; 60; B
VOTES
voter_id; vote
1; a
2; a,b
"""
CSV = (
    "timestamp,datetime,comment-id,voter-id,vote\n1,x,0,0,1\n2,x,1,0,-1\n3,x,0,1,-1\n4,x,1,1,1\n5,x,0,2,1\n6,x,1,2,0\n"
)
SOI = "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n2: 1,2\n"
PDF = b"%PDF-1.4\n\xff\xd8\x00\x01"
WIDE = ",".join(f"c{number}" for number in range(1_000_000)).encode()


def swapped(text: str, old: str, new: str) -> bytes:
    assert old in text
    return text.replace(old, new).encode()


def run(tmp_path: Path, command: str, name: str, content: bytes) -> tuple[int, str]:
    path = tmp_path / name
    path.write_bytes(content)
    done = RUN.invoke(app, [command, str(path)])
    # A Problem ends in an exit; anything else that was raised would be a traceback.
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output.replace("\n", " ")


@pytest.mark.parametrize(
    ("command", "name", "text"), [("share", "a.pb", PB), ("share", "a.soi", SOI), ("opinion", "a.csv", CSV)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_as_offices_save_it(tmp_path: Path, command: str, name: str, text: str, encoding: str, ending: str) -> None:
    code, said = run(tmp_path, command, name, text.replace("\n", ending).encode(encoding))
    assert code == 0, said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (PDF, "The file is no text"),
        (WIDE, "the section META is missing"),
        (swapped(PB, "a; 50", "a; -50"), "odd.pb, row 9, column cost: the cost of project a must be more than nothing"),
        (swapped(PB, "a; 50", "a; NaN"), "row 9, column cost: 'NaN' is no number"),
        (swapped(PB, "a; 50", "a; inf"), "row 9, column cost: 'inf' is no number"),
        (swapped(PB, "1; a\n", "1; a,a\n"), "row 13, column vote: the ballot names project a twice"),
        (swapped(PB, "2; a,b", "1; b"), "row 14, column voter_id: voter 1 is already in line 13"),
        (swapped(PB, "project_id; cost; name", "project_id; name; x"), "column cost: the column cost is missing"),
        (swapped(PB, "; B", "; B;x"), "row 10: the line has 4 cells, the header 3"),
        (swapped(PB, "approval", "astral"), "column vote_type: there is no vote_type 'astral'"),
        (PB.split("VOTES")[0].encode(), "the section VOTES is missing"),
    ],
)
def test_no_budget_vote(tmp_path: Path, content: bytes, said: str) -> None:
    code, output = run(tmp_path, "share", "odd.pb", content)
    assert code == 2
    assert said in output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no alternative is named"),
        (PDF, "The file is no text"),
        (swapped(SOI, "2: 1,2", "-2: 1,2"), "odd.soi, row 4: a ballot must be written as"),
        (swapped(SOI, "2: 1,2", "NaN: 1,2"), "odd.soi, row 4: a ballot must be written as"),
        (swapped(SOI, "2: 1,2", "2: 1,3"), "odd.soi, row 4: there is no alternative 3"),
    ],
)
def test_no_ranked_vote(tmp_path: Path, content: bytes, said: str) -> None:
    code, output = run(tmp_path, "share", "odd.soi", content)
    assert code == 2
    assert said in output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (CSV.splitlines()[0].encode(), "a header row but no data rows"),
        (PDF, "odd.csv, row 2: The file holds zero bytes"),
        (WIDE, "odd.csv, row 1: The first row alone has more than a megabyte"),
        (swapped(CSV, ",vote\n", "\n"), "Missing column: vote"),
        ("时间,票\n1,赞成\n".encode("gbk"), "The file has these columns: 时间, 票"),
        (swapped(CSV, "3,x,0,1,-1", "3,x,0,1,NaN"), "odd.csv, row 4, column vote: A vote is “NaN”"),
        (swapped(CSV, "3,x,0,1,-1", "3,x,0,1,7"), "odd.csv, row 4, column vote: A vote is “7”"),
        (swapped(CSV, "3,x,0,1,-1", '3,"x,0,1,-1'), "odd.csv, row 4: This row has 2 cells"),
        (swapped(CSV, "6,x,1,2,0", "1,x,0,0,-1"), "Duplicate vote: voter 0 on statement 0"),
        (swapped(CSV, "3,x", "3,\0"), "zero bytes"),
    ],
)
def test_no_conversation(tmp_path: Path, content: bytes, said: str) -> None:
    code, output = run(tmp_path, "opinion", "odd.csv", content)
    assert code == 2
    assert said in output
