"""`qiao forms`: questionnaires as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.base.problems import Problem, Problems
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, print_json, print_rows

if TYPE_CHECKING:
    from qiao.base.xlsform import Form

forms = typer.Typer(no_args_is_help=True, help="Questionnaires (XLSForm): check, convert, compare them.")
app.add_typer(forms, name="forms")


@forms.command()
def check(
    form: Annotated[Path, typer.Argument(help="The XLSForm: .xlsx, .xls, .csv or .md.")],
    output: FormatOption = Format.TABLE,
) -> None:
    """Say what a questionnaire asks, in which languages and under which conditions, and name every fault with its row.

    Exit code 0 for a form that can be asked, 2 for one with faults. Questions that the platform refuses to ask, and
    parts that only an app can ask, are named and do not make the form invalid.
    """
    from qiao.base.xlsform import Runtime, read_form

    try:
        read = read_form(form, form.name or str(form))
    except (Problem, Problems) as fault:
        faults = [fault] if isinstance(fault, Problem) else list(fault.faults)
        _print_invalid(form.name or str(form), faults, output)
        raise typer.Exit(2) from None
    web: tuple[Problem, ...] = ()
    try:
        Runtime(read)
    except Problems as fault:
        web = fault.faults
    _print_valid(read, web, output)


@forms.command()
def convert(
    form: Annotated[Path, typer.Argument(help="The XLSForm: .xlsx, .xls, .csv or .md.")],
    target: Annotated[Path, typer.Argument(help="Where to write it: .xlsx, or .json for the house's own document.")],
) -> None:
    """Read a questionnaire and write it again, as a workbook or as the JSON document the platform keeps.

    Exit code 2, and nothing written, for what cannot be read or a target that is there already.
    """
    import json

    from qiao.base.xlsform import read_document, to_json, write_xlsx

    if target.suffix not in {".xlsx", ".json"}:
        typer.echo("error: the target ends in .xlsx or .json", err=True)
        raise typer.Exit(2)
    try:
        document = read_document(form, form.name or str(form))
        written = (
            write_xlsx(document)
            if target.suffix == ".xlsx"
            else (json.dumps(to_json(document), ensure_ascii=False, indent=1) + "\n").encode()
        )
        with target.open("xb") as stream:
            stream.write(written)
    except (Problem, Problems) as fault:
        _print_invalid(form.name, [fault] if isinstance(fault, Problem) else list(fault.faults), Format.TABLE)
        raise typer.Exit(2) from None
    except OSError as fault:
        typer.echo(f"error: {target}: {fault.strerror or fault}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{target}: {sum(1 for node in document.walk() if not node.holds)} questions, sha256 {document.sha256}")


@forms.command()
def compare(
    old: Annotated[Path, typer.Argument(help="The earlier XLSForm.")],
    new: Annotated[Path, typer.Argument(help="The later one.")],
    output: FormatOption = Format.TABLE,
) -> None:
    """Say what changed between two questionnaires. Exit code 0 where nothing did, 1 for differences, 2 for faults."""
    from dataclasses import asdict

    from qiao.base.xlsform import read_document
    from qiao.base.xlsform.compare import changes

    try:
        found = changes(read_document(old, old.name), read_document(new, new.name))
    except (Problem, Problems) as fault:
        _print_invalid(str(old), [fault] if isinstance(fault, Problem) else list(fault.faults), Format.TABLE)
        raise typer.Exit(2) from None
    if output is Format.JSON:
        print_json([asdict(change) for change in found])
    else:
        print_rows([asdict(change) for change in found], output)
    raise typer.Exit(1 if found else 0)


def _print_invalid(name: str, faults: list[Problem], output: Format) -> None:
    if output is Format.JSON:
        print_json({"file": name, "verdict": "invalid", "faults": [_fault(fault) for fault in faults]})
    elif output is Format.CSV:
        print_rows([_fault(fault) for fault in faults], output)
    for fault in faults:
        typer.echo(f"error: {fault}", err=True)
    if output is Format.TABLE:
        typer.echo(f"{name}: {len(faults)} fault{'' if len(faults) == 1 else 's'}", err=True)


def _fault(fault: Problem) -> dict[str, object]:
    hint = fault.hint % fault.params if fault.hint and fault.params else fault.hint
    place = fault.place
    return {"sheet": place.sheet, "row": place.row, "column": place.column, "message": fault.text(), "hint": hint}


def _print_valid(form: Form, web: tuple[Problem, ...], output: Format) -> None:
    from qiao.base.xlsform import codebook

    if output is Format.CSV:
        print_rows(codebook(form), output)
        _print_remarks(form, web)
        return
    if output is Format.JSON:
        print_json(_document(form, web))
        return
    rows = [_question(row) for row in _document(form, web)["questions"]]  # type: ignore[attr-defined] # a list of rows
    print_rows(rows, output)
    counts = form.counts
    typer.echo(f"{form.source}: valid. {form.title} ({form.id}{', version ' + form.version if form.version else ''})")
    typer.echo(
        f"{len(rows)} questions, {len(form.lists)} choice lists, {counts.groups} groups, {counts.repeats} repeats; "
        f"{counts.relevant} conditions, {counts.constraint} constraints, {counts.calculate} calculations, "
        f"{counts.required} required"
    )
    typer.echo(f"languages: {', '.join(form.languages) or 'none named'}")
    _print_remarks(form, web)


def _print_remarks(form: Form, web: tuple[Problem, ...]) -> None:
    for refusal in form.refused:
        typer.echo(f"refused question: {refusal}", err=True)
    for fault in web:
        typer.echo(f"not on a web page: {fault}", err=True)
    for warning in form.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _question(row: dict[str, object]) -> dict[str, object]:
    return {key: row[key] for key in ("row", "name", "type", "label", "required", "relevant", "constraint")}


def _document(form: Form, web: tuple[Problem, ...]) -> dict[str, object]:
    """Everything there is to say of a valid form. Counts are those of its XForm."""
    from dataclasses import asdict

    from qiao.base.xlsform.scope import is_heading

    questions = [
        {
            "row": question.row,
            "name": question.name,
            "key": question.key,
            "type": question.type,
            "label": form.text(question.label, form.default_language),
            "labels": dict(question.label),
            "choices": question.choices,
            "required": question.required,
            "relevant": question.relevant,
            "constraint": question.constraint,
            "calculation": question.calculation,
            "choice_filter": question.choice_filter,
        }
        for question in form.questions
        if not is_heading(question)
    ]
    return {
        "file": form.source,
        "verdict": "ok",
        "id": form.id,
        "version": form.version,
        "title": form.title,
        "languages": list(form.languages),
        "default_language": form.default_language,
        **asdict(form.counts),
        "choice_lists": {name: len(held.choices) for name, held in form.lists.items()},
        "questions": questions,
        "faults": [],
        "refused": [_fault(refusal) for refusal in form.refused],
        "not_on_web": [_fault(fault) for fault in web],
        "warnings": list(form.warnings),
    }
