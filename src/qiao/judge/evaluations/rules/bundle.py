"""The result bundle: figures, table, questions and report, a list of all sealed answers, and the evaluator's signature.

Made on the evaluator's machine. Every file but the signature is hashed in the manifest, and the manifest is signed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from qiao.base.problems import Problem
from qiao.judge.evaluations.rules.contacts import Contacts, contacts_csv
from qiao.judge.evaluations.rules.instrument import Instrument
from qiao.judge.evaluations.rules.keys import sign
from qiao.judge.evaluations.rules.report import report_text
from qiao.judge.evaluations.rules.results import Results

FORMAT = "qiao-evaluation-2"
MANIFEST, SIGNATURE = "manifest.json", "signature.txt"
FIGURES, TABLE, CODEBOOK, SEALED, REPORT = "figures.csv", "answers.csv", "codebook.json", "sealed.txt", "report.md"
#: Where mystery contacts were planned: what was found in each, and the hashes of all that came in.
CONTACTS, CONTACT_HASHES = "contacts.csv", "contacts-sealed.txt"
#: What the ledger holds of the evaluation, with proofs; the server puts it beside the evaluator's files.
LEDGER = "ledger.json"
#: What the evaluator's bundle holds, no more and no less.
FILES = (FIGURES, TABLE, CODEBOOK, SEALED, REPORT, MANIFEST, SIGNATURE)
#: And where mystery contacts were planned.
CONTACT_FILES = (CONTACTS, CONTACT_HASHES)
#: No file is larger: the list of a million sealed answers has 65 MB.
LARGEST = 200 * 1024 * 1024


def result_files(
    instrument: Instrument,
    results: Results,
    terms: Mapping[str, object],
    digests: Sequence[str],
    sign_key: str,
    contacts: Contacts | None = None,
) -> dict[str, str]:
    """File name to text, UTF-8; hidden cells are empty fields. ``digests``: SHA-256 of every sealed answer, hex."""
    files = {
        FIGURES: _csv(
            ("indicator", "base", "estimate", "lower", "upper"),
            ((row.indicator.value, row.base, row.estimate, row.lower, row.upper) for row in results.rows),
        ),
        TABLE: _csv(
            ("question", "answer", "count"), ((cell.question, cell.answer, cell.count) for cell in results.table)
        ),
        CODEBOOK: codebook(instrument),
        SEALED: "".join(f"{digest}\n" for digest in sorted(digests)),
        REPORT: report_text(instrument, terms, results.rows),
    }
    if contacts is not None:
        files[CONTACTS] = contacts_csv(contacts)
        files[CONTACT_HASHES] = "".join(f"{digest}\n" for digest in contacts.digests)
    listed = [
        {"name": name, "bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        for name, text in sorted(files.items())
    ]
    files[MANIFEST] = _json({"format": FORMAT, **terms, "files": listed})
    files[SIGNATURE] = sign(sign_key, files[MANIFEST].encode()) + "\n"
    return files


def zipped(files: Mapping[str, str], *, folder: str) -> bytes:
    """The files as an archive: the same bytes at every call."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return stream.getvalue()


def unzipped(archive: bytes) -> dict[str, str]:
    """The files of a result by name, whatever folder they stand in. Raises Problem for what is no such archive."""
    files: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as pack:
            for entry in pack.infolist():
                name = entry.filename.rpartition("/")[2]
                if name not in (*FILES, *CONTACT_FILES, LEDGER) or name in files or entry.file_size > LARGEST:
                    raise Problem("This is no result of an evaluation: upload the file that “qiao judge open” wrote.")
                files[name] = pack.read(entry).decode()
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError, RuntimeError, NotImplementedError, zlib.error):
        raise Problem("This is no readable zip file.") from None
    return files


def codebook(instrument: Instrument) -> str:
    """The questions as they stand in every bundle."""
    return _json(asdict(instrument))


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return stream.getvalue()


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
