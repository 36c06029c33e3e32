"""Files: the code sheet, the open bundle, the sealed answers."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.queries import issuer_of
from qiao.judge.evaluations.queries.proof import proved_entries
from qiao.judge.evaluations.rules.bundle import LEDGER, zipped
from qiao.judge.evaluations.rules.frame import FRAME
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS
from qiao.judge.evaluations.services import AddressRow, SheetRow, terms_of


def code_sheet_xlsx(evaluation: Evaluation, rows: Sequence[SheetRow], address: str) -> bytes:
    """One line per member who gets no mail: pseudonym, code, address to type; no name. For the evaluator alone."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, code_font = book.add_format({"bold": True}), book.add_format({"font_name": "Consolas", "font_size": 13})
    sheet = book.add_worksheet(evaluation.code)
    for column, (title, width) in enumerate(
        ((_("Pseudonym"), 24), (_("Number"), 12), (_("Code"), 22), (_("Address"), 44))
    ):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate((row.pseudonym, evaluation.code, row.secret_code, address)):
            sheet.write_string(number, column, text, code_font if column == 2 else None)
    book.close()
    return stream.getvalue()


def address_list_xlsx(evaluation: Evaluation, rows: Sequence[AddressRow]) -> bytes:
    """One line per member who gets a letter: pseudonym, workplace, name; no code. For the drawer alone."""
    stream = io.BytesIO()
    # Names are data: nothing of them is taken for a formula or an address.
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(evaluation.code)
    for column, (title, width) in enumerate(((_("Pseudonym"), 24), (_("Workplace"), 28), (_("Name"), 14))):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate((row.pseudonym, pick(row.unit), row.name)):
            sheet.write_string(number, column, text)
    book.close()
    return stream.getvalue()


def bundle_zip(evaluation: Evaluation) -> bytes:
    """The evaluator's files as published, byte for byte, and what the ledger holds of it with proofs: `qiao verify`."""
    files = {file.name: file.content for file in evaluation.bundle.exclude(name=FRAME).order_by("name")}
    files[LEDGER] = json.dumps({"entries": proved_entries(evaluation)}, ensure_ascii=False, indent=1) + "\n"
    return zipped(files, folder=evaluation.code)


def sealed_lines(evaluation: Evaluation) -> Iterator[str]:
    """The sealed answers for `qiao judge open`: a head with the terms, then one sealed answer a line, by digest."""
    head = {
        "format": "qiao-sealed-1",
        **terms_of(evaluation),
        "questions_hash": INSTRUMENTS[evaluation.instrument].digest,
        "answers": evaluation.received,
        "root": evaluation.root,
        "issuer_key": issuer_of(evaluation),
    }
    if evaluation.contacts_planned:
        head["contacts"] = {
            "sheet": evaluation.contact_sheet, "number": evaluation.contacts_received, "root": evaluation.contacts_root,
        }  # fmt: skip
    yield json.dumps(head, sort_keys=True) + "\n"
    for sealed in evaluation.sealed_contacts.order_by("digest").values_list("sealed", flat=True):
        yield json.dumps({"contact": base64.b64encode(bytes(sealed)).decode()}) + "\n"
    columns = ("sealed", "prefix", "credential")
    for row in evaluation.sealed_answers.order_by("digest").values_list(*columns).iterator():
        line = {
            name: base64.b64encode(bytes(value)).decode()
            for name, value in zip(columns, row, strict=True)
            if value is not None
        }
        yield json.dumps(line) + "\n"
