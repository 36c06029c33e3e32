"""What another engine has checked is held against the form once more: required, constraint, relevance, filters.

Where this engine cannot know better the other is believed: parts a page cannot ask, what reads the time of day (or the
date, where the day of filling is not told), calculations that came out otherwise there, and whatever depends on these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from qiao.base.xlsform.model import METADATA, Group, Question, Repeat
from qiao.base.xlsform.paths import repeat_mark
from qiao.base.xlsform.runtime import Runtime, Translate

_DAY = re.compile(r"\btoday\s*\(")
_TIME = re.compile(r"\bnow\s*\(")


@dataclass(frozen=True, slots=True)
class Checked:
    """``values`` without answers to questions that do not apply; ``errors``: a message by the question's key."""

    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def check_again(
    runtime: Runtime,
    values: Mapping[str, object],
    *,
    language: str,
    now: datetime,
    dated: bool,
    translate: Translate = str,
) -> Checked:
    """Check values as they are stored (repeats are lists of objects).

    ``now`` is a moment on the day of filling. With ``dated`` false it is a guess: what reads the date is not judged.
    """
    outcome = runtime.validate(fields_of(runtime, values), language=language, now=now, translate=translate)
    doubtful = _doubtful(runtime, values, outcome.values, dated=dated)
    errors: dict[str, str] = {}
    for name, message in outcome.errors.items():
        key = name.rpartition(":")[2]
        if (key in runtime.steps or key in runtime.inner) and key not in doubtful:
            errors.setdefault(key, message)
    kept: dict[str, object] = _copied(values)
    for name in outcome.beside:
        *way, key = name.removesuffix(":").split(":")
        if key not in doubtful:
            _drop(kept, way, key)
    return Checked(_filled(kept), errors)


def fields_of(runtime: Runtime, values: Mapping[str, object], prefix: str = "") -> dict[str, list[str]]:
    """Stored values as a page would send them: texts by the name of the field."""
    sent: dict[str, list[str]] = {}
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            sent[f"{prefix}{key}:#"] = [" ".join(str(number) for number in range(1, len(value) + 1))]
            for number, entry in enumerate(value, start=1):
                sent |= fields_of(runtime, entry, f"{prefix}{key}:{number}:")
        elif key in runtime.steps or key in runtime.inner:
            sent[prefix + key] = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    return sent


def _text(value: object) -> str:
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


def _doubtful(
    runtime: Runtime, values: Mapping[str, object], own: Mapping[str, object], *, dated: bool
) -> frozenset[str]:
    """The keys on which the other engine is believed, with all that depends on them."""
    found: set[str] = set()
    whole: list[str] = list(runtime.absent)
    for item in runtime.form.walk():
        sources = [getattr(item, name, None) for name in ("relevant", "count", "calculation", "constraint", "required",
                                                          "choice_filter")]  # fmt: skip
        texts = [source for source in sources if isinstance(source, str)]
        clocked = any(_TIME.search(text) or (not dated and _DAY.search(text)) for text in texts)
        if isinstance(item, (Group, Repeat)):
            if clocked:
                whole.append(item.path)
        elif isinstance(item, Question):
            otherwise = item.trigger or item.read_only or (item.calculation and item.key in runtime.inner)
            if item.calculation and item.key in runtime.steps and _differs(values.get(item.key), own.get(item.key)):
                otherwise = True
            if item.type == "rank" and isinstance(values.get(item.key), str):
                otherwise = True
            unknown = item.type in METADATA and (not dated or item.type != "today")
            if clocked or otherwise or unknown:
                found.add(item.key)
    for item in runtime.form.walk():
        if any(item.path == path or item.path.startswith(f"{path}/") for path in whole):
            found.add(item.key if isinstance(item, (Question, Repeat)) else item.path)
            if isinstance(item, Repeat):
                found.add(repeat_mark(item.path))
    every = {**runtime.steps, **runtime.inner}
    while more := {
        key for key, step in every.items() if key not in found and (step.reads | step.checks) & found
    } | {
        key
        for path, step in runtime.repeats.items()
        if step.reads & found
        for key in (step.key, repeat_mark(path))
        if key not in found
    }:  # fmt: skip
        found |= more
    return frozenset(found)


def _differs(told: object, own: object) -> bool:
    """Whether a calculation came out otherwise there; 3, 3.0 and "3" are one."""

    def plain(value: object) -> object:
        try:
            return float(str(value))
        except ValueError:
            return str(value)

    return (told is None) != (own is None) or (told is not None and plain(told) != plain(own))


def _copied(values: Mapping[str, object]) -> dict[str, object]:
    return {
        key: [_copied(one) if isinstance(one, dict) else one for one in value] if isinstance(value, list) else value
        for key, value in values.items()
    }


def _drop(values: dict[str, object], way: list[str], key: str) -> None:
    here: Any = values
    for repeat, number in zip(way[::2], way[1::2], strict=True):
        here = here.get(repeat, [])
        if len(here) < int(number):
            return
        here = here[int(number) - 1]
    here.pop(key, None)


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    """Without entries and repeats that hold nothing any more."""
    made: dict[str, object] = {}
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            entries = [one for one in (_filled(entry) for entry in value) if one]
            if entries:
                made[key] = entries
        else:
            made[key] = value
    return made
