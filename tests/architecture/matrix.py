"""What the walks over every address share: the addresses, two places, a browser for everybody of the first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.architecture.samples import Place, discover, sample_for

from qiao.base.access import DEMO_ONLY, MEMBER, PUBLIC, SIGNED_IN
from qiao.base.db import atomic
from qiao.org.access.choices import Action, Role
from qiao.org.access.rules import ROLES_BY_ACTION

#: Addresses served by libraries: sign-in, language, and the API's own root and schema. Nothing else may lack a rule.
LIBRARY = ("account/", "language/", "api/", "static/")
EVERYBODY = ("public", "member", *(role.value for role in Role))
ANSWERED = frozenset({200, 302, 304, 400, 405, 410, 422})
REFUSED = frozenset({401, 403, 404})


@dataclass(frozen=True)
class Page:
    """One address of ours."""

    route: str
    name: str
    pattern: URLPattern

    @property
    def rule(self) -> str:
        """Who may open it."""
        return str(self.pattern.callback.access_rule)

    @property
    def parameters(self) -> frozenset[str]:
        """What the address names."""
        return frozenset(self.pattern.pattern.converters)

    def at(self, values: Mapping[str, object]) -> str:
        """The address of one object."""
        return reverse(self.name, kwargs={key: values[key] for key in self.parameters})


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "", space: str = "") -> Iterator[Page]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield Page(route, f"{space}{pattern.name}", pattern)


PAGES = [page for page in walk(get_resolver().url_patterns) if not page.route.startswith(LIBRARY)]
discover()


class Undo(Exception):
    """Leaves a transaction as it was."""


@dataclass(frozen=True)
class World:
    """Two places and a browser for everybody of the first."""

    own: Place
    elsewhere: Place
    clients: Mapping[str, Client]
    pages: list[Page]
    broken: list[str]

    def ask(self, who: str, method: str, url: str) -> HttpResponseBase:
        """One request, and everything it changed undone."""
        answer: HttpResponseBase | None = None
        with suppress(Undo), atomic():
            answer = getattr(self.clients[who], method)(url)
            if answer.streaming:
                deque(answer, maxlen=0)  # Read to its end, which closes the file.
            raise Undo
        assert answer is not None
        return answer

    def knock(self, who: str, url: str) -> HttpResponseBase:
        """Open an address, by POST where it takes nothing else."""
        answer = self.ask(who, "get", url)
        return self.ask(who, "post", url) if answer.status_code == 405 else answer

    def values(self, place: Place, page: Page) -> Mapping[str, object]:
        """What stands in the address of the place's own object."""
        if not page.parameters:
            return {}
        found = sample_for(page.name)
        assert found is not None, "no sample"
        return place.other(found.build)


def allowed(rule: str, who: str) -> bool:
    if rule == PUBLIC:
        return True
    if rule == DEMO_ONLY:
        return False
    if rule == SIGNED_IN:
        return who != "public"
    if rule == MEMBER:
        return who == "member"
    return who in Role.values and Role(who) in ROLES_BY_ACTION[Action(rule)]


def to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and "/account/login/" in answer.headers["Location"]


def opens(answer: HttpResponseBase) -> bool:
    return answer.status_code in ANSWERED and not to_sign_in(answer)
