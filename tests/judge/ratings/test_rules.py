"""Thresholds, hiding of small counts, merging of small unions, keys: pure rules."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao.base.sealing import WrongKey, new_key_pair
from qiao.judge.ratings.choices import Grade, State, VoidReason
from qiao.judge.ratings.rules.counting import ORDER, changed, count, line_of, publish, why_void
from qiao.judge.ratings.rules.keys import unwrap, wrap
from qiao.judge.ratings.rules.merging import group_small
from qiao.judge.ratings.rules.states import FOLLOWING

GRADES = st.sampled_from([grade.value for grade in Grade])


@given(st.integers(1, 2000), st.integers(0, 100), st.data())
def test_a_rating_is_void_exactly_below_the_share_asked_for(roll: int, percent: int, data: st.DataObject) -> None:
    valid = data.draw(st.integers(0, roll))
    found = why_void(valid=valid, roll=roll, voted=valid, frontline=valid, min_turnout=percent / 100, min_frontline=0)
    assert (found is VoidReason.TURNOUT) == (100 * valid < percent * roll)


def test_sixty_per_cent_of_fifteen_are_nine_and_more_than_the_roll_is_an_incident() -> None:
    terms = {"frontline": 9, "min_turnout": 0.6, "min_frontline": 0.0}
    assert why_void(valid=9, roll=15, voted=9, **terms) is None
    assert why_void(valid=8, roll=15, voted=9, **terms) is VoidReason.TURNOUT
    assert why_void(valid=16, roll=15, voted=16, **terms) is VoidReason.MISMATCH
    assert (
        why_void(valid=9, roll=15, voted=9, **(terms | {"min_frontline": 0.6, "frontline": 5})) is VoidReason.FRONTLINE
    )


@given(st.lists(st.fixed_dictionaries({"whole": GRADES, "chair": GRADES}), max_size=60))
def test_no_published_count_is_small_and_none_can_be_had_back(ballots: list[dict[str, str]]) -> None:
    counts = count(ballots, ["whole", "chair"])
    for line, row in zip(publish(counts), counts.by_point.values(), strict=True):
        hidden = [number for cell, number in zip(line.cells, row, strict=True) if cell.count is None]
        assert all(cell.count is None or cell.count == 0 or cell.count >= 5 for cell in line.cells)
        assert len(hidden) != 1
        if line.satisfied is not None:
            assert line.base is not None
            base = sum(row[:3])
            assert math.isclose(line.satisfied, (row[0] + row[1]) / base)
            # A share tells of the number not satisfied: that number is none, or no few.
            assert row[2] == 0 or row[2] >= 5
        if line.at_least is not None:
            assert (row[0] + row[1]) / sum(row[:3]) >= line.at_least


def test_cannot_say_and_unmarked_points_are_in_no_base_and_blank_papers_count_nowhere() -> None:
    ballots = [{"whole": "satisfied"}] * 10 + [{"whole": "not"}] * 10 + [{"whole": "cannot_say", "chair": "not"}] * 5
    counts = count([*ballots, {}, {"whole": ""}], ["whole", "chair"])
    assert counts.valid == 25
    whole = publish(counts)[0]
    assert (whole.base, whole.satisfied) == (20, 0.5)


def test_a_change_is_tested_and_none_where_nothing_can_differ() -> None:
    def line(good: int, bad: int):
        return line_of("whole", publish(count([{"whole": "satisfied"}] * good + [{"whole": "not"}] * bad,
                                              ["whole"]))[0].cells, good + bad)  # fmt: skip

    found = changed("whole", ("MR-1", line(50, 50)), ("MR-2", line(90, 10)))
    assert found is not None
    assert found.p < 0.001
    assert math.isclose(found.difference, 0.4)
    same = changed("whole", ("MR-1", line(50, 50)), ("MR-2", line(52, 48)))
    assert same is not None
    assert same.p > 0.5
    assert changed("whole", ("MR-1", line(50, 0)), ("MR-2", line(50, 0))) is None


TOP = "00001"
PATHS = st.builds(lambda hub, base: f"{TOP}{hub:05d}{base:05d}", st.integers(2, 4), st.integers(10, 16))


@given(st.dictionaries(PATHS, st.integers(0, 12), max_size=15))
@settings(max_examples=200)
def test_small_unions_are_merged_so_that_every_member_is_counted_once_and_no_group_is_small(
    members: dict[str, int],
) -> None:
    groups = group_small(members, least=5, top=TOP)
    seen = [path for group in groups for path in group.paths]
    assert len(seen) == len(set(seen))
    total = sum(members.values())
    if any(number >= 5 for number in members.values()) or total >= 5:
        assert sorted(seen) == sorted(path for path, number in members.items() if number)
    else:
        assert groups == []
    for group in groups:
        assert sum(members[path] for path in group.paths) >= 5
        assert all(path.startswith(group.lead) for path in group.paths)
        if len(group.paths) == 1 and not group.joint:
            assert group.lead == group.paths[0]


def test_a_large_union_stands_alone_and_small_ones_join_their_hub() -> None:
    one, two, three = f"{TOP}0000200010", f"{TOP}0000200011", f"{TOP}0000200012"
    groups = group_small({one: 40, two: 3, three: 2}, least=5, top=TOP)
    assert [(group.lead, group.paths) for group in groups] == [(one, (one,)), (f"{TOP}00002", (two, three))]


@pytest.mark.parametrize(("officers", "needed"), [(2, 2), (3, 2), (4, 3)])
def test_so_many_officers_open_and_one_fewer_does_not(officers: int, needed: int) -> None:
    box = new_key_pair()
    keys = {position: new_key_pair() for position in range(1, officers + 1)}
    wrapped = list(wrap(box.private, {place: pair.public for place, pair in keys.items()}, needed))
    assert len(wrapped) == math.perm(officers, needed)
    for one in wrapped:
        import base64

        blob = one.blob
        for place in one.order[:-1]:
            with pytest.raises(WrongKey):
                unwrap(keys[one.order[-1]].private, blob)
            blob = base64.b64decode(unwrap(keys[place].private, blob))
        assert unwrap(keys[one.order[-1]].private, blob) == box.private


def test_every_state_is_in_the_order_and_ends_lead_nowhere() -> None:
    assert set(FOLLOWING) == set(State)
    assert not FOLLOWING[State.DONE]
    assert not FOLLOWING[State.VOID]
    assert all(after in FOLLOWING for steps in FOLLOWING.values() for after in steps)
    assert len(ORDER) == len(Grade)
