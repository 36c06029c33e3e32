"""Frozen data: a folder that never changes again. Parquet, a codebook, and a manifest with the hash of each file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qiao.base.problems import Place, Problem

MANIFEST = "manifest.json"
TABLE = "answers.parquet"
CODEBOOK = "codebook"
#: Beside the manifest once single answers were erased: which files are gone, since when, under which rule.
ERASED = "erased.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a frozen folder with SHA-256 (hex) and size, and the hash of the manifest's own text.

    ``erased``: files that are gone by the rule of retention, with the moment. Their hashes still stand in the manifest.
    """

    folder: Path
    files: Mapping[str, str]
    sizes: Mapping[str, int]
    hash: str
    erased: Mapping[str, str] = field(default_factory=dict)


def freeze(
    table: pa.Table,
    codebook: Sequence[Mapping[str, object]],
    folder: Path,
    extra: Mapping[str, bytes] | None = None,
    *,
    replace: bool = False,
) -> Manifest:
    """Write ``table`` as Parquet, ``codebook`` as CSV and JSON and the ``extra`` files, then the manifest.

    The folder appears whole or not at all. ``replace`` puts aside a folder that an interrupted run left behind.
    Raises Problem where the folder exists.
    """
    if folder.exists():
        if not replace:
            raise Problem("This folder is frozen already: its contents never change.", place=Place(folder.name))
        shutil.rmtree(folder)
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    pq.write_table(table, making / TABLE, compression="zstd")
    contents = {
        f"{CODEBOOK}.csv": codebook_csv(codebook),
        f"{CODEBOOK}.json": json.dumps([dict(row) for row in codebook], ensure_ascii=False, indent=1).encode(),
        **(extra or {}),
    }
    for name, content in contents.items():
        (making / name).write_bytes(content)
    (making / MANIFEST).write_bytes(_manifest_text(making))
    making.rename(folder)
    return read_manifest(folder)


def read_manifest(folder: Path) -> Manifest:
    """The manifest as it stands, unchecked. Raises Problem where there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Problem("There is no manifest in this folder.", place=Place(folder.name))
    text = path.read_bytes()
    listed = json.loads(text)["files"]
    return Manifest(
        folder=folder,
        files={entry["name"]: entry["sha256"] for entry in listed},
        sizes={entry["name"]: entry["bytes"] for entry in listed},
        hash=hashlib.sha256(text).hexdigest(),
        erased=_erased(folder),
    )


def erase_table(folder: Path, *, now: datetime, rule: str) -> str:
    """Erase the single answers of a frozen folder; its tables, codebook and manifest stay. The hash of what is gone.

    A note says that they are gone, since when and under which rule (the proof stands in the ledger). Doing it again
    changes nothing, also after an interruption between the two. Raises Problem where there is no manifest.
    """
    manifest = read_manifest(folder)
    note = folder / ERASED
    if not note.exists():
        gone = [{"name": TABLE, "sha256": manifest.files[TABLE], "erased": now.isoformat(), "rule": rule}]
        text = json.dumps({"format": "qiao-erased-1", "files": gone}, indent=1).encode() + b"\n"
        making = folder / f".{ERASED}.making"
        making.write_bytes(text)
        making.rename(note)
    (folder / TABLE).unlink(missing_ok=True)
    return manifest.files[TABLE]


def _erased(folder: Path) -> dict[str, str]:
    note = folder / ERASED
    if not note.is_file():
        return {}
    return {entry["name"]: entry["erased"] for entry in json.loads(note.read_bytes())["files"]}


def verify(folder: Path) -> Manifest:
    """The manifest, every file of which has been hashed again. Raises Problem naming the first that differs.

    A file that was erased by rule is not missed; the manifest returned names it as erased, so that nobody takes it for
    checked.
    """
    manifest = read_manifest(folder)
    for name, wanted in manifest.files.items():
        path = folder / name
        if not path.is_file():
            if name in manifest.erased:
                continue
            raise Problem("The file %(name)s is missing.", place=Place(folder.name), name=name)
        if _hash(path) != wanted:
            raise Problem("The file %(name)s is not the one that was frozen.", place=Place(folder.name), name=name)
    return manifest


def codebook_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """The codebook as CSV (UTF-8 with mark, so that spreadsheet programs show Chinese)."""
    stream = io.StringIO(newline="")
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["variable"]
    writer = csv.DictWriter(stream, columns)
    writer.writeheader()
    writer.writerows([dict(row) for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def _manifest_text(folder: Path) -> bytes:
    files = [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": _hash(path)} for path in sorted(folder.iterdir())
    ]
    return json.dumps({"format": "qiao-frozen-1", "files": files}, indent=1).encode() + b"\n"


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
