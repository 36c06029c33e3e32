"""Needs: hand-worked shares, differences and adjusted p values."""

from __future__ import annotations

import numpy as np
import pytest

from qiao_stats.errors import StatsError
from qiao_stats.estimation import estimate_many, make_design
from qiao_stats.needs import Comparison, common_items, compare_groups, interval_ends, standing_out


def column(*ones: int, size: int) -> np.ndarray:
    made = np.zeros(size)
    made[list(ones)] = 1
    return made


def test_difference_and_its_error_by_hand() -> None:
    # Simple random sample of 8: the group (first 4) names it 3 times of 4, the rest 1 of 4; d = 0.5.
    # z is ±1/4·(y − p): group 1/16, 1/16, 1/16, −3/16; rest −3/16 for the one who names it, +1/16 for the three.
    # Σz² = 2·(3·1/256 + 9/256) = 24/256; variance of the total with n = 8: 8/7 · 24/256; se = 0.32733.
    design = make_design(rows=8)
    member = np.arange(8) < 4
    values = np.array([1, 1, 1, 0, 1, 0, 0, 0.0])
    (one,) = compare_groups(design, {"bus": values}, {"night": (member, np.ones(8, bool))}, least=2)
    assert (one.n, one.rest_n, one.share, one.rest_share) == (4, 4, 0.75, 0.25)
    assert one.difference == pytest.approx(0.5)
    assert one.se == pytest.approx(np.sqrt(8 / 7 * 24 / 256))
    # t = 1.52753 with 7 degrees of freedom: upper tail 0.08524 (table of Student's t).
    assert one.p == pytest.approx(0.08524, abs=2e-5)
    assert one.adjusted == one.p


def test_rows_of_unknown_group_are_in_neither_part() -> None:
    design = make_design(rows=6)
    member = np.array([1, 1, 0, 0, 0, 0], bool)
    known = np.array([1, 1, 1, 1, 0, 0], bool)
    values = np.array([1, 1, 0, 1, 1, 1.0])
    (one,) = compare_groups(design, {"a": values}, {"g": (member, known)}, least=1)
    assert (one.rest_n, one.rest_share) == (2, 0.5)


def test_not_asked_is_not_no() -> None:
    design = make_design(rows=6)
    member = np.array([1, 1, 1, 0, 0, 0], bool)
    values = np.array([1, 1, np.nan, 0, np.nan, 0])
    (one,) = compare_groups(design, {"a": values}, {"g": (member, np.ones(6, bool))}, least=1)
    assert (one.n, one.share, one.rest_n, one.rest_share) == (2, 1.0, 2, 0.0)


def test_weights_count() -> None:
    design = make_design(weights=[3, 1, 1, 1])
    member = np.array([1, 1, 0, 0], bool)
    (one,) = compare_groups(design, {"a": [1.0, 0, 1, 0]}, {"g": (member, np.ones(4, bool))}, least=1)
    assert one.share == pytest.approx(0.75)
    assert one.rest_share == pytest.approx(0.5)


def test_benjamini_hochberg_by_hand() -> None:
    # Four comparisons; adjusted p is min over larger ranks of p·m/rank (Benjamini and Hochberg 1995).
    rng = np.random.default_rng(3)
    design = make_design(rows=400)
    member = np.arange(400) < 100
    items = {f"i{k}": (rng.random(400) < np.where(member, 0.3 + 0.12 * k, 0.3)).astype(float) for k in range(4)}
    found = compare_groups(design, items, {"g": (member, np.ones(400, bool))})
    p = sorted(one.p for one in found)
    expected, least = {}, 1.0
    for rank in range(4, 0, -1):
        least = min(least, p[rank - 1] * 4 / rank)
        expected[p[rank - 1]] = least
    assert all(one.adjusted == pytest.approx(expected[one.p]) for one in found)
    assert {one.item for one in standing_out(found)} == {one.item for one in found if expected[one.p] <= 0.05}
    assert {"i2", "i3"} <= {one.item for one in standing_out(found)} <= {"i1", "i2", "i3"}


def test_false_discoveries_stay_rare_when_nothing_differs() -> None:
    rng = np.random.default_rng(11)
    false = 0
    for _round in range(40):
        design = make_design(rows=300)
        items = {f"i{k}": (rng.random(300) < 0.4).astype(float) for k in range(6)}
        member = rng.random(300) < 0.3
        false += bool(standing_out(compare_groups(design, items, {"g": (member, np.ones(300, bool))})))
    assert false <= 6  # 5 % of 40 rounds expected; 6 or fewer with probability 0.99


def test_small_groups_are_not_compared() -> None:
    design = make_design(rows=100)
    member = np.arange(100) < 29
    assert compare_groups(design, {"a": np.ones(100)}, {"g": (member, np.ones(100, bool))}) == ()


def test_everybody_names_it() -> None:
    design = make_design(rows=80)
    member = np.arange(80) < 40
    (one,) = compare_groups(design, {"a": np.ones(80)}, {"g": (member, np.ones(80, bool))})
    assert np.isnan(one.p)
    assert standing_out([one]) == ()


def test_member_without_being_known_is_refused() -> None:
    design = make_design(rows=4)
    with pytest.raises(StatsError, match="without being known"):
        compare_groups(design, {"a": np.ones(4)}, {"g": (np.ones(4, bool), np.zeros(4, bool))}, least=1)


