"""Sealed pieces of staging: some thousand rows as one value."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pyarrow as pa

from qiao.org.membership.choices import ChunkKind
from qiao.org.membership.models import ImportBatch, ImportChunk


def write_chunk(batch: ImportBatch, kind: ChunkKind, number: int, rows: pa.RecordBatch) -> None:
    """Keep some rows, sealed."""
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(rows)
    text = base64.b64encode(stream.getvalue()).decode("ascii")
    ImportChunk.objects.create(batch_id=batch.pk, kind=kind, number=number, sealed=text)


def read_chunks(batch: ImportBatch, kind: ChunkKind) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Number and rows of each piece, in order, one in memory at a time."""
    numbers = ImportChunk.objects.filter(batch=batch, kind=kind).order_by("number").values_list("number", flat=True)
    for number in list(numbers):
        chunk = ImportChunk.objects.get(batch=batch, kind=kind, number=number)
        with pa.ipc.open_stream(base64.b64decode(str(chunk.sealed))) as reader:
            for rows in reader:
                yield number, rows
