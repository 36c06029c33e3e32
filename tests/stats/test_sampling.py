"""Sampling: the handbook's table of sizes, allocations by hand, draws that anybody repeats."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao_stats.errors import StatsError
from qiao_stats.sampling import (
    allocate,
    draw_clusters,
    draw_elements,
    draw_two_stage,
    margin_of,
    ranks,
    size_for_margin,
)


@pytest.mark.parametrize(
    ("population", "n"), [(100, 80), (200, 132), (500, 218), (1_000, 278), (5_000, 357), (100_000, 383), (1, 1)]
)
def test_sizes_of_the_table(population: int, n: int) -> None:
    assert size_for_margin(population) == n


@given(st.integers(2, 10**9), st.floats(0.005, 0.3))
def test_the_size_found_keeps_the_margin(population: int, margin: float) -> None:
    n = size_for_margin(population, margin=margin)
    assert margin_of(n, population) <= margin * (1 + 1e-6)
    if n > 1:
        assert margin_of(n - 1, population) > margin * (1 - 1e-6)


def test_allocations_by_hand() -> None:
    populations = {"a": 600, "b": 300, "c": 100}
    assert allocate(populations, 100).sizes == {"a": 60, "b": 30, "c": 10}
    assert allocate(populations, 100, method="equal").sizes == {"a": 34, "b": 33, "c": 33}
    neyman = allocate(populations, 100, method="neyman", deviations={"a": 1.0, "b": 2.0, "c": 8.0})
    # 600·1 : 300·2 : 100·8 = 6 : 6 : 8
    assert neyman.sizes == {"a": 30, "b": 30, "c": 40}
    taken = allocate(populations, 400, method="neyman", deviations={"a": 1.0, "b": 1.0, "c": 20.0})
    assert taken.sizes == {"a": 200, "b": 100, "c": 100}
    assert taken.whole == ("c",)
    assert allocate({"a": 990, "b": 10}, 50, least=5).sizes == {"a": 45, "b": 5}
    assert allocate(populations, method="given", given={"a": 3, "c": 100}).sizes == {"a": 3, "b": 0, "c": 100}


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 400), min_size=1, max_size=8),
    st.data(),
)
def test_every_allocation_adds_up_within_its_bounds(populations: dict[str, int], data: st.DataObject) -> None:
    least = data.draw(st.integers(0, 5))
    floor = sum(min(least, size) for size in populations.values())
    n = data.draw(st.integers(max(1, floor), sum(populations.values())))
    method = data.draw(st.sampled_from(["proportional", "equal", "neyman"]))
    spread = {name: data.draw(st.floats(0, 10)) for name in populations}
    if method == "neyman" and not any(spread.values()):
        return
    found = allocate(populations, n, method=method, deviations=spread, least=least)
    assert found.total == n
    assert all(min(least, populations[name]) <= size <= populations[name] for name, size in found.sizes.items())


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"populations": {}, "n": 1}, "at least one"),
        ({"populations": {"a": 5}, "n": 6}, "between 1 and the 5"),
        ({"populations": {"a": 5}, "n": 2, "method": "neyman"}, "standard deviation of stratum a"),
        ({"populations": {"a": 5}, "method": "given", "given": {"a": 6}}, "has 5 elements"),
        ({"populations": {"a": 5}, "method": "given", "given": {"z": 1}}, "no stratum z"),
        ({"populations": {"a": 5, "b": 5}, "n": 5, "least": 3}, "At least 3"),
    ],
)
def test_impossible_allocations_say_why(given_: dict, said: str) -> None:
    with pytest.raises(StatsError, match=said):
        allocate(**given_)


def test_anybody_computes_the_numbers_again() -> None:
    digest = hashlib.sha256(b"seed\nB0001").hexdigest()
    assert ranks(["B0001"], "seed")[0] == int(digest[:14], 16) // 8 / 2**53


def test_the_order_of_the_frame_changes_nothing() -> None:
    keys = [f"m{number}" for number in range(300)]
    strata = ["day" if number % 3 else "night" for number in range(300)]
    sizes = {"day": 40, "night": 11}
    one = draw_elements(keys, strata, sizes, seed="2026")
    turned = draw_elements(keys[::-1], strata[::-1], sizes, seed="2026")
    assert {keys[place] for place in one.places} == {keys[::-1][place] for place in turned.places}
    assert one.weight.sum() == pytest.approx(300)
    other = draw_elements(keys, strata, sizes, seed="2027")
    assert set(one.places) != set(other.places)


def test_every_element_is_drawn_as_often_as_its_probability_says() -> None:
    keys = [str(number) for number in range(20)]
    counts = np.zeros(20)
    for seed in range(2000):
        counts[draw_elements(keys, ["x"] * 20, {"x": 5}, seed=str(seed)).places] += 1
    assert np.all(np.abs(counts / 2000 - 0.25) < 0.05)


def test_clusters_by_size_have_their_probabilities() -> None:
    sizes = {"A": 10, "B": 20, "C": 30, "D": 40, "E": 300}
    counts = dict.fromkeys(sizes, 0)
    for seed in range(3000):
        drawn = draw_clusters(sizes, 3, seed=str(seed))
        assert len(drawn) == 3
        assert drawn["E"] == 1.0
        for name, chance in drawn.items():
            counts[name] += 1
            assert chance == pytest.approx(1.0 if name == "E" else 2 * sizes[name] / 100)
    for name in "ABCD":
        assert counts[name] / 3000 == pytest.approx(2 * sizes[name] / 100, abs=0.04)


def test_two_stages_weigh_up_to_the_population_on_average() -> None:
    clusters = [f"u{number % 17}" for number in range(1000)]
    strata = ["north" if int(name[1:]) < 9 else "south" for name in clusters]
    keys = [str(number) for number in range(1000)]
    totals = []
    for seed in range(300):
        drawn = draw_two_stage(keys, clusters, n_clusters=4, per_cluster=10, seed=str(seed), strata=strata)
        assert len(drawn.places) == 80
        totals.append(drawn.weight.sum())
    assert np.mean(totals) == pytest.approx(1000, rel=0.01)


def test_drawing_faults_are_located() -> None:
    with pytest.raises(StatsError, match="rows 1 and 3"):
        draw_elements(["a", "b", "a"], ["x"] * 3, {"x": 1}, seed="s")
    with pytest.raises(StatsError, match="two strata"):
        draw_two_stage(["a", "b"], ["u", "u"], n_clusters=1, per_cluster=1, seed="s", strata=["n", "s"])
    with pytest.raises(StatsError, match="seed"):
        draw_elements(["a"], ["x"], {"x": 1}, seed="")
    with pytest.raises(StatsError, match="has 0 elements"):
        draw_elements(["a"], ["x"], {"y": 1}, seed="s")


@given(st.lists(st.integers(1, 400), min_size=2, max_size=12), st.data())
def test_probabilities_of_clusters_by_size_add_up_to_their_number(numbers: list[int], data: st.DataObject) -> None:
    """Whoever is large enough is taken for certain; what is left is shared by size, and all of it is n."""
    sizes = {f"c{place}": number for place, number in enumerate(numbers)}
    n = data.draw(st.integers(1, len(sizes)))
    chances: dict[str, float] = {}
    for seed in range(4_000):
        drawn = draw_clusters(sizes, n, seed=str(seed))
        assert len(drawn) == n
        assert all(chances.setdefault(name, chance) == chance for name, chance in drawn.items())
        if len(chances) == len(sizes):
            break
    certain = [name for name, chance in chances.items() if chance == 1.0]
    assert all(0 < chance <= 1 for chance in chances.values())
    if len(chances) == len(sizes):
        assert sum(chances.values()) == pytest.approx(n)
    # A cluster is certain exactly where its share of what the others leave reaches one.
    rest = sum(size for name, size in sizes.items() if name not in certain)
    for name, size in sizes.items():
        if name not in certain and n > len(certain):
            assert size * (n - len(certain)) < rest
