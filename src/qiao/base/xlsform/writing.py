"""From a document to the sheets of an XLSForm, and to a workbook of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import xlsxwriter

from qiao.base.xlsform.document import LOGIC, MEDIA, FormDocument, Node, Option
from qiao.base.xlsform.model import DEFAULT
from qiao.base.xlsform.reading import EXTRA_SHEETS, NOTES_SHEET

Row = dict[str, str]

_SETTINGS = {"title": "form_title", "id_string": "form_id"}
_TEXTS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
#: A fixed day: the same document makes the same bytes.
_BORN = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own field has no zone


def sheets_of(document: FormDocument) -> dict[str, list[Row]]:
    """The sheets by name, each as rows by header; an empty sheet is left out."""
    survey = [row for row, _uid in survey_rows(document)]
    languages = _columns(document)
    choices = [
        {"list_name": name, "name": option.name, **_texts(option, languages), **option.columns}
        for name, options in document.lists.items()
        for option in options
    ]
    settings = {_SETTINGS.get(name, name): value for name, value in document.settings.items()}
    made = {"survey": survey, "choices": choices, "settings": [settings] if settings else []}
    for name in EXTRA_SHEETS:
        made[name] = [dict(row) for row in document.sheets.get(name, ())]
    made[NOTES_SHEET] = _notes(document)
    return {name: rows for name, rows in made.items() if rows or name == "survey"}


def survey_rows(document: FormDocument) -> list[tuple[Row, str]]:
    """The rows of the survey sheet, each with the uid of its node. The first stands in row 2."""
    languages = _columns(document)
    made: list[tuple[Row, str]] = []

    def write(nodes: Iterable[Node]) -> None:
        for node in nodes:
            made.append((_row(node, languages), node.uid))
            if node.holds:
                write(node.items)
                made.append(({"type": f"end {node.type}"}, node.uid))

    write(document.items)
    return made


def written_type(node: Node) -> str:
    """A node's type as the sheet has it."""
    if node.holds:
        return f"begin {node.type}" + (f" over {node.list}" if node.list else "")
    return " ".join(part for part in (node.type, node.list, "or_other" if node.or_other else "") if part)


def _row(node: Node, languages: Sequence[str]) -> Row:
    row = {"type": written_type(node), "name": node.name, **_texts(node, languages)}
    if node.type == "audit":
        row.pop("name")
    row.update({name: node.logic[name] for name in LOGIC if node.logic.get(name)})
    return {**row, **node.more}


def _texts(holder: Node | Option, languages: Sequence[str]) -> Row:
    row: Row = {}
    for name in (*_TEXTS, *MEDIA):
        found = holder.text(name)
        header = f"media::{name}" if name in MEDIA else name
        for language in languages:
            if found.get(language):
                row[header if language == DEFAULT else f"{header}::{language}"] = found[language]
    return row


def _columns(document: FormDocument) -> tuple[str, ...]:
    return (DEFAULT, *document.languages)


def _notes(document: FormDocument) -> list[Row]:
    rows: list[Row] = []
    for node in document.walk():
        if node.bank:
            rows.append({"sheet": "survey", "name": node.name, "column": "bank", "language": "", "value": node.bank})
        rows.extend(_alts("survey", node.name, node.text("alt")))
    for name, options in document.lists.items():
        for option in options:
            rows.extend(_alts("choices", f"{name}/{option.name}", option.text("alt")))
    return rows


def _alts(about: str, name: str, texts: Mapping[str, str]) -> list[Row]:
    return [
        {"sheet": about, "name": name, "column": "alt", "language": "" if language == DEFAULT else language,
         "value": value}
        for language, value in sorted(texts.items())
        if value
    ]  # fmt: skip


def headers_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """The headers of a sheet: each that any row fills, texts and logic in the order of the columns above."""
    found = dict.fromkeys(key for row in rows for key in row)
    first = [
        *("type", "list_name", "name"),
        *_TEXTS,
        *(f"media::{kind}" for kind in MEDIA),
        *LOGIC,
        *("sheet", "column", "language", "value"),
    ]

    def place(header: str) -> int:
        stem = "::".join(header.split("::")[:2]) if header.startswith("media::") else header.partition("::")[0]
        return first.index(stem) if stem in first else len(first)

    return sorted(found, key=place)


def write_xlsx(document: FormDocument) -> bytes:
    """The document as an XLSForm workbook. The same document always makes the same bytes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _BORN})
        head = book.add_format({"bold": True, "bottom": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets_of(document).items():
            sheet = book.add_worksheet(name)
            headers = headers_of(rows) or ["type", "name", "label"]
            for column, header in enumerate(headers):
                sheet.write_string(0, column, header, head)
                width = max((_width(row.get(header, "")) for row in rows), default=0)
                sheet.set_column(column, column, min(60, max(10, _width(header) + 2, width + 2)))
            for number, row in enumerate(rows, start=1):
                for column, header in enumerate(headers):
                    if row.get(header):
                        sheet.write_string(number, column, row[header], cell)
            sheet.freeze_panes(1, 0)
    return stream.getvalue()


def _width(text: str) -> int:
    return max((sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in text.splitlines()), default=0)
