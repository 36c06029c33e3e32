"""Reading and writing PrefLib's ordinal formats (.soc, .soi, .toc, .toi), with every fault on its line.

Source: Mattei and Walsh, "PrefLib: A Library for Preferences" (2013), and preflib.github.io/PrefLib-Jekyll/format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qiao_stats.errors import StatsError
from qiao_stats.ranking.model import Order, RankedElection, check_ranked

#: A ballot's order: numbers and groups of equals in braces, parted by commas.
_ORDER = re.compile(r"(?:\d+|\{\d+(?:,\d+)*\})(?:,(?:\d+|\{\d+(?:,\d+)*\}))*")
_GROUP = re.compile(r"\d+|\{[\d,]+\}")
_NAME = "ALTERNATIVE NAME "
_MOST_DIGITS = 15
_TWICE = "an alternative stands twice in this order"


class PrefLibError(StatsError):
    """A file that is no election. ``faults`` are (line from 1, message template, parameters), in the order of lines."""

    def __init__(self, faults: list[tuple[int | None, str, dict[str, object]]]) -> None:
        self.faults = tuple(faults)
        line, message, params = faults[0]
        super().__init__(message, row=None if line is None else line - 1)
        self.params = params

    def __str__(self) -> str:
        return "\n".join(
            (f"line {line}: " if line else "") + (message % params if params else message)
            for line, message, params in self.faults
        )


def read_preflib(text: str) -> RankedElection:
    """The election in the text of a file. Equal orders on several lines are put together.

    Raises `PrefLibError` with everything that is wrong with it; nothing is repaired in silence.
    """
    faults: list[tuple[int | None, str, dict[str, object]]] = []
    meta: dict[str, str] = {}
    names: dict[int, str] = {}
    lines = text.lstrip("\ufeff").splitlines()
    said: list[tuple[str, int, str]] = []
    # Equal lines are read once: a large file says few things, each of them often. Where a line stands is looked up
    # only when something is wrong with it.
    for raw, repeats in Counter(lines).items():
        content = raw.strip()
        if content.startswith("#"):
            key, _, value = content[1:].partition(":")
            key, value = key.strip(), value.strip()
            if not key.startswith(_NAME):
                meta[key] = value
                continue
            number = key.removeprefix(_NAME).strip()
            if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
                message = "'%(number)s' is no number of an alternative"
                faults.append((lines.index(raw) + 1, message, {"number": number}))
            elif int(number) in names or repeats > 1:
                line = lines.index(raw, lines.index(raw) + (repeats > 1)) + 1
                faults.append((line, "alternative %(number)s is named twice", {"number": number}))
            else:
                names[int(number)] = value or number
        elif content:
            times, colon, order = content.partition(":")
            times = times.strip()
            if not colon or not (times.isascii() and times.isdigit() and 0 < len(times) <= _MOST_DIGITS):
                message = "a ballot must be written as 'number: order', for example '12: 3,1,{2,4}'"
                faults.append((lines.index(raw) + 1, message, {}))
            elif int(times) == 0:
                faults.append((lines.index(raw) + 1, "an order must stand on one ballot or more", {}))
            else:
                said.append((raw, int(times) * repeats, "".join(order.split())))
    if not names:
        faults.append((None, "no alternative is named: the file needs lines '# ALTERNATIVE NAME 1: …'", {}))
    position = {number: place for place, number in enumerate(sorted(names))}
    ballots: dict[Order, int] = {}
    single = {str(number): (place,) for number, place in position.items()}
    for raw, number_of, order in said:
        try:
            # Nearly all orders are strict and of known alternatives: each number has its group ready.
            read: Order = tuple(map(single.__getitem__, order.split(",")))
        except KeyError:
            found = _order(order, position)
            if isinstance(found, _Fault):
                faults.append((lines.index(raw) + 1, found.message, found.params))
                continue
            read = found
        else:
            if len(set(read)) != len(read):
                faults.append((lines.index(raw) + 1, _TWICE, {}))
                continue
        ballots[read] = ballots.get(read, 0) + number_of
    _check_counts(meta, len(names), sum(ballots.values()), faults)
    if faults:
        raise PrefLibError(sorted(faults, key=lambda fault: fault[0] or 0))
    return RankedElection(tuple(names[number] for number in sorted(names)), ballots, meta)


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with an order: message and values."""

    message: str
    params: dict[str, object]


def _order(order: str, position: Mapping[int, int]) -> Order | _Fault:
    """An order with groups of equals, or blank; what is wrong with it otherwise."""
    if not order:
        return ()
    if not _ORDER.fullmatch(order):
        return _Fault("'%(order)s' is no order of numbers such as 3,1,{2,4}", {"order": order[:80]})
    groups = [tuple(int(part) for part in group.strip("{}").split(",")) for group in _GROUP.findall(order)]
    named = [one for group in groups for one in group]
    unknown = [one for one in named if one not in position]
    if unknown:
        return _Fault("there is no alternative %(number)s", {"number": unknown[0]})
    if len(set(named)) != len(named):
        return _Fault(_TWICE, {})
    return tuple(tuple(sorted(position[one] for one in group)) for group in groups)


def _check_counts(
    meta: Mapping[str, str], candidates: int, voters: int, faults: list[tuple[int | None, str, dict[str, object]]]
) -> None:
    """A file that was cut off says more than it holds."""
    if faults:
        return
    for key, found in (("NUMBER ALTERNATIVES", candidates), ("NUMBER VOTERS", voters)):
        said = meta.get(key)
        if said is not None and said != str(found):
            faults.append(
                (
                    None,
                    "the file says %(key)s: %(said)s, but holds %(found)s",
                    {"key": key, "said": said, "found": found},
                )
            )


def data_type(election: RankedElection) -> str:
    """The format its ballots need: soc, soi, toc or toi (strict or with ties, complete or incomplete)."""
    strict = all(len(group) == 1 for order in election.ballots for group in order)
    complete = all(sum(map(len, order)) == len(election.candidates) for order in election.ballots)
    return ("so" if strict else "to") + ("c" if complete else "i")


def to_preflib(election: RankedElection, *, title: str = "", kind: str | None = None) -> str:
    """The election as the text of a file which anyone can count again; ``kind`` is `data_type` unless given.

    Orders stand by the number of their ballots, equal numbers by the order itself: nothing of the order in which they
    were cast is left. Raises `StatsError` for an election that cannot be counted.
    """
    check_ranked(election)
    kind = kind or data_type(election)
    head = {
        **{key: value for key, value in election.meta.items() if key.isupper()},
        "TITLE": " ".join(title.split()) or election.meta.get("TITLE", ""),
        "DATA TYPE": kind,
        "NUMBER ALTERNATIVES": str(len(election.candidates)),
        "NUMBER VOTERS": str(election.voters),
        "NUMBER UNIQUE ORDERS": str(len(election.ballots)),
    }
    lines = [f"# {key}: {value}" for key, value in head.items()]
    lines += [f"# {_NAME}{place}: {' '.join(name.split())}" for place, name in enumerate(election.candidates, start=1)]
    for order, times in sorted(election.ballots.items(), key=lambda item: (-item[1], item[0])):
        groups = [
            str(group[0] + 1) if len(group) == 1 else "{" + ", ".join(str(one + 1) for one in group) + "}"
            for group in order
        ]
        lines.append(f"{times}: {', '.join(groups)}")
    return "\n".join(lines) + "\n"
