"""Open data of a round: figures, codebook, questionnaire, design, and what is needed to check them. Never answers.

The full bundle carries, for an analyst, rows without whatever the published tables hide; only where every combination
of what could be known of a person has at least as many rows as the smallest count that is shown.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qiao.base.frozen import MANIFEST, TABLE, verify
from qiao.base.ledger import log
from qiao.base.models import LedgerLeaf, TreeHead
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries import frozen_folder
from qiao.hear.surveys.queries.checked import BUNDLE, LEDGER, ROWS
from qiao_stats.disclosure import suppress

#: Files of the frozen folder that anybody may have.
OPEN = ("figures.csv", "results.json", "codebook.csv", "codebook.json", "round.json")
_PLAN = "plan.json"
#: Members of a zip bear one day, so that the same bundle has the same hash.
_DAY = (1980, 1, 1, 0, 0, 0)

_README = """\
{code}

中文：本包含有该调查公布的全部数字（figures.csv、results.json）、编码本、问卷、抽样与加权的事实（round.json）、
清单（manifest.json）及其在账本中的证明（ledger.json）。bundle.json 列出每个文件的 SHA-256。
核对：qiao verify {code}-{kind}.zip
单份答卷不在公开包内。

English: all published figures of the survey (figures.csv, results.json), the codebook, the questionnaire, the facts of
the draw and of the weights (round.json), the manifest (manifest.json) and its proof in the ledger (ledger.json).
bundle.json lists the SHA-256 of each file.
To check: qiao verify {code}-{kind}.zip
Single answers are not in the public bundle.
"""


def bundle_of(survey: Round, *, full: bool = False) -> bytes:
    """The bundle of a published round as ZIP. Raises Problem where a frozen file is not the one that was frozen."""
    folder = frozen_folder(survey.code)
    manifest = verify(folder)
    kind = "full" if full else "public"
    files = {name: (folder / name).read_bytes() for name in manifest.files if _open(name)}
    files[MANIFEST] = (folder / MANIFEST).read_bytes()
    files["README.txt"] = _README.format(code=survey.code, kind=kind).encode()
    proof = _proof(survey)
    if proof is not None:
        files[LEDGER] = _json(proof)
    rows: dict[str, Any] = {"carried": False, "why": "public"}
    if full:
        files[_PLAN] = _json(masked_plan(survey))
        rows, content = _rows(survey)
        if content is not None:
            files[ROWS] = content
    listed = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    head = {
        "format": "qiao-survey-bundle-1", "kind": kind, "code": survey.code, "manifest": manifest.hash,
        "withheld": sorted(name for name in manifest.files if name not in files),
        "erased": survey.erased.isoformat() if survey.erased else None, "rows": rows, "files": listed,
    }  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in [(BUNDLE, _json(head)), *sorted(files.items())]:
            pack.writestr(zipfile.ZipInfo(f"{survey.code}/{name}", _DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _open(name: str) -> bool:
    return name in OPEN or name.startswith("questionnaire.")


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _proof(survey: Round) -> dict[str, Any] | None:
    """The entry of the frozen manifest with its path to a signed head; None as long as no head covers it."""
    leaf = LedgerLeaf.objects.filter(kind="round.frozen", code=survey.code).order_by("-index").first()
    head = TreeHead.objects.filter(size__gt=leaf.index).order_by("size").first() if leaf is not None else None
    if leaf is None or head is None:
        return None
    found = log.prove(leaf.index, head)
    return {
        "index": found.index, "size": found.size, "payload": found.payload, "leaf_hash": found.leaf_hash,
        "path": list(found.path), "root": found.root, "at": head.at.isoformat(),
        "signature": bytes(head.signature).hex(), "key_id": head.key_id,
        "public_key": bytes(log.signing_key().verify_key).hex(),
    }  # fmt: skip


def masked_plan(survey: Round) -> dict[str, Any]:
    """The weighting plan with answers by stratum and employment, small counts and rests hidden; no cell's weight."""
    plan: Mapping[str, Any] = survey.weighting
    counted: Counter[tuple[str, str]] = Counter()
    invited: Counter[tuple[str, str]] = Counter()
    for cell in plan.get("cells", []):
        counted[cell["into"], cell["employment"]] += cell["answered"]
        invited[cell["into"], cell["employment"]] += cell["invited"]
    rows = sorted({key[0] for key in counted})
    kinds = sorted({key[1] for key in counted})
    hidden = np.zeros((len(rows), len(kinds)), dtype=np.bool_)
    if rows:
        counts = np.array([[counted[row, kind] for kind in kinds] for row in rows], dtype=np.int64)
        # Where all but few of those asked answered, a number would tell of each of them that they did.
        asked = np.array([[invited[row, kind] for kind in kinds] for row in rows], dtype=np.float64)
        hidden = suppress(counts, threshold=survey.small_cell, upper=asked).hidden
    return {
        **{key: value for key, value in plan.items() if key != "cells"},
        "answered": [
            [row, kind, None if hidden[a, b] else invited[row, kind], None if hidden[a, b] else counted[row, kind]]
            for a, row in enumerate(rows)
            for b, kind in enumerate(kinds)
            if invited[row, kind]
        ],
    }


def _rows(survey: Round) -> tuple[dict[str, Any], bytes | None]:
    """Rows an analyst may have, or why there are none."""
    if survey.erased:
        return {"carried": False, "why": "erased"}, None
    if not survey.results:
        return {"carried": False, "why": "failed"}, None
    table = pq.read_table(frozen_folder(survey.code) / TABLE)
    clean = [
        question["name"]
        for question in survey.results["questions"]
        if question["kind"] == "choice" and question["name"] in table.column_names and _clean(survey, question)
    ]
    works = {question["name"] for question in survey.results["questions"] if question["work"]}
    design = ["stratum", "cluster", "employment", "category", "population", "start", "weight"]
    if any(not shown for shown in _employment_told(survey, table)):
        return {"carried": False, "why": "small groups"}, None
    for asked in (clean, [name for name in clean if name not in works]):
        known = [name for name in asked if name in works]
        if _least(table, ["stratum", "cluster", "employment", "weight", *known]) >= survey.small_cell and asked:
            stream = io.BytesIO()
            shuffled = table.select([*design, *asked])
            order = np.lexsort([np.array([str(v) for v in shuffled[name].to_pylist()]) for name in asked])
            pq.write_table(shuffled.take(pa.array(order)), stream, compression="zstd")
            return {"carried": True, "why": "", "questions": asked, "least": survey.small_cell}, stream.getvalue()
    return {"carried": False, "why": "small groups"}, None


def _clean(survey: Round, question: Mapping[str, Any]) -> bool:
    """Whether nothing of a question is hidden anywhere."""
    keys = ["all", *(group["key"] for group in survey.results["groups"])]
    return question["n"] is not None and all(
        cell[0] is not None or (not cell[3] and cell[3] is not None)
        for option in question["options"]
        for key, cell in zip(keys, option["cells"], strict=True)
        if key == "all" or key.partition(":")[0] in question["by"]
    )


def _employment_told(survey: Round, table: pa.Table) -> list[bool]:
    shown = {group["key"] for group in survey.results["groups"]}
    kinds = {kind for kind in table["employment"].to_pylist() if kind and "+" not in kind}
    return [f"employment:{kind}" in shown for kind in kinds]


def _least(table: pa.Table, names: list[str]) -> int:
    """How many rows the rarest combination of some columns has."""
    counts = Counter(zip(*(table[name].to_pylist() for name in names), strict=True))
    return min(counts.values(), default=0)
