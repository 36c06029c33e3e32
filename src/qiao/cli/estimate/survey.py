"""A table read as a survey: what the options of `qiao estimate` mean for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiao.base.problems import Place, Problem
from qiao.cli.estimate.plan import MOST_LEVELS, Plan, Replicates, column_names, labels, located

if TYPE_CHECKING:
    # Arrays are imported where they are needed, so that `qiao --help` stays quick.
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.estimation import Design, Estimate, Groups


class Survey:
    """The table, its design, the rows asked for and their groups."""

    def __init__(self, path: Path, plan: Plan | Replicates, where: Sequence[str], by: Sequence[str]) -> None:
        from qiao.base.tables import matches, read_table
        from qiao_stats.estimation import make_groups

        self.table = read_table(path)
        self.where = list(where)
        with located(self.table, plan.names(self.table)):
            self.design: Design = plan.design(self.table)
        self.names = plan.names(self.table)
        with self._located():
            self.rows: npt.NDArray[np.bool_] | None = None
            for condition in where:
                chosen = matches(self.table, condition)
                self.rows = chosen if self.rows is None else self.rows & chosen
            if self.rows is not None and not self.rows.any():
                raise Problem("No row satisfies --where %(where)s.", place=self._place(), where=" and ".join(where))
            groups = {name: self._labels(name) for name in self._columns(by)}
            self.by: Groups | None = make_groups(groups, rows=self.table.num_rows, where=self.rows) if groups else None

    def means(self, names: Sequence[str], listwise: bool, options: dict[str, Any]) -> Iterator[Estimate]:
        """Means of columns of numbers."""
        import numpy as np

        from qiao.base.tables import numeric
        from qiao_stats.estimation import estimate_many

        columns = {name: numeric(self.table, name) for name in self._columns(names)}
        if listwise and columns:
            incomplete = np.logical_or.reduce([np.isnan(values) for values in columns.values()])
            columns = {name: np.where(incomplete, np.nan, values) for name, values in columns.items()}
        with self._located():
            if columns:
                yield from estimate_many(self.design, columns, by=self.by, where=self.rows, **options).estimates()

    def totals(self, names: Sequence[str], counted: Sequence[str], options: dict[str, Any]) -> Iterator[Estimate]:
        """Totals of columns of numbers, numbers at the levels of columns of words."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import counts, total

        for name in self._columns(names):
            with self._located(name):
                if self._all_words(name):
                    yield from counts(
                        self.design, self._levels(name), name=name, by=self.by, where=self.rows, **options
                    )
                else:
                    values = numeric(self.table, name)
                    yield from total(self.design, values, name=name, by=self.by, where=self.rows, **options)
        for name in self._columns(counted):
            with self._located(name):
                yield from counts(self.design, self._levels(name), name=name, by=self.by, where=self.rows, **options)

    def ratios(self, pairs: Sequence[str], options: dict[str, Any]) -> Iterator[Estimate]:
        """Ratios of two totals, written NUM:DEN."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import ratio

        for pair in pairs:
            above, colon, below = pair.partition(":")
            if not (above and colon and below):
                raise Problem(
                    "“%(pair)s” does not name two columns.", hint="Write --ratio NUMERATOR:DENOMINATOR.", pair=pair
                )
            a, b = numeric(self.table, above), numeric(self.table, below)
            with self._located():
                yield from ratio(self.design, a, b, name=f"{above}/{below}", by=self.by, where=self.rows, **options)

    def proportions(self, names: Sequence[str], options: dict[str, Any]) -> Iterator[Estimate]:
        """The share of each level."""
        from qiao_stats.estimation import proportion

        for name in self._columns(names):
            with self._located(name):
                yield from proportion(
                    self.design, self._levels(name), name=name, by=self.by, where=self.rows, **options
                )

    def quantiles(self, asked: Sequence[str], options: dict[str, Any]) -> Iterator[Estimate]:
        """Quantiles, written V:P or V:P,P2; V alone is the median."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import quantile

        for text in asked:
            name, colon, levels = text.rpartition(":")
            if not colon:
                name, levels = text, "0.5"
            try:
                probabilities = [float(level) for level in levels.split(",")]
            except ValueError:
                probabilities = []
            if not probabilities or not all(0 <= p <= 1 for p in probabilities):
                raise Problem(
                    "“%(text)s” does not name a column and probabilities between 0 and 1.",
                    hint="Write --quantile COLUMN:0.5 or COLUMN:0.25,0.75.",
                    text=text,
                )
            values = numeric(self.table, name)
            with self._located(name):
                yield from quantile(
                    self.design, values, probabilities, name=name, by=self.by, where=self.rows, **options
                )

    def describe(self) -> dict[str, object]:
        """The design in figures."""
        notes = []
        if self.design.repeated_clusters:
            notes.append("Cluster names repeat across strata; each pair of stratum and name counts as one cluster.")
        replicates = [name for name in self.names if name.startswith("replicates")]
        drawn = (
            {"n_replicates": len(replicates)}
            if replicates
            else {"n_strata": self.design.strata, "n_clusters": self.design.clusters}
        )
        return {
            "rows": self.design.rows,
            "rows_used": int(self.rows.sum()) if self.rows is not None else self.design.rows,
            "sum_of_weights": float(self.design.weights.sum()),
            **{name: column for name, column in self.names.items() if name not in replicates},
            **drawn,
            "df": self.design.degrees_of_freedom(self.rows),
            "lonely": self.design.lonely,
            "where": self.where,
            "notes": notes,
        }

    def _columns(self, texts: Sequence[str]) -> list[str]:
        return column_names(self.table, texts)

    def _labels(self, name: str) -> pa.Array:
        return labels(self.table, name)

    def _levels(self, name: str) -> pa.Array:
        return labels(self.table, name, MOST_LEVELS)

    def _all_words(self, name: str) -> bool:
        from qiao.base.tables import as_number, category

        _, levels = category(self.table, name)
        return bool(levels) and not any(as_number(level) is not None for level in levels)

    def _place(self) -> Place:
        from qiao.base.tables import place

        return place(self.table)

    def _located(self, column: str | None = None) -> AbstractContextManager[None]:
        return located(self.table, self.names, column)
