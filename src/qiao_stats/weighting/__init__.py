"""Weights: from the chance of being drawn, through who answered, to totals known from the register; and trimming.

Every function takes columns of n rows (numpy, Arrow or sequences) and returns new weights; nothing is changed in place.
:func:`poststratify`, :func:`rake` and :func:`calibrate` return a :class:`Weighting`, which :func:`calibrated` attaches
to a design: only then do standard errors know that the totals are certain.
"""

from __future__ import annotations

from qiao_stats.weighting.base import Merged, adjust_nonresponse, base_weights, merge_small
from qiao_stats.weighting.calibration import METHODS, Method, calibrate
from qiao_stats.weighting.margins import Margins, Weighting, calibrated
from qiao_stats.weighting.raking import poststratify, rake
from qiao_stats.weighting.replicates import make_replicates, refit_replicates
from qiao_stats.weighting.summary import WeightSummary, summarize_weights
from qiao_stats.weighting.trimming import SPREADS, Spread, Trimmed, trim

__all__ = [
    "METHODS",
    "SPREADS",
    "Margins",
    "Merged",
    "Method",
    "Spread",
    "Trimmed",
    "WeightSummary",
    "Weighting",
    "adjust_nonresponse",
    "base_weights",
    "calibrate",
    "calibrated",
    "make_replicates",
    "merge_small",
    "poststratify",
    "rake",
    "refit_replicates",
    "summarize_weights",
    "trim",
]
