"""What is published of votes: shares, intervals, groups; and that no small number can be had of it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao.decide.consultations.services.results import SMALLEST, published_results


def votes(agree: int, disagree: int, passed: int = 0, number: int = 1) -> list[tuple[str, int, int]]:
    values = [1] * agree + [-1] * disagree + [0] * passed
    return [(f"v{place}", number, value) for place, value in enumerate(values)]


def share_of(agree: int, disagree: int, passed: int = 0) -> dict[str, object]:
    return published_results([1], votes(agree, disagree, passed))["statements"][0]["share"]


def test_a_share_has_its_wilson_interval() -> None:
    # 60 of 98: Wilson 95 % by hand (Newcombe 1998, method 3).
    share = share_of(60, 38)
    assert share == {"n": 98, "agree": 0.6122, "lower": 0.5133, "upper": 0.7027, "few": ""}


def test_a_small_side_is_bounded_and_not_counted_out() -> None:
    shown = [share_of(96, disagree) for disagree in range(SMALLEST)]
    assert all(share["few"] == "disagree" and share["agree"] is None for share in shown)
    assert share_of(96, 4)["lower"] == 0.96
    assert share_of(3, 97)["few"] == "agree"
    assert share_of(4, 4) is None
    assert share_of(2, 2) is None


def test_passes_are_told_only_from_five_on() -> None:
    assert [published_results([1], votes(20, 20, p))["statements"][0]["passed"] for p in (0, 4, 5)] == [
        None,
        None,
        0.1111,
    ]


def test_few_voters_are_not_numbered() -> None:
    assert published_results([1], votes(4, 0))["voters"] is None
    assert published_results([], [])["statements"] == []


def two_camps(size: int, generator: np.random.Generator, statements: int = 8) -> list[tuple[str, int, int]]:
    """Half agree with the odd and disagree with the even statements, half the reverse; all agree with the last."""
    rows = []
    for voter in range(size):
        camp = 1 if voter % 2 else -1
        for number in range(1, statements + 1):
            side = 1 if number == statements else (camp if number % 2 else -camp)
            flip = generator.random() < 0.1
            rows.append((f"v{voter:03}", number, -side if flip else side))
    return rows


def test_two_camps_are_found_with_what_sets_them_apart_and_what_they_share() -> None:
    result = published_results(list(range(1, 9)), two_camps(120, np.random.default_rng(7)))
    assert result["voters"] == 120
    assert sorted(group["size"] for group in result["groups"]) == [60, 60]
    assert result["common"] == [8]
    for group in result["groups"]:
        assert group["marks"]
        for number, agree, _clear in group["marks"]:
            share = group["shares"][number - 1]
            other = next(g for g in result["groups"] if g is not group)["shares"][number - 1]
            assert (share["lower"] if share["agree"] is None else share["agree"]) > 0.5 if agree else True
            assert other != share


def test_the_same_votes_give_the_same_results() -> None:
    rows = two_camps(40, np.random.default_rng(1))
    assert published_results(list(range(1, 9)), rows) == published_results(list(range(1, 9)), rows[::-1])


def test_no_groups_where_all_think_alike() -> None:
    rows = [(f"v{voter}", number, 1) for voter, number in product(range(40), (1, 2, 3))]
    assert published_results([1, 2, 3], rows)["groups"] == []


@settings(max_examples=60, deadline=None)
@given(
    st.integers(15, 45).flatmap(
        lambda size: st.lists(
            st.lists(st.sampled_from([1, 0, -1, None]), min_size=4, max_size=4), min_size=size, max_size=size
        )
    )
)
def test_no_published_number_tells_of_fewer_than_five(ballots: list[list[int | None]]) -> None:
    rows = [
        (f"v{voter}", number, value)
        for voter, ballot in enumerate(ballots)
        for number, value in enumerate(ballot, 1)
        if value is not None
    ]
    result = published_results([1, 2, 3, 4], rows)
    shares = [row["share"] for row in result["statements"]]
    assert all(group["size"] >= SMALLEST for group in result["groups"])
    for group in result["groups"]:
        shares += group["shares"]
    for share in shares:
        if share and share["agree"] is not None:
            agree = round(share["agree"] * share["n"])
            assert agree >= SMALLEST
            assert share["n"] - agree >= SMALLEST
    for position, row in enumerate(result["statements"]):
        if row["share"] is None or row["share"]["agree"] is None:
            continue
        # What is left when the told groups are taken from the told total.
        rest = [round(row["share"]["agree"] * row["share"]["n"])]
        rest.append(row["share"]["n"] - rest[0])
        told = [group["shares"][position] for group in result["groups"] if group["shares"][position]]
        for share in told:
            assert share["agree"] is not None
            agree = round(share["agree"] * share["n"])
            rest = [rest[0] - agree, rest[1] - (share["n"] - agree)]
        assert rest == [0, 0] or min(rest) >= SMALLEST


@pytest.mark.parametrize("size", [15, 30, 60])
def test_noise_gives_no_small_group(size: int) -> None:
    generator = np.random.default_rng(size)
    rows = [(f"v{v}", n, int(generator.integers(-1, 2))) for v in range(size) for n in range(1, 7)]
    assert all(group["size"] >= SMALLEST for group in published_results(list(range(1, 7)), rows)["groups"])
