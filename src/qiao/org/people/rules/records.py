"""What can be looked at, in words the person understands."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_RECORDS: dict[str, str | Promise] = {
    "contact": _("Your contacts"),
    "contact.search": _("A search by your number or address"),
    "identity": _("How it was checked who you are"),
    "standing": _("Your membership"),
    "history": _("Where you were a member before"),
    "whole": _("Everything stored about you"),
}


def register_record(key: str, label: str | Promise) -> None:
    """Add a kind of record, from AppConfig.ready(). Raises ValueError for a key with another label."""
    if _RECORDS.setdefault(key, label) is not label:
        raise ValueError(f"{key} is registered twice")


def record_label(key: str) -> str:
    """What was looked at, in the language of the request; the key itself where no app knows it any more."""
    return str(_RECORDS.get(key, key))
