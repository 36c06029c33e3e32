"""What may not stand in a text others will read (handbook P9).

The scanner finds patterns only: identity numbers, telephones, bank cards. That a text names an illness, a child or
a home address no pattern can tell: the person who releases it is asked to look for these.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from qiao.base.problems import Place, Problem, Problems


class Mark(StrEnum):
    """What a pattern points at."""

    IDENTITY = "identity"
    PHONE = "phone"
    LANDLINE = "landline"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Finding:
    """One blocked piece: its kind, the paragraph (from 1) and the signs it stands at in that paragraph (from 1)."""

    mark: Mark
    paragraph: int
    first: int
    last: int
    tail: str


_CHINESE_DIGITS = dict(zip("零〇○一二三四五六七八九幺", "0001234567891", strict=True))
# What people put between digits: blanks, dots, dashes of any width, and signs that cannot be seen.
_BETWEEN = r"[\s.\-‐-―_·・﹣－/\u200b-\u200f\u2060\ufeff]?"
_IDENTITY = re.compile(rf"(?<!\d)\d{{6}}{_BETWEEN}\d{{8}}{_BETWEEN}\d{{3}}{_BETWEEN}[\dXx](?!\d)|(?<!\d)\d{{15}}(?!\d)")
_MOBILE = re.compile(
    rf"(?<!\d)(?:86{_BETWEEN})?(?:1[3-9]\d{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4}}|1[3-9]\d{{2}}{_BETWEEN}\d{{3}}{_BETWEEN}\d{{4}}"
    rf"|1(?:{_BETWEEN[:-1]}\d){{10}})(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}[-‐-―－\s])\s?[2-8]\d{6,7}(?!\d)")
_BANK = re.compile(rf"(?<!\d)\d{{4}}(?:{_BETWEEN}\d{{4}}){{3}}(?:{_BETWEEN}\d{{1,3}})?(?!\d)")


def scan(text: str, *, landlines: bool = True) -> list[Finding]:
    """Find identity numbers, telephone numbers and bank cards, paragraph by paragraph.

    Digits count however they are written: full width, ringed, Arabic-Indic or as Chinese numerals, with one sign
    between them. An identity number is 15 or 18 signs with a date of birth that can be (GB 11643); a bank card has
    16 to 19 digits that pass the Luhn check or begin with 62. ``landlines`` False leaves office telephones alone.
    """
    findings = []
    for number, paragraph in enumerate(text.splitlines(), start=1):
        plain = "".join(_digit(sign) for sign in paragraph)
        taken: list[tuple[int, int]] = []
        for mark, match in _matches(plain, landlines=landlines):
            start, end = match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            findings.append(Finding(mark, number, start + 1, end, paragraph[max(start, end - 2) : end]))
    return sorted(findings, key=lambda found: (found.paragraph, found.first))


def require_clean(texts: Mapping[str, Mapping[str, str] | str], *, landlines: bool = False) -> None:
    """Raise `Problems` naming the place of every blocked piece in these texts (name of the field to text)."""
    faults = []
    for field, text in texts.items():
        for language, content in {"": text}.items() if isinstance(text, str) else text.items():
            source = _named(field, language)
            faults += [_fault(source, found) for found in scan(content, landlines=landlines)]
    if faults:
        raise Problems(faults)


def _named(field: str, language: str) -> str:
    """Field and language as the form names them, in the language of the request."""
    names = {
        "title": _("Title"),
        "text": _("Text"),
        "goal": _("Goal"),
        "reason": _("Reason"),
        "note": _("Note"),
        "purpose": _("Spent on"),
        "answer": _("Answer"),
    }
    languages = {"zh-hans": _("Chinese"), "en": _("English")}
    name = names.get(field, field)
    return f"{name} ({languages.get(language, language)})" if language else name


def _fault(source: str, found: Finding) -> Problem:
    where = {
        "paragraph": found.paragraph,
        "first": found.first,
        "last": found.last,
        "tail": found.tail,
    }
    place = Place(source=source)
    if found.mark == Mark.IDENTITY:
        return Problem(
            "Paragraph %(paragraph)d, signs %(first)d to %(last)d, looks like an identity number (ends in %(tail)s).",
            hint="Take it out: a case number is enough.",
            place=place,
            **where,
        )
    if found.mark == Mark.BANK:
        return Problem(
            "Paragraph %(paragraph)d, signs %(first)d to %(last)d, looks like a bank card (ends in %(tail)s).",
            hint="Take it out: it never belongs into a published text.",
            place=place,
            **where,
        )
    return Problem(
        "Paragraph %(paragraph)d, signs %(first)d to %(last)d, looks like a telephone number (ends in %(tail)s).",
        hint="Take it out: name the office people can turn to instead.",
        place=place,
        **where,
    )


def _matches(plain: str, *, landlines: bool) -> Iterator[tuple[Mark, re.Match[str]]]:
    for match in _IDENTITY.finditer(plain):
        if _can_be_identity(re.sub(r"[^0-9Xx]", "", match[0])):
            yield Mark.IDENTITY, match
    for match in _BANK.finditer(plain):
        digits = re.sub(r"\D", "", match[0])
        if digits.startswith("62") or luhn(digits):
            yield Mark.BANK, match
    for match in _MOBILE.finditer(plain):
        yield Mark.PHONE, match
    if landlines:
        for match in _LANDLINE.finditer(plain):
            yield Mark.LANDLINE, match


def _digit(sign: str) -> str:
    """The sign as an ASCII digit where it is a digit of any script; one sign stays one sign, so places stay true."""
    if sign in _CHINESE_DIGITS:
        return _CHINESE_DIGITS[sign]
    value = unicodedata.digit(sign, None)
    if value is None:
        return {"Ｘ": "X", "ｘ": "x"}.get(sign, sign)
    return str(value)


def _can_be_identity(signs: str) -> bool:
    year, month, day = (
        (signs[6:10], signs[10:12], signs[12:14])
        if len(signs) == 18
        else (f"19{signs[6:8]}", signs[8:10], signs[10:12])
    )
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return False
    return born.year >= 1900


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
