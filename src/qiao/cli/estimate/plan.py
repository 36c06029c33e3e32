"""How the sample was drawn, as the options say it, and the design they make of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from qiao.base.problems import Problem
from qiao_stats.errors import StatsError

if TYPE_CHECKING:
    import pyarrow as pa

    from qiao_stats.estimation import Design, Lonely


#: Levels a column may have of which each is shown.
MOST_LEVELS = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """Columns of weights, strata, clusters and population sizes; the latter two may be lists with commas."""

    weights: str | None
    strata: str | None
    clusters: str | None
    fpc: str | None
    lonely: Lonely
    nest: bool

    def names(self, table: pa.Table) -> dict[str, str]:
        """The table's column for each argument of the kernel. Raises Problem for a column that is not there."""
        found = {name: column for name, column in (("weights", self.weights), ("strata", self.strata)) if column}
        for column in found.values():
            require(table, column)
        for name, text in (("clusters", self.clusters), ("fpc", self.fpc)):
            columns = column_names(table, [text]) if text else []
            found |= {name if k == 0 else f"{name}{k + 1}": column for k, column in enumerate(columns)}
        return found

    def design(self, table: pa.Table) -> Design:
        """The design of the table's rows."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import make_design

        names = self.names(table)
        return make_design(
            weights=numeric(table, self.weights) if self.weights else None,
            strata=labels(table, self.strata) if self.strata else None,
            clusters=[labels(table, column) for name, column in names.items() if name.startswith("clusters")],
            fpc=[numeric(table, column) for name, column in names.items() if name.startswith("fpc")],
            rows=table.num_rows,
            lonely=self.lonely,
            nest=self.nest,
        )


@dataclass(frozen=True, slots=True)
class Replicates:
    """Columns of replicate weights (a pattern such as ``rep*``, or a list with commas) and how they were made."""

    weights: str | None
    columns: str
    kind: str
    scale: float | None
    rscales: str | None
    fay: float
    mse: bool

    def names(self, table: pa.Table) -> dict[str, str]:
        """The table's column for each argument of the kernel. Raises Problem for a column that is not there."""
        if "*" in self.columns and self.columns not in table.column_names:
            columns = [name for name in table.column_names if fnmatchcase(name, self.columns)]
            # The pattern may well fit the full-sample weights too.
            columns = [name for name in columns if name != self.weights]
        else:
            columns = column_names(table, [self.columns])
        if self.weights:
            require(table, self.weights)
        found = {"weights": self.weights} if self.weights else {}
        return found | {f"replicates{r + 1}": column for r, column in enumerate(columns)}

    def design(self, table: pa.Table) -> Design:
        """The design of the table's rows."""
        from qiao.base.tables import numeric
        from qiao_stats.estimation import REPLICATE_KINDS, make_replicate_design

        if not self.weights:
            raise Problem("Replicate weights need full-sample weights beside them.", hint="Give --weights.")
        if self.kind not in REPLICATE_KINDS:
            raise Problem(
                "It must be said how the replicate weights were made.",
                hint="Give --rep-type: %(kinds)s.",
                kinds=", ".join(REPLICATE_KINDS),
            )
        columns = [column for name, column in self.names(table).items() if name.startswith("replicates")]
        return make_replicate_design(
            numeric(table, self.weights),
            [numeric(table, column) for column in columns],
            kind=self.kind,
            scale=self.scale,
            rscales=self._rscales(len(columns)),
            fay=self.fay,
            around_estimate=self.mse,
        )

    def _rscales(self, count: int) -> list[float] | None:
        from qiao.base.tables import as_number

        if self.rscales is None:
            return None
        numbers: list[float] = []
        for part in self.rscales.split(","):
            number = as_number(part)
            if number is None:
                raise Problem("“%(value)s” in --rep-rscales is not a number.", value=part)
            numbers.append(number)
        return numbers * count if len(numbers) == 1 else numbers


def column_names(table: pa.Table, texts: Sequence[str]) -> list[str]:
    """Column names from options that hold one name each or several with commas between them."""
    names: list[str] = []
    for text in texts:
        whole = text in table.column_names
        names += [text] if whole else [part.strip() for part in text.split(",")]
    for name in names:
        require(table, name)
    return names


def require(table: pa.Table, name: str) -> None:
    """Raise Problem unless the table has the column."""
    from qiao.base.tables import place

    if name not in table.column_names:
        raise Problem(
            "Missing column: %(name)s. The file has these columns: %(present)s.",
            place=place(table),
            name=name or "(no name)",
            present=", ".join(table.column_names),
        )


def labels(table: pa.Table, name: str, most: int | None = None) -> pa.Array:
    """The column as categories whose order is that of the levels. Raises Problem if there are more than ``most``."""
    import pyarrow as pa

    from qiao.base.tables import category, place

    codes, levels = category(table, name)
    if most is not None and len(levels) > most:
        raise Problem(
            "The column has %(count)s different values; at most %(most)s can be told apart here.",
            place=place(table, column=name),
            hint="Name a column of answers to choose from, not one of names or numbers.",
            count=len(levels),
            most=most,
        )
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(levels, pa.large_string()))


@contextmanager
def located(table: pa.Table, names: Mapping[str, str], column: str | None = None) -> Iterator[None]:
    """Say in which row and column of the file a kernel found a fault."""
    from qiao.base.tables import place

    try:
        yield
    except StatsError as fault:
        name = names.get(fault.column, fault.column) if fault.column else column
        params: dict[str, Any] = dict(fault.params)
        raise Problem(fault.message, place=place(table, index=fault.row, column=name), **params) from None
