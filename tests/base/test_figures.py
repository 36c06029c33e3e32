"""A share is written so that what is said of it is true, near 0 and near 1 too."""

from __future__ import annotations

import re

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.figures import points_text, share_text


def said(*values: float) -> str:
    with override("zh-hans"):
        return share_text(*values).replace("\u00a0", "")


def test_an_even_interval_is_its_half_width() -> None:
    assert said(0.62, 0.58, 0.66) == "62%±4"
    assert said(0.5) == "50%"
    assert said(0.55, 0.55, 0.55) == "55%", "all were asked: there is no margin"


def test_near_the_ends_the_interval_is_written_out() -> None:
    assert said(0.0, 0.0, 0.06) == "0%(0%–6%)"
    assert said(0.02, 0.004, 0.06) == "2%(0%–6%)"
    assert said(0.004, 0.0011, 0.0129) == "0.4%(0.1%–1.3%)"
    assert said(0.97, 0.9, 0.995) == "97%(90%–100%)"


def test_a_difference_may_reach_over_nothing() -> None:
    with override("zh-hans"):
        assert points_text(-0.02, -0.05, 0.01).replace("\u00a0", "") == "2%±3"


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted))
def test_no_interval_leaves_the_possible_or_leaves_out_what_it_holds(values: list[float]) -> None:
    lower, value, upper = values
    text = said(value, lower, upper)
    if lower == upper:
        assert text == said(value)
        return
    numbers = [float(found) for found in re.findall(r"[\d.]+", text)]
    if "±" in text:
        ends = [numbers[0] - numbers[1], numbers[0] + numbers[1]]
        slack = 1.5  # both are rounded to whole points, and the two arms differ by a point at most
    else:
        ends, slack = numbers[1:], 1e-6
    assert 0 <= ends[0] <= ends[1] <= 100
    assert ends[0] <= 100 * lower + slack
    assert ends[1] >= 100 * upper - slack
