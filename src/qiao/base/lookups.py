"""Conditions on very many values at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Value


class AnyOf(Func):
    """Whether a column of keys holds one of these: ``filter(AnyOf("unit_id", keys))``.

    One value however many keys there are, of the column's very type, so that the database looks them up by hash.
    ``unit_id__in`` makes a value of each, which at hundreds of thousands costs more than the query.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, keys: Collection[int]) -> None:
        super().__init__(F(column), Value(list(keys), output_field=ArrayField(BigIntegerField())))


def among(column: str, keys: Collection[int] | QuerySet[Any, int]) -> AnyOf | Q:
    """The column holds one of these keys: many given by themselves, or a queryset of them, which stays a subquery."""
    return Q(**{f"{column}__in": keys}) if isinstance(keys, QuerySet) else AnyOf(column, keys)
