"""Public codes and receipt numbers."""

from __future__ import annotations

import secrets

from django.db import connection

#: Letters and digits that are not mistaken for one another on paper or by telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def next_code(prefix: str) -> str:
    """A new public code such as ``N-1042``: opaque, never reused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('qiao_code')")
        (number,) = cursor.fetchone()
    return f"{prefix}-{number}"


def new_receipt_number() -> str:
    """A receipt number such as ``R-7F3K-22QX-5``; the last sign is a check digit over the rest."""
    body = _random_signs(8)
    return f"R-{body[:4]}-{body[4:]}-{check_sign(body)}"


def normal_receipt_number(text: str) -> str | None:
    """The receipt number as stored, however it was typed; None where the check digit says it is mistyped."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum()).removeprefix("R")
    if len(signs) != 9 or any(sign not in ALPHABET for sign in signs) or check_sign(signs[:8]) != signs[8]:
        return None
    return f"R-{signs[:4]}-{signs[4:8]}-{signs[8]}"


def check_sign(body: str) -> str:
    """Luhn mod N over `ALPHABET`: catches every single wrong sign and nearly every swap of neighbours."""
    total, factor, size = 0, 2, len(ALPHABET)
    for sign in reversed(body):
        addend = factor * ALPHABET.index(sign)
        total += addend // size + addend % size
        factor = 3 - factor
    return ALPHABET[-total % size]


def new_secret_code() -> str:
    """A single-use code such as ``7F3K-22QX-9ABC``: 12 signs, 58 bits, for links, letters and sheets."""
    body = _random_signs(12)
    return f"{body[:4]}-{body[4:8]}-{body[8:]}"


def normal_secret_code(text: str) -> str:
    """A single-use code as hashed, however it was typed."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _random_signs(number: int) -> str:
    """Signs of `ALPHABET`, each equally likely: one draw from the system, read in base 30."""
    value = secrets.randbelow(len(ALPHABET) ** number)
    signs = []
    for _ in range(number):
        value, place = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)
