"""Our say in allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the organisation or by joining, not by a bare sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account belongs to a person of the register or to an office."""
        return False
