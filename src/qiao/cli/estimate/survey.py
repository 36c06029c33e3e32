"""A table read as a survey: what the options of `qiao estimate` mean for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiao.base.problems import Place, Problem
from qiao_stats.errors import StatsError

if TYPE_CHECKING:
    # Arrays are imported where they are needed, so that `qiao --help` stays quick.
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.estimation import Design, Estimate, Groups, Lonely


class Survey:
    """The table, its design, the rows asked for and their groups."""

    def __init__(
        self,
        path: Path,
        weights: str | None,
        strata: str | None,
        clusters: str | None,
        fpc: str | None,
        where: Sequence[str],
        by: Sequence[str],
        lonely: Lonely,
        nest: bool,
    ) -> None:
        from qiao.base.tables import matches, numeric, read_table
        from qiao_stats.estimation import make_design, make_groups

        self.table = read_table(path, required=[name for name in (weights, strata) if name])
        self.where = list(where)
        stages, sizes = self._columns([clusters] if clusters else []), self._columns([fpc] if fpc else [])
        self.names = {"weights": weights, "strata": strata}
        self.names |= {"clusters" if k == 0 else f"clusters{k + 1}": name for k, name in enumerate(stages)}
        self.names |= {"fpc" if k == 0 else f"fpc{k + 1}": name for k, name in enumerate(sizes)}
        with self._located():
            self.design: Design = make_design(
                weights=numeric(self.table, weights) if weights else None,
                strata=self._labels(strata) if strata else None,
                clusters=[self._labels(name) for name in stages],
                fpc=[numeric(self.table, name) for name in sizes],
                rows=self.table.num_rows,
                lonely=lonely,
                nest=nest,
            )
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
                        self.design, self._labels(name), name=name, by=self.by, where=self.rows, **options
                    )
                else:
                    values = numeric(self.table, name)
                    yield from total(self.design, values, name=name, by=self.by, where=self.rows, **options)
        for name in self._columns(counted):
            with self._located(name):
                yield from counts(self.design, self._labels(name), name=name, by=self.by, where=self.rows, **options)

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
                    self.design, self._labels(name), name=name, by=self.by, where=self.rows, **options
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
        return {
            "rows": self.design.rows,
            "rows_used": int(self.rows.sum()) if self.rows is not None else self.design.rows,
            "sum_of_weights": float(self.design.weights.sum()),
            **{name: column for name, column in self.names.items() if column},
            "n_strata": self.design.strata,
            "n_clusters": self.design.clusters,
            "df": self.design.degrees_of_freedom(self.rows),
            "lonely": self.design.lonely,
            "where": self.where,
            "notes": notes,
        }

    def _columns(self, texts: Sequence[str]) -> list[str]:
        """Column names from options that hold one name each or several with commas between them."""
        names: list[str] = []
        for text in texts:
            whole = text in self.table.column_names
            names += [text] if whole else [part.strip() for part in text.split(",")]
        for name in names:
            self._require(name)
        return names

    def _require(self, name: str) -> None:
        if name not in self.table.column_names:
            raise Problem(
                "Missing column: %(name)s. The file has these columns: %(present)s.",
                place=self._place(),
                name=name or "(no name)",
                present=", ".join(self.table.column_names),
            )

    def _labels(self, name: str) -> pa.Array:
        """The column as categories whose order is that of the levels."""
        import pyarrow as pa

        from qiao.base.tables import category

        codes, levels = category(self.table, name)
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(levels, pa.large_string()))

    def _all_words(self, name: str) -> bool:
        from qiao.base.tables import as_number, category

        _, levels = category(self.table, name)
        return bool(levels) and not any(as_number(level) is not None for level in levels)

    def _place(self, index: int | None = None, column: str | None = None) -> Place:
        from qiao.base.tables import place

        return place(self.table, index=index, column=column)

    @contextmanager
    def _located(self, column: str | None = None) -> Iterator[None]:
        """Say in which row and column of the file a kernel found a fault."""
        try:
            yield
        except StatsError as fault:
            name = self.names.get(fault.column or "", fault.column) if fault.column else column
            params: dict[str, Any] = dict(fault.params)
            raise Problem(fault.message, place=self._place(fault.row, name), **params) from None
