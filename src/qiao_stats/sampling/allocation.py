"""Sharing a sample out among strata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qiao_stats.errors import StatsError

Method = Literal["proportional", "equal", "neyman", "given"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """How many are drawn from each stratum: ``sizes`` by stratum, ``method``, and strata taken whole."""

    sizes: Mapping[str, int]
    method: str
    whole: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many are drawn in all."""
        return sum(self.sizes.values())


def allocate(
    populations: Mapping[str, int],
    n: int = 0,
    *,
    method: Method = "proportional",
    deviations: Mapping[str, float] | None = None,
    given: Mapping[str, int] | None = None,
    least: int = 0,
) -> Allocation:
    """Share ``n`` out among strata with these populations.

    ``proportional``: n_h ∝ N_h; ``equal``: n_h alike; ``neyman``: n_h ∝ N_h·S_h with the standard deviations given
    (Neyman 1934; Cochran 1977, section 5.5); ``given``: as ``given`` says. Whole numbers by largest remainder; ties go
    to the larger stratum, then to the name first in order. No stratum gives more than it has: what is over goes to the
    others by the same rule. ``least``: each stratum gives at least so many (or all it has).

    Raises StatsError for an empty frame, n out of range, a missing or negative deviation, or a size given that is more
    than the stratum has.
    """
    names = sorted(populations)
    if not names or any(populations[name] < 1 for name in names):
        raise StatsError("Every stratum needs at least one element.", column="stratum")
    if method == "given":
        return _given(populations, names, given or {})
    total = sum(populations.values())
    if not 1 <= n <= total:
        raise StatsError(
            "The sample must lie between 1 and the %(total)d of the frame, not %(n)d.", total=total, n=n, column="n"
        )
    weights = _weights(populations, names, method, deviations)
    if least < 0:
        raise StatsError("The least size of a stratum is 0 or more, not %(least)d.", least=least, column="least")
    floor = {name: min(least, populations[name]) for name in names}
    if sum(floor.values()) > n:
        raise StatsError(
            "At least %(least)d from each stratum are more than %(n)d in all.", least=least, n=n, column="least"
        )
    sizes = _share_out(names, populations, weights, floor, n)
    return Allocation(sizes, method, tuple(name for name in names if sizes[name] == populations[name]))


def _given(populations: Mapping[str, int], names: list[str], given: Mapping[str, int]) -> Allocation:
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise StatsError("There is no stratum %(name)s in the frame.", name=unknown[0], column="stratum")
    for name in names:
        if not 0 <= given.get(name, 0) <= populations[name]:
            raise StatsError(
                "Stratum %(name)s has %(number)d elements, and %(asked)d are asked of it.",
                name=name, number=populations[name], asked=given[name], column="stratum",
            )  # fmt: skip
    sizes = {name: given.get(name, 0) for name in names}
    if not any(sizes.values()):
        raise StatsError("Nobody would be drawn.", column="n")
    return Allocation(sizes, "given", tuple(name for name in names if sizes[name] == populations[name]))


def _weights(
    populations: Mapping[str, int], names: list[str], method: str, deviations: Mapping[str, float] | None
) -> dict[str, float]:
    if method == "equal":
        return dict.fromkeys(names, 1.0)
    if method == "proportional":
        return {name: float(populations[name]) for name in names}
    if method != "neyman":
        raise StatsError("There is no allocation “%(method)s”.", method=method, column="method")
    spread = deviations or {}
    for name in names:
        if not spread.get(name, -1.0) >= 0:
            raise StatsError("Neyman's allocation needs the standard deviation of stratum %(name)s.", name=name)
    if not any(spread[name] > 0 for name in names):
        raise StatsError("No stratum varies: any allocation is as good.", column="deviations")
    return {name: populations[name] * spread[name] for name in names}


def _share_out(
    names: list[str], populations: Mapping[str, int], weights: Mapping[str, float], floor: Mapping[str, int], n: int
) -> dict[str, int]:
    """Shares between floor and population that add up to n: strata that hit a bound are fixed there, the rest shared
    anew, until none does; then largest remainders."""
    fixed: dict[str, int] = {}
    while True:
        free = [name for name in names if name not in fixed]
        left = n - sum(fixed.values())
        sum_free = sum(weights[name] for name in free)
        share = {name: left * weights[name] / sum_free if sum_free else 0.0 for name in free}
        over = {name: populations[name] for name in free if share[name] >= populations[name]}
        under = {name: floor[name] for name in free if share[name] < floor[name]}
        if not over and not under:
            break
        # The side that misses more is fixed first, so that one bound does not push a stratum over the other.
        excess = sum(share[name] - over[name] for name in over)
        lack = sum(under[name] - share[name] for name in under)
        fixed |= over if excess >= lack else under
    sizes = fixed | {name: int(share[name]) for name in free}
    order = sorted(free, key=lambda name: (-(share[name] - int(share[name])), -populations[name], name))
    missing = n - sum(sizes.values())
    while missing > 0:
        # Where the remaining weights are all zero the rest goes to whoever still has somebody.
        room = [name for name in [*order, *names] if sizes[name] < populations[name]]
        for name in dict.fromkeys(room):
            if missing == 0:
                break
            sizes[name] += 1
            missing -= 1
    return {name: sizes[name] for name in names}
