"""The functions of XForms expressions as ODK's form engine knows them: name, number of arguments, and what they do.

Source: the ODK XForms specification, chapter "XPath functions". Those that need a phone, an attached file, chance or a
repeat stand in ``KNOWN`` only: they are right in a form and cannot be computed on a web page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import timedelta

from qiao.base.xlsform.patterns import matches
from qiao.base.xlsform.values import (
    EPOCH,
    Moment,
    Scalar,
    Value,
    from_days,
    moment,
    scalar,
    to_boolean,
    to_number,
    to_string,
)

Arity = tuple[int, int | None]
Function = Callable[..., Value]


def _words(value: Value) -> list[str]:
    return to_string(value).split()


def _selected_at(value: Value, index: Value) -> Value:
    words, at = _words(value), to_number(index)
    return words[int(at)] if at == at and 0 <= at < len(words) else ""


def _round(value: Value, digits: Value = 0.0) -> float:
    """Half away from zero towards plus infinity as XPath has it, with ODK's second argument."""
    number, scale = to_number(value), to_number(digits)
    if not math.isfinite(number) or not math.isfinite(scale):
        return number
    factor = 10.0 ** int(scale)
    return math.floor(number * factor + 0.5) / factor


def _whole(value: Value) -> float:
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _guard(function: Callable[..., float]) -> Function:
    def call(*arguments: Value) -> Value:
        try:
            return float(function(*(to_number(argument) for argument in arguments)))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            return math.nan

    return call


def _regex(value: Value, pattern: Value) -> bool:
    return matches(to_string(value), to_string(pattern))


def _substr(value: Value, start: Value, end: Value | None = None) -> str:
    text, first = to_string(value), to_number(start)
    last = float(len(text)) if end is None else to_number(end)
    if first != first or last != last:
        return ""
    first, last = (x + len(text) if x < 0 else x for x in (first, last))
    return text[max(0, int(first)) : max(0, int(min(last, len(text))))]


def _before(value: Value, mark: Value) -> str:
    head, found, _ = to_string(value).partition(to_string(mark)) if to_string(mark) else ("", "", "")
    return head if found else ""


def _after(value: Value, mark: Value) -> str:
    text, wanted = to_string(value), to_string(mark)
    return text.partition(wanted)[2] if wanted else text


def _translate(value: Value, old: Value, new: Value) -> str:
    source, target = to_string(old), to_string(new)
    table = {ord(c): (target[i] if i < len(target) else None) for i, c in reversed(list(enumerate(source)))}
    return to_string(value).translate(table)


def _numbers(values: tuple[Value, ...]) -> list[float]:
    # As in ODK's engine an entry of a repeat without answer adds nothing and is neither least nor greatest.
    return [
        to_number(item)
        for value in values
        for item in (tuple(n for n in value if to_string(n) != "") if isinstance(value, tuple) else (value,))
    ]


def _least(*values: Value) -> float:
    numbers = _numbers(values)
    return math.nan if not numbers or any(n != n for n in numbers) else min(numbers)


def _greatest(*values: Value) -> float:
    numbers = _numbers(values)
    return math.nan if not numbers or any(n != n for n in numbers) else max(numbers)


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if to_string(value) != ""), "")


def _date(value: Value) -> Value:
    value = scalar(value)
    if isinstance(value, float):
        return from_days(value)
    if isinstance(value, Moment):
        return from_days(value.days) if "T" in value.text else value
    return moment(to_string(value)[:10]) or ""


def _date_time(value: Value) -> Value:
    value = scalar(value)
    if isinstance(value, float):
        return from_days(value)
    return value if isinstance(value, Moment) else moment(to_string(value)) or ""


def _decimal_date(value: Value) -> float:
    read = _date_time(value)
    return read.days if isinstance(read, Moment) else math.nan


def _decimal_time(value: Value) -> float:
    parts = to_string(value).split("T")[-1][:8].split(":")
    try:
        return sum(float(part) / scale for part, scale in zip(parts, (24, 1440, 86400), strict=False))
    except ValueError:
        return math.nan


_FORMATS = {"Y": "%Y", "y": "%y", "m": "%m", "b": "%b", "d": "%d", "H": "%H", "M": "%M", "S": "%S", "a": "%a"}


def _format_date(value: Value, pattern: Value) -> str:
    read = _date_time(value)
    if not isinstance(read, Moment):
        return ""
    try:
        from datetime import datetime

        stamp = datetime.combine(EPOCH, datetime.min.time()) + timedelta(days=read.days)
        if "T" in read.text:
            stamp = datetime.fromisoformat(read.text)
    except (OverflowError, ValueError):
        return ""

    def one(found: re.Match[str]) -> str:
        code = found[1]
        plain = {"e": stamp.day, "n": stamp.month, "h": stamp.hour}
        if code in plain:
            return str(plain[code])
        if code == "3":
            return f"{stamp.microsecond // 1000:03d}"
        return stamp.strftime(_FORMATS[code]) if code in _FORMATS else found[0]

    return re.sub(r"%(\w)", one, to_string(pattern))


def _checklist(least: Value, most: Value, *answers: Value) -> bool:
    yes = sum(to_boolean(a) if not isinstance(a, str) else a in {"yes", "1", "true"} for a in answers)
    low, high = to_number(least), to_number(most)
    return (low < 0 or yes >= low) and (high < 0 or yes <= high)


