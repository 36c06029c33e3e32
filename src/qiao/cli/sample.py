"""`qiao sample`: draw from a frame, so that anybody draws the same again from the seed."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.base.problems import Problem
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from qiao_stats.sampling import Draw


class AllocationName(StrEnum):
    """How a sample is shared among strata."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"
    GIVEN = "given"


@app.command()
def sample(
    frame: Annotated[Path, typer.Argument(help="CSV file or spreadsheet: one row for each that may be drawn.")],
    key: Annotated[str, typer.Option(metavar="K", help="Column that names each row, once each.")],
    seed: Annotated[str, typer.Option(metavar="TEXT", help="Any text; publish it, best before the frame is frozen.")],
    size: Annotated[int, typer.Option("--size", "-n", help="How many to draw. 0: as many as --margin needs.")] = 0,
    margin: Annotated[
        float, typer.Option(help="Without --size: the margin at 95 %, as a share, of a share of one half.")
    ] = 0.05,
    expect: Annotated[
        float, typer.Option(metavar="RATE", help="Response expected, as a share: the size is divided by it.")
    ] = 1.0,
    stratify: Annotated[str | None, typer.Option(metavar="S", help="Column of strata.")] = None,
    allocation: Annotated[
        AllocationName, typer.Option(help="How the sample is shared among strata.")
    ] = AllocationName.PROPORTIONAL,
    deviations: Annotated[
        str, typer.Option(metavar="S=X[,S=X]", help="Standard deviation of each stratum, for neyman.")
    ] = "",
    given: Annotated[str, typer.Option(metavar="S=N[,S=N]", help="Size of each stratum, for given.")] = "",
    least: Annotated[int, typer.Option(help="At least so many from each stratum.")] = 0,
    cluster: Annotated[str | None, typer.Option(metavar="C", help="Column of clusters, to draw in two stages.")] = None,
    clusters: Annotated[int, typer.Option(help="How many clusters (in each stratum) are drawn first.")] = 0,
    per_cluster: Annotated[int, typer.Option(help="How many in each cluster drawn.")] = 0,
    alike: Annotated[
        bool, typer.Option("--alike", help="Every cluster has the same chance, instead of one by its size.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the rows drawn to this CSV file.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Draw a sample: simple, stratified, or in two stages by clusters, with each one's probability and weight.

    Each row gets a number from SHA-256 of seed and key; the smallest are drawn. So neither the order of the frame nor
    the version of this program changes the draw, and anybody can check it.
    """
    from qiao.base.tables import read_table
    from qiao_stats.sampling import draw_elements, draw_two_stage

    with located_errors():
        wanted = [name for name in (key, stratify, cluster) if name is not None]
        table = read_table(frame, required=wanted)
        keys = _labels(table, key)
        strata = _labels(table, stratify) if stratify else None
        if cluster is not None:
            if clusters < 1 or per_cluster < 1:
                raise Problem("To draw by clusters, say how many: --clusters and --per-cluster.")
            drawn = draw_two_stage(
                keys, _labels(table, cluster), n_clusters=clusters, per_cluster=per_cluster, seed=seed, strata=strata,
                by_size=not alike,
            )  # fmt: skip
        else:
            groups = strata or [""] * len(keys)
            sizes = _sizes(groups, _asked(len(keys), size, margin, expect), allocation, deviations, given, least)
            drawn = draw_elements(keys, groups, sizes, seed=seed)
            _warn_of_missed(sizes)
        _show(table, drawn, frame=frame, key=key, seed=seed, strata=stratify, output=output, form=form)


def _labels(table: pa.Table, column: str) -> list[str]:
    """A column of the frame as text; an empty cell is a fault."""
    from qiao.base.tables import place

    cells: list[str | None] = table.column(column).to_pylist()
    for index, cell in enumerate(cells):
        if not (cell or "").strip():
            raise Problem("This cell is empty.", place=place(table, index=index, column=column))
    return [str(cell).strip() for cell in cells]


def _asked(population: int, size: int, margin: float, expect: float) -> int:
    from math import ceil

    from qiao_stats.sampling import size_for_margin

    if not 0 < expect <= 1:
        raise Problem("The response expected lies above 0 and at most at 1, such as 0.24.")
    return size or min(population, ceil(size_for_margin(population, margin=margin) / expect))


def _sizes(
    groups: list[str], n: int, method: AllocationName, deviations: str, given: str, least: int
) -> dict[str, int]:
    from collections import Counter

    from qiao_stats.sampling import allocate

    found = allocate(
        Counter(groups), n, method=method.value, least=least,
        deviations=_pairs(deviations) if deviations else None,
        given=_whole(_pairs(given)) if given else None,
    )  # fmt: skip
    return dict(found.sizes)


def _pairs(text: str) -> dict[str, float]:
    """``a=1,b=2`` as a mapping; the last equals sign parts name and number."""
    from math import isfinite

    pairs: dict[str, float] = {}
    for part in text.replace("，", ",").split(","):
        name, sign, number = part.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            sign = ""
        if not sign or not isfinite(value):
            raise Problem("“%(part)s” is no pair: write stratum=number, parted by commas.", part=part)
        pairs[name.strip()] = value
    return pairs


def _whole(pairs: dict[str, float]) -> dict[str, int]:
    """Sizes of strata; a size that is no whole number is a fault."""
    for name, number in pairs.items():
        if number != number // 1:
            raise Problem("The size of stratum %(name)s is no whole number: %(number)s.", name=name, number=number)
    return {name: int(number) for name, number in pairs.items()}


def _require_writable(table: pa.Table, output: Path) -> None:
    taken = [name for name in ("probability", "weight") if name in table.column_names]
    if taken:
        raise Problem("The frame has a column “%(name)s” already: rename it, the draw adds one.", name=taken[0])
    if not output.parent.is_dir():
        raise Problem("There is no folder %(folder)s to write to.", folder=str(output.parent))


def _warn_of_missed(sizes: dict[str, int]) -> None:
    """Whoever has no chance to be drawn is stood for by nobody: the figures then hold for the others only."""
    missed = [name for name, number in sizes.items() if number == 0]
    if missed:
        typer.echo(
            f"warning: nobody is drawn from {len(missed)} of {len(sizes)} strata ({', '.join(missed[:5])}"
            f"{', …' if len(missed) > 5 else ''}): the sample does not stand for them. Use --least 2 or a larger size.",
            err=True,
        )


def _show(
    table: pa.Table, drawn: Draw, *, frame: Path, key: str, seed: str, strata: str | None, output: Path | None,
    form: Format,
) -> None:  # fmt: skip
    import csv

    if output is not None:
        _require_writable(table, output)
    rows: list[dict[str, object]] = []
    picked = table.take(drawn.places.tolist())
    names = [key, *([strata] if strata else [])]
    columns = {name: picked.column(name).to_pylist() for name in names}
    for number in range(len(drawn.places)):
        row: dict[str, object] = {name: columns[name][number] for name in names}
        row |= {"probability": float(drawn.probability[number]), "weight": float(drawn.weight[number])}
        rows.append(row)
    facts: dict[str, object] = {
        "frame_rows": table.num_rows,
        "frame_sha256": hashlib.sha256(frame.read_bytes()).hexdigest(),
        "seed": seed,
        "drawn": len(rows),
        "sum_of_weights": float(drawn.weight.sum()),
    }
    if output is not None:
        with output.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([*table.column_names, "probability", "weight"])
            for number, cells in enumerate(zip(*(column.to_pylist() for column in picked.columns), strict=True)):
                writer.writerow([*cells, repr(float(drawn.probability[number])), repr(float(drawn.weight[number]))])
    if form is Format.JSON:
        print_json({**facts, "rows": rows})
        return
    if output is None:
        print_rows(rows, form)
    if form is Format.TABLE or output is not None:
        typer.echo("\n".join(f"{name}: {value}" for name, value in facts.items()), err=output is None)
