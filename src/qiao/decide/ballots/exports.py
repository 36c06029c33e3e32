"""Files of ballots."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable

from django.http import HttpResponse

from qiao.decide.ballots import queries
from qiao.decide.ballots.models import Ballot
from qiao.decide.ballots.rules.sealing import receipt_leaves

#: One day for every file, so that the same ballot gives the same bytes.
_DAY = (2020, 1, 1, 0, 0, 0)
_README = """本包可用 qiao verify 核验：选票（papers.txt）与回执（receipts.txt）的根值、账本条目（ledger.json）、
选票文件及其重新计票结果。个人回执：qiao verify 包文件 --receipt 回执号。

This bundle is checked by `qiao verify`: the roots of papers (papers.txt) and receipts (receipts.txt), the entries of
the ledger (ledger.json), the file of papers and its recount. One's own receipt: qiao verify BUNDLE --receipt NUMBER.
"""


def papers_response(code: str, ending: str, text: str) -> HttpResponse:
    """The papers of a counted vote as a download."""
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{code}.{ending}"'},
    )


def bundle_response(ballot: Ballot) -> HttpResponse:
    """The bundle of a counted vote as a download."""
    return HttpResponse(
        bundle_of(ballot),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{ballot.code}.zip"'},
    )


def bundle_of(ballot: Ballot) -> bytes:
    """Papers as sealed, receipts by their hash, ledger entries with proofs, and the file of papers.

    After the challenge time the papers are destroyed: the bundle then says so, and the file of papers still counts.
    """
    code = ballot.code
    entries = [queries.proved_entry(code, f"ballot.{kind}") for kind in ("rules", "opened", "closed", "result")]
    files: dict[str, bytes] = {
        "README.txt": _README.encode(),
        "ledger.json": _json({"entries": [entry for entry in entries if entry]}),
        "receipts.txt": _lines([leaf.hex() for leaf in receipt_leaves(queries.receipt_numbers(code))]),
        f"{code}.{queries.result_ending(code)}": (queries.result_file(code) or "").encode(),
    }
    if ballot.papers_erased is None:
        files["papers.txt"] = _lines(queries.paper_lines(ballot))
    head = {
        "format": "qiao-ballot-bundle-1",
        "code": code,
        "rule": ballot.rule,
        "leftover": ballot.leftover,
        "winners": ballot.winners,
        "papers_erased": ballot.papers_erased.isoformat() if ballot.papers_erased else None,
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in sorted(files.items())
        ],
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in [("ballot.json", _json(head)), *sorted(files.items())]:
            pack.writestr(zipfile.ZipInfo(f"{code}/{name}", _DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
