"""What the evaluator does offline: read the sealed answers, hold them against their root, open them, make the bundle.

Pure: no settings, no database, no clock.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qiao.base.blind import is_token
from qiao.base.ledger import merkle
from qiao.base.problems import Place, Problem
from qiao.base.sealing import matches
from qiao.judge.evaluations.rules.bundle import result_files
from qiao.judge.evaluations.rules.coding import coded
from qiao.judge.evaluations.rules.composite import weights_from
from qiao.judge.evaluations.rules.contacts import SHEETS, Contacts, opened_contacts, told_of
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, Instrument
from qiao.judge.evaluations.rules.keys import public_of
from qiao.judge.evaluations.rules.opened import readable
from qiao.judge.evaluations.rules.results import Results, compute
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS

#: What the head of the sealed answers says that also stands in the manifest of the result.
TERMS = (
    "evaluation", "project", "title", "unit", "instrument", "served", "asked", "sealed_root", "public_key",
    "signing_key",
)  # fmt: skip
#: Likewise, in versions that begin with an open question.
OPEN_TERMS = ("names", "weights")


@dataclass(frozen=True, slots=True)
class SealedBox:
    """A download of sealed answers: its head, the sealed bytes in the order of the file, and their credentials.

    A credential is its random beginning and its signature; both empty where there were none yet.
    """

    head: Mapping[str, object]
    sealed: tuple[bytes, ...]
    credentials: tuple[tuple[bytes, bytes], ...]
    source: str
    contacts: tuple[bytes, ...] = ()

    @property
    def digests(self) -> list[str]:
        """SHA-256 of each, hex, sorted."""
        return sorted(hashlib.sha256(each).hexdigest() for each in self.sealed)

    @property
    def instrument(self) -> Instrument:
        """The questions. Raises Problem for a version that is not known here."""
        found = INSTRUMENTS.get(str(self.head["instrument"]))
        if found is None or self.head.get("questions_hash", found.digest) != found.digest:
            raise Problem(
                "This version of the questions is not known here: %(version)s.", version=self.head["instrument"]
            )
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What opening yields: single answers and comments stay with whoever opened, ``results`` are to be published."""

    box: SealedBox
    answers: tuple[Mapping[str, object], ...]
    results: Results
    #: How many answers to the open question the hand coded otherwise than the machine.
    corrected: int | str = 0
    #: Mystery contacts; None where the terms plan none.
    contacts: Contacts | None = None

    @property
    def names(self) -> list[str]:
        """The names that count as naming the service."""
        return names_of(self.box)

    @property
    def unreadable(self) -> int:
        """Sealed answers that hold none."""
        return len(self.box.sealed) - len(self.answers)

    @property
    def comments(self) -> tuple[str, ...]:
        """What was written, in an order that tells nothing."""
        return tuple(sorted(str(one["comment"]) for one in self.answers if one["comment"]))


def read_box(lines: Iterable[str], source: str) -> SealedBox:
    """Head and sealed answers of a download. Raises Problem, located by line."""
    head: dict[str, object] = {}
    sealed, credentials, contacts = [], [], []
    for number, line in enumerate(lines, start=1):
        try:
            content = json.loads(line)
            if number > 1 and "contact" in content:
                contacts.append(base64.b64decode(content["contact"], validate=True))
                continue
            if number > 1:
                sealed.append(base64.b64decode(content["sealed"], validate=True))
                parts = (base64.b64decode(content.get(name, ""), validate=True) for name in ("prefix", "credential"))
                credentials.append((next(parts), next(parts)))
                continue
            head = content
            if head["format"] not in ("qiao-sealed-1", "qiao-sealed-2") or "root" not in head:
                raise ValueError(line)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Problem(
                "This line is not part of a file of sealed answers: download it again.",
                place=Place(source, row=number),
            ) from None
    if not head:
        raise Problem("The file is empty.", place=Place(source))
    return SealedBox(head, tuple(sealed), tuple(credentials), source, tuple(contacts))


