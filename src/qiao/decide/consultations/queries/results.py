"""What is published of the votes after the close, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qiao.base.i18n import Localized
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries.reading import statements_of

#: The strip a share is drawn on runs from here, this far.
LEFT, WIDTH = 44.0, 266.0


@dataclass(frozen=True, slots=True)
class Share:
    """A share of agreement: of ``n`` who took a side. ``few`` names the side fewer than five took: then only bounds."""

    n: int
    agree: float | None
    lower: float
    upper: float
    few: str

    @property
    def dot(self) -> float:
        """Where on the strip the dot stands; meaningless without a share."""
        return LEFT + WIDTH * (self.agree or 0.0)

    @property
    def begin(self) -> float:
        """Where on the strip the interval begins."""
        return LEFT + WIDTH * self.lower

    @property
    def end(self) -> float:
        """Where on the strip the interval ends."""
        return LEFT + WIDTH * self.upper


@dataclass(frozen=True, slots=True)
class StatementOutcome:
    """What all, and each group, said to one statement. ``lines`` are the groups that can be drawn."""

    number: int
    text: Localized
    share: Share | None
    passed: float | None
    groups: tuple[tuple[str, Share | None], ...]
    common: bool

    @property
    def lines(self) -> list[tuple[str, Share, int]]:
        """Groups that can be drawn: letter, share, height of the line."""
        drawable = [(name, share) for name, share in self.groups if share is not None]
        return [(name, share, 34 + 22 * place) for place, (name, share) in enumerate(drawable)]

    @property
    def height(self) -> int:
        """Height of the strip with its groups."""
        return 30 + 22 * len(self.lines)


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """One opinion group: how many, and which statements set it apart (number, text, whether it agrees)."""

    name: str
    size: int
    marks: tuple[tuple[int, Localized, bool], ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Everything that is published of the votes. ``voters`` is None where fewer than five took part."""

    voters: int | None
    statements: tuple[StatementOutcome, ...]
    groups: tuple[GroupOutcome, ...]


def outcomes(consultation: Consultation) -> Outcomes | None:
    """The published results; None before the close or where there were no statements."""
    kept: Mapping[str, Any] | None = consultation.results
    if not kept or not kept.get("statements"):
        return None
    statements = {statement.number: statement for statement in statements_of(consultation)}
    rows = tuple(
        StatementOutcome(
            number=row["number"],
            text=statements[row["number"]].text,
            share=_share(row["share"]),
            passed=row["passed"],
            groups=tuple((group["name"], _share(group["shares"][place])) for group in kept["groups"]),
            common=row["number"] in kept["common"],
        )
        for place, row in enumerate(kept["statements"])
    )
    groups = tuple(
        GroupOutcome(
            group["name"],
            group["size"],
            tuple((mark[0], statements[mark[0]].text, mark[1]) for mark in group["marks"]),
        )
        for group in kept["groups"]
    )
    return Outcomes(kept["voters"], rows, groups)


def _share(kept: Mapping[str, Any] | None) -> Share | None:
    return Share(**kept) if kept else None
