"""`qiao allocate`: divide a budget by need, or recompute a published allocation sheet on any machine."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.base.problems import Place, Problem
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from qiao.judge.allocation.rules.sheet import Computed, Line


@app.command()
def allocate(
    sheet: Annotated[Path, typer.Argument(help="CSV or spreadsheet: unit, members, the inputs, amount_before.")],
    weights: Annotated[
        str | None,
        typer.Option(metavar="W1,…,W6 | INPUT=W,…", help="Weights in the order of the formula, or by column; sum 1."),
    ] = None,
    budget: Annotated[str | None, typer.Option(metavar="YUAN", help="What is divided, such as 1200000.00.")] = None,
    limit: Annotated[
        str | None, typer.Option(metavar="SHARE", help="How far a unit's share may move in a year: 0.15.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="The manifest of a published sheet: its weights, and whether all amounts agree.")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Compute need, share and amount of every unit, with what would change if a weight moved.

    With --manifest the published sheet is recomputed: exit code 1 where an amount or the file differs.
    """
    with located_errors():
        from qiao.judge.allocation.rules.sheet import compute

        terms = _manifest(manifest) if manifest else {}
        held = _weights(weights) if weights else terms.get("weights")
        if not isinstance(held, dict):
            raise Problem("Without weights nothing can be computed.", hint="Give --weights or --manifest.")
        cents = _cents(budget, "--budget") if budget else _known_cents(terms)
        bound = _share(limit) if limit is not None else terms.get("limit")
        table = _read(sheet)
        lines = read_lines(table)
        from qiao.cli.estimate.plan import located

        names = {"members": "members", "before": "amount_before"}
        with located(table, names):
            made = compute(lines, {key: float(held[key]) for key in held}, budget=cents, limit=bound)  # type: ignore[arg-type]
        _show(lines, made, output)
    if manifest and not _agrees(sheet, table, lines, made, terms):
        raise typer.Exit(1)


def read_lines(table: pa.Table) -> list[Line]:
    """The lines of a sheet; an input left empty or called missing is missing.

    Raises Problem with row and column: no unit, one unit twice, a number that is none, members not above 0.
    """
    from qiao.base.tables import place
    from qiao.judge.allocation.rules.sheet import BEFORE, INPUTS, MEMBERS, UNIT, Line

    for wanted in (UNIT, MEMBERS):
        if wanted not in table.column_names:
            raise Problem("The sheet needs the column %(column)s.", place=place(table), column=wanted)
    if not set(INPUTS) & set(table.column_names):
        raise Problem("The sheet has none of the inputs.", place=place(table), hint="Columns: " + ", ".join(INPUTS))
    lines, seen = [], dict[str, int]()
    for index, row in enumerate(table.to_pylist()):
        unit = row[UNIT].strip()
        where = place(table, index=index, column=UNIT)
        if not unit:
            raise Problem("The unit is missing.", place=where)
        if unit in seen:
            raise Problem("The unit %(unit)s stands here a second time.", place=where, unit=unit)
        seen[unit] = index
        values = {
            key: _value(row[key], place(table, index=index, column=key)) for key in INPUTS if key in table.column_names
        }
        members = _value(row[MEMBERS], place(table, index=index, column=MEMBERS))
        if members is None or members != int(members) or members <= 0:
            raise Problem(
                "The number of members must be a whole number above 0.",
                place=place(table, index=index, column=MEMBERS),
            )
        earlier = row.get(BEFORE, "").strip()
        before = _cents(earlier, BEFORE, place(table, index=index, column=BEFORE)) if earlier else None
        lines.append(Line(unit, int(members), values, before))
    return lines


def _read(path: Path) -> pa.Table:
    from qiao.cli.estimate.reading import read_data

    return read_data(path)


def _value(text: str, where: Place) -> float | None:
    from qiao.judge.allocation.rules.sheet import MISSING

    text = unicodedata.normalize("NFKC", text).strip()
    if text in {"", MISSING}:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise Problem("'%(text)s' is no number from 0 on.", place=where, text=text, hint="Leave empty what is missing.")
    return float(number)


