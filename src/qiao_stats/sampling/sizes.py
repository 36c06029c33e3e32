"""How many answers a margin needs, and which margin a number of answers gives."""

from __future__ import annotations

from math import ceil, sqrt

from qiao_stats.errors import StatsError

#: The standard normal quantile of 97.5 %, as survey handbooks round it.
Z_95 = 1.96


def size_for_margin(population: int, *, margin: float = 0.05, p: float = 0.5, z: float = Z_95) -> int:
    """The number of answers for a margin of ``margin`` (a share) around a share ``p`` in a population of N.

    n = N·x / ((N − 1)·e² + x) with x = z²·p·(1 − p), rounded up: simple random sampling with the finite population
    correction (Krejcie and Morgan 1970; Cochran 1977, section 4.4). Raises StatsError for a population below 1, or a
    margin, share or z out of range.
    """
    if population < 1:
        raise StatsError("The population must be 1 or more, not %(number)d.", number=population, column="population")
    if not 0 < margin < 1 or not 0 < p < 1 or not z > 0:
        raise StatsError("Margin and share lie between 0 and 1, and z above 0.")
    x = z * z * p * (1 - p)
    # Rounded first: a whole number must not become the next one by the last bit of a float.
    return min(population, ceil(round(population * x / ((population - 1) * margin**2 + x), 9)))


def margin_of(n: float, population: int, *, p: float = 0.5, z: float = Z_95) -> float:
    """The margin (a share) that ``n`` effective answers give: z·√(p·(1 − p)/n · (N − n)/(N − 1)).

    Raises StatsError unless 0 < n ≤ population. The margin of a whole population is 0.
    """
    if not 0 < n <= population:
        raise StatsError("The number of answers must lie between 0 and the population.", column="n")
    if population == 1 or n == population:
        return 0.0
    return z * sqrt(p * (1 - p) / n * (population - n) / (population - 1))
