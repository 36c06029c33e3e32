"""`qiao weight`: from the chance of being drawn to weights that meet known totals, with what each step cost."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qiao.base.problems import Problem
from qiao.cli.app import app
from qiao.cli.estimate.fitting import Fit, fitted_design, read_fit, two_bounds
from qiao.cli.estimate.plan import Plan, column_names, labels, located
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.estimation import Design


@app.command()
def weight(
    data: Annotated[
        Path, typer.Argument(help="CSV, Parquet or spreadsheet: a row for each who was drawn or answered.")
    ],
    weights: Annotated[str | None, typer.Option(metavar="W", help="Column of weights to begin with.")] = None,
    probability: Annotated[
        str | None, typer.Option(metavar="P", help="Column of the chance of being drawn: the weight is 1/P.")
    ] = None,
    strata: Annotated[str | None, typer.Option(metavar="S", help="Column of strata.")] = None,
    clusters: Annotated[str | None, typer.Option(metavar="C[,C2]", help="Columns of clusters, for replicates.")] = None,
    fpc: Annotated[
        str | None, typer.Option(metavar="F[,F2]", help="Population sizes of strata; without weights they give N/n.")
    ] = None,
    responded: Annotated[str | None, typer.Option(metavar="R", help="Column of 1 (answered) and 0.")] = None,
    cells: Annotated[
        str | None,
        typer.Option(metavar="A[,B]", help="Columns within whose cells those who answered stand for the rest."),
    ] = None,
    poststratify: Annotated[
        str | None, typer.Option(metavar="A[,B]", help="Meet the totals of the cells of these columns.")
    ] = None,
    rake: Annotated[str | None, typer.Option(metavar="A,B", help="Meet the totals of each of these columns.")] = None,
    calibrate: Annotated[
        str | None, typer.Option(metavar="linear|raking|logit", help="Meet all margins and known totals.")
    ] = None,
    margin: Annotated[
        list[str] | None,
        typer.Option(metavar="A:x=N,y=N", help="Population totals of a column's categories; repeatable."),
    ] = None,
    margins: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same as a table: variable, category, total.")
    ] = None,
    known: Annotated[
        list[str] | None, typer.Option(metavar="V=T", help="Population total of a column of numbers; repeatable.")
    ] = None,
    bounds: Annotated[
        str | None, typer.Option(metavar="L,U", help="For calibrate: least and greatest new weight over old weight.")
    ] = None,
    trim: Annotated[
        str | None, typer.Option(metavar="L,U", help="Cut weights to these bounds; one may be empty, as in ,80.")
    ] = None,
    trim_relative: Annotated[
        bool, typer.Option("--trim-relative", help="The bounds of --trim are multiples of the median weight.")
    ] = False,
    trim_once: Annotated[
        bool, typer.Option("--trim-once", help="One pass of trimming, though others may be pushed over a bound.")
    ] = False,
    replicates: Annotated[
        str | None,
        typer.Option(metavar="JK1|JKn|bootstrap", help="Add replicate weights, each fitted as the whole is."),
    ] = None,
    count: Annotated[int, typer.Option(help="How many bootstrap replicates.")] = 200,
    seed: Annotated[int | None, typer.Option(help="Seed of the bootstrap; publish it.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the rows with their weight here.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Weight a sample: base weights, non-response, known totals, trimming, replicate weights."""
    with located_errors():
        fit = read_fit(poststratify, rake, calibrate, margin or [], margins, known or [], bounds)
        if cells and not responded:
            raise Problem("Cells are of those who answered and those who did not.", hint="Give --responded.")
        from qiao.cli.estimate.reading import read_data

        table = read_data(data)
        job = _Job(table, Plan(weights, strata, clusters, fpc, "adjust", True))
        job.begin(probability)
        if responded:
            job.move_nonresponse(responded, cells)
        if replicates:
            job.replicate(replicates, count, seed)
        if fit:
            job.fit(fit)
        if trim:
            if replicates:
                raise Problem("Replicate weights are not trimmed.", hint="Leave --trim or --replicates out.")
            job.trim(two_bounds(trim), relative=trim_relative, strict=not trim_once)
        if output is not None:
            job.write(output)
        job.show(form, output)


