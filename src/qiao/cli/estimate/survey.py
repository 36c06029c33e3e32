"""A table read as a survey: what the options of `qiao estimate` mean for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiao.base.problems import Place, Problem
from qiao.cli.estimate.fitting import Fit, fitted_design
from qiao.cli.estimate.plan import MOST_LEVELS, Plan, Replicates, column_names, labels, located
from qiao.cli.estimate.reading import read_data

if TYPE_CHECKING:
    # Arrays are imported where they are needed, so that `qiao --help` stays quick.
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.estimation import Design, Estimate, Groups


class Survey:
    """The table, its design, the rows asked for and their groups."""

    def __init__(
        self,
        path: Path,
        plan: Plan | Replicates,
        where: Sequence[str],
        by: Sequence[str],
        fit: Fit | None = None,
    ) -> None:
        from qiao.base.tables import matches
        from qiao_stats.estimation import make_groups

        self.table = read_data(path)
        self.where = list(where)
        with located(self.table, plan.names(self.table)):
            self.design: Design = plan.design(self.table)
        self.names = plan.names(self.table)
        self.fit = fit
        if fit is not None:
            self.design = fitted_design(self.design, self.table, fit)
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

    def variances(self, names: Sequence[str], options: dict[str, Any]) -> Iterator[Estimate]:
        """Variances of columns of numbers in the population."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import variance_of

        for name in self._columns(names):
            with self._located(name):
                values = numeric(self.table, name)
                yield from variance_of(self.design, values, name=name, by=self.by, where=self.rows, **options)

    def contrasts(self, asked: Sequence[str], options: dict[str, Any]) -> Iterator[Estimate]:
        """Differences of two groups' means, written V~G:NEW-OLD."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import contrast, make_groups, means_together

        for text in asked:
            name, tilde, rest = text.partition("~")
            group, colon, pair = rest.rpartition(":")
            if not (name and tilde and group and colon and "-" in pair):
                raise Problem(
                    "“%(text)s” names no difference.", hint="Write --contrast VALUE~GROUP:NEW-OLD.", text=text
                )
            with self._located(name):
                values = numeric(self.table, self._columns([name])[0])
                by = make_groups({group: self._labels(self._columns([group])[0])}, rows=self.table.num_rows)
                means = means_together(self.design, {name: values}, by=by, where=self.rows)
                cuts = [k for k, sign in enumerate(pair) if sign == "-"]
                fitting = [(pair[:k], pair[k + 1 :]) for k in cuts if {pair[:k], pair[k + 1 :]} <= set(means.names)]
                new, old = fitting[0] if fitting else (pair[: cuts[0]], pair[cuts[0] + 1 :])
                factors = {new: 1.0, old: -1.0}
                yield replace(contrast(means, factors, name=f"{name}~{group}", **options), level=f"{new}-{old}")

    def tests(self, asked: Sequence[str], form: str, score: str, confidence: float) -> Iterator[dict[str, object]]:
        """Tests: A*B of association, V~G of two means (or with a score of ranks), V of a mean against 0."""
        from qiao.base.tables import numeric
        from qiao_stats.inference import association_test, rank_test, t_test

        chosen: Any = form
        ranked: Any = score
        for text in asked:
            first, star, second = text.partition("*")
            with self._located():
                if star:
                    a, b = self._columns([first, second])
                    found = association_test(
                        self.design, self._levels(a), self._levels(b), form=chosen, where=self.rows
                    )
                    yield {
                        "test": form, "of": text, "statistic": found.statistic, "ndf": found.ndf, "df": found.ddf,
                        "p": found.p, "estimate": None, "se": None, "lower": None, "upper": None, "n": found.n,
                    }  # fmt: skip
                    continue
                name, tilde, group = text.partition("~")
                values = numeric(self.table, self._columns([name])[0])
                if tilde:
                    groups = self._levels(self._columns([group])[0])
                    one = (
                        rank_test(self.design, values, groups, score=ranked, where=self.rows, confidence=confidence)
                        if score
                        else t_test(self.design, values, groups, where=self.rows, confidence=confidence)
                    )
                else:
                    one = t_test(self.design, values, where=self.rows, confidence=confidence)
                yield {
                    "test": one.kind, "of": text, "statistic": one.statistic, "ndf": one.ndf, "df": one.df, "p": one.p,
                    "estimate": one.estimate, "se": one.se, "lower": one.lower, "upper": one.upper, "n": one.n,
                }  # fmt: skip

    def regressions(self, asked: Sequence[str], family: str, confidence: float) -> Iterator[dict[str, object]]:
        """Regressions, written Y~A+B; a column of words enters by its levels."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import regress

        chosen: Any = family
        for text in asked:
            response, tilde, terms = text.partition("~")
            if not tilde:
                raise Problem("“%(text)s” is no regression.", hint="Write --regress RESPONSE~TERM+TERM.", text=text)
            columns: dict[str, Any] = {}
            for name in self._columns([part.strip() for part in terms.split("+")]):
                columns[name] = self._levels(name) if self._all_words(name) else numeric(self.table, name)
            with self._located(response):
                values = numeric(self.table, self._columns([response])[0])
                found = regress(self.design, values, columns, family=chosen, where=self.rows, confidence=confidence)
            for one in found.coefficients:
                yield {"test": family, "of": text, "term": one.name, "estimate": one.estimate, "se": one.se, "t": one.t,
                       "p": one.p, "lower": one.lower, "upper": one.upper, "df": one.df, "n": found.n}  # fmt: skip

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
            **({"fitted": self.fit.how} if self.fit else {}),
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
