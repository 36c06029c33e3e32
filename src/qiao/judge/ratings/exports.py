"""A published rating as a file to take away."""

from __future__ import annotations

import io
import zipfile

from qiao.judge.ratings.models import Rating


def bundle(rating: Rating) -> bytes:
    """The files of a result in one ZIP, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rating.files.order_by("name"):
            archive.writestr(zipfile.ZipInfo(row.name, (1980, 1, 1, 0, 0, 0)), row.content)
    return stream.getvalue()
