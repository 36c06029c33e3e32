"""Reading an XLSForm: through pyxform into our records, or every fault at once."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData
from pyxform.xls2xform import convert

from qiao.base.problems import Place, Problem, Problems
from qiao.base.xlsform.build import Builder, build_lists
from qiao.base.xlsform.document import FormDocument
from qiao.base.xlsform.faults import expression_faults
from qiao.base.xlsform.messages import located
from qiao.base.xlsform.model import DEFAULT, Counts, Form
from qiao.base.xlsform.reading import NOTES_SHEET, Notes, document_of
from qiao.base.xlsform.refused import refused_questions
from qiao.base.xlsform.sheets import Sheets
from qiao.base.xlsform.structure import name_faults, structure_faults
from qiao.base.xlsform.workbook import Workbook, open_workbook
from qiao.base.xlsform.writing import headers_of, sheets_of

_LOCATED_BY_US = (
    "Unknown question type",
    "The survey element named",
    "Choice names with spaces",
    "There should be a choices sheet",
)
"""Messages of pyxform that name no row, for faults that our own checks locate."""

_NS = {"h": "http://www.w3.org/1999/xhtml", "x": "http://www.w3.org/2002/xforms"}


def read_form(source: Path | bytes, name: str) -> Form:
    """Read a questionnaire.

    ``name`` is the file's name: its ending says what it is, and a form without id is called by it. Raises `Problem`
    for a file that cannot be opened and `Problems`, with sheet and row of each, for a form that cannot be asked.
    """
    return form_of_workbook(open_workbook(source, name))


def read_document(source: Path | bytes, name: str) -> FormDocument:
    """Read a questionnaire as a document, without judging it. Raises `Problem` for what cannot be read as one."""
    workbook = open_workbook(source, name)
    try:
        return document_of(workbook)
    except PyXFormError as fault:
        raise Problems(located(str(fault), name)) from None
    except RecursionError:
        raise Problem("The groups are nested too deeply.", place=Place(name)) from None


def form_of(document: FormDocument, name: str = "") -> Form:
    """The form of a document, judged as a file with its sheets would be; faults name rows of these sheets.

    ``name`` stands before the places of faults. Raises `Problems`.
    """
    written = sheets_of(document)
    definition = DefinitionData(
        **{sheet: rows for sheet, rows in written.items() if sheet != NOTES_SHEET},
        **{
            f"{sheet}_header": [dict.fromkeys(headers_of(rows))]
            for sheet, rows in written.items()
            if sheet != NOTES_SHEET
        },
        sheet_names=list(written),
        fallback_form_name="form",
    )
    return form_of_workbook(Workbook(name, definition, tuple(written.get(NOTES_SHEET, ()))))


def form_of_workbook(workbook: Workbook) -> Form:
    """The form of an opened workbook. Raises `Problems`."""
    name = workbook.name
    sheets = Sheets.of(workbook)
    try:
        converted = convert({f.name: getattr(workbook.definition, f.name) for f in fields(workbook.definition)})
    except PyXFormError as fault:
        raise Problems(_merge(located(str(fault), name), structure_faults(sheets))) from None
    except RecursionError:
        raise Problem("The groups are nested too deeply.", place=Place(name)) from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as fault:
        # pyxform stumbles over some malformed forms before it can say what is wrong with them.
        own = structure_faults(sheets)
        if not own:
            own = located(f"The form cannot be converted ({type(fault).__name__}: {fault})", name)
        raise Problems(own) from None
    form = _form(workbook, sheets, converted)
    faults, remarks = expression_faults(form)
    if faults:
        raise Problems(faults)
    warnings = (*form.warnings, *(str(remark) for remark in remarks))
    return replace(form, warnings=warnings, refused=refused_questions(form))


def _form(workbook: Workbook, sheets: Sheets, converted: Any) -> Form:
    described = converted._pyxform
    root = str(described["name"])
    try:
        tree = ET.fromstring(converted.xform)  # noqa: S314 - XML made by pyxform a moment ago
    except ET.ParseError as fault:
        raise Problems(_unwritable(converted.xform, fault, sheets)) from None
    counts, languages = _count(tree)
    notes = Notes(workbook.notes)
    # pyxform adds "other" to a list while it walks the questions, so lists are read after it.
    return Form(
        id=str(described["id_string"]),
        version=str(described.get("version", "")),
        title=str(described.get("title", "")),
        root=root,
        languages=languages,
        default_language=_default_language(tree, str(described.get("default_language", DEFAULT)), languages),
        items=Builder(root, sheets.survey, notes.alts("survey")).build(described["children"]),
        lists=build_lists(described.get("choices", {}), sheets.choices, notes.alts("choices")),
        xform=converted.xform,
        counts=counts,
        warnings=tuple(converted.warnings),
        source=workbook.name,
    )


def _unwritable(xform: str, fault: ET.ParseError, sheets: Sheets) -> list[Problem]:
    """Names that pyxform lets pass and that make no XML: say which, by what stands at the spot."""
    found = name_faults(sheets)
    if found:
        return found
    line, at = fault.position
    near = xform.splitlines()[line - 1][max(0, at - 30) : at + 30]
    return [
        Problem(
            "A name or column header in the form cannot be written as XML, near: %(near)s",
            place=Place(sheets.source),
            hint="Begin names with a letter or underscore; use letters, digits, _, - and . only.",
            near=near,
        )
    ]


def _count(tree: ET.Element) -> tuple[Counts, tuple[str, ...]]:
    binds = tree.findall(".//x:bind", _NS)
    body = tree.find("h:body", _NS)
    if body is None:
        body = ET.Element("body")

    def having(name: str) -> int:
        return sum(name in bind.attrib for bind in binds)

    def elements(*names: str) -> int:
        return sum(len(body.findall(f".//x:{name}", _NS)) for name in names)

    counts = Counts(
        binds=len(binds),
        relevant=having("relevant"),
        constraint=having("constraint"),
        repeats=elements("repeat"),
        groups=elements("group"),
        calculate=having("calculate"),
        required=having("required"),
        itemsets=elements("itemset"),
        selects=elements("select", "select1"),
    )
    return counts, tuple(sorted(t.attrib["lang"] for t in tree.findall(".//x:translation", _NS)))


def _default_language(tree: ET.Element, named: str, languages: tuple[str, ...]) -> str:
    if named in languages or not languages:
        return named
    marked = [t.attrib["lang"] for t in tree.findall(".//x:translation", _NS) if t.get("default") == "true()"]
    first = tree.find(".//x:translation", _NS)
    return marked[0] if marked else (first.attrib["lang"] if first is not None else named)


def _merge(first: list[Problem], others: list[Problem]) -> list[Problem]:
    """pyxform's faults and our own, in the order of the sheets, without saying the same of one row twice."""
    said = {(fault.place.sheet, fault.place.row) for fault in others if fault.place.row is not None}

    def said_better(fault: Problem) -> bool:
        if fault.place.row is not None:
            return (fault.place.sheet, fault.place.row) in said
        return bool(others) and fault.text().startswith(_LOCATED_BY_US)

    kept = [fault for fault in first if not said_better(fault)]
    return sorted(kept + others, key=lambda fault: (fault.place.sheet or "", fault.place.row or 0))
