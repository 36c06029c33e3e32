"""Opinion groups against other software: real conversations with the groups and results of the Polis server.

The statistics are held against red-dwarf 0.4.0 for the server's own groups, two small conversations against the
server's own results (`math-pca2`).
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import adjusted_rand_score
from tests.golden import golden_path

from qiao_stats.opinion import (
    Pick,
    VoteTable,
    choose_participants,
    collect_votes,
    find_groups,
    given_groups,
    opinion_map,
    project,
)

pytestmark = pytest.mark.golden

CONVERSATIONS = [
    "15-per-hour-seattle",
    "brexit-consensus",
    "london.youth.policing",
    "scoop-hivemind.biodiversity",
    "vtaiwan.uberx",
]
SERVER = ["25ptpt-3gp-no-strict-with-meta", "below-100-ptpts"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class Conversation:
    """A conversation's files in codes."""

    def __init__(self, name: str) -> None:
        folder = golden_path("opinion", "conversations", name)
        votes = rows(folder / "votes.csv")
        self.people = sorted({int(row["voter-id"]) for row in votes})
        self.statements = sorted({int(row["comment-id"]) for row in votes})
        person = {name: code for code, name in enumerate(self.people)}
        self.code = {name: code for code, name in enumerate(self.statements)}
        self.table: VoteTable = collect_votes(
            [person[int(row["voter-id"])] for row in votes],
            [self.code[int(row["comment-id"])] for row in votes],
            [int(row["vote"]) for row in votes],
            order=[int(row["timestamp"]) for row in votes],
        )
        out = {int(row["comment-id"]) for row in rows(folder / "comments.csv") if row["moderated"] == "-1"}
        self.kept = np.array([statement not in out for statement in self.statements])
        self.server = np.full(len(self.people), -1)
        for row in rows(folder / "participants-votes.csv"):
            if row["group-id"]:
                self.server[person[int(row["participant"])]] = int(row["group-id"])


def as_polis(pick: Pick, statements: list[int]) -> tuple[object, ...]:
    return statements[pick.statement], "agree" if pick.agree else "disagree", pick.count, pick.seen, pick.best_agree


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_statistics_for_the_servers_groups(name: str) -> None:
    case = Conversation(name)
    k = int(case.server.max()) + 1
    result = opinion_map(case.table, case.kept, groups=given_groups(case.server, k))
    s = result.statistics
    ours = {
        "na": s.votes.agree, "nd": s.votes.disagree, "ns": s.votes.seen, "pa": s.p_agree, "pd": s.p_disagree,
        "pat": s.p_agree_z, "pdt": s.p_disagree_z, "ra": s.r_agree, "rd": s.r_disagree, "rat": s.r_agree_z,
        "rdt": s.r_disagree_z,
    }  # fmt: skip
    golden = rows(golden_path("opinion", "golden", f"{name}.group_stats.csv"))
    assert len(golden) == k * len(case.statements)
    where = [int(row["group_id"]) for row in golden], [case.code[int(row["statement_id"])] for row in golden]
    for column, values in ours.items():
        assert_allclose(values[where], [float(row[column]) for row in golden], rtol=1e-9, atol=1e-9, err_msg=column)
    shared = rows(golden_path("opinion", "golden", f"{name}.gac.csv"))
    at = [case.code[int(row["statement_id"])] for row in shared]
    for column, value in (("agree", result.consensus_agree), ("disagree", result.consensus_disagree)):
        assert_allclose(value[at], [float(row[f"group-aware-consensus-{column}"]) for row in shared], rtol=1e-9)
    summary = json.loads(golden_path("opinion", "golden", f"{name}.json").read_text(encoding="utf-8"))
    for group, picks in enumerate(result.representative):
        wanted = summary["repness"][str(group)]
        assert [as_polis(pick, case.statements) for pick in picks] == [
            (row["tid"], row["repful-for"], row["n-success"], row["n-trials"], row.get("best-agree", False))
            for row in wanted
        ]
        for ours_, theirs in zip(picks, wanted, strict=True):
            assert_allclose(
                [ours_.share, ours_.share_z, ours_.ratio, ours_.ratio_z],
                [theirs[key] for key in ("p-success", "p-test", "repness", "repness-test")],
                rtol=1e-9,
            )


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_map_and_consensus_are_those_of_red_dwarf(name: str) -> None:
    case = Conversation(name)
    golden = json.loads(golden_path("opinion", "reddwarf", f"{name}.json").read_text(encoding="utf-8"))
    plane = project(case.table, case.kept)
    # Its solver is a randomised one on the large conversations: components to 1e-4, in a free sign.
    components = np.array(golden["pca"]["components"])
    signs = np.sign((components * plane.components).sum(axis=1))
    assert_allclose(plane.components * signs[:, None], components, atol=1e-4)
    assert_allclose(plane.explained, golden["pca"]["explained_variance_ratio"], rtol=1e-6)
    assert_allclose(plane.centre, golden["pca"]["mean"], atol=1e-9)
    theirs = np.array([row[1:3] for row in golden["participants"]])
    assert_allclose(plane.coordinates * signs, theirs, atol=1e-3)
    assert choose_participants(case.table).sum() == golden["n_clustered"]
    everybody = given_groups(np.zeros(len(case.people), dtype=int), 1)
    result = opinion_map(case.table, case.kept, groups=everybody)
    # Of statements with equal figures theirs take any order: compare as sets.
    for picks, side in ((result.agreed, "agree"), (result.disagreed, "disagree")):
        assert {case.statements[pick.statement] for pick in picks} == {row["tid"] for row in golden["consensus"][side]}


