"""What the evaluator does offline: read the sealed answers, hold them against their root, open them, make the bundle.

Pure: no settings, no database, no clock.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qiao.base import sealing
from qiao.base.blind import is_token
from qiao.base.ledger import merkle
from qiao.base.problems import Place, Problem
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


#: What opening cannot do without.
_HEAD = {"evaluation", "instrument", "public_key", "served", "answers", "root"}


@dataclass(frozen=True, slots=True)
class SealedBox:
    """What a download of sealed answers says of itself in its first line, and where it lies."""

    head: Mapping[str, object]
    source: str

    @property
    def instrument(self) -> Instrument:
        """The questions. Raises Problem for a version that is not known here."""
        found = INSTRUMENTS.get(str(self.head["instrument"]))
        if found is None or self.head.get("questions_hash", found.digest) != found.digest:
            raise Problem(
                "This version of the questions is not known here: %(version)s.", version=self.head["instrument"]
            )
        return found

    @property
    def names(self) -> list[str]:
        """The names that count as naming the service; none in versions without an open question."""
        names = self.head.get("names", [])
        return [str(name) for name in names] if isinstance(names, list) else []


@dataclass(frozen=True, slots=True)
class Part:
    """What some successive lines held: made in any process, put together by `gather` in the order of the file.

    ``answers`` are parallel to ``digests`` (SHA-256), None for what holds no answer. ``broken`` is the first line of
    the part that is no sealed answer (nothing was read behind it), ``unsigned`` the first without a valid credential,
    both counted from 0; None where there is none.
    """

    lines: int
    digests: tuple[bytes, ...]
    answers: tuple[Mapping[str, object] | None, ...]
    contacts: tuple[bytes, ...]
    broken: int | None
    unsigned: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What opening yields: single answers and comments stay with whoever opened, ``results`` are to be published."""

    box: SealedBox
    #: SHA-256 of every sealed answer, hex, sorted.
    digests: tuple[str, ...]
    #: In the order of their hashes, which tells nothing.
    answers: tuple[Mapping[str, object], ...]
    results: Results
    #: How many answers to the open question the hand coded otherwise than the machine.
    corrected: int | str = 0
    #: Mystery contacts; None where the terms plan none.
    contacts: Contacts | None = None

    @property
    def unreadable(self) -> int:
        """Sealed answers that hold none."""
        return len(self.digests) - len(self.answers)

    @property
    def comments(self) -> tuple[str, ...]:
        """What was written, in an order that tells nothing."""
        return tuple(sorted(str(one["comment"]) for one in self.answers if one["comment"]))


def read_head(line: str | bytes, source: str) -> SealedBox:
    """The first line of a download. Raises Problem where it is none."""
    if not line:
        raise Problem("The file is empty.", place=Place(source))
    try:
        head = json.loads(line)
        if head["format"] not in ("qiao-sealed-1", "qiao-sealed-2") or not set(head) >= _HEAD:
            raise ValueError(line)
    except (ValueError, KeyError, TypeError):
        raise _broken(source, 1) from None
    return SealedBox(head, source)


def require_key(box: SealedBox, private: str) -> None:
    """Raise Problem where the private key is not the one the answers were sealed for."""
    if not sealing.matches(str(box.head["public_key"]), private):
        raise Problem("This key does not belong to %(code)s: use the file kept for it.", code=box.head["evaluation"])


