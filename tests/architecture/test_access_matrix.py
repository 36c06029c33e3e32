"""Every address × every role is held against the one table of roles and actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qiao.base.access import DEMO_ONLY, MEMBER, PUBLIC, SIGNED_IN, SYSTEM
from qiao.base.i18n import localized
from qiao.org.access.choices import Action, Role
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit

#: Addresses served by libraries: sign-in, language, and the API's own root and schema. Nothing else may lack a rule.
LIBRARY = ("account/", "language/", "api/", "static/")
SAMPLES = {"int": "1", "str": "X-1", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "x"}
EVERYBODY = ("public", "member", *(role.value for role in Role))


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route, pattern


def address(route: str, pattern: URLPattern) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for text in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(text, SAMPLES[kind])
    return "/" + route


PAGES = [(route, pattern) for route, pattern in walk(get_resolver().url_patterns) if not route.startswith(LIBRARY)]


def test_every_page_declares_who_may_open_it() -> None:
    bare = [route for route, pattern in PAGES if not hasattr(pattern.callback, "access_rule")]
    assert bare == []
    known = {PUBLIC, SIGNED_IN, MEMBER, DEMO_ONLY, *Action.values}
    assert {pattern.callback.access_rule for _route, pattern in PAGES} <= known


def test_every_action_stands_in_the_table_and_some_role_holds_it() -> None:
    assert set(ROLES_BY_ACTION) == set(Action)
    assert all(ROLES_BY_ACTION.values())


@pytest.fixture
def clients(db: None, now, settings) -> dict[str, Client]:
    settings.DEMO = False
    root = found_unit(
        actor=SYSTEM,
        now=now,
        kind=UnitKind.FEDERATION,
        name=localized("总", "F"),
        label="F",
        parent=None,
        founded=date(2000, 1, 1),
    )
    found: dict[str, Client] = {"public": Client()}
    for name in EVERYBODY[1:]:
        person = Person.objects.create(name="云一") if name == "member" else None
        account: Account = open_account(
            actor=SYSTEM, now=now, email=f"{name}@x.example", display_name=name, person=person
        )
        if person:
            admit_member(
                actor=SYSTEM, now=now, person=person, unit=root, employment=Employment.DIRECT, since=date(2020, 1, 1)
            )
        else:
            grant_role(actor=SYSTEM, now=now, account=account, role=Role(name), unit=root, since=date(2020, 1, 1))
        found[name] = Client()
        found[name].force_login(account)
    return found


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


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_door_of_every_page_follows_the_table(clients: dict[str, Client], who: str) -> None:
    wrong = []
    for route, pattern in PAGES:
        rule = pattern.callback.access_rule
        response = clients[who].get(address(route, pattern))
        if response.status_code == 405:
            response = clients[who].post(address(route, pattern))
        to_sign_in = response.status_code == 302 and "/account/login/" in response.headers["Location"]
        if rule == DEMO_ONLY:
            good = response.status_code == 404
        elif allowed(rule, who):
            good = not to_sign_in and response.status_code in {200, 302, 304, 404, 405, 410, 422}
        else:
            good = to_sign_in if who == "public" else response.status_code == 403
        if not good:
            wrong.append((route, rule, response.status_code))
    assert wrong == []
