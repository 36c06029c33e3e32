"""The catalogue as a workbook that can be read in again."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _

from qiao.base.i18n import Localized
from qiao.hear.rights.queries.catalogue import OfferLine
from qiao.hear.rights.rules.offers import COLUMNS

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def offers_workbook(lines: Iterable[OfferLine]) -> bytes:
    """One row for each service and body; a service without a body stands alone."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        sheet = book.add_worksheet(_("Services"))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, (key, _zh) in enumerate(COLUMNS):
            sheet.set_column(place, place, 18)
            sheet.write_string(0, place, key, bold)
        number = 1
        for line in lines:
            offer = line.offer
            head = [
                offer.code, offer.unit.label, offer.topic, _in(offer.name, "zh-hans"), _in(offer.name, "en"),
                _listed(offer.papers, "zh-hans"), _listed(offer.papers, "en"),
            ]  # fmt: skip
            tails = [
                [
                    body.unit.label, _in(body.address, "zh-hans"), _in(body.address, "en"), _in(body.hours, "zh-hans"),
                    _in(body.hours, "en"), body.phone, str(body.posts),
                ]
                for body in (one.body for one in line.bodies)
            ]  # fmt: skip
            for tail in tails or [[]]:
                for place, value in enumerate([*head, *tail]):
                    sheet.write_string(number, place, value)
                number += 1
    return stream.getvalue()


def _in(text: Localized, language: str) -> str:
    return text.get(language, "")


def _listed(texts: Iterable[Localized], language: str) -> str:
    return "；".join(filter(None, (_in(text, language) for text in texts)))
