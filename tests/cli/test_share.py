"""`qiao share` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qiao.cli.main import app

RUN = CliRunner()
ELECTION = """META
key;value
budget;100
vote_type;approval
PROJECTS
project_id;cost;name
a;60;花园
b;50;图书
c;40;灯
VOTES
voter_id;vote
1;a,b
2;a
3;b,c
4;c
"""


@pytest.fixture
def election(tmp_path: Path) -> Path:
    path = tmp_path / "election.pb"
    path.write_text(ELECTION, encoding="utf-8")
    return path


def test_the_outcome_as_json(election: Path) -> None:
    result = RUN.invoke(app, ["share", str(election), "--rule", "greedy", "--format", "json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["selected"] == ["a", "c"]
    assert (document["total_cost"], document["budget"], document["budget_used"]) == (100, 100, 1.0)
    assert [row["spent"] for row in document["chosen"]] == [60, 100]


def test_table_and_csv(election: Path) -> None:
    table = RUN.invoke(app, ["share", str(election), "--rule", "greedy"])
    assert "2 of 3 projects for 100 of 100 (100.0% used)" in table.stdout
    csv = RUN.invoke(app, ["share", str(election), "--rule", "greedy", "--format", "csv"])
    assert csv.stdout.splitlines() == ["place,project,name,cost,votes,spent", "1,a,花园,60,2,60", "2,c,灯,40,2,100"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_files_as_offices_save_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "saved.pb"
    path.write_bytes(ELECTION.replace("\n", "\r\n").encode(encoding))
    result = RUN.invoke(app, ["share", str(path), "--rule", "greedy", "--format", "csv"])
    assert "花园" in result.stdout


def test_every_fault_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.pb"
    path.write_text(ELECTION.replace("c;40", "b;-40").replace("2;a\n", "1;z\n"), encoding="utf-8")
    result = RUN.invoke(app, ["share", str(path)])
    assert result.exit_code == 2
    for message in (
        "row 9, column project_id: project b is already in line 8",
        "row 13, column vote: there is no project z",
        "row 13, column voter_id: voter 1 is already in line 12",
    ):
        assert message in result.stderr


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "empty"), (b"\xff\x00\xfe\x81", "no text"), (b"hello", "the section META is missing")],
)
def test_what_is_no_election(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "no.pb"
    path.write_bytes(data)
    result = RUN.invoke(app, ["share", str(path)])
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_measure_that_does_not_fit(election: Path) -> None:
    result = RUN.invoke(app, ["share", str(election), "--satisfaction", "additive_borda"])
    assert result.exit_code == 2
    assert "does not fit ballots of type approval" in result.stderr
    assert RUN.invoke(app, ["share", str(election), "--increment", "x"]).exit_code == 2
    assert RUN.invoke(app, ["share", str(election.with_name("none.pb"))]).exit_code == 2


RANKED = """# ALTERNATIVE NAME 1: 孟菲斯
# ALTERNATIVE NAME 2: 纳什维尔
# ALTERNATIVE NAME 3: 查塔努加
# ALTERNATIVE NAME 4: 诺克斯维尔
42: 1, 2, 3, 4
26: 2, 3, 4, 1
15: 3, 4, 2, 1
17: 4, 3, 2, 1
"""


def test_ranked_ballots_by_both_rules(tmp_path: Path) -> None:
    path = tmp_path / "capital.soc"
    path.write_text(RANKED, encoding="gb18030")
    winners = {}
    for rule in ("schulze", "instant-runoff"):
        result = RUN.invoke(app, ["share", str(path), "--rule", rule, "--format", "json"])
        assert result.exit_code == 0, result.output
        document = json.loads(result.stdout)
        winners[rule] = document["winner"]
        assert (document["votes"], document["candidates"], document["tied"]) == (100, 4, [])
    assert winners == {"schulze": "纳什维尔", "instant-runoff": "诺克斯维尔"}
    assert "纳什维尔 of 4 candidates, 100 votes, schulze" in RUN.invoke(app, ["share", str(path)]).stdout


def test_a_rule_that_does_not_fit_and_broken_ranked_files_are_refused(tmp_path: Path, election: Path) -> None:
    path = tmp_path / "broken.toi"
    path.write_text(RANKED + "3: 1,9\nx: 2\n", encoding="utf-8")
    result = RUN.invoke(app, ["share", str(path)])
    assert result.exit_code == 2
    assert "row 9" in result.stderr
    assert "row 10" in result.stderr
    for wrong in ([str(path), "--rule", "greedy"], [str(election), "--rule", "schulze"]):
        refused = RUN.invoke(app, ["share", *wrong])
        assert (refused.exit_code, "only" in refused.stderr) == (2, True)