class _Job:
    """The table, its design and the steps so far."""

    def __init__(self, table: pa.Table, plan: Plan) -> None:
        self.table, self.plan = table, plan
        self.steps: list[dict[str, object]] = []
        self.design: Design

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        """The weights (n,) as they are now."""
        return self.design.weights

    def begin(self, probability: str | None) -> None:
        """Base weights: a column, the inverse of a chance, or N/n from population sizes."""
        from dataclasses import replace

        from qiao.base.tables import numeric
        from qiao_stats.weighting import base_weights

        if probability and self.plan.weights:
            raise Problem("Give weights or probabilities, not both.")
        if not (probability or self.plan.weights or self.plan.fpc):
            raise Problem("There is nothing to begin with.", hint="Give --weights, --probability or --fpc.")
        with located(self.table, self.plan.names(self.table) | {"probability": probability or ""}):
            self.design = self.plan.design(self.table)
            if probability:
                chance = numeric(self.table, column_names(self.table, [probability])[0])
                self.design = replace(self.design, weights=base_weights(chance))
        self._note("base")

    def move_nonresponse(self, responded: str, cells: str | None) -> None:
        """From those who did not answer to those who did."""
        from dataclasses import replace

        from qiao.base.tables import numeric
        from qiao_stats.weighting import adjust_nonresponse

        names = column_names(self.table, [cells]) if cells else []
        answered = numeric(self.table, column_names(self.table, [responded])[0])
        with located(self.table, {"responded": responded, "weights": self.plan.weights or ""}):
            weights = adjust_nonresponse(self.weights, answered, {name: labels(self.table, name) for name in names})
        self.design = replace(self.design, weights=weights)
        self._note("nonresponse")

    def replicate(self, kind: str, count: int, seed: int | None) -> None:
        """Replicates of the weights as they are."""
        import numpy as np

        from qiao_stats.weighting import make_replicates

        if kind not in ("JK1", "JKn", "bootstrap"):
            raise Problem("Unknown kind of replicates: %(kind)s.", hint="Write JK1, JKn or bootstrap.", kind=kind)
        if kind == "bootstrap" and seed is None:
            raise Problem("The bootstrap needs a seed, so that anybody gets the same.", hint="Give --seed NUMBER.")
        rng = np.random.default_rng(seed) if kind == "bootstrap" else None
        chosen: Any = kind
        with located(self.table, self.plan.names(self.table)):
            self.design = make_replicates(self.design, chosen, count=count, rng=rng)

    def fit(self, fit: Fit) -> None:
        """To known totals."""
        self.design = fitted_design(self.design, self.table, fit)
        self._note(fit.how)

    def trim(self, bounds: tuple[float | None, float | None] | None, *, relative: bool, strict: bool) -> None:
        """Within bounds."""
        from dataclasses import replace

        from qiao_stats.weighting import trim

        trimmed = trim(self.weights, bounds=bounds, relative=relative, strict=strict)
        self.design = replace(self.design, weights=trimmed.weights)
        self._note("trim", trimmed.count)

    def write(self, path: Path) -> None:
        """The table with its weights, as CSV or (by its name) Parquet."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from qiao_stats.estimation import ReplicateDesign

        columns: dict[str, npt.NDArray[np.float64]] = {"weight": self.weights}
        if isinstance(self.design, ReplicateDesign):
            columns |= {f"rep{r + 1}": column for r, column in enumerate(self.design.replicates.T)}
        taken = [name for name in columns if name in self.table.column_names]
        if taken:
            raise Problem("The table has a column %(name)s already.", hint="Rename it.", name=taken[0])
        if path.suffix == ".parquet":
            table = self.table
            for name, values in columns.items():
                table = table.append_column(name, pa.array(values))
            pq.write_table(table, path)
            return
        cells = [column.to_pylist() for column in self.table.columns]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([*self.table.column_names, *columns])
            for row in zip(*cells, *(map(repr, values.tolist()) for values in columns.values()), strict=True):
                writer.writerow(row)

    def show(self, form: Format, output: Path | None) -> None:
        """The steps, and in JSON without an output file the weights."""
        from qiao_stats.estimation import ReplicateDesign

        if form is not Format.JSON:
            print_rows(self.steps, form)
            return
        document: dict[str, object] = {"rows": self.table.num_rows, "steps": self.steps}
        if isinstance(self.design, ReplicateDesign):
            document |= {"replicates": self.design.coefficients.size, "rscales": self.design.coefficients.tolist()}
        if output is None:
            document["weights"] = self.weights.tolist()
        print_json(document)

    def _note(self, step: str, trimmed: int = 0) -> None:
        from qiao_stats.weighting import summarize_weights

        self.steps.append({"step": step, **asdict(summarize_weights(self.weights, trimmed=trimmed))})
