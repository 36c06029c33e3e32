"""What the questions of one round share while their figures are computed, and how a figure is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qiao.hear.surveys.queries.groupings import Condition, Grouping
from qiao_stats.estimation import Design
from qiao_stats.release import Released

FloatArray = npt.NDArray[np.float64]


#: Digits that figures are kept with: the same on every machine, and finer than anybody reads.
_DIGITS = 9


@dataclass
class Run:
    """What the questions of one round share while they are computed."""

    facts: Mapping[str, Any]
    table: pa.Table
    design: Design
    groupings: list[Grouping]
    conditions: Mapping[str, Condition]
    certain: bool
    #: Questions with one option each that are done: what of them is hidden over everybody, and by grouping.
    done: dict[str, tuple[Released, list[int]]] = field(default_factory=dict)
    #: Numbers asked that are told of questions with a condition of their own kind.
    told: list[int] = field(default_factory=list)

    def threshold(self, name: str) -> int:
        """Smallest count shown of a question."""
        return int(self.facts["delicate_cell" if name in self.facts["sensitive"] else "small_cell"])


def cell_of(value: float, lower: float, upper: float, n: int, certain: bool) -> list[float | int | None]:
    """A figure with its interval and how many answers it rests on; what cannot be computed is empty."""
    sure = certain and bool(np.isfinite(lower)) and bool(np.isfinite(upper))
    return [kept_number(value), kept_number(lower) if sure else None, kept_number(upper) if sure else None, n]


def kept_number(value: float) -> float | None:
    """A figure with the digits it is kept with; None for what is no number."""
    return round(float(value), _DIGITS) if np.isfinite(value) else None
