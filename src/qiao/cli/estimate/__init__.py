"""`qiao estimate`: design-based figures from a table of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qiao.base.problems import Problem
from qiao.cli.main import app
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows
from qiao_stats.errors import StatsError

if TYPE_CHECKING:
    # Arrays are imported where they are needed, so that `qiao --help` stays quick.
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.estimation import Design, Estimate, Groups


class LonelyRule(StrEnum):
    """What to do with a stratum of which only one cluster was sampled."""

    FAIL = "fail"
    ADJUST = "adjust"
    AVERAGE = "average"
    CERTAINTY = "certainty"
    REMOVE = "remove"


class DeffKind(StrEnum):
    """The simple random sample a design effect compares with."""

    SRS = "srs"
    REPLACE = "replace"


class QuantileKind(StrEnum):
    """Rules for weighted quantiles, named as in R's survey."""

    MATH = "math"
    SCHOOL = "school"
    HF1 = "hf1"
    HF2 = "hf2"
    HF4 = "hf4"
    HF5 = "hf5"
    HF6 = "hf6"
    HF7 = "hf7"
    HF8 = "hf8"
    HF9 = "hf9"



@app.command()
def estimate(
    data: Annotated[Path, typer.Argument(help="CSV file or spreadsheet; the first row holds the column names.")],
    weights: Annotated[
        str | None, typer.Option(metavar="W", help="Column of weights. Without it: from --fpc, else all 1.")
    ] = None,
    strata: Annotated[str | None, typer.Option(metavar="S", help="Column of first-stage strata.")] = None,
    clusters: Annotated[
        str | None, typer.Option(metavar="C[,C2]", help="Cluster columns, first stage first. Without: rows.")
    ] = None,
    fpc: Annotated[
        str | None,
        typer.Option(metavar="F[,F2]", help="Per stage: clusters in the population of the stratum, or fraction sampled."),
    ] = None,
    mean: Annotated[list[str] | None, typer.Option(metavar="V", help="Mean of a column of numbers; repeatable.")] = None,
    total: Annotated[
        list[str] | None,
        typer.Option(metavar="V", help="Population total; of a column of words: the number at each level."),
    ] = None,
    count: Annotated[
        list[str] | None, typer.Option(metavar="V", help="Number in the population at each level of a column.")
    ] = None,
    ratio: Annotated[list[str] | None, typer.Option(metavar="NUM:DEN", help="Ratio of two totals; repeatable.")] = None,
    proportion: Annotated[
        list[str] | None, typer.Option(metavar="V", help="Share of each level of a column; repeatable.")
    ] = None,
    quantile: Annotated[
        list[str] | None, typer.Option(metavar="V:P[,P2]", help="Quantiles at probabilities, as in pay:0.5.")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(metavar="G[,G2]", help="Groups; intervals use the whole design's df.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="G=x", help="Only these rows (=, !=, <, <=, >, >=; repeat for and), with their own df."),
    ] = None,
    lonely: Annotated[
        LonelyRule, typer.Option(help="What to do with a stratum of one sampled cluster.")
    ] = LonelyRule.FAIL,
    nest: Annotated[
        bool, typer.Option("--nest/--no-nest", help="Same cluster name in two strata: two clusters, or an error.")
    ] = True,
    listwise: Annotated[
        bool, typer.Option("--listwise", help="For --mean: leave out rows that lack any of the variables.")
    ] = False,
    deff: Annotated[
        DeffKind, typer.Option(help="Design effect against simple sampling without (srs) or with replacement.")
    ] = DeffKind.SRS,
    quantile_rule: Annotated[QuantileKind, typer.Option(help="How quantiles are read off.")] = QuantileKind.MATH,
    confidence: Annotated[float, typer.Option(help="Level of the intervals, between 0 and 1.")] = 0.95,
    form: FormatOption = Format.TABLE,
) -> None:
    """Estimate means, totals, ratios, shares and quantiles from a survey, with standard errors of its design."""
    with located_errors():
        asked = any((mean, total, count, ratio, proportion, quantile))
        if not asked:
            raise Problem(
                "Nothing to estimate.", hint="Give at least one of --mean, --total, --count, --ratio, --proportion, --quantile."
            )
        if not 0 < confidence < 1:
            raise Problem(
                "The confidence level %(value)s is not between 0 and 1.",
                hint="Write --confidence 0.95 for 95 %%.", value=confidence,
            )
        survey = _Survey(data, weights, strata, clusters, fpc, where or [], by or [], lonely, nest)
        options: dict[str, Any] = {"confidence": confidence}
        figures = [
            *survey.means(mean or [], listwise, {**options, "deff": deff.value}),
            *survey.totals(total or [], count or [], {**options, "deff": deff.value}),
            *survey.ratios(ratio or [], {**options, "deff": deff.value}),
            *survey.proportions(proportion or [], {**options, "deff": deff.value}),
            *survey.quantiles(quantile or [], {**options, "rule": quantile_rule.value}),
        ]
        if form is Format.JSON:
            print_json(
                {
                    "design": {**survey.describe(), "confidence": confidence},
                    "estimates": [{**asdict(figure), "by": dict(figure.by)} for figure in figures],
                }
            )
        else:
            print_rows([_flat(figure) for figure in figures], form)


def _flat(figure: Estimate) -> dict[str, object]:
    row = asdict(figure)
    row.pop("by")
    head = {name: row.pop(name) for name in ("statistic", "variable", "level")}
    taken = {*head, *row}
    groups = {f"by:{name}" if name in taken else name: value for name, value in figure.by.items()}
    return {**head, **groups, **row}


class _Survey:
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
        lonely: LonelyRule,
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
                lonely=lonely.value,
                nest=nest,
            )
            self.rows: npt.NDArray[np.bool_] | None = None
            for condition in where:
                chosen = matches(self.table, condition)
                self.rows = chosen if self.rows is None else self.rows & chosen
            if self.rows is not None and not self.rows.any():
                raise Problem("No row satisfies --where %(where)s.", place=self._place(), where=" and ".join(where))
            groups = {name: self._labels(name) for name in self._columns(by)}
            self.by: Groups | None = (
                make_groups(groups, rows=self.table.num_rows, where=self.rows) if groups else None
            )

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

    def _place(self, index: int | None = None, column: str | None = None) -> Any:
        from qiao.base.tables import place

        return place(self.table, index=index, column=column)

    @contextmanager
    def _located(self, column: str | None = None) -> Iterator[None]:
        """Say in which row and column of the file a kernel found a fault."""
        try:
            yield
        except StatsError as fault:
            name = self.names.get(fault.column or "", fault.column) if fault.column else column
            raise Problem(fault.message, place=self._place(fault.row, name), **fault.params) from None
