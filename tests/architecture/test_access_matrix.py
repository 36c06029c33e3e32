"""Every address × every role × (own unit, another unit) is held against the one table of roles and actions.

Addresses with parameters are opened at real objects: see ``tests/architecture/samples``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.architecture.samples import Place, Sample, discover, make_places, sample_for

from qiao.base.access import DEMO_ONLY, MEMBER, PUBLIC, SIGNED_IN
from qiao.base.clock import now as clock
from qiao.base.db import atomic
from qiao.org.access.choices import Action, Role
from qiao.org.access.rules import ROLES_BY_ACTION

#: Addresses served by libraries: sign-in, language, and the API's own root and schema. Nothing else may lack a rule.
LIBRARY = ("account/", "language/", "api/", "static/")
EVERYBODY = ("public", "member", *(role.value for role in Role))
ANSWERED = frozenset({200, 302, 304, 400, 405, 410, 422})
REFUSED = frozenset({403, 404})
#: Pages whose sample is the closed door itself: codes, receipts and files that exist only once all has been answered.
#: Each is opened by the tests of its own app.
CLOSED_HERE = frozenset({
    "surveys:answer", "surveys:file", "evaluations:answer_by_code", "evaluations:thanks", "evaluations:proof",
    "evaluations:sealed", "evaluations:bundle", "evaluations:digests", "standing:appeal",
})  # fmt: skip


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


def test_every_page_declares_who_may_open_it() -> None:
    bare = [page.route for page in PAGES if not hasattr(page.pattern.callback, "access_rule")]
    assert bare == []
    known = {PUBLIC, SIGNED_IN, MEMBER, DEMO_ONLY, *Action.values}
    assert {page.rule for page in PAGES} <= known


def test_every_action_stands_in_the_table_and_some_role_holds_it() -> None:
    assert set(ROLES_BY_ACTION) == set(Action)
    assert all(ROLES_BY_ACTION.values())


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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    from django.conf import settings

    before, settings.DEMO = settings.DEMO, False
    with django_db_blocker.unblock(), suppress(Undo), atomic():
        own, elsewhere = make_places(clock())
        clients = {"public": Client()}
        for who in EVERYBODY[1:]:
            clients[who] = Client(raise_request_exception=False)
            clients[who].force_login(own.people[0] if who == "member" else own.account(who))
        place = World(own, elsewhere, clients, [], [])
        for page in PAGES:
            try:
                with atomic():
                    page.at(place.values(own, page))
                    page.at(place.values(elsewhere, page))
            except Exception as fault:
                place.broken.append(f"{page.name}: {fault!r}")
            else:
                place.pages.append(page)
        yield place
        raise Undo
    settings.DEMO = before


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


@pytest.mark.django_db
def test_every_page_about_an_object_has_a_sample(world: World) -> None:
    """A page without one is not walked: add a builder, see ``tests/architecture/samples/__init__.py``."""
    assert world.broken == [], "\n".join(world.broken)


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_door_of_every_page_follows_the_table(world: World, who: str) -> None:
    wrong = []
    for page in world.pages:
        url = page.at(world.values(world.own, page))
        answer = world.knock(who, url)
        if page.rule == DEMO_ONLY:
            good = answer.status_code == 404
        elif allowed(page.rule, who):
            good = opens(answer) or may_be_gone(page, answer)
        else:
            good = to_sign_in(answer) if who == "public" else answer.status_code == 403
        if not good:
            wrong.append((page.name, page.rule, url, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))


def may_be_gone(page: Page, answer: HttpResponseBase) -> bool:
    """Whether "not found" is right at one's own object: where the sample says so."""
    found: Sample | None = sample_for(page.name)
    if not page.parameters and found is None:
        return answer.status_code == 404
    # Behind a door for whoever is signed in the page itself asks whose the object is.
    narrower = page.rule == SIGNED_IN or (found is not None and bool(found.gone))
    return (answer.status_code in REFUSED or to_sign_in(answer)) and narrower


@pytest.mark.django_db
def test_every_page_opens_to_somebody(world: World) -> None:
    """Where a sample allows "not found" it may not hide a page that is broken for all."""
    shut = []
    for page in world.pages:
        if page.rule == DEMO_ONLY or not page.parameters:
            continue
        url = page.at(world.values(world.own, page))
        for who in EVERYBODY:
            # 405 is an answer, too: a bare POST may lack the number of what it is about.
            if allowed(page.rule, who) and opens(world.ask(who, "get", url)):
                break
        else:
            if page.name not in CLOSED_HERE:
                shut.append((page.name, page.rule, url))
    assert shut == [], "\n".join(map(str, shut))


def opens(answer: HttpResponseBase) -> bool:
    return answer.status_code in ANSWERED and not to_sign_in(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY[1:])
def test_nobody_acts_or_looks_in_another_unit(world: World, who: str) -> None:
    """A role reaches its own subtree: the same page at another unit's object is refused, by GET and by POST."""
    wrong = []
    for page in world.pages:
        if not page.parameters or page.rule in {PUBLIC, DEMO_ONLY} or not allowed(page.rule, who):
            continue
        if (sample_for(page.name) or Sample(lambda _: {})).shared:
            continue
        url = page.at(world.values(world.elsewhere, page))
        for method in ("get", "post"):
            answer = world.ask(who, method, url)
            if answer.status_code == 405:
                continue
            leaks = world.elsewhere.sign.encode() in getattr(answer, "content", b"")
            if answer.status_code not in REFUSED or leaks:
                wrong.append((page.name, page.rule, method, url, answer.status_code, "leaks" if leaks else ""))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY[1:])
def test_a_foreign_object_does_not_open_below_ones_own_unit(world: World, who: str) -> None:
    """The unit in the address is one's own, the object another unit's: refused, by GET and by POST, and not shown."""
    wrong = []
    for page in world.pages:
        if "label" not in page.parameters or not page.parameters - {"label"} or page.rule == DEMO_ONLY:
            continue
        if page.rule != PUBLIC and not allowed(page.rule, who):
            continue
        own, foreign = world.values(world.own, page), world.values(world.elsewhere, page)
        if all(own[key] == foreign[key] for key in page.parameters - {"label"}):
            continue  # A kind, a year, a form of file: no object.
        url = page.at({**foreign, "label": own["label"]})
        for method in ("get", "post"):
            answer = world.ask(who, method, url)
            leaks = world.elsewhere.sign.encode() in getattr(answer, "content", b"")
            if answer.status_code not in {*REFUSED, 405} or leaks:
                wrong.append((page.name, page.rule, method, url, answer.status_code, "leaks" if leaks else ""))
    assert wrong == [], "\n".join(map(str, wrong))
