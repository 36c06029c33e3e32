from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qiao.org.yearbook.rules import Family, hidden_below, hidden_parts


def row(members: int, said: int = 0, women: int = 0) -> dict[str, int]:
    return {"members": members, "said": said, "women": women}


def total(rows: list[dict[str, int]]) -> dict[str, int]:
    return {key: sum(one[key] for one in rows) for key in ("members", "said", "women")}


ROWS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)).map(
        lambda given: row(given[0], min(given[0], given[1]), min(given))
    ),
    min_size=1,
    max_size=7,
)


def test_small_numbers_and_small_rests_are_hidden() -> None:
    assert hidden_parts(row(3, 3, 1)) == {"members", "women", "said"}
    assert hidden_parts(row(100, 60, 57)) == {"women", "said"}
    assert hidden_parts(row(100, 60, 30)) == frozenset()


def test_one_hidden_sister_hides_another() -> None:
    rows = [row(50), row(60), row(3)]
    hidden = hidden_below(Family(rows, row(0), frozenset()))
    assert "members" in hidden[2]
    assert sum("members" in keys for keys in hidden) >= 2


@given(ROWS)
def test_a_hidden_number_is_never_the_only_one_of_its_sum(rows: list[dict[str, int]]) -> None:
    own = hidden_parts(total(rows))
    hidden = hidden_below(Family(rows, row(0), own))
    for key in ("members", "women", "said"):
        away = [one for one, keys in zip(rows, hidden, strict=True) if key in keys]
        if key not in own and len(rows) > 1 and len(away) == 1 and len([r for r in rows if r["members"]]) > 1:
            # A lone hidden row of a published sum would give itself away.
            raise AssertionError((key, rows, hidden))


@given(ROWS)
def test_nothing_small_is_shown(rows: list[dict[str, int]]) -> None:
    hidden = hidden_below(Family(rows, row(0), hidden_parts(total(rows))))
    for one, keys in zip(rows, hidden, strict=True):
        assert not (0 < one["members"] < 5 and "members" not in keys)
        assert not (0 < one["women"] < 5 and "women" not in keys)
        assert not (0 < one["said"] - one["women"] < 5 and not {"women", "said"} & keys)
