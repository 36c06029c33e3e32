"""Fitting weights to known totals, as the options of `qiao weight` and `qiao estimate` say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiao.base.problems import Problem
from qiao.cli.estimate.plan import column_names, labels, located, require

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.estimation import Design
    from qiao_stats.weighting import Method, Weighting

HINT = "Write --margin COLUMN:CATEGORY=TOTAL,CATEGORY=TOTAL or give them in a file with --margins."


@dataclass(frozen=True, slots=True)
class Fit:
    """What weights are to meet: ``how`` is poststratify, rake or calibrate, ``columns`` those named by that option."""

    how: str
    columns: str
    method: Method
    margins: Mapping[str, Mapping[object, float]]
    totals: Mapping[str, float]
    bounds: tuple[float | None, float | None] | None

    def fit(self, table: pa.Table, weights: npt.NDArray[np.float64]) -> Weighting:
        """The table's weights, fitted. Raises Problem in the column where the fault lies."""
        from qiao.base.tables import numeric
        from qiao_stats.weighting import calibrate, poststratify, rake

        if self.how == "calibrate":
            names = [*self.margins, *(name for name in self.totals if name != "1" or name in table.column_names)]
        else:
            names = column_names(table, [self.columns])
        for name in names:
            require(table, name)
        columns: dict[str, Any] = {
            name: numeric(table, name) if name in self.totals else labels(table, name) for name in names
        }
        with located(table, {name: name for name in names}):
            if self.how == "poststratify":
                key = names[0] if len(names) == 1 else " × ".join(names)
                if key not in self.margins:
                    raise Problem("There are no totals of %(name)s.", hint=HINT, name=key)
                known: dict[Any, float] = dict(self.margins[key])
                if len(names) > 1:
                    known = {tuple(part.strip() for part in str(cell).split("×")): n for cell, n in known.items()}
                return poststratify(weights, columns, known)
            if self.how == "rake":
                for name in names:
                    if name not in self.margins:
                        raise Problem("There are no totals of %(name)s.", hint=HINT, name=name)
                return rake(weights, columns, {name: self.margins[name] for name in names})
            return calibrate(
                weights, columns, margins=self.margins, totals=self.totals, method=self.method, bounds=self.bounds
            )


def read_fit(
    poststratify: str | None, rake: str | None, calibrate: str | None, margin: Sequence[str], margins: Path | None,
    known: Sequence[str], bounds: str | None,
) -> Fit | None:  # fmt: skip
    """The fit that the options ask for; None if none.

    Raises Problem for two ways at once, totals without a way, or an option that cannot be read.
    """
    asked = [(how, text) for how, text in zip(
        ("poststratify", "rake", "calibrate"), (poststratify, rake, calibrate), strict=True
    ) if text]  # fmt: skip
    if not asked:
        if margin or margins or known:
            raise Problem(
                "Totals are given, but no way to meet them.", hint="Add --poststratify, --rake or --calibrate."
            )
        return None
    if len(asked) > 1:
        raise Problem("Weights are fitted in one way at a time.", hint="Choose --poststratify, --rake or --calibrate.")
    how, text = asked[0]
    method: Any = "linear"
    if how == "calibrate":
        if text not in ("linear", "raking", "logit"):
            raise Problem("Unknown way to calibrate: %(way)s.", hint="Write linear, raking or logit.", way=text)
        method, text = text, ""
    found = _from_file(margins) if margins else {}
    for one in margin:
        name, colon, cells = one.partition(":")
        if not colon:
            raise Problem("“%(text)s” names no column.", hint=HINT, text=one)
        found[name.strip()] = dict(pair(cell) for cell in cells.split(","))
    if not found and not known:
        raise Problem("There are no totals to meet.", hint=HINT)
    return Fit(how, text, method, found, dict(pair(one) for one in known), two_bounds(bounds))


def pair(text: str) -> tuple[Any, float]:
    """``name=number``; the last equals sign parts the two."""
    from qiao.base.tables import as_number

    name, sign, number = text.rpartition("=")
    value = as_number(number) if sign else None
    if value is None or not name.strip():
        raise Problem("“%(text)s” is no name with a number.", hint="Write NAME=NUMBER, such as men=5122.", text=text)
    return name.strip(), value


def two_bounds(text: str | None) -> tuple[float | None, float | None] | None:
    """``low,high``, either of which may be empty."""
    from qiao.base.tables import as_number

    if text is None:
        return None
    parts = text.split(",")
    values = [as_number(part) if part.strip() else None for part in parts]
    if len(parts) != 2 or any(part.strip() and value is None for part, value in zip(parts, values, strict=True)):
        raise Problem("“%(text)s” is no pair of bounds.", hint="Write LOW,HIGH; leave one empty for none.", text=text)
    return values[0], values[1]


def fitted_design(design: Design, table: pa.Table, fit: Fit) -> Design:
    """The design with fitted weights, whose errors know the totals; replicates are fitted one by one."""
    from qiao_stats.estimation import ReplicateDesign
    from qiao_stats.weighting import calibrated, refit_replicates

    if isinstance(design, ReplicateDesign):
        return refit_replicates(design, lambda weights: fit.fit(table, weights))
    return calibrated(design, fit.fit(table, design.weights))


def _from_file(path: Path) -> dict[str, dict[object, float]]:
    """Totals from a table with the columns variable, category, total."""
    from qiao.base.tables import as_number, place, read_table

    table = read_table(path, required=["variable", "category", "total"])
    found: dict[str, dict[object, float]] = {}
    columns = [table.column(name).to_pylist() for name in ("variable", "category", "total")]
    for index, (variable, category, total) in enumerate(zip(*columns, strict=True)):
        value = as_number(total or "")
        if value is None or not variable or not category:
            raise Problem(
                "This row is no total of a category.", place=place(table, index=index, column="total"),
                hint="Fill in variable, category and a number.",
            )  # fmt: skip
        if category in found.setdefault(variable, {}):
            raise Problem("This category is there twice.", place=place(table, index=index, column="category"))
        found[variable][category] = value
    return found
