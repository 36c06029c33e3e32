"""Slips on paper: page, PDF, a ZIP of PDFs for big rounds; every slip in exactly once; nothing kept."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import pytest
import qrcode
from django.test import Client
from django.urls import reverse

from qiao.base.addresses import full_address
from qiao.hear.surveys.exports import pdf_of, qr_svg
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.services.answers import code_hash
from qiao.hear.surveys.views import fielding
from qiao.org.access.choices import Role
from tests.factories.hear import Town, open_round

#: A slip as it is drawn: number, code, side of the picture in cells, its rows in hexadecimal.
_DRAWN = re.compile(rb"\((\d+)\) Tj ET\s.*?\(([0-9A-Z-]{14})\) Tj ET\s.*?/W (\d+) .*? ID ([0-9a-f]+)> EI", re.S)


@pytest.fixture
def survey(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch) -> Round:
    """An open round of forty people nobody reaches by mail; the one who draws is signed in; fifteen slips a PDF."""
    if pdf_of("<p>x</p>", "") is None:
        pytest.skip("no Pango on this machine")
    monkeypatch.setattr(fielding, "now", lambda: town.now)
    monkeypatch.setattr(fielding, "PDF_SLIPS", 15)
    client.force_login(town.account(Role.SAMPLE_DRAWER))
    return open_round(town)


def pages_of(pdf: bytes) -> list[list[tuple[int, str, int, bytes]]]:
    """What is drawn on each page of a PDF, in the order of its pages."""
    objects = {int(found[1]): found[2] for found in re.finditer(rb"(?s)(\d+) 0 obj\n(.*?)\nendobj", pdf)}
    kids = next(body for body in objects.values() if b"/Kids" in body and b"/Type /Pages" in body)
    listed = re.search(rb"/Kids \[([^\]]*)\]", kids)
    assert listed is not None
    pages = []
    for number in re.findall(rb"(\d+) 0 R", listed[1]):
        contents = re.search(rb"/Contents \[(\d+) 0 R (\d+) 0 R\]", objects[int(number)])
        assert contents is not None
        drawn, words = (stream_of(objects[int(each)]) for each in contents.groups())
        assert b"Tj" in words or b"TJ" in words, "the words of a page are set"
        pages.append([(int(n), code.decode(), int(side), rows) for n, code, side, rows in _DRAWN.findall(drawn)])
    return pages


def stream_of(body: bytes) -> bytes:
    return zlib.decompress(body[body.index(b"stream\n") + 7 : body.rindex(b"\nendstream")])


def picture_of(side: int, rows: bytes) -> list[list[bool]]:
    width = -(-side // 8) * 2
    lines = [rows[start : start + width] for start in range(0, len(rows), width)]
    return [[bit == "1" for bit in f"{int(line, 16):0{width * 4}b}"[:side]] for line in lines]


def cells_of(link: str) -> list[list[bool]]:
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=3)
    code.add_data(link, optimize=0)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def test_few_slips_are_one_pdf_and_a_page_where_asked(
    survey: Round, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.post(reverse("surveys:codes", args=[survey.code]), {"form": "page"})
    assert page.content.count(b'class="slip"') == page.content.count(b"<svg") == 40
    assert page.headers["Cache-Control"] == "no-store"
    monkeypatch.setattr(fielding, "PDF_SLIPS", 40)
    answer = client.post(reverse("surveys:codes", args=[survey.code]), {"form": "pdf", "renew": "yes"})
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pages_of(answer.content)
    assert [len(each) for each in pages] == [6, 6, 6, 6, 6, 6, 4]
    assert [slip for each in pages for slip, *_ in each] == list(range(1, 41))


def test_many_slips_are_a_zip_of_pdfs_with_every_slip_once(survey: Round, client: Client) -> None:
    answer = client.post(reverse("surveys:codes", args=[survey.code]), {"form": "pdf"})
    assert answer.streaming
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == [
        f"{survey.code}-slips-01-15.pdf", f"{survey.code}-slips-16-30.pdf", f"{survey.code}-slips-31-40.pdf"
    ]  # fmt: skip
    seen = []
    for name, sizes in zip(archive.namelist(), ([6, 6, 3], [6, 6, 3], [6, 4]), strict=True):
        pages = pages_of(archive.read(name))
        assert [len(page) for page in pages] == sizes
        drawn = [slip for page in pages for slip in page]
        numbers = re.search(r"-(\d+)-(\d+)\.pdf$", name)
        assert numbers is not None
        assert [slip for slip, *_ in drawn] == list(range(int(numbers[1]), int(numbers[2]) + 1))
        for _slip, code, side, rows in drawn:
            link = full_address(reverse("surveys:answer", args=[code]))
            assert picture_of(side, rows) == cells_of(link), "the picture leads where this code leads"
        seen += drawn
    assert [slip for slip, *_ in seen] == list(range(1, 41))
    kept = {bytes(row.code_hash): row.slip for row in Invitation.objects.filter(round=survey)}
    assert {code_hash(code): slip for slip, code, *_ in seen} == kept, "every code opens what its slip is for"


def test_a_download_that_broke_off_is_answered_with_new_codes(survey: Round, client: Client) -> None:
    broken = client.post(reverse("surveys:codes", args=[survey.code]), {"form": "pdf"})
    first = next(iter(broken.streaming_content))
    lost = [slip for page in pages_of(first) for slip in page]
    assert len(lost) == 15
    again = client.post(reverse("surveys:codes", args=[survey.code]), {"form": "pdf"})
    assert again.status_code == 302, "what was given out once is not given out again"
    page = client.get(reverse("surveys:round", args=[survey.code])).content.decode()
    assert 'name="renew" value="yes"' in page
    renewed = client.post(reverse("surveys:codes", args=[survey.code]), {"form": "pdf", "renew": "yes"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(renewed.streaming_content)))
    fresh = [slip for name in archive.namelist() for page in pages_of(archive.read(name)) for slip in page]
    assert [slip for slip, *_ in fresh] == list(range(1, 41)), "the list of names stays true"
    assert not {code for _, code, *_ in fresh} & {code for _, code, *_ in lost}
    for _slip, code, *_ in lost:
        assert not Invitation.objects.filter(code_hash=code_hash(code)).exists()


def test_a_picture_on_a_slip_is_the_code_and_no_more() -> None:
    link = "https://union.example.org/hear/surveys/s/ABCD-EFGH-JKLM/"
    drawn, cells = qr_svg(link), cells_of(link)
    dark = {(y, x) for y, row in enumerate(cells) for x, on in enumerate(row) if on}
    found = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn):
        found |= {(int(y), int(x) + step) for step in range(int(width))}
    assert found == dark
    assert f'viewBox="0 0 {len(cells)} {len(cells)}"' in drawn
