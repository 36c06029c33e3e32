"""A need over two rounds: compared where the question is the same, broken where it is not."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from qiao.hear.needs import services
from qiao.hear.needs.queries.trend import trend_of
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries import version_by_id
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, Town, closed_round, make_town, upload


def answers(bus: int) -> list[dict[str, object]]:
    """60 answers of which so many name the bus; everybody names pay."""
    return [{"ws_shift": "day", "need_first": ["pay", "bus"] if k < bus else ["pay"]} for k in range(60)]


def two_rounds(town: Town, *, same: bool) -> tuple[Round, Round]:
    version = version_by_id(upload(town))
    first = closed_round(town, answers(15), version=version)
    second = closed_round(town, answers(39), version=version if same else version_by_id(upload(town)))
    Round.objects.filter(pk=first.pk).update(published=first.published - DAY)  # type: ignore[operator]
    return first, second


@pytest.mark.parametrize("same", [True, False])
def test_a_change_is_told_where_the_question_stayed(db: None, now: datetime, same: bool) -> None:
    town = make_town(now, members=80)
    first, second = two_rounds(town, same=same)
    made = services.derive_needs(actor=town.actor(Role.ANALYST), now=now, round_code=second.code)
    need = next(one for one in made if one.item == "need_first:bus" and not one.group_key)
    found = trend_of(need)
    assert found is not None
    assert [point.code for point in found.points] == [first.code, second.code]
    if not same:
        assert found.change is None
        assert "不与上一轮比较" in found.points[1].broken
        assert "%" not in found.text
        return
    assert found.points[1].broken == ""
    change = found.change
    assert change is not None
    # 39/60 − 15/60; the standard error is the root of the sum of both published ones.
    assert change.difference == pytest.approx(0.4)
    errors = []
    for survey in (first, second):
        survey.refresh_from_db()
        asked = next(one for one in survey.results["questions"] if one["name"] == "need_first")
        errors.append(next(row for row in asked["options"] if row["name"] == "bus")["se"][0])
    assert change.se == pytest.approx(math.hypot(*errors))
    # Nearly √(p·q/n · (1 − n/N)), of strata together a little less.
    assert errors[0] == pytest.approx(math.sqrt(0.25 * 0.75 / 60 * (1 - 60 / 80)), rel=0.15)
    assert change.adjusted < 0.001
