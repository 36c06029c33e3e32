"""Checking a result bundle: by the server before it publishes, and by anybody afterwards, without server and database.

Each check is one line: what is checked, whether it holds, what was found.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qiao.base.ledger import merkle
from qiao.base.problems import Place, Problem
from qiao.judge.evaluations.rules.bundle import (
    CODEBOOK,
    CONTACT_FILES,
    CONTACT_HASHES,
    CONTACTS,
    FIGURES,
    FILES,
    FORMAT,
    MANIFEST,
    REPORT,
    SEALED,
    SIGNATURE,
    TABLE,
    codebook,
)
from qiao.judge.evaluations.rules.coding import CORRECTED
from qiao.judge.evaluations.rules.composite import weights_from
from qiao.judge.evaluations.rules.contacts import FEWEST_CONTACTS, SHEETS, read_contacts, same_score
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, Instrument
from qiao.judge.evaluations.rules.keys import is_signed
from qiao.judge.evaluations.rules.modes import fits
from qiao.judge.evaluations.rules.recompute import recompute, row_of
from qiao.judge.evaluations.rules.report import report_text
from qiao.judge.evaluations.rules.results import Row, TableCell
from qiao.judge.evaluations.rules.states import SMALLEST_CELL


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check: its name, whether it holds, and what was found or what does not fit."""

    check: str
    found: str
    fault: Problem | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return self.fault is None


