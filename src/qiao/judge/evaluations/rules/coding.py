"""Coding of the open question: who named the service before anything was named to them.

The names that count are fixed with the terms. The machine marks what holds one of them, compared without width, case
and spaces; the evaluator may correct the coding of a wording in a file, and how often is published. Pure.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from qiao.base.problems import Place, Problem
from qiao.judge.evaluations.rules.instrument import Instrument
from qiao.judge.evaluations.rules.states import SMALLEST_CELL

#: What is told of few corrections: their number could tell that of a small cell.
FEW = f"1-{SMALLEST_CELL - 1}"
CORRECTED = (0, FEW)
HEAD = ("answer", "named")
_SHORTEST, _MOST = 2, 20


def plain(text: str) -> str:
    """A wording as it is compared: NFKC, without case, spaces and signs between words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LNM")


def checked_names(names: Iterable[str]) -> list[str]:
    """The names that count, each once. Raises Problem for none, too many, or one so short that much would hold it."""
    found = {plain(name): " ".join(name.split()) for name in names if name.strip()}
    if not found or len(found) > _MOST:
        raise Problem("Write at least one name of the service that counts as named, at most %(most)d.", most=_MOST)
    for key, name in found.items():
        if len(key) < _SHORTEST:
            raise Problem("“%(name)s” is too short: many answers would hold it by chance.", name=name)
    return list(found.values())


def names_it(text: str, names: Sequence[str]) -> bool:
    """Whether the machine says that the wording holds one of the names."""
    wording = plain(text)
    return any(plain(name) in wording for name in names)


def read_coding(lines: Iterable[str], source: str) -> dict[str, bool]:
    """An evaluator's corrections: wording as compared to whether it counts. Raises Problem, located by row."""
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != HEAD:
        raise Problem("The first line of a coding is “answer,named”.", place=Place(source, row=1))
    coding: dict[str, bool] = {}
    for number, row in enumerate(rows, start=2):
        wording, mark = plain(row["answer"] or ""), (row["named"] or "").strip()
        if mark not in ("0", "1"):
            raise Problem("Write 1 where the service is named and 0 where not.", place=Place(source, row=number))
        if coding.setdefault(wording, mark == "1") != (mark == "1"):
            raise Problem("The same wording is coded twice, and differently.", place=Place(source, row=number))
    if coding.get("", False):
        raise Problem("An empty answer names nothing.", place=Place(source))
    return coding


def coded(
    instrument: Instrument, answers: Sequence[Mapping[str, object]], names: Sequence[str], coding: Mapping[str, bool]
) -> tuple[list[dict[str, object]], int | str]:
    """The answers with the open one coded, and how many the hand coded otherwise than the machine, as it is told."""
    if instrument.first is None:
        return [dict(one) for one in answers], 0
    key = instrument.first.key
    corrected, result = 0, []
    # Answers may be one object many times (`offline.gather`): so are they coded.
    known: dict[int, tuple[dict[str, object], bool]] = {}
    for one in answers:
        if id(one) not in known:
            text = str(one[key])
            machine = names_it(text, names)
            named = coding.get(plain(text), machine)
            known[id(one)] = ({**one, key: "yes" if named else "no"}, named != machine)
        marked, differs = known[id(one)]
        corrected += differs
        result.append(marked)
    return result, FEW if 0 < corrected < SMALLEST_CELL else corrected


def wordings(instrument: Instrument, answers: Sequence[Mapping[str, object]], names: Sequence[str]) -> list[list[str]]:
    """The sheet for correcting: every wording once, with the machine's mark."""
    if instrument.first is None:
        raise Problem("This version of the questions has no open question: there is nothing to code.")
    texts = {plain(text): text for text in sorted(str(one[instrument.first.key]) for one in answers) if text}
    # A spreadsheet takes what begins like this for a formula; the mark is no part of what is compared.
    guard = {text: f"'{text}" if text[0] in "=+-@" else text for text in texts.values()}
    return [[guard[text], str(int(names_it(text, names)))] for _key, text in sorted(texts.items())]
