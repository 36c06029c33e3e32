"""A sheet of need-based allocation and its computation: what the page, the file and `qiao allocate` share.

The formula is the handbook's card C24; the kernel is :mod:`qiao_stats.allocation`. Money is counted in cents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qiao_stats.allocation import Allocation, FloatArray, Sensitivity, allocate, gini, sensitivity, whole_amounts

#: The inputs in the order of the weights w1 to w6, by the column of the file.
INPUTS = (
    "members_per_full_time_officer",
    "open_cases_per_1000",
    "aid_files_per_1000",
    "coverage_gap",
    "remoteness_minutes",
    "budget_per_member",
)
#: Inputs of which little means much need.
LESS_IS_MORE = frozenset({"budget_per_member"})
#: Other columns of a sheet.
UNIT, MEMBERS, BEFORE = "unit", "members", "amount_before"
#: What stands in a file for an input that nobody knows.
MISSING = "missing"
#: By how much each weight is moved to see what hangs on it.
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a sheet before anything is computed.

    ``inputs``: by column, None where missing; ``before``: cents of the year before, None for a unit that had none.
    """

    unit: str
    members: int
    inputs: Mapping[str, float | None]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Inequality:
    """How unevenly money per member is spread over members: Gini coefficient, and greatest over least value.

    ``ratio`` is None where the least value is 0.
    """

    gini: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed sheet; positions follow the lines given.

    ``amounts`` in cents sum to the budget. ``before`` and ``after`` compare the units' own money per member with what
    they get, the amount of the year before and the new one; None where no line says what its unit has of its own.
    ``ranges``: least and greatest amount of each unit, in cents, over all moved weights.
    """

    allocation: Allocation
    amounts: tuple[int, ...]
    before: Inequality | None
    after: Inequality | None
    moves: tuple[Sensitivity, ...]
    ranges: tuple[tuple[int, int], ...]


def compute(lines: Sequence[Line], weights: Mapping[str, float], *, budget: int, limit: float | None) -> Computed:
    """Divide ``budget`` cents among the lines; ``weights`` by column, those left out are 0.

    Raises StatsError where the sheet cannot be computed: row and column say where.
    """
    inputs = np.array([[_number(line.inputs.get(key)) for key in INPUTS] for line in lines], float)
    members = np.array([line.members for line in lines], float)
    before = np.array([_number(line.before) for line in lines], float)
    given = [float(weights.get(key, 0)) for key in INPUTS]
    made = allocate(
        inputs.reshape(len(lines), len(INPUTS)), members, given,
        less_is_more=[key in LESS_IS_MORE for key in INPUTS], before=before, limit=limit,
    )  # fmt: skip
    moves = tuple(sensitivity(made, members, given, step=STEP))
    tried = np.array([move.share for move in moves] or [made.share]) * budget
    amounts = tuple(whole_amounts(made.share, budget))
    own = INPUTS.index("budget_per_member")
    known = not made.missing[:, own].all()
    has = made.filled[:, own] * 100
    return Computed(
        allocation=made,
        amounts=amounts,
        before=_inequality(has + np.nan_to_num(before) / members, members) if known else None,
        after=_inequality(has + np.array(amounts, float) / members, members) if known else None,
        moves=moves,
        ranges=tuple(
            (min(amount, round(float(low))), max(amount, round(float(high))))
            for amount, low, high in zip(amounts, tried.min(axis=0), tried.max(axis=0), strict=True)
        ),
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _inequality(values: FloatArray, members: FloatArray) -> Inequality:
    least = float(values.min())
    return Inequality(gini(values, members), float(values.max()) / least if least > 0 else None)
