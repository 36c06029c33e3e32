"""The tree as files: CSV, XLSX, and W3C ORG as JSON-LD. All three are public; none holds a person."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.cells import disarmed
from qiao.org.units.choices import Axis, Relation, UnitKind, UnitState
from qiao.org.units.queries.whole import TreeUnit, whole_tree
from qiao.org.units.rules.columns import Field

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def _titles() -> list[str]:
    return [
        _("Label"), _("Name in Chinese"), _("Name in English"), _("Kind"), _("Label of the unit above"), _("Relation"),
        _("State today"), _("Founded"), _("Closed"),
    ]  # fmt: skip


def _cells(unit: TreeUnit) -> list[str | date | None]:
    return [
        unit.label, unit.name.get("zh-hans", ""), unit.name.get("en", ""), str(UnitKind(unit.kind).label), unit.above,
        str(Relation(unit.relation).label) if unit.relation else "", str(UnitState(unit.state).label), unit.founded,
        unit.closed,
    ]  # fmt: skip


def tree_csv(day: date, axis: Axis) -> Iterator[str]:
    """The tree as CSV, row by row, with the mark that lets a spreadsheet read it as UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    yield "\ufeff"
    writer.writerow(_titles())
    for unit in whole_tree(day, axis):
        writer.writerow([disarmed("" if cell is None else str(cell)) for cell in _cells(unit)])
        if line.tell() > 60_000:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


def tree_workbook(day: date, axis: Axis) -> IO[bytes]:
    """The tree as XLSX, in a temporary file at its beginning: rows are written as they are read."""
    stream: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("Units"))
        sheet.freeze_panes(1, 0)
        for place, (title, width) in enumerate(zip(_titles(), (22, 36, 36, 20, 22, 10, 14, 12, 12), strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        number = 0
        for number, unit in enumerate(whole_tree(day, axis), 1):
            for place, cell in enumerate(_cells(unit)):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell)
        about = book.add_worksheet(_("About this file"))
        about.set_column(0, 1, 30)
        for row, (title, value) in enumerate(
            ((_("Day"), day.isoformat()), (_("Axis"), str(axis.label)), (_("Number of units"), str(number)))
        ):
            about.write_string(row, 0, title, bold)
            about.write_string(row, 1, value)
    stream.seek(0)
    return stream


#: W3C, The Organization Ontology (2014).
_CONTEXT = {
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "identifier": "org:identifier",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "notation": "skos:notation",
    "classification": "org:classification",
    "subOrganizationOf": {"@id": "org:subOrganizationOf", "@type": "@id"},
    "linkedTo": {"@id": "org:linkedTo", "@type": "@id"},
}


def tree_jsonld(day: date, base: str) -> Iterator[str]:
    """The public tree of a day in the W3C organisation ontology, one unit a line, streamed.

    ``base`` is the address of the directory; a unit's id is its page. Places lead (org:subOrganizationOf), sector
    links link (org:linkedTo).
    """
    yield '{"@context":' + json.dumps(_CONTEXT, ensure_ascii=False) + ',"@graph":[\n'
    first = True
    for unit in whole_tree(day):
        node: dict[str, object] = {
            "@id": f"{base}{unit.label}/",
            "@type": "org:FormalOrganization" if not unit.above else "org:OrganizationalUnit",
            "identifier": unit.label,
            "prefLabel": {"zh-Hans" if key == "zh-hans" else key: text for key, text in unit.name.items()},
            "classification": unit.kind,
        }
        if unit.above:
            node["subOrganizationOf"] = f"{base}{unit.above}/"
        yield ("" if first else ",\n") + json.dumps(node, ensure_ascii=False)
        first = False
    for unit in whole_tree(day, Axis.SECTOR):
        if unit.above:
            link = {"@id": f"{base}{unit.label}/", "linkedTo": f"{base}{unit.above}/"}
            yield ",\n" + json.dumps(link, ensure_ascii=False)
    yield "\n]}\n"


def import_template() -> bytes:
    """An empty table with the columns an import knows, and one sheet that explains them."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        sheet, words = book.add_worksheet(_("Units")), book.add_worksheet(_("About this file"))
        words.set_column(0, 0, 40)
        for place, field in enumerate(Field):
            sheet.set_column(place, place, 20)
            sheet.write_string(0, place, str(field.label), bold)
        words.write_string(0, 0, _("Kinds as they are written"), bold)
        for row, kind in enumerate(UnitKind, 1):
            words.write_string(row, 0, f"{kind.value} · {kind.label}")
    return stream.getvalue()
