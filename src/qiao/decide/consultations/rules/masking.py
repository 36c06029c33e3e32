"""Hiding what looks like personal data in a text before anybody reads it, and telling identical texts."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from qiao.decide.consultations.choices import Hidden

BLOCK = "███"

#: Digits may be parted by single blanks, dashes or dots. Longer patterns come first: an ID number holds a telephone's.
_GAP = r"[ \-.·]?"


def _run(number: int) -> str:
    return rf"(?:{_GAP}\d){{{number}}}"


_PATTERNS: tuple[tuple[Hidden, re.Pattern[str]], ...] = (
    (Hidden.EMAIL, re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")),
    # Resident identity number: 17 digits and a digit or X; the older form has 15 digits.
    (Hidden.ID_NUMBER, re.compile(rf"(?<!\d)[1-9]{_run(5)}(?:{_GAP}(?:19|20)){_run(9)}{_GAP}[\dXx](?![\dA-Za-z])")),
    (Hidden.BANK_CARD, re.compile(rf"(?<!\d)[3-6]{_run(14)}(?:{_GAP}\d){{0,4}}(?!\d)")),
    (Hidden.ID_NUMBER, re.compile(rf"(?<!\d)[1-9]{_run(14)}(?!\d)")),
    (Hidden.PHONE, re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9]{_run(9)}(?!\d)")),
    (Hidden.PHONE, re.compile(r"(?<!\d)(?:0\d{2,3}[ \-]?|\(0\d{2,3}\) ?)\d{7,8}(?!\d)")),
)


def mask(text: str) -> tuple[str, list[str]]:
    """The text with identity numbers, bank cards, telephones and e-mail addresses hidden, and which of these it held.

    Full-width digits count as digits. A pattern can hide too much (a long order number) but no name: those who write
    are asked to leave names out, and those who read may still have a text withheld.
    """
    plain = _folded(text)
    kinds: list[str] = []
    for kind, pattern in _PATTERNS:
        pieces: list[str] = []
        end = 0
        for found in pattern.finditer(plain):
            pieces += [text[end : found.start()], BLOCK]
            end = found.end()
        if pieces:
            text = "".join([*pieces, text[end:]])
            plain = _folded(text)
            if kind.value not in kinds:
                kinds.append(kind.value)
    return text, kinds


def _folded(text: str) -> str:
    """Full-width signs as plain ones. One sign becomes one sign, so that places in both texts agree."""
    return "".join(folded if len(folded := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)


def likeness(text: str) -> str:
    """A hash in which texts meet that differ only in blanks, marks, width or case."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(sign for sign in signs if unicodedata.category(sign)[0] in "LNM")
    return hashlib.sha256((kept or signs).encode()).hexdigest()
