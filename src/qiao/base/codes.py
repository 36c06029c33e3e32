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
    return receipt_number(_random_signs(8))


def receipt_number(body: str) -> str:
    """A receipt number of these signs (a multiple of four), with its check digit."""
    return "-".join(["R", *(body[at : at + 4] for at in range(0, len(body), 4)), check_sign(body)])


def normal_receipt_number(text: str) -> str | None:
    """The receipt number as given, however it was typed; None where the check digit says it is mistyped.

    Eight signs and the check digit for receipts that are kept, twelve for those that prove themselves.
    """
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    if signs.startswith("R") and len(signs) in {10, 14}:
        signs = signs[1:]
    if len(signs) not in {9, 13} or any(sign not in ALPHABET for sign in signs):
        return None
    return receipt_number(signs[:-1]) if check_sign(signs[:-1]) == signs[-1] else None


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
