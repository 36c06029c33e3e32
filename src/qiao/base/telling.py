"""Telling people back (mechanism S8) from apps that stand below the people's addresses.

The app that knows persons and accounts registers one teller; apps below it call `tell` from a job, after commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qiao.base.i18n import Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one person is told: by person or by account, one of both is known. ``url`` is a path of the platform."""

    subject: Localized
    text: Localized
    url: str = ""
    person_id: int | None = None
    account_id: int | None = None


Teller = Callable[[Message, datetime], None]
_TELLERS: list[Teller] = []


def register_teller(teller: Teller) -> None:
    """Have messages carried by ``teller``; from AppConfig.ready(), once each."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def tell(message: Message, now: datetime) -> bool:
    """Hand a message to whoever carries messages; False where nobody does or nobody is addressed."""
    if message.person_id is None and message.account_id is None:
        return False
    for teller in _TELLERS:
        teller(message, now)
    return bool(_TELLERS)
