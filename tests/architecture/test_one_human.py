"""Who did it is asked of the human, not of the account signed in with: a second account is no second person.

Looks for comparisons of ``account_id`` with ``==``, ``!=``, ``in`` and for look-ups that leave out one account alone.
"""

from __future__ import annotations

import ast
from datetime import datetime
from pathlib import Path

import pytest
from tests.factories.org import Tree, make_tree

import qiao
from qiao.base.access import Actor
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account

ROOT = Path(qiao.__file__).parent
PLACES = ("org", "publish", "hear", "decide", "deliver", "judge", "web")
#: Of the account itself and not of the human: where, and why.
OF_THE_ACCOUNT = {
    "org/people/services/telling.py": "a message lies in the box of one account",
    "org/settings/services/change.py": "the same form sent twice by one account changes nothing",
    "web/signin.py": "a session belongs to one account",
    "hear/needs/services/candidates.py": "a seat is given to an account",
    "hear/surveys/services/calls.py": "a call is held by the account that dialled",
    "hear/surveys/services/paper.py": "the same typing sent twice by one account changes nothing",
    "judge/evaluations/queries/page.py": "an evaluation is given to an account",
    "judge/evaluations/services/steps.py": "an evaluation is given to an account",
}


@pytest.fixture
def org(now: datetime) -> Tree:
    """A small federation."""
    return make_tree(now)


def asks_account(node: ast.expr) -> bool:
    """Whether this is ``actor.account_id`` or ``request.actor.account_id``."""
    if not (isinstance(node, ast.Attribute) and node.attr == "account_id"):
        return False
    holder = node.value
    return (isinstance(holder, ast.Name) and holder.id == "actor") or (
        isinstance(holder, ast.Attribute) and holder.attr == "actor"
    )


def is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def direct(tree: ast.AST) -> list[int]:
    """The lines that take one account for the human."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(asks_account, sides)) and not any(map(is_nothing, sides)):
                found.append(node.lineno)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "exclude":
            inner = [call for call in ast.walk(node) if isinstance(call, ast.keyword)]
            found += [one.value.lineno for one in inner if asks_account(one.value)]
    return found


def test_steps_are_held_apart_by_humans() -> None:
    wrong = []
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*.py")):
            name = str(file.relative_to(ROOT))
            if name not in OF_THE_ACCOUNT:
                wrong += [f"{name}:{line}" for line in direct(ast.parse(file.read_text(encoding="utf-8")))]
    assert wrong == [], "ask actor.did(…), or leave out actor.own_accounts"


def test_the_exceptions_are_needed() -> None:
    assert [name for name in OF_THE_ACCOUNT if not direct(ast.parse((ROOT / name).read_text(encoding="utf-8")))] == []


def test_the_look_finds_what_it_looks_for() -> None:
    code = """
if actor.account_id == paper.drafted_by_id: pass
if actor.account_id is None: pass
rows.exclude(Q(written_by=request.actor.account_id) | Q(read=None))
rows.filter(written_by=actor.account_id)
if request.actor.account_id not in (1, 2): pass
"""
    assert direct(ast.parse(code)) == [2, 4, 6]


def test_two_accounts_of_one_human_are_one() -> None:
    actor = Actor(account_id=1, accounts=frozenset({2}), persons=frozenset({7}))
    assert actor.did(2)
    assert not actor.did(3, None)
    assert actor.concerns(7)
    assert not actor.concerns(None, 8)
    assert actor.own_accounts == {1, 2}
    assert Actor().own_accounts == frozenset()


@pytest.mark.django_db
def test_the_member_behind_an_office_account_is_known_to_it(org: Tree) -> None:
    """An office's account has no person; the member's own account of the same human has."""
    member = org.member("B1", "云一")
    own = Account.objects.create(email="own@x.example", display_name="云一", person=member.person)
    office = org.account(Role.BASE_OFFICER, "B1")
    Account.objects.filter(pk=office.pk).update(same_as=own)
    office.refresh_from_db()
    actor = actor_for(office, org.now.date())
    assert (actor.person_id, actor.persons, actor.accounts) == (None, {member.person_id}, {own.pk})
    assert actor.concerns(member.person_id)
