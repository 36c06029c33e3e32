"""What coverage hides no other public page gives away."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.org import make_tree

from qiao.org.coverage.choices import Axis
from qiao.org.coverage.models import CoverageCount
from qiao.web.queries import public_members


@pytest.mark.parametrize(("hidden", "shown"), [(False, 6), (True, None)])
def test_a_figure_hidden_by_coverage_is_hidden_everywhere(db: None, now, hidden: bool, shown: int | None) -> None:
    tree = make_tree(now)
    for number in range(6):
        tree.member("B1", f"人{number}")
    empty = {
        field.name: 0
        for field in CoverageCount._meta.concrete_fields
        if field.name not in ("id", "day", "unit", "axis", "key", "hidden")
    }
    CoverageCount.objects.create(day=now.date(), unit=tree["B1"], axis=Axis.ALL, hidden=hidden, **empty)
    assert public_members(tree["B1"]) == shown
    assert Client().get("/api/units/B1").json()["members"] == shown
    assert public_members(tree["B2"]) is None
