"""Design-based estimation: means, totals, ratios, proportions and quantiles of a sample, with how sure each is."""

from __future__ import annotations

from qiao_stats.estimation.bulk import cluster_sums, estimate_sums
from qiao_stats.estimation.covariance import Together, contrast, means_together, variance_of
from qiao_stats.estimation.design import LONELY_RULES, Design, Lonely, Stage, make_design
from qiao_stats.estimation.groups import Groups, make_groups
from qiao_stats.estimation.intervals import INTERVALS, Interval
from qiao_stats.estimation.linear import Deff, counts, estimate_many, mean, proportion, ratio, total
from qiao_stats.estimation.quantiles import QUANTILE_RULES, QuantileInterval, QuantileRule, quantile
from qiao_stats.estimation.regression import Coefficient, Regression, regress
from qiao_stats.estimation.replicates import (
    REPLICATE_KINDS,
    ReplicateDesign,
    ReplicateKind,
    make_replicate_design,
)
from qiao_stats.estimation.results import Estimate, Grid
from qiao_stats.estimation.shares import choice_shares

__all__ = [
    "INTERVALS",
    "LONELY_RULES",
    "QUANTILE_RULES",
    "REPLICATE_KINDS",
    "Coefficient",
    "Deff",
    "Design",
    "Estimate",
    "Grid",
    "Groups",
    "Interval",
    "Lonely",
    "QuantileInterval",
    "QuantileRule",
    "Regression",
    "ReplicateDesign",
    "ReplicateKind",
    "Stage",
    "Together",
    "choice_shares",
    "cluster_sums",
    "contrast",
    "counts",
    "estimate_many",
    "estimate_sums",
    "make_design",
    "make_groups",
    "make_replicate_design",
    "mean",
    "means_together",
    "proportion",
    "quantile",
    "ratio",
    "regress",
    "total",
    "variance_of",
]
