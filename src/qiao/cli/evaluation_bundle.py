"""Checking the result bundle of an evaluation, without server, database or settings: one line for each check."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiao.base.ledger import merkle
from qiao.base.problems import Place, Problem
from qiao.cli.output import progress

if TYPE_CHECKING:
    from qiao.judge.evaluations.rules.checking import ResultBundle, Verdict

#: Its manifest says so.
FORMAT = "qiao-evaluation-2"
#: From so long a list of sealed answers on (100,000) its progress is told.
_LONG = 65 * 100_000
#: What the ledger holds of every published evaluation.
_KINDS = tuple(f"evaluation.{step}" for step in ("terms", "key", "frame", "opened", "closed", "published"))


def is_evaluation(folder: Path) -> bool:
    """Whether the folder holds the result of an evaluation."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == FORMAT


def check_evaluation(folder: Path, receipt: str = "") -> list[Verdict]:
    """Every check with its verdict; none stops the others. ``receipt``: the hash of a sealed answer to be found."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from qiao.judge.evaluations.rules.bundle import SEALED
    from qiao.judge.evaluations.rules.checking import CHECKS, ResultBundle, checks, verdict

    files = {}
    for path in sorted(folder.iterdir()):
        try:
            files[path.name] = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            raise Problem("The file cannot be read.", place=Place(path.name)) from None
    bundle = ResultBundle(files, folder.name)
    rest = {"signed heads": _heads, **{f"ledger: {name}": part for name, part in _LEDGER.items()}}
    if receipt:
        rest["your answer"] = lambda bundle: _receipt(bundle, receipt)
    found = []
    all_checks = [*CHECKS, *rest]
    with progress("Checked", len(all_checks), shown=len(files.get(SEALED, "")) > _LONG) as tell:
        for one in checks(bundle):
            found.append(one)
            tell(min(len(found), len(CHECKS)))
        for name, part in rest.items():
            found.append(verdict(name, lambda part=part: part(bundle)))  # type: ignore[misc]
            tell(min(len(found), len(all_checks)))
    return found


def _entries(bundle: ResultBundle) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    for entry in json.loads(bundle.text("ledger.json"))["entries"]:
        content = json.loads(entry["payload"])
        if content["code"] != bundle.manifest["evaluation"] or content["kind"] != entry["kind"]:
            raise Problem("An entry of the ledger belongs to something else.", place=Place("ledger.json"))
        yield entry, content


def _entry(bundle: ResultBundle, kind: str) -> dict[str, Any]:
    found = [content for entry, content in _entries(bundle) if entry["kind"] == kind]
    if not found:
        raise Problem("The ledger's entry “%(kind)s” is missing.", place=Place("ledger.json"), kind=kind)
    # Keys may be replaced until the opening: the last ones count.
    return found[-1]


def _heads(bundle: ResultBundle) -> str:
    """Every entry stands under a head that the installation signed."""
    from datetime import datetime

    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    from qiao.base.ledger.export import head_statement

    fault = Problem("The proof does not lead from the entry to the signed head.", place=Place("ledger.json"))
    kinds, sizes, keys = [], set(), set()
    for entry, _content in _entries(bundle):
        if "root" not in entry:
            raise Problem(
                "No signed head covers the entry “%(kind)s” yet: download the bundle again tomorrow.",
                place=Place("ledger.json"), kind=entry["kind"],
            )  # fmt: skip
        leaf = merkle.leaf_hash(str(entry["payload"]).encode())
        path = [bytes.fromhex(step) for step in entry["path"]]
        root = merkle.root_from_inclusion(leaf, int(entry["index"]), int(entry["size"]), path)
        if root is None or root.hex() != entry["root"]:
            raise fault
        statement = head_statement(int(entry["size"]), root, datetime.fromisoformat(entry["at"]))
        try:
            VerifyKey(bytes.fromhex(entry["public_key"])).verify(statement, bytes.fromhex(entry["signature"]))
        except BadSignatureError:
            raise fault from None
        kinds.append(entry["kind"])
        sizes.add(entry["size"])
        keys.add(entry["public_key"])
    missing = [kind for kind in _KINDS if kind not in kinds]
    if missing:
        raise Problem("The ledger's entry “%(kind)s” is missing.", place=Place("ledger.json"), kind=missing[0])
    if len(keys) != 1:
        raise Problem("The heads were signed with different keys.", place=Place("ledger.json"))
    return f"{len(kinds)} entries under a head of {max(sizes)} entries, signed with the ledger's key {keys.pop()}"


def _terms(bundle: ResultBundle) -> str:
    content = _entry(bundle, "evaluation.terms")
    if content["questions_hash"] != bundle.instrument.digest:
        raise Problem("The questions are not those fixed before anybody was asked: they were changed.")
    fixed = ["project", "unit", "title", *(["names", "weights"] if bundle.instrument.first is not None else [])]
    for name in fixed:
        if content[name] != bundle.manifest[name]:
            raise Problem("The bundle says something else of “%(name)s” than the terms do.", name=name)
    return f"terms and questions as fixed at {content['at']}"


def _key(bundle: ResultBundle) -> str:
    content = _entry(bundle, "evaluation.key")
    for name in ("public_key", "signing_key"):
        if content[name] != bundle.manifest[name]:
            raise Problem("The result is sealed or signed with another key than the one registered before.")
    return f"both keys registered at {content['at']}, before the opening"


def _opened(bundle: ResultBundle) -> str:
    from qiao.judge.evaluations.rules.keys import commitment

    content = _entry(bundle, "evaluation.opened")
    if (content["served"], content["asked"]) != (bundle.manifest["served"], bundle.manifest["asked"]):
        raise Problem("The numbers served and asked are not those in the ledger.")
    if content["public_key"] != bundle.manifest["public_key"]:
        raise Problem("The result is sealed or signed with another key than the one registered before.")
    order = [entry["kind"] for entry, _content in _entries(bundle)]
    key, frame = _entry(bundle, "evaluation.key"), _entry(bundle, "evaluation.frame")
    places = [len(order) - 1 - order[::-1].index(f"evaluation.{kind}") for kind in ("key", "frame", "opened")]
    hashes = {commitment(content["seed"]), key["seed_hash"], frame["seed_hash"]}
    if places != sorted(places) or len(hashes) != 1 or content["frame"] != frame["frame"]:
        raise Problem("The seed of the draw is not the one committed before the frame was frozen.")
    return f"{content['asked']} of {content['served']} asked, by the seed committed before the frame of {frame['at']}"


def _closed(bundle: ResultBundle) -> str:
    content = _entry(bundle, "evaluation.closed")
    if content["root"] != bundle.manifest["sealed_root"] or content["answers"] != len(bundle.digests):
        raise Problem("The sealed answers are not those whose root entered the ledger at the close.")
    told = bundle.manifest.get("contacts")
    if (told or {}).get("root") != (content.get("contacts") or {}).get("root"):
        raise Problem("The mystery contacts are not those whose root entered the ledger at the close.")
    modes = content.get("issued_by_mode")
    how = f"; credentials {_modes(modes)}, answers {_modes(bundle.manifest.get('modes', {}))}" if modes else ""
    return f"every sealed answer under the root of {content['at']}{how}"


def _modes(told: Mapping[str, Any]) -> str:
    """Numbers by mode; “few” for one that is not told."""
    return ", ".join(f"{mode} {'few' if count is None else count}" for mode, count in told.items()) or "not told"


def _published(bundle: ResultBundle) -> str:
    content = _entry(bundle, "evaluation.published")
    if content["bundle"] != bundle.hash:
        raise Problem("This is not the result that was published: the ledger names another.")
    told = {row.indicator.value: [row.estimate, row.lower, row.upper, row.base] for row in bundle.rows}
    if content["figures"] != told:
        raise Problem("The figures are not those in the ledger.")
    return f"this very bundle, published at {content['at']}"


def _receipt(bundle: ResultBundle, receipt: str) -> str:
    if receipt.strip().lower() not in bundle.digests:
        raise Problem("This sealed answer is not among those counted.")
    return "among those counted"


_LEDGER = {"terms": _terms, "keys": _key, "opening": _opened, "close": _closed, "publication": _published}