def _check_credentials(box: SealedBox) -> None:
    """Raise Problem where an issuer's key is named and an answer comes without its credential."""
    issuer = str(box.head.get("issuer_key") or "")
    if not issuer:
        return
    for row, (sealed, (prefix, credential)) in enumerate(zip(box.sealed, box.credentials, strict=True), start=2):
        if not is_token(issuer, prefix + hashlib.sha256(sealed).digest(), credential):
            raise Problem(
                "This sealed answer holds no valid credential: nobody on the roll sent it.",
                place=Place(box.source, row=row),
            )


def names_of(box: SealedBox) -> list[str]:
    """The names the terms fixed; none in versions without an open question."""
    names = box.head.get("names", [])
    return [str(name) for name in names] if isinstance(names, list) else []


def open_box(box: SealedBox, private: str, *, coding: Mapping[str, bool] | None = None) -> Outcome:
    """Open what is sealed, after root and key were checked, and compute the figures. Raises Problem for a misfit.

    ``coding``: the evaluator's corrections of the open question (`rules.coding`).
    """
    head = box.head
    if not matches(str(head["public_key"]), private):
        raise Problem("This key does not belong to %(code)s: use the file kept for it.", code=head["evaluation"])
    root = _root(box.digests)
    if len(box.sealed) != head["answers"] or root != head["root"] or len(set(box.digests)) != len(box.sealed):
        raise Problem(
            "These answers are not those whose root is in the ledger: some were changed, added or left out.",
            place=Place(box.source),
        )
    _check_credentials(box)
    instrument = box.instrument
    by_digest = sorted(box.sealed, key=lambda each: hashlib.sha256(each).digest())
    found = (readable(instrument, private, each) for each in by_digest)
    answers = tuple(one for one in found if one is not None)
    if len(answers) < FEWEST_ANSWERS:
        raise Problem(
            "Of the sealed answers fewer than %(least)d hold answers: so few are never told. "
            "Declare the evaluation void.",
            least=FEWEST_ANSWERS,
        )
    marked, corrected = coded(instrument, answers, names_of(box), coding or {})
    results = compute(
        instrument, marked, population=int(str(head["served"])), weights=weights_from(head.get("weights"))
    )  # fmt: skip
    return Outcome(box, answers, results, corrected, _opened_contacts(box, private))


def _opened_contacts(box: SealedBox, private: str) -> Contacts | None:
    """The mystery contacts after their root was checked; None where the terms plan none. Raises Problem."""
    told = box.head.get("contacts")
    if not isinstance(told, Mapping):
        return None
    digests = sorted(hashlib.sha256(each).hexdigest() for each in box.contacts)
    if len(digests) != told["number"] or _root(digests) != told["root"] or len(set(digests)) != len(digests):
        raise Problem(
            "These contacts are not those whose root is in the ledger: some were changed, added or left out.",
            place=Place(box.source),
        )
    sheet = SHEETS.get(str(told["sheet"]))
    if sheet is None:
        raise Problem("This version of the questions is not known here: %(version)s.", version=told["sheet"])
    return opened_contacts(sheet, private, box.contacts)


def _root(digests: list[str]) -> str:
    return merkle.root([merkle.leaf_hash(bytes.fromhex(digest)) for digest in digests]).hex()


def signed_result(outcome: Outcome, sign_key: str) -> dict[str, str]:
    """The bundle to be uploaded: file name to text. Raises Problem for a signing key that was not registered."""
    head = outcome.box.head
    if public_of(sign_key) != head.get("signing_key"):
        raise Problem("This signing key is not the one registered for %(code)s.", code=head["evaluation"])
    terms: dict[str, object] = {name: head["root"] if name == "sealed_root" else head[name] for name in TERMS}
    if outcome.box.instrument.first is not None:
        terms |= {name: head[name] for name in OPEN_TERMS} | {"coding": {"corrected": outcome.corrected}}
    counts: dict[str, object] = {
        "answers": outcome.results.answers, "unreadable": outcome.unreadable, "modes": dict(outcome.results.modes),
    }  # fmt: skip
    contacts = outcome.contacts
    if contacts is not None:
        counts["contacts"] = told_of(contacts, _root(list(contacts.digests)))
    return result_files(
        outcome.box.instrument, outcome.results, {**terms, **counts}, outcome.box.digests, sign_key, contacts
    )