def open_part(box: SealedBox, private: str, lines: Iterable[str | bytes]) -> Part:
    """Check and open successive lines behind the head. Raises Problem for unknown questions only."""
    instrument, opener = box.instrument, sealing.opener(private)
    issuer = str(box.head.get("issuer_key") or "")
    digests: list[bytes] = []
    answers: list[Mapping[str, object] | None] = []
    contacts: list[bytes] = []
    unsigned = None
    for number, line in enumerate(lines):
        try:
            content = json.loads(line)
            if "contact" in content:
                contacts.append(base64.b64decode(content["contact"], validate=True))
                continue
            sealed = base64.b64decode(content["sealed"], validate=True)
            prefix, credential = (
                base64.b64decode(content.get(name, ""), validate=True) for name in ("prefix", "credential")
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return Part(number, tuple(digests), tuple(answers), tuple(contacts), number, unsigned)
        digest = hashlib.sha256(sealed).digest()
        if unsigned is None and issuer and not is_token(issuer, prefix + digest, credential):
            unsigned = number
        digests.append(digest)
        answers.append(_shared(readable(instrument, opener, sealed)))
    read = len(digests) + len(contacts)
    return Part(read, tuple(digests), tuple(answers), tuple(contacts), None, unsigned)


def _shared(answers: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The same answers with every short code held in memory once, however many gave it."""
    if answers is None:
        return None
    return {key: sys.intern(value) if isinstance(value, str) else value for key, value in answers.items()}


def open_lines(
    lines: Iterable[str], source: str, private: str, *, coding: Mapping[str, bool] | None = None
) -> Outcome:  # fmt: skip
    """Open a whole download in this process. Raises Problem as `gather` does, and for a key that does not fit."""
    rest = iter(lines)
    box = read_head(next(rest, ""), source)
    require_key(box, private)
    return gather(box, private, [open_part(box, private, rest)], coding=coding)


def gather(
    box: SealedBox, private: str, parts: Iterable[Part], *, coding: Mapping[str, bool] | None = None
) -> Outcome:  # fmt: skip
    """Put the parts together, hold them against root and credentials, compute the figures. Raises Problem for a misfit.

    The same parts give the same outcome however the lines were divided. ``coding``: the evaluator's corrections of the
    open question (`rules.coding`).
    """
    digests: list[bytes] = []
    opened: list[Mapping[str, object] | None] = []
    contacts: list[bytes] = []
    known: dict[tuple[object, ...], Mapping[str, object]] = {}
    unsigned, row = None, 2
    for part in parts:
        if part.broken is not None:
            raise _broken(box.source, row + part.broken)
        if unsigned is None and part.unsigned is not None:
            unsigned = row + part.unsigned
        row += part.lines
        digests += part.digests
        opened += (_one_for_all(one, known) for one in part.answers)
        contacts += part.contacts
    order = sorted(range(len(digests)), key=digests.__getitem__)
    ordered = [digests[place] for place in order]
    if len(ordered) != box.head["answers"] or _root(ordered) != box.head["root"] or len(set(ordered)) != len(ordered):
        raise Problem(
            "These answers are not those whose root is in the ledger: some were changed, added or left out.",
            place=Place(box.source),
        )
    if unsigned is not None:
        raise Problem(
            "This sealed answer holds no valid credential: nobody on the roll sent it.",
            place=Place(box.source, row=unsigned),
        )
    answers = tuple(one for place in order if (one := opened[place]) is not None)
    if len(answers) < FEWEST_ANSWERS:
        raise Problem(
            "Of the sealed answers fewer than %(least)d hold answers: so few are never told. "
            "Declare the evaluation void.",
            least=FEWEST_ANSWERS,
        )
    instrument = box.instrument
    marked, corrected = coded(instrument, answers, box.names, coding or {})
    results = compute(
        instrument, marked, population=int(str(box.head["served"])), weights=weights_from(box.head.get("weights"))
    )  # fmt: skip
    hexes = tuple(digest.hex() for digest in ordered)
    return Outcome(box, hexes, answers, results, corrected, _opened_contacts(box, private, contacts))


def _one_for_all(
    answers: Mapping[str, object] | None, known: dict[tuple[object, ...], Mapping[str, object]]
) -> Mapping[str, object] | None:
    """Answers without a comment that say the same are one object: a million of them are a few hundred."""
    if answers is None or answers["comment"]:
        return answers
    return known.setdefault(tuple(answers.values()), answers)


def _broken(source: str, row: int) -> Problem:
    return Problem(
        "This line is not part of a file of sealed answers: download it again.", place=Place(source, row=row)
    )


def _opened_contacts(box: SealedBox, private: str, sealed: Sequence[bytes]) -> Contacts | None:
    """The mystery contacts after their root was checked; None where the terms plan none. Raises Problem."""
    told = box.head.get("contacts")
    if not isinstance(told, Mapping):
        return None
    digests = sorted(hashlib.sha256(each).digest() for each in sealed)
    if len(digests) != told["number"] or _root(digests) != told["root"] or len(set(digests)) != len(digests):
        raise Problem(
            "These contacts are not those whose root is in the ledger: some were changed, added or left out.",
            place=Place(box.source),
        )
    sheet = SHEETS.get(str(told["sheet"]))
    if sheet is None:
        raise Problem("This version of the questions is not known here: %(version)s.", version=told["sheet"])
    return opened_contacts(sheet, private, sealed)


def _root(digests: Iterable[bytes]) -> str:
    return merkle.root([merkle.leaf_hash(digest) for digest in digests]).hex()


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
        counts["contacts"] = told_of(contacts, _root(map(bytes.fromhex, contacts.digests)))
    return result_files(
        outcome.box.instrument, outcome.results, {**terms, **counts}, outcome.digests, sign_key, contacts
    )
