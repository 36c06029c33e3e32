"""Every address × every role is held against the one table of roles and actions.

Addresses with parameters are opened at real objects: see ``tests/architecture/samples``.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponseBase
from tests.architecture.matrix import EVERYBODY, PAGES, REFUSED, Page, World, allowed, opens, to_sign_in
from tests.architecture.samples import Sample, sample_for

from qiao.base.access import DEMO_ONLY, MEMBER, PUBLIC, SIGNED_IN
from qiao.org.access.choices import Action
from qiao.org.access.rules import ROLES_BY_ACTION


def test_every_page_declares_who_may_open_it() -> None:
    bare = [page.route for page in PAGES if not hasattr(page.pattern.callback, "access_rule")]
    assert bare == []
    known = {PUBLIC, SIGNED_IN, MEMBER, DEMO_ONLY, *Action.values}
    assert {page.rule for page in PAGES} <= known


def test_every_action_stands_in_the_table_and_some_role_holds_it() -> None:
    assert set(ROLES_BY_ACTION) == set(Action)
    assert all(ROLES_BY_ACTION.values())


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
