"""What a mobile number, a mail address and an identity number look like, however they were typed.

The messages never repeat what was typed: they may end up in a log or a report.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as WrongNumber

from qiao.base.problems import Problem
from qiao.org.people.choices import ContactKind

_MOBILE = re.compile(r"1[3-9]\d{9}")
_FOREIGN = re.compile(r"\+[1-9]\d{6,14}")
_FILLING = re.compile(r"[\s\-.()（）·/]+")


def normal_contact(kind: str, text: str) -> str:
    """A contact in the one form that is stored and searched. Raises Problem for what is none."""
    return normal_mobile(text) if kind == ContactKind.MOBILE else normal_mail(text)


def normal_mobile(text: str) -> str:
    """Eleven digits of a Chinese mobile number, or a number of another country with its + and code.

    Full-width signs, spaces, hyphens, brackets and the prefixes +86, 0086 and 86 are taken away. Raises Problem.
    """
    signs = _FILLING.sub("", unicodedata.normalize("NFKC", text))
    signs = re.sub(r"^00(?=[1-9])", "+", signs)
    home = re.sub(r"^\+?86(?=1[3-9]\d{9}$)", "", signs)
    if _MOBILE.fullmatch(home):
        return home
    if _FOREIGN.fullmatch(signs) and not signs.startswith("+86"):
        return signs
    raise Problem(
        "This is not a mobile number.",
        hint="Write its 11 digits, or a number of another country with + and the country's code.",
    )


def normal_mail(text: str) -> str:
    """A mail address in small letters, full-width signs made plain. Raises Problem."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Problem("This is not an e-mail address.", hint="Write it as name@example.org.") from None
    if len(address) > 254:
        raise Problem("This e-mail address is too long.")
    return address


def normal_identity(text: str) -> str:
    """The 18 signs of a resident identity number (GB 11643), its check sign verified. Raises Problem.

    Place, day of birth and check sign are looked at to find mistyped numbers; none of them is stored.
    """
    signs = _FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()
    try:
        return str(ric.validate(signs))
    except WrongNumber:
        raise Problem(
            "This is not a valid identity number.",
            hint="Write its 18 signs as on the card; somebody without one shows a paper proof instead.",
        ) from None


def masked(kind: str, value: str) -> str:
    """A contact by which its owner knows it again and nobody else learns it: 138 •••• 8000, z•••@example.org."""
    if kind == ContactKind.MOBILE:
        return f"{value[:3]} •••• {value[-2:]}"
    name, _, host = value.partition("@")
    return f"{name[:1]}•••@{host}"
