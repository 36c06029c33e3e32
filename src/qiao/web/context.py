"""What the base template needs on every page: one cheap lazy record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import ANONYMOUS, Actor
from qiao.base.i18n import Localized


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One of the four stations in the head of the page."""

    stage: str
    label: str
    url: str
    current: bool


class Shell:
    """Lazy: a template that does not show an item does not pay for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration."""
        return bool(settings.DEMO)

    @property
    def path(self) -> str:
        """Address without its query."""
        return self._request.path

    @property
    def full_path(self) -> str:
        """Address to come back to: of a page, never of a form's answer."""
        return self._request.get_full_path() if self._request.method == "GET" else self._request.path

    @property
    def actor(self) -> Actor:
        """Who looks at the page."""
        return getattr(self._request, "actor", ANONYMOUS)

    @property
    def providers(self) -> list[dict[str, str]]:
        """Other organisations at which one can sign in."""
        providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
        found = providers["openid_connect"]["APPS"]
        return [{"id": one["provider_id"], "name": one["name"]} for one in found]

    @cached_property
    def federation(self) -> Localized:
        """The name of the federation at the top of the tree."""
        return federation_name()

    @property
    def stations(self) -> list[MenuItem]:
        """The four stations."""
        labels = (
            ("hear", _("Hear")),
            ("decide", _("Decide")),
            ("deliver", _("Deliver")),
            ("judge", _("Judge")),
        )
        return [
            MenuItem(stage, label, reverse(f"web:{stage}"), self._request.path.startswith(f"/{stage}/"))
            for stage, label in labels
        ]


_name: dict[str, Localized] = {}


def federation_name() -> Localized:
    """The root unit's name, read once per process (it changes with a congress, not with a request)."""
    from qiao.org.units.queries import root_unit

    if not _name:
        root = root_unit()
        if root is None:
            return {}
        _name["root"] = root.name
    return _name["root"]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    return {"shell": Shell(request)}
