"""The upper tail of Σ a·χ²₁ over an independent χ²_d/d, which Pearson's X² under a design is compared with.

P(Σ a·χ²₁ / (χ²_d/d) > x) = P(Σ a·χ²₁ − (x/d)·χ²_d > 0). ``integration`` inverts the characteristic function (Imhof
1961, Biometrika 48); ``saddlepoint`` is the approximation of Kuonen (1999, Biometrika 86) as R's survey has it, which
counts d in whole numbers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import log_ndtr
from scipy.stats import f as f_distribution

from qiao_stats.estimation.arrays import FloatArray

# Beyond this the integral's own error would be larger than the tail.
_FAR = 1e-9


def mixture_tail(
    x: float, factors: FloatArray, df: float, method: Literal["integration", "saddlepoint"] = "integration"
) -> float:
    """P(Σ a·χ²₁ / (χ²_d/d) > x) for factors a (k,), some positive, and d = ``df``; NaN where nothing is known."""
    largest = float(np.max(factors, initial=0.0))
    if not (np.isfinite(x) and np.isfinite(largest) and largest > 0 and df >= 1):
        return float("nan")
    if x <= 0:
        return 1.0
    a = factors[factors > 1e-12 * largest]
    # One sum of χ² variables, those above with one degree of freedom each, the one below with d.
    weights = np.append(a, -x / df)
    near = _saddlepoint(weights, np.append(np.ones(a.size), float(int(df + 1e-6))))
    if near is None:  # at the mean, where the approximation has no value
        spread = float((a**2).mean()) / float(a.mean()) ** 2
        near = float(f_distribution.sf(x / float(a.sum()), a.size / spread, df))
    if method == "saddlepoint" or near < _FAR:
        return near
    return _imhof(weights, np.append(np.ones(a.size), df))


def _saddlepoint(weights: FloatArray, degrees: FloatArray) -> float | None:
    """P(Σ λ·χ²_d > 0)."""
    scaled = weights / weights.max()

    def slope(zeta: float) -> float:
        return float((degrees * scaled / (1 - 2 * zeta * scaled)).sum())

    low = 0.5 * (1 - 1e-12) * float(np.max(1 / scaled[scaled < 0]))
    high = 0.5 * (1 - 1e-12) * float(np.min(1 / scaled[scaled > 0]))
    zeta = float(brentq(slope, low, high, xtol=1e-15))
    if abs(zeta) < 1e-4:
        return None
    cumulant = -0.5 * float((degrees * np.log1p(-2 * zeta * scaled)).sum())
    curve = 2 * float((degrees * scaled**2 / (1 - 2 * zeta * scaled) ** 2).sum())
    w = np.sign(zeta) * np.sqrt(max(-2 * cumulant, 0.0))
    v = zeta * np.sqrt(curve)
    return float(np.exp(log_ndtr(-(w + np.log(v / w) / w))))


def _imhof(weights: FloatArray, degrees: FloatArray) -> float:
    """½ + (1/π) ∫ sin θ(u) / (u ρ(u)) du, θ = ½ Σ d·arctan(λ·u), ρ = Π (1 + λ²u²)^(d/4), with u = eˢ."""
    scaled = weights / np.abs(weights).max()

    def integrand(s: float) -> float:
        u = np.exp(s)
        theta = 0.5 * float((degrees * np.arctan(scaled * u)).sum())
        return float(np.sin(theta) * np.exp(-0.25 * (degrees * np.log1p((scaled * u) ** 2)).sum()))

    ends = np.linspace(-40.0, 40.0, 81)
    total = sum(quad(integrand, start, end, limit=200, epsabs=1e-14)[0] for start, end in pairwise(ends))
    return float(min(max(0.5 + total / np.pi, 0.0), 1.0))
