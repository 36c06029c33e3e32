from __future__ import annotations

from datetime import datetime

import pytest

from qiao.base.lineage import chain, link, sources_of, targets_of

LINKS = [
    ("S-1", "N-1"), ("S-1", "N-2"), ("N-1", "P-1"), ("N-2", "P-2"), ("P-1", "C-1"), ("P-2", "C-1"), ("C-1", "D-1"),
    ("P-1", "W-1"), ("P-2", "W-2"), ("D-1", "W-1"), ("D-1", "W-2"), ("W-1", "E-1"), ("E-1", "N-3"),
]  # fmt: skip
GATHERING = ("S-", "C-", "D-")


@pytest.fixture(autouse=True)
def links(db: None, now: datetime) -> None:
    for source, target in LINKS:
        link(source=source, target=target, now=now)
        link(source=source, target=target, now=now)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("N-1", "S-1 N-1 P-1 C-1 D-1 W-1 E-1 N-3"),
        ("N-2", "S-1 N-2 P-2 C-1 D-1 W-2"),
        ("N-3", "S-1 N-1 P-1 C-1 D-1 W-1 E-1 N-3"),
        ("W-2", "S-1 N-2 P-2 C-1 D-1 W-2"),
        ("D-1", "S-1 N-1 N-2 P-1 P-2 C-1 D-1 W-1 W-2 E-1 N-3"),
        ("X-9", "X-9"),
    ],
)
def test_a_thread_does_not_run_sideways(code: str, found: str) -> None:
    assert chain(code, gathering=GATHERING).codes == set(found.split())


def test_links_are_stored_once_and_kept_in_order() -> None:
    assert targets_of("D-1") == ["W-1", "W-2"]
    assert sources_of("W-1") == ["P-1", "D-1"]
    assert len(chain("N-1", gathering=GATHERING).links) == 8


def test_a_circle_ends(now: datetime) -> None:
    link(source="N-3", target="P-1", now=now)
    assert "W-1" in chain("N-3", gathering=GATHERING).codes


def test_what_came_before_and_after() -> None:
    line = chain("P-1", gathering=GATHERING)
    assert line.before == {"N-1", "S-1"}
    assert line.after == {"C-1", "D-1", "W-1", "E-1", "N-3"}
