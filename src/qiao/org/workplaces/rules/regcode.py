"""The unified social credit code of a legal person (GB 32100-2015): 18 signs, the last of them a check sign."""

from __future__ import annotations

import unicodedata

from stdnum.cn import uscc

from qiao.base.problems import Problem

#: The signs of the code, each at its value; I, O, S, V and Z are left out because they are mistaken for digits.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_sign(body: str) -> str:
    """The 18th sign for the first 17 (GB 32100-2015, 4.6). Raises ValueError for another length or a strange sign."""
    if len(body) != 17:
        raise ValueError(f"17 signs are wanted, not {len(body)}")
    return str(uscc.calc_check_digit(body))


def normal_reg_code(text: str) -> str | None:
    """The code as kept, however it was typed (full width, blanks, hyphens, small letters); None where none is given.

    Raises Problem where it is no such code. A wrong check sign is told, the right code is not guessed: any other sign
    may be the mistyped one.
    """
    signs = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()
    if not signs:
        return None
    if len(signs) != 18:
        raise Problem(
            "“%(value)s” has %(number)d signs; a unified social credit code has 18.",
            hint="Copy it from the business licence, or leave it empty.",
            value=_short(signs),
            number=len(signs),
        )
    strange = next((sign for sign in signs if sign not in ALPHABET), None)
    if strange is not None:
        raise Problem(
            "“%(value)s” holds “%(sign)s”, which no unified social credit code does.",
            hint="The letters I, O, S, V and Z do not occur: look whether a digit is meant.",
            value=signs,
            sign=strange,
        )
    if not signs[2:8].isdecimal():
        raise Problem(
            "Signs 3 to 8 of “%(value)s” name the district and are digits.",
            hint="Copy it from the business licence, or leave it empty.",
            value=signs,
        )
    if check_sign(signs[:17]) != signs[17]:
        raise Problem(
            "The check sign of “%(value)s” does not fit the other 17: at least one sign is mistyped.",
            hint="Copy it from the business licence, or leave it empty.",
            value=signs,
        )
    return signs


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
