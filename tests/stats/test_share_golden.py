"""Real elections against pabutools' own results, and our reading of the files against its reading."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pabutools.election import parse_pabulib
from tests.golden import golden_path

from qiao_stats.share import Completion, Election, Rule, Satisfaction, read_pabulib, share_budget, to_pabulib

pytestmark = pytest.mark.golden

MOST_SECONDS = 1.3
"""Entries that took their maker longer are left to ``bench/``: they differ in patience, not in kind."""

_RULES = {
    "greedy": (Rule.GREEDY, Completion.NONE),
    "phragmen": (Rule.PHRAGMEN, Completion.NONE),
    "mes": (Rule.EQUAL_SHARES, Completion.NONE),
    "mes+greedy": (Rule.EQUAL_SHARES, Completion.GREEDY),
    "mes_add1": (Rule.EQUAL_SHARES, Completion.ADD1),
    "mes_add1+greedy": (Rule.EQUAL_SHARES, Completion.ADD1_GREEDY),
}


def _instances() -> list[dict[str, Any]]:
    return json.loads(golden_path("budget", "golden_pabutools.json").read_text())  # type: ignore[no-any-return]


def _read(instance: str) -> Election:
    return read_pabulib(golden_path("budget", f"{instance}.pb").read_text(encoding="utf-8-sig"))


def test_every_rule_and_measure_gives_the_same_projects_in_the_same_order() -> None:
    compared = 0
    for entry in _instances():
        election = _read(entry["instance"])
        for key, expected in entry["results"].items():
            if "timeout_s" in expected or expected["seconds"] > MOST_SECONDS:
                continue
            name, _, measure = key.partition("|")
            rule, completion = _RULES[name]
            result = share_budget(
                election, rule, satisfaction=Satisfaction(measure) if measure else None, completion=completion
            )
            assert list(result.selected) == expected["order"], (entry["instance"], key)
            assert result.cost == int(expected["total_cost"])
            compared += 1
    assert compared >= 80


def test_files_are_read_as_pabutools_reads_them() -> None:
    for entry in _instances():
        if entry["votes"] > 10_000:
            continue
        election = _read(entry["instance"])
        assert (len(election.ballots), len(election.projects)) == (entry["votes"], entry["projects"])
        assert election.budget == int(entry["budget"])
        instance, profile = parse_pabulib(str(golden_path("budget", f"{entry['instance']}.pb")))
        assert {project.id: project.cost for project in election.projects} == {p.name: p.cost for p in instance}
        assert [set(ballot.projects) for ballot in election.ballots] == [{p.name for p in ballot} for ballot in profile]
        assert read_pabulib(to_pabulib(election)).ballots == election.ballots
