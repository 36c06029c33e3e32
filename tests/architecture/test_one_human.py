"""Who did it is asked of the human, not of the account signed in with: a second account is no second person.

Looks for comparisons of ``account_id`` with ``==``, ``!=``, ``in`` and for look-ups that leave out one account alone.
"""

from __future__ import annotations

import ast
from pathlib import Path

import qiao

ROOT = Path(qiao.__file__).parent
PLACES = ("org", "publish", "deliver/contacts")
#: Of the account itself and not of the human: where, and why.
OF_THE_ACCOUNT = {
    "org/people/services/telling.py": "a message lies in the box of one account",
    "org/settings/services/change.py": "the same form sent twice by one account changes nothing",
}


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
