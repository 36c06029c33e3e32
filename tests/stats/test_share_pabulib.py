"""Pabulib files: what is written is read back, and every fault has its line."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao_stats.share import Ballot, Election, PabulibError, Project, VoteType, number_text, read_pabulib, to_pabulib

GOOD = """META
key;value
description;"Test; with a semicolon"
budget;1000,5
vote_type;cumulative
PROJECTS
project_id;cost;name;category
a;10.5;Garden;green
b;20;Lamp;
VOTES
voter_id;age;vote;points
1;30;a,b;1,2.5
2;;;
"""


def test_a_file_is_read() -> None:
    election = read_pabulib("\ufeff" + GOOD)
    assert election.budget == Fraction("1000.5")
    assert election.meta["description"] == "Test; with a semicolon"
    assert election.projects[0] == Project("a", Fraction("10.5"), "Garden", {"category": "green"})
    assert election.ballots == (
        Ballot("1", ("a", "b"), (Fraction(1), Fraction("2.5")), {"age": "30"}),
        Ballot("2", (), (), {"age": ""}),
    )


def test_the_export_carries_counts_and_choice() -> None:
    text = to_pabulib(read_pabulib(GOOD), selected=("b",))
    lines = text.splitlines()
    assert "num_votes;2" in lines
    assert "project_id;cost;votes;score;name;category;selected" in lines
    assert "a;10.5;1;1;Garden;green;0" in lines
    assert "b;20;1;2.5;Lamp;;1" in lines


WORDS = st.text(alphabet="abc;,\"'\n 桥", max_size=8).map(str.strip)
IDS = st.text(alphabet="abc12", min_size=1, max_size=4)


@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    ids = data.draw(st.lists(IDS, min_size=1, max_size=5, unique=True))
    vote_type = data.draw(st.sampled_from([VoteType.APPROVAL, VoteType.SCORING, VoteType.ORDINAL]))
    cost = st.decimals(min_value="0.01", max_value=10**6, places=2).map(Fraction)
    ballots = []
    for voter in data.draw(st.lists(IDS, max_size=5, unique=True)):
        named = tuple(data.draw(st.lists(st.sampled_from(ids), unique=True)))
        points = tuple(Fraction(data.draw(st.integers(0, 9))) for _ in named) if vote_type is VoteType.SCORING else ()
        ballots.append(Ballot(voter, named, points))
    election = Election(
        tuple(Project(name, data.draw(cost), data.draw(WORDS)) for name in ids),
        tuple(ballots),
        data.draw(cost),
        vote_type,
    )
    read = read_pabulib(to_pabulib(election))
    assert (read.budget, read.vote_type, read.ballots) == (election.budget, election.vote_type, election.ballots)
    assert [(p.id, p.cost, p.name) for p in read.projects] == [(p.id, p.cost, p.name) for p in election.projects]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("budget;1000,5\n", "", [(1, "budget")]),
        ("budget;1000,5", "budget;-5", [(4, "budget")]),
        ("budget;1000,5", "budget;much", [(4, "budget")]),
        ("vote_type;cumulative\n", "", [(1, "vote_type")]),
        ("vote_type;cumulative", "vote_type;shouting", [(5, "vote_type")]),
        ("a;10.5", "a;0", [(8, "cost")]),
        ("a;10.5", "a;-1", [(8, "cost")]),
        ("a;10.5", "a;1/2", [(8, "cost")]),
        ("a;10.5", "a;", [(8, "cost")]),
        ("b;20", "a;20", [(9, "project_id"), (12, "vote")]),
        ("b;20", ";20", [(9, "project_id"), (12, "vote")]),
        ("project_id;cost", "project;cost", [(7, "project_id"), (12, "vote"), (12, "vote")]),
        ("1;30;a,b;1,2.5", "1;30;a,z;1,2.5", [(12, "vote")]),
        ("1;30;a,b;1,2.5", "1;30;a,a;1,2.5", [(12, "vote")]),
        ("1;30;a,b;1,2.5", "1;30;a,b;1", [(12, "points")]),
        ("1;30;a,b;1,2.5", "1;30;a,b;1,x", [(12, "points")]),
        ("1;30;a,b;1,2.5", "1;30;a,b;1,-2", [(12, "points")]),
        ("2;;;", "1;;;", [(13, "voter_id")]),
        ("2;;;", ";;a;1", [(13, "voter_id")]),
        ("2;;;", "2;;;;;more", [(13, None)]),
        ("VOTES\n", "", [(None, None), (9, None)]),
    ],
)
def test_faults_have_their_line(old: str, new: str, faults: list[tuple[int | None, str | None]]) -> None:
    assert old in GOOD
    with pytest.raises(PabulibError) as caught:
        read_pabulib(GOOD.replace(old, new, 1))
    found = [(fault.line, fault.column) for fault in caught.value.faults]
    assert set(faults) <= set(found) or (old == "VOTES\n" and found[0] == (None, None))


@pytest.mark.parametrize("text", ["", "\n \n", "hello", "META\n", "META\nkey;value\nPROJECTS\nVOTES\n", "VOTES\n1;2;3"])
def test_what_is_no_election(text: str) -> None:
    with pytest.raises(PabulibError):
        read_pabulib(text)


def test_a_choose_one_ballot_has_one_project() -> None:
    text = GOOD.replace("cumulative", "choose-1")
    with pytest.raises(PabulibError, match="line 12: the ballot names 2 projects"):
        read_pabulib(text)


@given(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4))
def test_numbers_are_written_exactly_where_they_can_be(value: Fraction) -> None:
    read = Fraction(number_text(value))
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    assert read == value if denominator == 1 else abs(read - value) <= abs(value) * Fraction(1, 10**13)
