"""Reading Pabulib's file format (.pb), with every fault on its line.

Source: Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis" (IJCAI 2023), and pabulib.org/format.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from qiao_stats.errors import StatsError
from qiao_stats.share.model import Ballot, Election, Project, VoteType

_SECTIONS = ("meta", "projects", "votes")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: its line (the first is 1), column, and a message template with parameters."""

    line: int | None
    column: str | None
    message: str
    params: Mapping[str, object]

    def text(self) -> str:
        """The fault in words, with its line."""
        words = self.message % self.params if self.params else self.message
        return f"line {self.line}: {words}" if self.line else words


class PabulibError(StatsError):
    """A file that is no election. ``faults`` lists what is wrong with it, in the order of its lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        first = faults[0]
        super().__init__(first.message, row=None if first.line is None else first.line - 1, column=first.column)
        self.params = dict(first.params)

    def __str__(self) -> str:
        return "\n".join(fault.text() for fault in self.faults)


class _Row(NamedTuple):
    line: int
    cells: tuple[str, ...]


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.sections: dict[str, list[_Row]] = {}
        self.lines: dict[str, int] = {}

    def fault(self, line: int | None, column: str | None, message: str, **params: object) -> None:
        self.faults.append(Fault(line, column, message, params))

    def split(self, text: str) -> None:
        """Sort the rows into sections. A section's first row is its header."""
        rows: list[_Row] | None = None
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        try:
            for cells in reader:
                stripped = tuple([cell.strip() for cell in cells])
                if not any(stripped):
                    continue
                if rows is not None and stripped[0][:1].isdigit():
                    # No section begins with a digit, and nearly every line of a large file does.
                    rows.append(_Row(reader.line_num, stripped))
                    continue
                name = stripped[0].lower()
                if name in _SECTIONS and not any(stripped[1:]):
                    if name in self.sections:
                        self.fault(reader.line_num, None, "the section %(name)s is there twice", name=name.upper())
                    rows = self.sections.setdefault(name, [])
                    self.lines.setdefault(name, reader.line_num)
                elif rows is None:
                    self.fault(reader.line_num, None, "the file must begin with a line META")
                    rows = []
                else:
                    rows.append(_Row(reader.line_num, stripped))
        except csv.Error as fault:
            self.fault(reader.line_num, None, "the line cannot be read: %(why)s", why=str(fault))
        for name in _SECTIONS:
            if name not in self.sections:
                self.fault(None, None, "the section %(name)s is missing", name=name.upper())

    def records(self, section: str, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a section by column name."""
        rows = self.sections.get(section, [])
        if not rows:
            if section in self.lines:
                self.fault(self.lines[section], None, "the section %(name)s has no header", name=section.upper())
            return
        head = rows[0].cells
        missing = [name for name in required if name not in head]
        for name in missing:
            self.fault(rows[0].line, name, "the column %(name)s is missing", name=name)
        if missing:
            return
        for row in rows[1:]:
            if len(row.cells) > len(head) and any(row.cells[len(head) :]):
                self.fault(
                    row.line, None, "the line has %(has)d cells, the header %(wants)d; quote text with a semicolon",
                    has=len(row.cells), wants=len(head),
                )  # fmt: skip
                continue
            yield row.line, dict(zip(head, row.cells, strict=False))

    def number(self, text: str, line: int | None, column: str) -> Fraction | None:
        """An exact number; a comma counts as the decimal point, as some files have it."""
        try:
            value = Fraction(text.replace(",", ".").replace(" ", "").replace("\xa0", "")) if len(text) < 60 else None
        except (ValueError, ZeroDivisionError):
            value = None
        if value is None or "/" in text or "_" in text:
            self.fault(line, column, "'%(text)s' is no number", text=text[:60])
            return None
        return value

    def meta(self) -> tuple[dict[str, str], dict[str, int]]:
        """The META section and the line of each key."""
        values: dict[str, str] = {}
        lines: dict[str, int] = {}
        rows = self.sections.get("meta", [])
        if rows and [cell.lower() for cell in rows[0].cells[:2]] == ["key", "value"]:
            rows = rows[1:]
        for row in rows:
            values[row.cells[0]] = ";".join(row.cells[1:]).strip().rstrip(";")
            lines[row.cells[0]] = row.line
        return values, lines


def read_pabulib(text: str) -> Election:
    """Read an election from the text of a .pb file. Raises `PabulibError` with every fault and its line."""
    reader = _Reader()
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise PabulibError([Fault(None, None, "the file is empty", {})])
    reader.split(text)
    meta, lines = reader.meta()
    budget = _budget(reader, meta, lines)
    vote_type = _vote_type(reader, meta, lines)
    projects = tuple(_projects(reader))
    ballots = tuple(_ballots(reader, vote_type, {project.id for project in projects})) if vote_type else ()
    if reader.faults:
        raise PabulibError(sorted(reader.faults, key=lambda fault: fault.line or 0))
    if budget is None or vote_type is None:
        raise PabulibError([Fault(None, None, "the file is no election", {})])
    return Election(projects, ballots, budget, vote_type, meta)


def _budget(reader: _Reader, meta: Mapping[str, str], lines: Mapping[str, int]) -> Fraction | None:
    if "meta" not in reader.sections:
        return None
    if not meta.get("budget"):
        reader.fault(lines.get("budget", reader.lines.get("meta")), "budget", "META has no budget")
        return None
    budget = reader.number(meta["budget"], lines["budget"], "budget")
    if budget is not None and budget <= 0:
        reader.fault(
            lines["budget"], "budget", "the budget must be more than nothing, but is %(budget)s", budget=meta["budget"]
        )
        return None
    return budget


def _vote_type(reader: _Reader, meta: Mapping[str, str], lines: Mapping[str, int]) -> VoteType | None:
    if "meta" not in reader.sections:
        return None
    written = meta.get("vote_type", "").lower()
    if written in set(VoteType):
        return VoteType(written)
    reader.fault(
        lines.get("vote_type", reader.lines.get("meta")),
        "vote_type",
        "META needs vote_type as one of %(known)s"
        if not written
        else "there is no vote_type '%(written)s', but %(known)s",
        written=written,
        known=", ".join(VoteType),
    )
    return None


def _projects(reader: _Reader) -> Iterator[Project]:
    first: dict[str, int] = {}
    for line, row in reader.records("projects", ("project_id", "cost")):
        name = row["project_id"]
        if not name:
            reader.fault(line, "project_id", "the project has no project_id")
            continue
        if "," in name:
            reader.fault(line, "project_id", "a project_id must not hold a comma: %(name)s", name=name)
        if name in first:
            reader.fault(
                line, "project_id", "project %(name)s is already in line %(first)d", name=name, first=first[name]
            )
            continue
        first[name] = line
        written = row.get("cost", "")
        cost = reader.number(written, line, "cost")
        if cost is not None and cost <= 0:
            reader.fault(
                line,
                "cost",
                "the cost of project %(name)s must be more than nothing, but is %(cost)s",
                name=name,
                cost=written,
            )
        rest = {key: value for key, value in row.items() if key not in {"project_id", "cost", "name"}}
        yield Project(name, cost if cost is not None and cost > 0 else Fraction(1), row.get("name", ""), rest)


def _ballots(reader: _Reader, vote_type: VoteType, known: set[str]) -> Iterator[Ballot]:
    pointed = vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}
    first: dict[str, int] = {}
    #: What a vote says, read once for all ballots that say the same.
    readings: dict[str, tuple[str, ...]] = {}
    for line, row in reader.records("votes", ("voter_id", "vote", *(("points",) if pointed else ()))):
        voter = row.pop("voter_id")
        if not voter:
            reader.fault(line, "voter_id", "the ballot has no voter_id")
        elif first.setdefault(voter, line) != line:
            reader.fault(
                line, "voter_id", "voter %(voter)s is already in line %(first)d", voter=voter, first=first[voter]
            )
        vote, points = row.pop("vote", ""), row.pop("points", "")
        named = readings.get(vote)
        if named is None:
            named = tuple([part.strip() for part in vote.split(",") if part.strip()]) if vote.lower() != "none" else ()
            before = len(reader.faults)
            _check_vote(reader, vote_type, named, known, line)
            if len(reader.faults) == before:
                readings[vote] = named
        given: tuple[Fraction, ...] = ()
        if pointed and named:
            given = _points(reader, points, len(named), line)
        yield Ballot(voter, named, given, row)


def _check_vote(reader: _Reader, vote_type: VoteType, named: tuple[str, ...], known: set[str], line: int) -> None:
    for name in dict.fromkeys(named):
        if name not in known:
            reader.fault(line, "vote", "there is no project %(name)s", name=name)
        elif named.count(name) > 1:
            reader.fault(line, "vote", "the ballot names project %(name)s twice", name=name)
    if vote_type is VoteType.CHOOSE_1 and len(named) > 1:
        reader.fault(line, "vote", "the ballot names %(count)d projects where one may be chosen", count=len(named))


def _points(reader: _Reader, written: str, wanted: int, line: int) -> tuple[Fraction, ...]:
    parts = [part.strip() for part in written.split(",")] if written else []
    if len(parts) != wanted:
        reader.fault(
            line,
            "points",
            "the ballot names %(wanted)d projects, but gives points to %(has)d",
            wanted=wanted,
            has=len(parts),
        )
        return ()
    read = [reader.number(part, line, "points") for part in parts]
    if any(value is not None and value < 0 for value in read):
        reader.fault(line, "points", "points must not be below nothing")
    return tuple(value if value is not None else Fraction(0) for value in read)
