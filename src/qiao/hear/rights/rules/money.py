"""Amounts and steps of a computation: decimals only, rounded to the fen at the end of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from: its source and the day it holds from; ``unit`` the place that set the figure."""

    source: str
    since: date | None = None
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a computation: what (a message with its params), the formula in figures, the amount, its basis.

    ``result`` is in yuan or, where ``unit`` says so, in months or hours.
    """

    what: str
    formula: str
    result: Decimal
    basis: Basis
    unit: str = "yuan"
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What the step does, in the language of the request."""
        return gettext(self.what) % self.params if self.params else gettext(self.what)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader has to know: a message, with params."""

    what: str
    params: Mapping[str, object] = field(default_factory=dict)
    source: str = ""

    @property
    def text(self) -> str:
        """The remark in the language of the request."""
        return gettext(self.what) % self.params if self.params else gettext(self.what)


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation: its steps, the total in yuan, and what the reader has to know."""

    steps: tuple[Step, ...]
    total: Decimal
    remarks: tuple[Remark, ...] = ()


def to_cent(amount: Decimal) -> Decimal:
    """Rounded to the fen, half up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def plain(amount: Decimal) -> str:
    """A number without needless zeros: 21.75, 8, 0.5."""
    text = format(amount.normalize(), "f")
    return "0" if text in ("-0", "") else text
