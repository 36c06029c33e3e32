"""Offices in words: told by the app that knows the roles, which stands above this one."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import override

from qiao.base.i18n import LANGUAGES, Localized

#: A role's name in the language of the moment.
RoleName = Callable[[str], str]
_NAMES: list[RoleName] = []


def register_roles(name_of: RoleName) -> None:
    """Have roles named; from the AppConfig.ready() of the app that keeps them."""
    _NAMES[:] = [name_of]


def role_name(role: str) -> Localized:
    """A role's name in every language; its key where nobody names it."""
    names: Localized = {}
    for language in LANGUAGES:
        with override(language):
            names[language] = _NAMES[0](role) if _NAMES else role
    return names
