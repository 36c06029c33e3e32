"""Reading numbers and days as people write them; what is not sure is a fault, no guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from qiao.base.problems import Problem

#: More than the largest employer of the world has.
MOST_WORKERS = 5_000_000
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+\Z|-?\d+(?:\.0+)?\Z")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?\Z")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")


def read_workers(text: str) -> int | None:
    """A headcount: full-width digits and thousands separators are read, words and ranges are not. None where empty.

    Raises Problem for anything else, a negative number, or one that cannot be meant.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("\N{MINUS SIGN}", "-").removesuffix("人")
    if not plain:
        return None
    if not _NUMBER.match(plain):
        raise Problem(
            "“%(value)s” is no number of workers.",
            hint="Write digits only, such as 128; “about 100” is not guessed.",
            value=_short(text),
        )
    number = int(plain.replace(",", "").split(".")[0])
    if number < 0:
        raise Problem("A headcount cannot be negative: %(number)d.", number=number)
    if number > MOST_WORKERS:
        raise Problem("%(number)d workers at one employer cannot be meant.", number=number)
    return number


def read_day(text: str) -> date | None:
    """A day, year first. None where empty. Raises Problem for anything else (a serial number is not guessed)."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not plain:
        return None
    match = _DAY.match(plain) or _RUN.match(plain)
    if match is None:
        raise Problem(
            "“%(value)s” is no date.", hint="Write year, month and day, such as 2021-03-05.", value=_short(text)
        )
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise Problem(
            "“%(value)s” is no day of the calendar.",
            hint="Write year, month and day, such as 2021-03-05.",
            value=_short(text),
        ) from None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
