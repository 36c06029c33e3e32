"""Files: the code sheet, the open bundle, the sealed answers."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.queries import issuer_of
from qiao.judge.evaluations.services import SheetRow


def code_sheet_xlsx(evaluation: Evaluation, rows: Sequence[SheetRow], address: str) -> bytes:
    """One line per member who gets no mail: workplace, name, code, address to type. For the evaluator alone."""
    stream = io.BytesIO()
    # Names are data: nothing of them is taken for a formula or an address.
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, code_font = book.add_format({"bold": True}), book.add_format({"font_name": "Consolas", "font_size": 13})
    sheet = book.add_worksheet(evaluation.code)
    for column, (title, width) in enumerate(
        ((_("Workplace"), 28), (_("Name"), 14), (_("Number"), 12), (_("Code"), 22), (_("Address"), 44))
    ):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate((pick(row.unit), row.name, evaluation.code, row.secret_code, address)):
            sheet.write_string(number, column, text, code_font if column == 3 else None)
    book.close()
    return stream.getvalue()


def bundle_zip(evaluation: Evaluation) -> bytes:
    """The files as published, byte for byte; the archive itself is the same at every download."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in evaluation.bundle.order_by("name"):
            entry = zipfile.ZipInfo(f"{evaluation.code}/{file.name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.content.encode())
    return stream.getvalue()


def sealed_lines(evaluation: Evaluation) -> Iterator[str]:
    """The sealed answers for `qiao judge open`: a head with the terms, then one sealed answer a line, by digest."""
    head = {
        "format": "qiao-sealed-1",
        "evaluation": evaluation.code,
        "instrument": evaluation.instrument,
        "public_key": evaluation.public_key,
        "served": evaluation.population,
        "asked": evaluation.asked,
        "answers": evaluation.received,
        "root": evaluation.root,
        "issuer_key": issuer_of(evaluation),
    }
    yield json.dumps(head, sort_keys=True) + "\n"
    columns = ("sealed", "prefix", "credential")
    for row in evaluation.sealed_answers.order_by("digest").values_list(*columns).iterator():
        line = {
            name: base64.b64encode(bytes(value)).decode()
            for name, value in zip(columns, row, strict=True)
            if value is not None
        }
        yield json.dumps(line) + "\n"
