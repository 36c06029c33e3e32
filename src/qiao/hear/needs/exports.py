"""Digests as tables."""

from __future__ import annotations

import io

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.cells import disarmed
from qiao.base.i18n import pick
from qiao.hear.needs.models import Digest
from qiao.hear.needs.queries.digests import current_lines, shown_digest


def digest_workbook(digest: Digest, *, full: bool) -> bytes:
    """A digest as XLSX: one row a line, numbers as numbers, hidden cells empty unless ``full``."""
    lines = {line["key"]: line for line in current_lines(digest, full=full)}
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet(_("Digest of needs")[:31])
    heads = [
        _("Where it comes from"), _("Need"), _("Unit and group"), _("Rank from"), _("Rank to"), _("Share"),
        _("Lower end"), _("Upper end"), _("Answers"), _("Response rate"), _("People"), _("Texts"), _("How sure"),
        _("Quotes"), _("Hidden in public"), _("Left out because"),
    ]  # fmt: skip
    for column, head in enumerate(heads):
        sheet.write(0, column, head, bold)
    row = 1
    for source in shown_digest(digest, full=full):
        for shown in source.lines:
            line = lines[shown.key]
            rank = line["rank"] or (None, None)
            cells: list[object] = [
                source.label, shown.title, shown.where, rank[0], rank[1], line["share"], line["lower"], line["upper"],
                line["n"], line["rate"], line["count"], line["texts"], shown.sure, "\n".join(shown.quotes),
                _("yes") if shown.hidden else "", shown.left_out,
            ]  # fmt: skip
            for column, value in enumerate(cells):
                if value is None or value == "":
                    continue
                sheet.write(row, column, disarmed(value), percent if column in {5, 6, 7, 9} else None)
            row += 1
    sheet.freeze_panes(1, 2)
    sheet.set_column(1, 2, 36)
    about = book.add_worksheet(_("About this table"))
    for number, (label, value) in enumerate(
        (
            (_("Digest"), digest.code),
            (_("Unit"), pick(digest.unit.name)),
            (_("From"), digest.since.isoformat()),
            (_("To"), digest.until.isoformat()),
            (_("State"), str(digest.get_state_display())),
            (_("Version"), _("full, not to be passed on") if full else _("public")),
            (_("SHA-256 in the ledger"), digest.content_hash),
        )
    ):
        about.write(number, 0, label, bold)
        about.write(number, 1, disarmed(value))
    book.close()
    return stream.getvalue()
