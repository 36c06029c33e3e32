"""Suggestions of opinions that say the same: each text once, none further from the middle than said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao_stats.errors import StatsError
from qiao_stats.opinion import group_alike

AXES = np.eye(3)


def test_two_bundles_and_a_loner() -> None:
    vectors = [AXES[0], AXES[1], AXES[0] * 4 + 0.1 * AXES[1], AXES[1] + 0.1 * AXES[0], AXES[0], AXES[2]]
    first, second = group_alike(vectors, threshold=0.9)
    assert set(first.members) == {0, 2, 4}
    assert first.members[0] == first.middle
    assert set(second.members) == {1, 3}
    assert second.loosest == pytest.approx(1 / np.sqrt(1.01), abs=1e-3)


def test_the_middle_is_the_text_with_most_neighbours() -> None:
    angles = np.radians([0, 20, 40])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    (group,) = group_alike(vectors, threshold=float(np.cos(np.radians(25))))
    assert group.middle == 1
    assert group.members[0] == 1


def test_parts_are_kept_apart_and_empty_texts_are_like_nothing() -> None:
    vectors = [AXES[0], AXES[0], AXES[0], AXES[0], np.zeros(3), np.zeros(3)]
    groups = group_alike(vectors, partition=[1, 2, 1, 2, 1, 1])
    assert [set(group.members) for group in groups] == [{0, 2}, {1, 3}]


@settings(max_examples=60)
@given(st.integers(0, 60), st.integers(0, 10_000), st.sampled_from([0.3, 0.6, 0.9, 1.0]), st.integers(1, 4))
def test_every_text_stands_in_at_most_one_group_and_close_enough(n: int, seed: int, threshold: float, least: int):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, 3))
    vectors[n // 2 :] = vectors[: n - n // 2]
    groups = group_alike(vectors, threshold=threshold, least=least)
    members = [member for group in groups for member in group.members]
    assert len(members) == len(set(members))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if n else vectors
    for group in groups:
        assert len(group.members) >= least
        assert min(unit[list(group.members)] @ unit[group.middle]) >= threshold - 1e-4
    # Nothing alike is left over: two texts that are in no group are no pair.
    if least == 2:
        rest = [place for place in range(n) if place not in members]
        for place in rest:
            assert all(unit[place] @ unit[other] < threshold + 1e-4 for other in rest if other != place)


@pytest.mark.parametrize(
    ("vectors", "options"),
    [([[float("nan"), 1]], {}), ([1.0, 2.0], {}), ([[1.0]], {"threshold": 0}), ([[1.0]], {"partition": [1, 2]})],
)
def test_faults_are_refused(vectors: list, options: dict) -> None:
    with pytest.raises(StatsError):
        group_alike(vectors, **options)
