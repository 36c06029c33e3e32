"""One human with two accounts acts as one officer."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM, Refused, require_other
from qiao.base.clock import now as clock
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role, grant_to_address, same_human
from qiao.org.people.models import Account
from qiao.org.people.services import open_account


@pytest.fixture
def org(db: None) -> Tree:
    return make_tree(clock())


def pair(org: Tree) -> tuple[Account, Account]:
    """A member's own account with a role, and one of an office."""
    own = org.account(Role.BASE_OFFICER, "B1", "own")
    office = org.account(Role.ORG_OFFICER, "D1", "office")
    Account.objects.filter(pk=own.pk).update(person=org.member("B1", "云一").person)
    return Account.objects.get(pk=own.pk), office


def test_what_one_account_did_the_other_does_not_confirm(org: Tree) -> None:
    own, office = pair(org)
    before = actor_for(office, org.now.date())
    require_other(before, own.pk)
    bound = same_human(actor=SYSTEM, now=org.now, account=office, own=own.email)
    assert same_human(actor=SYSTEM, now=org.now, account=own, own=office.email).pk == own.pk
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actors = [actor_for(one, org.now.date()) for one in (bound, Account.objects.get(pk=own.pk))]
    assert len(queries) <= 8
    for actor, other in zip(actors, (own, office), strict=True):
        assert actor.did(other.pk)
        assert not actor.did(None)
        with pytest.raises(Problem):
            require_other(actor, None, other.pk)
    # A third account joins the same human, whichever of the two it is bound to.
    third = org.account(Role.AUDITOR, "D2", "third")
    same_human(actor=SYSTEM, now=org.now, account=third, own=office.email)
    assert actor_for(Account.objects.get(pk=third.pk), org.now.date()).accounts == {own.pk, office.pk}


def test_roles_that_exclude_each_other_are_not_spread_over_two_accounts(org: Tree) -> None:
    own, office = pair(org)
    bound = same_human(actor=SYSTEM, now=org.now, account=office, own=own.email)
    with pytest.raises(Problem, match="may not be held by one person"):
        grant_role(
            actor=SYSTEM, now=org.now, account=bound, role=Role.EVALUATOR, unit=org["D2"], since=date(2020, 1, 1)
        )
    stranger = org.account(Role.EVALUATOR, "D2", "stranger")
    with pytest.raises(Problem, match="may not be held by one person"):
        same_human(actor=SYSTEM, now=org.now, account=stranger, own=own.email)
    assert Account.objects.get(pk=stranger.pk).same_as_id is None


def test_only_who_grants_roles_binds_and_two_persons_stay_two(org: Tree) -> None:
    own, office = pair(org)
    with pytest.raises(Refused):
        same_human(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, account=office, own=own.email)
    Account.objects.filter(pk=office.pk).update(person=org.member("B2", "云二").person)
    with pytest.raises(Problem, match="two different persons"):
        same_human(actor=SYSTEM, now=org.now, account=office, own=own.email)
    with pytest.raises(Problem, match="No account has the address"):
        same_human(actor=SYSTEM, now=org.now, account=office, own="nobody@x.example")


def test_the_org_officer_is_told(org: Tree) -> None:
    officer = org.officer(Role.ORG_OFFICER, "D1", "grants")
    person = org.member("B1", "云一").person
    open_account(actor=SYSTEM, now=org.now, email="own@x.example", display_name="云一", person=person)
    client = org.client(Role.ORG_OFFICER, "D1", "grants")
    fields = {"email": "office@x.example", "display_name": "云一", "role": "base_officer", "since": "2020-01-01"}
    page = client.post("/units/B1/officers/", fields, follow=True).content.decode()
    assert "Another account bears the name 云一" in page
    page = client.post("/units/B1/officers/", {**fields, "own": "own@x.example"}, follow=True).content.decode()
    assert "has a second account" in page
    assert "Another account bears" not in page
    assert Account.objects.get(email="office@x.example").same_as == Account.objects.get(email="own@x.example")
    with pytest.raises(Problem, match="No account has the address"):
        grant_to_address(
            actor=officer, now=org.now, email="new@x.example", display_name="新", role=Role.BASE_OFFICER,
            unit=org["B1"], since=date(2020, 1, 1), own="nobody@x.example",
        )  # fmt: skip
    assert not Account.objects.filter(email="new@x.example").exists()
