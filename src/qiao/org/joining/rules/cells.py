"""How what a worker writes is read: one field for either a mobile number or a mail address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qiao.org.joining.choices import ContactKind
from qiao.org.people.rules import normal_identity, normal_mail, normal_mobile

_SEVERAL = re.compile(r"[\n;；,，、/]")


def clean_contact(text: str) -> tuple[ContactKind, str]:
    """A mobile number or a mail address as kept, and which it is; ("", "") for nothing written. Raises Problem."""
    if not text.strip():
        return ContactKind.NONE, ""
    if "@" in text or "＠" in text:
        return ContactKind.MAIL, normal_mail(text)
    return ContactKind.MOBILE, normal_mobile(text)


def clean_identity(text: str) -> str:
    """An identity number as kept, its check sign verified; "" for nothing. Raises Problem."""
    return normal_identity(text) if text.strip() else ""


def is_staff_list(names: Sequence[str]) -> bool:
    """Whether several people stand where one worker writes their own name: a list offered by somebody else."""
    parts = [part for name in names for part in _SEVERAL.split(name) if part.strip()]
    return len(parts) > 1
