"""The values of XForms expressions and how they turn into one another (XPath 1.0, with dates as days since 1970)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or date and time: days since 1970-01-01 for arithmetic, ISO text for everything else."""

    days: float
    text: str


Scalar = str | float | bool | Moment
Value = Scalar | tuple[Scalar, ...]
"""A tuple is a set of nodes, in document order."""

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)\Z")


def moment(text: str) -> Moment | None:
    """Read ISO 8601 ``2026-01-31`` or ``2026-01-31T08:00:00+08:00``; ``None`` if it is neither."""
    try:
        if len(text) <= 10:
            return Moment(float((date.fromisoformat(text) - EPOCH).days), text)
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    base = datetime(1970, 1, 1, tzinfo=UTC if stamp.tzinfo else None)
    return Moment((stamp - base) / timedelta(days=1), text)


def from_days(days: float) -> Moment | str:
    """The date so many days after 1970-01-01; empty when there is none."""
    try:
        return Moment(days, (EPOCH + timedelta(days=math.floor(days))).isoformat())
    except (OverflowError, ValueError):
        return ""


def scalar(value: Value) -> Scalar:
    """The first node of a set, the value itself otherwise; nothing is the empty string."""
    return value if not isinstance(value, tuple) else (value[0] if value else "")


def to_string(value: Value) -> str:
    """XPath ``string()``: whole numbers without a point, dates in ISO form."""
    value = scalar(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def to_number(value: Value) -> float:
    """XPath ``number()``: NaN for text that is no number; a date is its days since 1970."""
    value = scalar(value)
    if isinstance(value, str):
        text = value.strip()
        return float(text) if _NUMBER.match(text) else math.nan
    if isinstance(value, Moment):
        return value.days
    return float(value)


def to_boolean(value: Value) -> bool:
    """XPath ``boolean()``: false for the empty text, zero, NaN and an empty set."""
    if isinstance(value, tuple):
        return bool(value)
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return value if isinstance(value, bool) else not isinstance(value, str) or bool(value)


def _comparable(value: Scalar, other: Scalar) -> float:
    """A number for ``<`` and its like; beside a date, ISO text counts as a date."""
    if isinstance(value, str) and isinstance(other, Moment):
        read = moment(value)
        if read is not None:
            return read.days
    return to_number(value)


def equal(left: Value, right: Value) -> bool:
    """XPath ``=``: boolean beside a boolean, numeric beside a number, else by text; true if any pair of nodes is."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        if isinstance(left, bool) or isinstance(right, bool):
            return to_boolean(left) == to_boolean(right)
        return any(equal(one, two) for one in _nodes(left) for two in _nodes(right))
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return to_string(left) == to_string(right)


def unequal(left: Value, right: Value) -> bool:
    """XPath ``!=``: as ``=`` negated, but over node sets true if any pair differs."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        return any(not equal(one, two) for one in _nodes(left) for two in _nodes(right))
    return not equal(left, right)


def ordered(test: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    """XPath ``<``, ``<=``, ``>``, ``>=`` from the same test on floats."""

    def compare(left: Value, right: Value) -> bool:
        return any(test(_comparable(one, two), _comparable(two, one)) for one in _nodes(left) for two in _nodes(right))

    return compare


def _nodes(value: Value) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)