def _cents(text: str, name: str, where: Place | None = None) -> int:
    try:
        amount = Decimal(text.strip()) * 100
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != amount.to_integral_value() or amount > Decimal(10) ** 15:
        raise Problem("%(name)s is an amount such as 1200000.50, not '%(text)s'.", place=where, name=name, text=text)
    return int(amount)


def _known_cents(terms: dict[str, object]) -> int:
    if "budget" not in terms:
        raise Problem("Say what is divided.", hint="Give --budget or --manifest.")
    return _cents(str(terms["budget"]), "budget")


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Problem("--limit must be a share such as 0.15, not '%(text)s'.", text=text) from None


def _weights(text: str) -> dict[str, float]:
    from qiao.judge.allocation.rules.sheet import INPUTS

    parts = [part.strip() for part in text.split(",") if part.strip()]
    pairs = [part.partition("=") for part in parts]
    if not any(sign for _key, sign, _value in pairs):
        if len(parts) != len(INPUTS):
            raise Problem("There are %(given)d weights for %(inputs)d inputs.", given=len(parts), inputs=len(INPUTS))
        pairs = [(key, "=", part) for key, part in zip(INPUTS, parts, strict=True)]
    found = {}
    for key, _sign, value in pairs:
        if key not in INPUTS:
            raise Problem("There is no input %(key)s.", key=key, hint="Inputs: " + ", ".join(INPUTS))
        try:
            found[key] = float(value)
        except ValueError:
            raise Problem("The weight of %(key)s is no number: '%(text)s'.", key=key, text=value) from None
    return found


def _manifest(path: Path) -> dict[str, object]:
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise Problem("This is no manifest that can be read.", place=Place(path.name)) from None
    if not isinstance(read, dict) or not isinstance(read.get("weights"), dict):
        raise Problem("This is no manifest of an allocation sheet.", place=Place(path.name))
    return read


def _show(lines: list[Line], made: Computed, output: Format) -> None:
    rows: list[dict[str, object]] = [
        {
            "unit": line.unit,
            "members": line.members,
            "need": float(made.allocation.need[place]),
            "share": float(made.allocation.share[place]),
            "amount": f"{made.amounts[place] / 100:.2f}",
            "least": f"{made.ranges[place][0] / 100:.2f}",
            "most": f"{made.ranges[place][1] / 100:.2f}",
            "medians": int(made.allocation.missing[place].sum()),
            "limit": "floor" if made.allocation.raised[place] else "ceiling" if made.allocation.held[place] else "",
        }
        for place, line in enumerate(lines)
    ]
    if output is not Format.JSON:
        print_rows(rows, output)
        return
    from qiao.judge.allocation.rules.sheet import INPUTS

    print_json(
        {
            "units": rows,
            "gini_before": made.before.gini if made.before else None,
            "gini_after": made.after.gini if made.after else None,
            "sensitivity": [
                {"input": INPUTS[move.weight], "moved": move.moved, "shifted": move.shifted} for move in made.moves
            ],
        }
    )


def _agrees(path: Path, table: pa.Table, lines: list[Line], made: Computed, terms: dict[str, object]) -> bool:
    """Whether file and amounts are those published; says on stderr what differs."""
    good = True
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != terms.get("sha256"):
        typer.echo(f"the file is not the published one: its SHA-256 is {digest}", err=True)
        good = False
    if "amount" not in table.column_names:
        typer.echo("the sheet has no column amount to compare with", err=True)
        return False
    for place, (line, stated) in enumerate(zip(lines, table.column("amount").to_pylist(), strict=True)):
        if _cents(stated, "amount") != made.amounts[place]:
            typer.echo(f"{line.unit}: the sheet says {stated}, recomputed {made.amounts[place] / 100:.2f}", err=True)
            good = False
    typer.echo("recomputed: every amount agrees" if good else "NOT the published figures", err=True)
    return good
