"""`qiao opinion`: what it prints, and how it refuses bad files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.golden import golden_path
from typer.testing import CliRunner, Result

from qiao.cli.main import app

HEAD = "timestamp,datetime,comment-id,voter-id,vote"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["opinion", *(str(argument) for argument in arguments)])


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.fixture
def write(tmp_path: Path):
    def save(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return save


def two_camps() -> list[str]:
    """Votes of 16 people on 6 statements: a third oppose the others on all but the last, which everybody favours."""
    lines = []
    for voter in range(16):
        for statement in range(6):
            vote = -1 if voter % 3 == 0 and statement < 5 else 1
            if (voter + statement) % 7 == 0 and statement < 5:
                vote = 0
            lines.append(f"{1000 + len(lines)},then,{statement},{voter},{vote}")
    return lines


def test_json_names_groups_and_what_they_stand_for(write) -> None:
    votes = write("votes.csv", HEAD, *two_camps())
    result = run(votes, "--k", 2, "--format", "json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert (document["participants"], document["statements"], document["votes"], document["k"]) == (16, 6, 96, 2)
    large, small = document["groups"]
    assert small["members"] == [0, 3, 6, 9, 12, 15]
    assert large["size"] == 10
    assert all(pick["repful-for"] == "disagree" for pick in document["representative"]["1"] if pick["tid"] != 5)
    assert document["consensus"]["agree"][0]["tid"] == 5
    shared = document["group_informed_consensus"]
    assert max(shared, key=shared.get) == "5"
    assert len(document["statistics"]) == 12
    assert len(document["coordinates"]) == 16


def test_table_and_csv(write) -> None:
    votes = write("votes.csv", HEAD, *two_camps())
    statements = write(
        "comments.csv", "comment-id,moderated,comment-body", *(f"{i},1,Text of {i}" for i in range(5)), "5,-1,Rude"
    )
    shown = run(votes, "--statements", statements)
    assert shown.exit_code == 0, shown.stderr
    assert "1 moderated out" in shown.stdout
    assert "Text of 0" in shown.stdout
    assert "Rude" not in shown.stdout
    result = run(votes, "--format", "csv", "--k", 2)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0])[:5] == ["group_id", "statement_id", "na", "nd", "ns"]
    assert sum(int(row["ns"]) for row in rows) == 96


def test_a_changed_vote_counts_once(write) -> None:
    lines = two_camps()
    votes = write("votes.csv", HEAD, "99999,later,0,1,-1", *lines)
    document = json.loads(run(votes, "--k", 1, "--format", "json").stdout)
    before = json.loads(run(write("b.csv", HEAD, *lines), "--k", 1, "--format", "json").stdout)
    assert document["votes"] == before["votes"]
    assert document["statistics"][0]["nd"] == before["statistics"][0]["nd"] + 1


def test_given_groups_keep_their_names(write) -> None:
    votes = write("votes.csv", HEAD, *two_camps())
    groups = write(
        "groups.csv", "participant,group-id,n-votes", *(f"{i},{'b' if i < 4 else 'a'},6" for i in range(15)), "15,,6",
        "77,,0",
    )  # fmt: skip
    document = json.loads(run(votes, "--groups", groups, "--format", "json").stdout)
    assert [(group["id"], group["size"]) for group in document["groups"]] == [("a", 11), ("b", 4)]
    assert document["grouped"] == 15
    assert set(document["representative"]) == {"a", "b"}


def test_a_rare_click_written_twice_is_told_and_counted_once(write) -> None:
    camps = [line.split(",", 1)[1] for line in two_camps()]
    # Everybody votes again and again, each time later: 10,080 rows of which the last 96 count.
    lines = [f"{1000 + again},{line}" for again in range(105) for line in camps]
    result = run(write("votes.csv", HEAD, lines[0], *lines), "--k", 2, "--format", "json")
    assert result.exit_code == 0
    assert "row 3" in result.stderr
    assert json.loads(result.stdout)["votes"] == 96
    few = two_camps()
    assert "row 3: Duplicate vote" in refused(write("few.csv", HEAD, few[0], *few))


def test_duplicate_votes_are_refused(write) -> None:
    lines = two_camps()
    copied = refused(write("votes.csv", HEAD, *lines, lines[0]))
    assert "votes.csv, row 98: Duplicate vote: voter 0 on statement 0" in copied
    assert "as in row 2" in copied
    opposed = refused(write("votes.csv", HEAD, *lines, lines[-1][:-1] + "0"))
    assert "row 98" in opposed
    assert "as in row 97" in opposed
    twice = refused(write("votes.csv", HEAD, *lines, *lines))
    assert "86 more duplicates" in twice


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["timestamp,comment-id,voter-id", "1,1,1"], ["row 1", "Missing column: vote"]),
        ([HEAD, "1,t,0,0,1", "2,t,0,1,2"], ["row 3", "column vote", "“2”", "Write 1 for agree"]),
        ([HEAD, "1,t,0,0,1", "2,t,0,1,"], ["row 3", "column vote"]),
        ([HEAD, "1,t,0,0,yes"], ["row 2", "column vote", "“yes”"]),
        ([HEAD, "1,t,0,,1"], ["row 2", "column voter-id", "empty"]),
        ([HEAD, "1,t,,0,1"], ["row 2", "column comment-id", "empty"]),
        ([HEAD, ",t,0,0,1"], ["row 2", "column timestamp", "empty"]),
        ([HEAD, "noon,t,0,0,1"], ["row 2", "column timestamp", "noon"]),
        ([HEAD], ["no data rows"]),
        ([""], ["votes.csv"]),
        ([HEAD, "1,t,0,0,1"], ["too few"]),
        ([HEAD, *(f"{i},t,0,{i},1" for i in range(5))], ["voted alike"]),
    ],
)
def test_bad_votes_are_refused(write, lines: list[str], words: list[str]) -> None:
    message = refused(write("votes.csv", *lines))
    for word in words:
        assert word in message


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert "nothing.csv" in refused(tmp_path / "nothing.csv")


def test_more_groups_than_participants_are_refused(write) -> None:
    votes = write("votes.csv", HEAD, *two_camps())
    assert "17 groups cannot be formed of 16 participants" in refused(votes, "--k", 17)
    assert run(votes, "--k", 0).exit_code == 2


def test_bad_statement_files_are_refused(write) -> None:
    votes = write("votes.csv", HEAD, *two_camps())
    known = [f"{i},1" for i in range(6)]
    head = "comment-id,moderated"
    missing = refused(votes, "--statements", write("comments.csv", head, *known[:5]))
    assert "votes.csv, row 7, column comment-id" in missing
    assert "statement 5" in missing
    twice = refused(votes, "--statements", write("comments.csv", head, *known, "0,1"))
    assert "comments.csv, row 8" in twice
    state = refused(votes, "--statements", write("comments.csv", head, "0,out", *known[1:]))
    assert "row 2, column moderated" in state
    state = refused(votes, "--statements", write("comments.csv", head, "0,3", *known[1:]))
    assert "“3” is no state of moderation" in state
    assert "Missing column: moderated" in refused(votes, "--statements", write("comments.csv", "comment-id", "0"))


def test_bad_group_files_are_refused(write) -> None:
    votes = write("votes.csv", HEAD, *two_camps())
    head = "participant,group-id"
    unknown = refused(votes, "--groups", write("groups.csv", head, "0,1", "99,0"))
    assert "groups.csv, row 3, column participant: Participant 99 is in a group but has no vote" in unknown
    assert "second time" in refused(votes, "--groups", write("groups.csv", head, "0,1", "0,0"))
    assert "No participant is in a group" in refused(votes, "--groups", write("groups.csv", head, "0,", "1,"))
    assert "Missing column: group-id" in refused(votes, "--groups", write("groups.csv", "participant,x", "0,1"))
    both = refused(votes, "--k", 2, "--groups", write("groups.csv", head, "0,1"))
    assert "--k" in both


def test_many_faults_are_counted_not_all_listed(write) -> None:
    message = refused(write("votes.csv", HEAD, *(f"{i},t,0,{i},7" for i in range(30))))
    assert message.count("neither 1, 0 nor -1") == 10
    assert "20 more rows have this fault" in message


@pytest.mark.golden
@pytest.mark.parametrize(
    "name",
    [
        "15-per-hour-seattle",
        "brexit-consensus",
        "london.youth.policing",
        "scoop-hivemind.biodiversity",
        "vtaiwan.uberx",
    ],
)
def test_real_exports_pass_and_give_the_golden_statements(name: str) -> None:
    folder = golden_path("opinion", "conversations", name)
    result = run(
        folder / "votes.csv", "--statements", folder / "comments.csv", "--groups", folder / "participants-votes.csv",
        "--format", "json",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    golden = json.loads(golden_path("opinion", "golden", f"{name}.json").read_text(encoding="utf-8"))
    assert {str(group["id"]): group["size"] for group in document["groups"]} == golden["groups"]
    for group, picks in golden["repness"].items():
        ours = document["representative"][group]
        assert [pick["tid"] for pick in ours] == [pick["tid"] for pick in picks]
        for one, other in zip(ours, picks, strict=True):
            assert one.pop("repful-for") == other.pop("repful-for")
            assert one == pytest.approx(other, rel=1e-9)
    for statement, value in golden["top_gac_agree"].items():
        assert document["group_informed_consensus"][statement] == pytest.approx(value, rel=1e-9)