def _weighted(least: Value, most: Value, *pairs: Value) -> bool:
    total = sum(to_number(pairs[i + 1]) for i in range(0, len(pairs) - 1, 2) if to_boolean(pairs[i]))
    low, high = to_number(least), to_number(most)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


def _nodes(value: Value) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)


COMPUTED: dict[str, tuple[Arity, Function]] = {
    "true": ((0, 0), lambda: True),
    "false": ((0, 0), lambda: False),
    "boolean": ((1, 1), to_boolean),
    "boolean-from-string": ((1, 1), lambda v: to_string(v).lower() in {"true", "1"}),
    "not": ((1, 1), lambda v: not to_boolean(v)),
    "number": ((0, 1), to_number),
    "double": ((1, 1), to_number),
    "int": ((1, 1), _whole),
    "string": ((0, 1), to_string),
    "string-length": ((0, 1), lambda v: float(len(to_string(v)))),
    "substr": ((2, 3), _substr),
    "substring": ((2, 3), lambda v, s, n=None: _substr(
        v, max(0.0, to_number(s) - 1), None if n is None else to_number(s) - 1 + to_number(n))),
    "substring-before": ((2, 2), _before),
    "substring-after": ((2, 2), _after),
    "contains": ((2, 2), lambda v, p: to_string(p) in to_string(v)),
    "starts-with": ((2, 2), lambda v, p: to_string(v).startswith(to_string(p))),
    "ends-with": ((2, 2), lambda v, p: to_string(v).endswith(to_string(p))),
    "translate": ((3, 3), _translate),
    "normalize-space": ((0, 1), lambda v: " ".join(_words(v))),
    "concat": ((1, None), lambda *vs: "".join(to_string(n) for v in vs for n in _nodes(v))),
    "join": ((1, None), lambda s, *vs: to_string(s).join(to_string(n) for v in vs for n in _nodes(v))),
    "abs": ((1, 1), _guard(abs)),
    "ceiling": ((1, 1), _guard(math.ceil)),
    "floor": ((1, 1), _guard(math.floor)),
    "round": ((1, 2), _round),
    "pow": ((2, 2), _guard(lambda a, b: a**b)),
    "sqrt": ((1, 1), _guard(math.sqrt)),
    "exp": ((1, 1), _guard(math.exp)),
    "exp10": ((1, 1), _guard(lambda a: 10.0**a)),
    "log": ((1, 1), _guard(math.log)),
    "log10": ((1, 1), _guard(math.log10)),
    "sin": ((1, 1), _guard(math.sin)),
    "cos": ((1, 1), _guard(math.cos)),
    "tan": ((1, 1), _guard(math.tan)),
    "asin": ((1, 1), _guard(math.asin)),
    "acos": ((1, 1), _guard(math.acos)),
    "atan": ((1, 1), _guard(math.atan)),
    "atan2": ((2, 2), _guard(math.atan2)),
    "pi": ((0, 0), lambda: math.pi),
    "min": ((0, None), _least),
    "max": ((0, None), _greatest),
    "sum": ((1, 1), lambda v: math.fsum(_numbers((v,)))),
    "count": ((1, 1), lambda v: float(len(_nodes(v)))),
    "count-non-empty": ((1, 1), lambda v: float(sum(to_string(n) != "" for n in _nodes(v)))),
    "selected": ((2, 2), lambda v, one: to_string(one).strip() in _words(v)),
    "is-selected": ((2, 2), lambda v, one: to_string(one).strip() in _words(v)),
    "count-selected": ((1, 1), lambda v: float(len(_words(v)))),
    "selected-at": ((2, 2), _selected_at),
    "coalesce": ((2, 2), _coalesce),
    "depend": ((1, None), lambda *vs: vs[0]),
    "regex": ((2, 2), _regex),
    "date": ((1, 1), _date),
    "date-time": ((1, 1), _date_time),
    "decimal-date-time": ((1, 1), _decimal_date),
    "decimal-time": ((1, 1), _decimal_time),
    "format-date": ((2, 2), _format_date),
    "format-date-time": ((2, 2), _format_date),
    "checklist": ((3, None), _checklist),
    "weighted-checklist": ((4, None), _weighted),
}  # fmt: skip
"""Functions of their arguments alone."""

SPECIAL: dict[str, Arity] = {
    "if": (3, 3), "today": (0, 0), "now": (0, 0), "current": (0, 0), "instance": (1, 1), "once": (1, 1),
    "jr-choice-name": (2, 2), "position": (0, 1), "last": (0, 0), "indexed-repeat": (3, 7),
}  # fmt: skip
"""Functions that read the answers, the clock they are given or the choice lists."""

KNOWN: dict[str, Arity] = {
    "uuid": (0, 1), "random": (0, 0), "randomize": (1, 2), "pulldata": (1, None),
    "distance": (1, None), "area": (1, 1), "geofence": (2, 2), "intersects": (1, 1), "digest": (2, 3),
    "base64-decode": (1, 1), "property": (1, 1),
    "version": (0, 0), "jr-itext": (1, 1), "search": (1, None), "extract-signed": (2, 2), "name": (0, 1),
    "local-name": (0, 1), "id": (1, 1),
    "namespace-uri": (0, 1), "lang": (1, 1),
}  # fmt: skip
"""Functions a form may use, but which a web page cannot compute."""

ARITIES: dict[str, Arity] = {**{name: arity for name, (arity, _) in COMPUTED.items()}, **SPECIAL, **KNOWN}