def test_common_is_in_the_top_of_every_stratum() -> None:
    # Four items, top 2. Stratum x: a 3, b 2, c 1, d 0 of 4; stratum y: a 1, b 3, c 2, d 0 of 4 → only b is common.
    strata = ["x"] * 4 + ["y"] * 4
    items = {
        "a": column(0, 1, 2, 4, size=8),
        "b": column(0, 1, 4, 5, 6, size=8),
        "c": column(0, 4, 5, size=8),
        "d": column(size=8),
    }
    assert common_items(make_design(rows=8), items, strata, top=2, least=1) == ("b",)


def test_ties_share_the_last_place_and_the_most_named_comes_first() -> None:
    items = {
        "a": column(0, size=4), "b": column(0, 1, size=4), "c": column(3, size=4), "d": column(size=4),
    }  # fmt: skip
    assert common_items(make_design(rows=4), items, ["x"] * 4, top=2, least=1) == ("b", "a", "c")


def test_what_all_name_alike_is_no_ranking() -> None:
    strata = ["x"] * 40 + ["y"] * 40
    alike = {f"n{place}": np.arange(80) % 2 for place in range(30)}
    assert common_items(make_design(rows=80), alike, strata, top=5) == ()
    # One that stands above all the others is common; those that tie behind it are too many for the other places.
    assert common_items(make_design(rows=80), {**alike, "pay": np.ones(80)}, strata, top=5) == ("pay",)
    four = {name: np.arange(8) % 2 for name in "abcd"}
    assert common_items(make_design(rows=8), four, ["x"] * 8, top=2, least=1) == ()


def test_an_empty_stratum_and_one_row_do_no_harm() -> None:
    items = {"a": np.array([1.0]), "b": np.array([0.0]), "c": np.array([np.nan])}
    assert common_items(make_design(rows=1), items, ["x"]) == ()
    assert compare_groups(make_design(rows=1), items, {"g": (np.ones(1, bool), np.ones(1, bool))}) == ()
    # In stratum y nobody was asked c: it cannot be in the top of every stratum.
    strata = ["x"] * 40 + ["y"] * 40
    columns = {
        "a": np.ones(80), "b": np.arange(80) % 2, "c": np.where(np.arange(80) < 40, 1.0, np.nan), "d": np.zeros(80),
    }  # fmt: skip
    assert common_items(make_design(rows=80), columns, strata, top=2) == ("a",)


def test_who_weighs_nothing_is_no_part_of_a_comparison() -> None:
    weights = np.r_[np.zeros(40), np.ones(80)]
    member = np.arange(120) < 40
    found = compare_groups(make_design(weights=weights), {"a": np.ones(120)}, {"g": (member, np.ones(120, bool))})
    assert found == ()


def test_of_two_thousand_comparisons_the_one_that_is_there_is_found_and_nearly_nothing_else() -> None:
    rng = np.random.default_rng(7)
    size = 600
    items = {f"n{place}": (rng.random(size) < 0.3).astype(float) for place in range(50)}
    groups = {f"g{place}": (rng.random(size) < 0.2, np.ones(size, bool)) for place in range(40)}
    member = groups["g3"][0]
    items["n5"][member] = (rng.random(int(member.sum())) < 0.8).astype(float)
    items["n7"][rng.random(size) < 0.1] = np.nan
    compared = compare_groups(make_design(strata=np.arange(size) % 7, rows=size), items, groups)
    assert len(compared) == 2_000
    found = standing_out(compared)
    assert found[0].item == "n5"
    assert found[0].group == "g3"
    assert len(found) <= 3
    # Alone or among two thousand a comparison has the same figures; only what counts them all differs.
    for item in ("n5", "n7"):
        (alone,) = compare_groups(
            make_design(strata=np.arange(size) % 7, rows=size), {item: items[item]}, {"g3": groups["g3"]}
        )
        among = next(one for one in compared if (one.item, one.group) == (item, "g3"))
        assert (alone.n, alone.rest_n) == (among.n, among.rest_n)
        assert alone.p == pytest.approx(among.p, rel=1e-9)
        assert alone.se == pytest.approx(among.se, rel=1e-12)
        assert alone.adjusted <= among.adjusted


def test_small_strata_have_no_ranking() -> None:
    items = {"a": column(0, 1, 2, size=4), "b": column(3, size=4)}
    strata = ["x", "x", "x", "y"]
    assert common_items(make_design(rows=4), items, strata, top=1, least=2) == ("a",)
    assert common_items(make_design(rows=4), items, strata, top=1, least=5) == ()


def test_of_few_items_not_all_are_common() -> None:
    items = {name: column(*range(4 - k), size=4) for k, name in enumerate("abcd")}
    assert common_items(make_design(rows=4), items, ["x"] * 4, top=5, least=1) == ("a", "b")


def test_no_items() -> None:
    with pytest.raises(StatsError, match="no items"):
        common_items(make_design(rows=2), {}, ["x", "x"])


def test_order_of_standing_out() -> None:
    def one(item: str, difference: float, adjusted: float) -> Comparison:
        return Comparison(item, "g", 50, 0.5, 0.4, 0.6, 50, 0.2, 0.1, 0.3, difference, 0.1, adjusted, adjusted)

    found = standing_out([one("a", 0.2, 0.01), one("b", 0.4, 0.05), one("c", 0.9, 0.06), one("d", -0.5, 0.001)])
    assert [each.item for each in found] == ["b", "a"]


def test_where_everybody_answered_the_interval_is_the_share() -> None:
    design = make_design(strata=["x"] * 4, fpc=[[4.0] * 4])
    grid = estimate_many(design, {"a": [1.0, 1, 1, 0], "b": [1.0] * 4}, deff=None, interval="beta")
    lower, upper = interval_ends(grid)
    assert (lower[0, 0], upper[0, 0]) == (0.75, 0.75)
    assert lower[1, 0] <= upper[1, 0] == 1.0
