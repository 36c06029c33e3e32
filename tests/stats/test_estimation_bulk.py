"""Sums by an engine give the figures that the rows give."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest

from qiao_stats.errors import StatsError
from qiao_stats.estimation import estimate_many, make_design, make_groups
from qiao_stats.estimation.bulk import POSITIVE, cluster_sums, estimate_sums


def answers() -> pa.Table:
    rng = np.random.default_rng(11)
    n = 3000
    cluster = rng.integers(0, 60, n)
    scale = np.where(rng.random(n) < 0.1, np.nan, rng.integers(1, 6, n))
    return pa.table(
        {
            "w": np.where(rng.random(n) < 0.05, 0.0, rng.uniform(1, 3, n)),
            "stratum": cluster % 4,
            "cluster": cluster,
            "N": (cluster % 4) * 10 + 40,
            "unit": pa.array([None if u == 3 else f"u{u}" for u in rng.integers(0, 4, n)]),
            "q1": scale,
            "q2": pa.array([None if v else int(k) for v, k in zip(rng.random(n) < 0.2, cluster % 3, strict=True)]),
        }
    )


@pytest.mark.parametrize("statistic", ["mean", "total"])
@pytest.mark.parametrize("fpc", [None, "N"])
def test_figures_from_sums_equal_figures_from_rows(statistic: str, fpc: str | None) -> None:
    table = answers()
    names = ["q1", "q2"]
    design = make_design(
        weights=table["w"], strata=table["stratum"], clusters=[table["cluster"]], fpc=[table[fpc]] if fpc else []
    )
    by = make_groups({"unit": table["unit"]}, rows=table.num_rows)
    expected = estimate_many(design, {n: table[n] for n in names}, statistic=statistic, by=by, deff=None)  # type: ignore[arg-type]
    asked = {"clusters": "cluster", "strata": "stratum", "by": ["unit"], "fpc": fpc}
    expression = cluster_sums(ibis.memtable(table), names, weights="w", **asked)  # type: ignore[arg-type]
    sums = ibis.duckdb.connect().to_pyarrow(expression)
    found = estimate_sums(sums, names, statistic=statistic, **asked)  # type: ignore[arg-type]
    assert (found.items, found.groups, found.df) == (expected.items, expected.groups, expected.df)
    np.testing.assert_array_equal(found.n, expected.n)
    for name in ("estimate", "se", "lower", "upper"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-11)


def test_a_missing_column_of_sums_is_named() -> None:
    with pytest.raises(StatsError, match="no column w_0"):
        estimate_sums(pa.table({"c": [1, 2], "a_0": [1.0, 2.0], POSITIVE: [True, True]}), ["x"], clusters="c")
