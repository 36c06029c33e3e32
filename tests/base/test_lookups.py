"""Conditions on many keys."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.org import make_tree

from qiao.base.lookups import AnyOf, among
from qiao.org.units.models import Unit

pytestmark = pytest.mark.django_db


def test_any_of_finds_what_in_finds(now: datetime) -> None:
    make_tree(now)
    keys = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    assert len(keys) > 2
    some = keys[1:]

    def found(condition: object) -> list[int]:
        return list(Unit.objects.filter(condition).order_by("pk").values_list("pk", flat=True))

    assert found(AnyOf("id", some)) == some
    assert found(AnyOf("id", [])) == []
    assert found(~AnyOf("id", some)) == keys[:1]
    assert found(AnyOf("parent_id", keys)) == list(
        Unit.objects.filter(parent_id__in=keys).order_by("pk").values_list("pk", flat=True)
    )
    assert found(among("id", frozenset(some))) == some
    assert found(among("id", Unit.objects.filter(pk__in=some).values_list("pk", flat=True))) == some


def test_however_many_keys_they_are_one_value(now: datetime) -> None:
    make_tree(now)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert Unit.objects.filter(AnyOf("id", range(100_000))).count() == Unit.objects.count()
    assert "ANY(" in seen[0]["sql"]
    assert "::bigint[]" in seen[0]["sql"]
