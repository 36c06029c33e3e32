"""The report of a round as files of an office: DOCX and XLSX."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from qiao.base.cells import disarmed
from qiao.hear.surveys.exports.report import Report, png_of
from qiao.hear.surveys.queries import ShownQuestion, grid_of

_LATIN, _HAN = "Calibri", "Noto Sans CJK SC"
_NO_SHEET = re.compile(r"[\[\]:*?/\\]")


def report_docx(report: Report) -> bytes:
    """The report as DOCX: headings, tables and figures with their words for who cannot see them."""
    document = docx.Document()
    _fonts(document)
    document.core_properties.title = report.title
    document.core_properties.author = report.unit
    document.add_heading(report.title, 0)
    document.add_paragraph(f"{report.unit} · {report.code}")
    if report.warning:
        document.add_paragraph().add_run(report.warning).bold = True
    if report.purpose:
        document.add_paragraph(report.purpose)
    document.add_heading(_("How the figures came about"), 1)
    _docx_table(document, [], [[label, text] for label, text in report.facts])
    if report.weighting:
        document.add_heading(_("Weights"), 1)
        _docx_table(document, [], [[label, text] for label, text in report.weighting])
    document.add_heading(_("What came out"), 1)
    for question in report.questions:
        _docx_question(document, question)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _docx_question(document: Document, question: ShownQuestion) -> None:
    document.add_heading(question.label, 2)
    document.add_paragraph(base_line(question))
    if question.n is None:
        return
    if question.svg:
        document.add_picture(io.BytesIO(png_of(question.svg)), width=Cm(12))
        shape = document.inline_shapes[-1]._inline.docPr
        shape.set("descr", f"{question.label}. {question.said}")
        shape.set("title", question.label)
    _docx_table(document, head_of(question), [[row.label, *(cell.text for cell in row.cells)] for row in question.rows])
    for table in question.tables:
        document.add_heading(table.title, 3)
        _docx_table(document, *grid_of(table))


def _docx_table(document: Document, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    lines = [*([list(head)] if head else []), *rows]
    table = document.add_table(len(lines), max(len(line) for line in lines), style="Light Grid Accent 1")
    # Cells are fetched once: each look at table.cell() walks the whole table.
    cells = table._cells
    width = len(table.columns)
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            paragraph = cells[number * width + place].paragraphs[0]
            run = paragraph.add_run(str(text))
            run.font.size = Pt(9)
            run.bold = (number == 0 and bool(head)) or place == 0
    if head:
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    document.add_paragraph()


def _fonts(document: Document) -> None:
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.name = _LATIN
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        if fonts is not None:
            fonts.set(qn("w:eastAsia"), _HAN)


def report_xlsx(report: Report) -> bytes:
    """The report as XLSX: a sheet of notes, then one for each question, every table with its n."""
    book = Workbook()
    notes = book.active
    notes.title = _("Notes")
    notes.append([disarmed(report.title)])
    notes["A1"].font = Font(bold=True, size=14)
    for line in (report.unit, report.code, report.warning, report.purpose):
        if line:
            notes.append([disarmed(line)])
    notes.append([])
    for label, text in (*report.facts, *report.weighting):
        notes.append([disarmed(label), disarmed(text)])
    taken = {notes.title.lower()}
    for question in report.questions:
        sheet = book.create_sheet(_sheet_name(question.name, taken))
        sheet.append([disarmed(question.label)])
        sheet["A1"].font = Font(bold=True, size=13)
        sheet.append([disarmed(base_line(question))])
        for label, text in report.facts[:4]:
            sheet.append([disarmed(f"{label}: {text}")])
        if question.n is None:
            continue
        sheet.append([])
        _xlsx_rows(sheet, head_of(question), [[row.label, *(c.text for c in row.cells)] for row in question.rows])
        for table in question.tables:
            sheet.append([])
            sheet.append([disarmed(table.title)])
            sheet.cell(sheet.max_row, 1).font = Font(bold=True)
            lines: list[list[object]] = [[row.label, row.n, *(c.text for c in row.cells)] for row in table.rows]
            _xlsx_rows(sheet, [_("Group"), _("Answers"), *table.columns], lines)
    for sheet in book.worksheets:
        sheet.column_dimensions["A"].width = 36
        for place in range(2, sheet.max_column + 1):
            sheet.column_dimensions[sheet.cell(1, place).column_letter].width = 18
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xlsx_rows(sheet: object, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    sheet.append([disarmed(text) for text in head])  # type: ignore[attr-defined]
    for cell in sheet[sheet.max_row]:  # type: ignore[attr-defined, index]
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for row in rows:
        sheet.append([disarmed(value) for value in row])  # type: ignore[attr-defined]


def _sheet_name(name: str, taken: set[str]) -> str:
    base = _NO_SHEET.sub("_", name)[:28] or "_"
    found, number = base, 2
    while found.lower() in taken:
        found, number = f"{base}~{number}", number + 1
    taken.add(found.lower())
    return found


def head_of(question: ShownQuestion) -> list[str]:
    """The head of a question's table over everybody."""
    if question.kind == "rank":
        return [_("Answer"), _("Put first"), _("Mean place")]
    if question.kind == "choice":
        return [_("Answer"), _("Share")]
    return ["", _("Mean"), _("Median")]


def base_line(question: ShownQuestion) -> str:
    """What a question rests on, in a sentence or two."""
    few = _("Figures that would tell of fewer than %(n)d people are hidden, and others with them.") % {
        "n": question.threshold
    }
    if question.n is None:
        return few
    said = _("%(n)s answered this question.") % {"n": f"{question.n:,}"}
    if question.several:
        said = f"{said} {_('Several answers were possible.')}"
    return f"{said} {few}" if question.hidden else said
