"""A published sheet as a file to take away."""

from __future__ import annotations

import io
import zipfile

from qiao.judge.allocation.models import Sheet
from qiao.judge.allocation.queries.text import manifest_text, sheet_text


def bundle(sheet: Sheet) -> bytes:
    """Sheet and manifest in one ZIP, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("sheet.csv", sheet_text(sheet)), ("manifest.json", manifest_text(sheet))):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return stream.getvalue()