@pytest.mark.parametrize("name", ["scoop-hivemind.biodiversity", "vtaiwan.uberx"])
def test_groups_are_nearly_those_of_the_server(name: str) -> None:
    case = Conversation(name)
    plane = project(case.table, case.kept)
    found = find_groups(plane.coordinates, choose_participants(case.table), k=int(case.server.max()) + 1)
    both = (found.group >= 0) & (case.server >= 0)
    assert both.sum() > 0.99 * (case.server >= 0).sum()
    assert adjusted_rand_score(found.group[both], case.server[both]) >= 0.8


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_groups_hardly_depend_on_the_seed(name: str) -> None:
    case = Conversation(name)
    plane, chosen = project(case.table, case.kept), choose_participants(case.table)
    first, *others = [find_groups(plane.coordinates, chosen, seed=seed) for seed in (0, 1, 2)]
    for other in others:
        assert other.k == first.k
        assert adjusted_rand_score(first.group[chosen], other.group[chosen]) >= 0.99


@pytest.mark.parametrize("name", SERVER)
def test_the_servers_own_results(name: str) -> None:
    folder = golden_path("opinion", "server", name)
    votes = json.loads((folder / "votes.json").read_text(encoding="utf-8"))
    golden = json.loads((folder / "math-pca2.json").read_text(encoding="utf-8"))
    table = collect_votes(
        [vote.get("pid", vote.get("participant_id")) for vote in votes],
        [vote.get("tid", vote.get("statement_id")) for vote in votes],
        [int(vote["vote"]) for vote in votes],
        order=[float(vote["modified"]) for vote in votes],
    )
    out = {*golden["mod-out"], *golden["meta-tids"]}
    kept = np.array([statement not in out for statement in range(table.statements)])
    base = dict(zip(golden["base-clusters"]["id"], golden["base-clusters"]["members"], strict=True))
    group = np.full(table.participants, -1)
    for cluster in golden["group-clusters"]:
        for member in cluster["members"]:
            group[base[member]] = cluster["id"]
    result = opinion_map(table, kept, groups=given_groups(group, len(golden["group-clusters"])))
    statements = list(range(table.statements))
    for name_, picks in enumerate(result.representative):
        wanted = golden["repness"][str(name_)]
        assert [as_polis(pick, statements) for pick in picks] == [
            (row["tid"], row["repful-for"], row["n-success"], row["n-trials"], row.get("best-agree", False))
            for row in wanted
        ]
    for statement, value in golden["group-aware-consensus"].items():
        assert result.consensus_agree[int(statement)] == pytest.approx(value, rel=1e-9)
    for picks, side in ((result.agreed, "agree"), (result.disagreed, "disagree")):
        assert {pick.statement for pick in picks} == {row["tid"] for row in golden["consensus"][side]}
