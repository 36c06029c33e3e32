"""How a pasted text falls into numbered clauses.

Where lines begin with a number (1. 1、 （1） 一、 （一） 第X条 Article 1 …), each such line begins a clause and lines
without one belong to the clause before; chapter headings open the clause that follows. Without any number every
paragraph is a clause: blank lines part paragraphs, or line ends where there is no blank line.
"""

from __future__ import annotations

import re

from qiao.base.i18n import Localized, localized
from qiao.base.problems import Place, Problem

#: More clauses than that are a mistake in pasting; so is a longer clause.
MOST_CLAUSES = 300
LONGEST_CLAUSE = 6000

_HAN = "零〇一二三四五六七八九十百两"
_MARKER = re.compile(
    rf"""^\s*(?:
        第\s*(?P<article>[{_HAN}0-9]+)\s*条[\s:：.、]*
      | (?:Article|Art\.|Clause|Section|§)\s*(?P<word>[0-9]+)\b[\s:：.)]*
      | [（(]\s*(?P<bracket>[{_HAN}]+|[0-9]+)\s*[)）]\s*
      | (?P<plain>[{_HAN}]+)\s*[、．.]\s*
      | (?P<number>[0-9]{{1,3}})\s*(?:[、．)）]|[.](?![0-9]))\s*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_HEADING = re.compile(rf"^\s*(?:第\s*[{_HAN}0-9]+\s*[章节编]|(?:Chapter|Part)\s+[0-9IVXLC]+\b)", re.IGNORECASE)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def split_clauses(zh: str, en: str = "") -> list[Localized]:
    """The clauses of a text, Chinese and English side by side.

    Raises Problem (with the column concerned) where there is no text, or the English has another number of clauses.
    """
    chinese, english = split_text(zh), split_text(en)
    if not chinese:
        raise Problem("Paste the text: one clause per paragraph.")
    if english and len(english) != len(chinese):
        raise Problem(
            "The Chinese text has %(zh)d clauses, the English %(en)d: make them the same, or leave the English out.",
            zh=len(chinese), en=len(english),
        )  # fmt: skip
    if len(chinese) > MOST_CLAUSES:
        raise Problem("The text has %(number)d clauses, more than %(most)d: put paragraphs together.",
                      number=len(chinese), most=MOST_CLAUSES)  # fmt: skip
    for number, clause in enumerate([*chinese, *english]):
        if len(clause) > LONGEST_CLAUSE:
            raise Problem(
                "The clause is longer than %(most)d signs: split it in two.", most=LONGEST_CLAUSE,
                place=Place(row=number % len(chinese) + 1),
            )  # fmt: skip
    return [localized(a, b) for a, b in zip(chinese, english or [""] * len(chinese), strict=True)]


def split_text(text: str) -> list[str]:
    """The clauses of a text in one language, without their own numbers where these just count 1, 2, 3 …"""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    level = _level(lines)
    if level is None:
        return _paragraphs(lines)
    clauses: list[list[str]] = []
    headings: list[str] = []
    for line in lines:
        if not line:
            continue
        if _HEADING.match(line):
            headings.append(line)
        elif _kind(line) == level or not clauses or headings:
            clauses.append([*headings, line])
            headings = []
        else:
            clauses[-1].append(line)
    if headings:
        clauses.append(headings)
    return [_without_own_number(parts, place) for place, parts in enumerate(clauses, start=1)]


def _paragraphs(lines: list[str]) -> list[str]:
    text = "\n".join(lines).strip("\n")
    if "\n\n" in text:
        return [part.strip() for part in re.split(r"\n{2,}", text) if part.strip()]
    return [line for line in lines if line]


def _kind(line: str) -> str | None:
    found = _MARKER.match(line)
    return found.lastgroup if found else None


def _level(lines: list[str]) -> str | None:
    """The kind of number that parts the clauses: the outermost used twice or more (or the only one, if on line one)."""
    kinds = [_kind(line) for line in lines if line]
    for kind in ("article", "word", "plain", "number", "bracket"):
        if kinds.count(kind) >= 2:
            return kind
    return kinds[0] if kinds and kinds[0] else None


def _without_own_number(parts: list[str], place: int) -> str:
    first = next((position for position, line in enumerate(parts) if _kind(line)), None)
    if first is not None:
        found = _MARKER.match(parts[first])
        if found and found.lastgroup and _value(found[found.lastgroup]) == place and found.end() < len(parts[first]):
            parts = [*parts[:first], parts[first][found.end() :], *parts[first + 1 :]]
    return "\n".join(parts)


def _value(signs: str) -> int:
    """A number in digits or Chinese numerals up to 999."""
    if signs.isdigit():
        return int(signs)
    total, digit = 0, 0
    for sign in signs:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
    return total + digit
