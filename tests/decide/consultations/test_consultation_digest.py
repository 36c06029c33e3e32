"""Opinions as a source of digests and topics."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import localdate
from tests.factories import decide
from tests.factories.decide import Ground, make_ground

from qiao.base.problems import Problem
from qiao.decide.consultations.queries.digest import opinion_lines, opinion_sources, opinion_texts
from qiao.hear.needs.queries import texts_of


@pytest.fixture
def ground(db: None, now: datetime) -> Ground:
    return make_ground(now)


def test_opinions_are_read_after_the_close_only(now: datetime, ground: Ground) -> None:
    code = decide.opened(now, ground).code
    with pytest.raises(Problem, match="after the consultation has closed"):
        texts_of([code], path=ground.district.path)
    assert opinion_sources([ground.district.path]) == []


def test_opinions_come_without_their_authors(now: datetime, ground: Ground) -> None:
    made = decide.closed(now, ground, [(0, "要夜班车"), (0, "食堂太贵，电话13812345678"), (1, "要夜班车")])
    path = made.unit.path
    found = opinion_texts(made.code, path)
    assert [one.person for one in found] == [f"{made.code}:0", f"{made.code}:0", f"{made.code}:1"]
    assert not any("13812345678" in one.text or one.may_quote for one in found)
    day = localdate(made.closed)
    line = opinion_lines(path=path, since=day - timedelta(days=1), until=day)[0]
    assert (line.key, line.count, line.texts) == (made.code, 2, 3)
    assert [one.code for one in opinion_sources([path])] == [made.code]
    with pytest.raises(Problem, match="another part"):
        opinion_texts(made.code, path + "x/")