@dataclass(slots=True)
class ResultBundle:
    """The files of a bundle and what they say. Attributes raise Problem where a file is missing or unreadable."""

    files: Mapping[str, str]
    source: str = ""
    _manifest: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """One file."""
        if name not in self.files:
            raise Problem("The file %(name)s is missing.", place=Place(self.source), name=name)
        return self.files[name]

    @property
    def manifest(self) -> dict[str, Any]:
        """What is signed."""
        if not self._manifest:
            found = json.loads(self.text(MANIFEST))
            if not isinstance(found, dict) or found.get("format") != FORMAT:
                raise Problem("This is no result bundle of an evaluation.", place=Place(MANIFEST))
            self._manifest = found
        return self._manifest

    @property
    def has_contacts(self) -> bool:
        """Whether mystery contacts belong to it; a manifest that cannot be read holds none."""
        try:
            return "contacts" in self.manifest
        except (Problem, ValueError):
            return False

    @property
    def names(self) -> set[str]:
        """The files it holds, no more and no less."""
        return {*FILES, *(CONTACT_FILES if self.has_contacts else ())}

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest, hex: what the ledger names the bundle by."""
        return hashlib.sha256(self.text(MANIFEST).encode()).hexdigest()

    @property
    def digests(self) -> list[str]:
        """SHA-256 of every sealed answer, hex."""
        return self.text(SEALED).splitlines()

    @property
    def instrument(self) -> Instrument:
        """The questions that were asked."""
        found = INSTRUMENTS.get(str(self.manifest["instrument"]))
        if found is None:
            raise Problem(
                "This version of the questions is not known here: %(version)s.", version=self.manifest["instrument"]
            )
        return found

    @property
    def weights(self) -> dict[str, float]:
        """Of the composite, as the terms have them; the former ones where the terms name none."""
        return weights_from(self.manifest.get("weights"))

    @property
    def rows(self) -> list[Row]:
        """The figures as published."""
        lines = list(csv.reader(self.text(FIGURES).splitlines()))[1:]
        return [row_of(indicator, rest) for indicator, *rest in lines]

    @property
    def table(self) -> list[TableCell]:
        """The table as published; a hidden count is None."""
        lines = list(csv.reader(self.text(TABLE).splitlines()))[1:]
        return [TableCell(question, answer, int(count) if count else None) for question, answer, count in lines]


def checks(bundle: ResultBundle) -> Iterator[Verdict]:
    """All checks that need nothing but the bundle itself. None raises: what does not hold is told in its verdict."""
    parts = {**CHECKS, "mystery contacts": _contacts} if bundle.has_contacts else CHECKS
    for name, part in parts.items():
        yield verdict(name, lambda part=part: part(bundle))  # type: ignore[misc]


def verdict(name: str, part: Callable[[], str]) -> Verdict:
    """Run one check and put what comes of it into a line."""
    try:
        return Verdict(name, part())
    except Problem as problem:
        return Verdict(name, str(problem), problem)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError):
        fault = Problem("The bundle does not hold what the result of an evaluation holds.")
        return Verdict(name, str(fault), fault)


def require_sound(bundle: ResultBundle) -> None:
    """Raise Problem for the first check that does not hold."""
    for one in checks(bundle):
        if one.fault is not None:
            raise one.fault


def _files(bundle: ResultBundle) -> str:
    listed = {entry["name"]: (entry["sha256"], entry["bytes"]) for entry in bundle.manifest["files"]}
    if set(listed) != bundle.names - {MANIFEST, SIGNATURE}:
        raise Problem("The manifest does not list the files every result has.", place=Place(MANIFEST))
    for name, (digest, size) in listed.items():
        content = bundle.text(name).encode()
        if (hashlib.sha256(content).hexdigest(), len(content)) != (digest, size):
            raise Problem("The file %(name)s is not the one that was signed.", place=Place(name), name=name)
    return f"{len(listed)} files with the hash the manifest lists"


def _signature(bundle: ResultBundle) -> str:
    key = str(bundle.manifest["signing_key"])
    if not is_signed(key, bundle.text(MANIFEST).encode(), bundle.text(SIGNATURE).strip()):
        raise Problem("The signature is not that of the evaluator's key.", place=Place(SIGNATURE))
    return f"the evaluator signed the manifest with the key {key}"


def _questions(bundle: ResultBundle) -> str:
    if bundle.text(CODEBOOK) != codebook(bundle.instrument):
        raise Problem("The questions are not those of this version.", place=Place(CODEBOOK))
    if bundle.instrument.first is None:
        return f"{bundle.instrument.version}, word by word"
    corrected = bundle.manifest["coding"]["corrected"]
    if corrected not in CORRECTED and not (isinstance(corrected, int) and corrected >= SMALLEST_CELL):
        raise Problem("The manifest does not say how the open question was coded.", place=Place(MANIFEST))
    names = ", ".join(bundle.manifest["names"])
    return (
        f"{bundle.instrument.version}, word by word; open question coded by “{names}”, corrected by hand: {corrected}"
    )


def _sealed(bundle: ResultBundle) -> str:
    digests, manifest = bundle.digests, bundle.manifest
    if len(set(digests)) != len(digests):
        raise Problem("A sealed answer is in the list twice.", place=Place(SEALED))
    if len(digests) != manifest["answers"] + manifest["unreadable"]:
        raise Problem("Answers and unreadable ones are not as many as the sealed ones.", place=Place(SEALED))
    if not 0 < manifest["answers"] <= manifest["asked"] <= manifest["served"]:
        raise Problem("More answered than were asked, or more were asked than served.", place=Place(MANIFEST))
    if "modes" in manifest and not fits(manifest["modes"], manifest["answers"]):
        raise Problem("How those who answered were asked does not add up to all answers.", place=Place(MANIFEST))
    root = merkle.root([merkle.leaf_hash(bytes.fromhex(digest)) for digest in sorted(digests)]).hex()
    if root != manifest["sealed_root"]:
        raise Problem("The sealed answers do not lead to the root the manifest names.", place=Place(SEALED))
    return f"{len(digests)}, none twice, lead to the root {root}"


def _figures(bundle: ResultBundle) -> str:
    found = recompute(
        bundle.instrument, bundle.rows, bundle.table,
        answers=bundle.manifest["answers"], population=bundle.manifest["served"], weights=bundle.weights,
    )  # fmt: skip
    return (
        f"{found.exact} computed again from the table, {found.ruled} as the rules tell what is hidden, "
        f"{found.withheld} withheld; no hidden number can be computed back"
    )


def _contacts(bundle: ResultBundle) -> str:
    told = bundle.manifest["contacts"]
    sheet = SHEETS[told["sheet"]]
    if told["sheet_hash"] != sheet.digest:
        raise Problem("The questions are not those of this version.", place=Place(MANIFEST))
    digests, rows = bundle.text(CONTACT_HASHES).splitlines(), read_contacts(sheet, bundle.text(CONTACTS))
    root = merkle.root([merkle.leaf_hash(bytes.fromhex(digest)) for digest in sorted(digests)]).hex()
    number = told["number"]
    if root != told["root"] or len(set(digests)) != number + told["unreadable"]:
        raise Problem("The contacts are not those that came in.", place=Place(CONTACT_HASHES))
    if len(rows) != (number if number >= FEWEST_CONTACTS else 0) or not same_score(told["score"], rows):
        raise Problem("The score does not follow from the contacts.", place=Place(CONTACTS))
    return (
        f"{number} under the root {root}; score and interval computed again" if rows else f"{number}: too few, not told"
    )


def _report(bundle: ResultBundle) -> str:
    if bundle.text(REPORT) != report_text(bundle.instrument, bundle.manifest, bundle.rows):
        raise Problem("The report does not say what the figures say.", place=Place(REPORT))
    return "says what the figures say"


#: What every bundle is held against, in order.
CHECKS: Mapping[str, Callable[[ResultBundle], str]] = {
    "files": _files,
    "signature": _signature,
    "questions": _questions,
    "sealed answers": _sealed,
    "figures": _figures,
    "report": _report,
}
