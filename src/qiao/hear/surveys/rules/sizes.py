"""How many to ask (handbook svy.sample_size)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from qiao_stats.sampling import margin_of, size_for_margin

#: Populations of the handbook's table.
_TABLE = (100, 200, 500, 1_000, 5_000, 100_000)


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """For a population: answers needed for the margin wanted, how many to ask, what those are expected to give.

    ``reached``: the margin of ``answers``, where a number was given. ``everybody``: the sample is the whole.
    """

    population: int
    needed: int
    ask: int
    everybody: bool
    expected: int
    expected_margin: float
    answers: int | None
    reached: float | None


def sample_plan(population: int, margin: float, rate: float, answers: int | None = None) -> SamplePlan:
    """The plan for a margin (share) and an expected response (share, 0 < rate ≤ 1) around a share of one half.

    Raises StatsError for numbers out of range.
    """
    needed = size_for_margin(population, margin=margin)
    ask = min(population, ceil(round(needed / rate, 9)))
    expected = max(1, min(needed if ask < population else population, round(ask * rate)))
    reached = margin_of(min(answers, population), population) if answers else None
    return SamplePlan(
        population, needed, ask, ask == population, expected, margin_of(expected, population), answers, reached
    )


def size_table() -> list[tuple[int, int]]:
    """The handbook's test values: populations, and the answers that give ±5 points."""
    return [(population, size_for_margin(population)) for population in _TABLE]
