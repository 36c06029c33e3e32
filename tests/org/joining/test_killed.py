"""An approval killed in the middle: nobody is half a member, and doing it again finishes it."""

from __future__ import annotations

import pytest
from django.db import models
from tests.factories.joining import apply
from tests.factories.org import Tree, make_tree
from tests.processes import at_once, kill_before

from qiao.base.clock import now as clock
from qiao.base.models import AuditRow
from qiao.org.access.choices import Role
from qiao.org.joining import services
from qiao.org.joining.choices import Identity, State
from qiao.org.joining.models import Application
from qiao.org.membership.models import Membership
from qiao.org.people.models import Account, Consent, Contact, IdentityCheck, Person

AUDIT = AuditRow._meta.db_table
WRITTEN: tuple[type[models.Model], ...] = (Person, Membership, Contact, Consent, IdentityCheck, Account)


@pytest.fixture
def org(transactional_db: None) -> Tree:
    return make_tree(clock())


def counted() -> list[int]:
    return [model._default_manager.count() for model in WRITTEN]


def test_an_approval_killed_leaves_the_application_where_it_was(org: Tree) -> None:
    officer = org.officer(Role.HUB_ORGANISER, "H1", "one")
    other = org.officer(Role.HUB_ORGANISER, "H1", "two")
    application = apply(org, contact="13800138000")
    services.note_identity(actor=officer, now=org.now, code=application.code, identity=Identity.PAPER)
    before = counted()
    places = (Person, Contact, IdentityCheck, Membership, Account, Application)
    for where in (*(model._meta.db_table for model in places), AUDIT):
        kill_before(where, lambda: services.approve(actor=officer, now=org.now, code=application.code))
        assert counted() == before, where
        application.refresh_from_db()
        assert (application.state, application.membership_id, application.decided) == (State.APPLIED, None, None)
        assert application.contact == "13800138000"
        assert not AuditRow.objects.filter(action="joining.approved").exists()
    # Done again, by both officers at once: one membership, one person, one account.
    assert at_once(
        lambda: services.approve(actor=officer, now=org.now, code=application.code),
        lambda: services.approve(actor=other, now=org.now, code=application.code),
    ) == [State.ACTIVE, State.ACTIVE]
    assert [new - old for new, old in zip(counted(), before, strict=True)] == [1, 1, 1, 1, 1, 1]
    application.refresh_from_db()
    assert application.membership is not None
    assert application.membership.person_id == application.person_id
    assert AuditRow.objects.filter(action="joining.approved").count() == 1
