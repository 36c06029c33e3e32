"""Weighting plans as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.hear.surveys.choices import WeightMethod
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.frozen import employment_labels
from qiao.hear.surveys.queries.weights import weighting_plan


@dataclass(frozen=True, slots=True)
class Way:
    """One way to weight, before it is chosen: what it costs, or why it cannot be taken. ``best``: taken by default."""

    method: str
    label: str
    effective: float
    deff: float
    largest: float
    trimmed: int
    fault: str
    best: bool


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One stratum or kind: register total, how many answered (None where not told), parts that were joined."""

    label: str
    population: float
    invited: int | None
    answered: int | None
    joined: bool


def ways_to_weight(survey: Round) -> list[Way]:
    """Each way to weight a closed round, the one that fits best first."""
    best = weighting_plan(survey)["method"]
    ways = []
    for method in (WeightMethod.RAKE, WeightMethod.CELLS, WeightMethod.STRATA):
        try:
            after = weighting_plan(survey, method.value)["after"]
        except Problem as fault:
            ways.append(Way(method.value, str(method.label), 0, 0, 0, 0, problem_text(fault), False))
            continue
        ways.append(
            Way(
                method.value, str(method.label), after["n_eff"], after["deff"], after["maximum"] / after["median"],
                after["trimmed"], "", method.value == best,
            )
        )  # fmt: skip
    return sorted(ways, key=lambda way: (not way.best, bool(way.fault)))


def plan_strata(survey: Round) -> list[PlanRow]:
    """The strata of a stored plan, after joining."""
    return [
        PlanRow(
            ", ".join(pick(label) for label in row["labels"]), row["population"], row["invited"], row["answered"],
            len(row["parts"]) > 1,
        )
        for row in survey.weighting.get("strata", [])
    ]  # fmt: skip


def plan_margins(survey: Round) -> list[PlanRow]:
    """Totals of the register by kind of employment that a stored plan was fitted to."""
    labels = employment_labels()
    if survey.weighting.get("method") not in {WeightMethod.RAKE, WeightMethod.CELLS}:
        return []
    return [
        PlanRow(", ".join(pick(labels.get(part)) or "–" for part in key.split("+")), total, None, None, "+" in key)
        for key, total in survey.weighting["totals"]["employment"].items()
    ]
