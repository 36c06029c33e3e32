"""Every kind of ledger entry any service appends has words, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.utils.translation import override

import qiao
from qiao.web.ledger_words import ledger_kind

SOURCE = Path(qiao.__file__).parent
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
HAN = re.compile("[一-鿿]")


def appended() -> set[str]:
    """The kind of every ``log.append``; where the kind is a parameter, what the function's callers pass."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                target = call.func
                if not (isinstance(target, ast.Attribute) and target.attr == "append"):
                    continue
                for word in (word for word in call.keywords if word.arg == "kind"):
                    if isinstance(word.value, ast.Name):
                        found |= _passed_to(tree, function.name)
                    else:
                        found |= _texts(word.value)
    return found


def _passed_to(tree: ast.Module, name: str) -> set[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]
    return {text for call in calls for argument in call.args for text in _texts(argument)}


def _texts(node: ast.AST) -> set[str]:
    parts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return {text for text in parts if KIND.fullmatch(text)}


def test_every_kind_has_words_in_both_languages() -> None:
    kinds = appended()
    assert {"unit.approved", "appeal.decided", "setting.set", "retention.erased", "election.confirmed"} <= kinds
    for language, han in (("en", False), ("zh-hans", True)):
        with override(language):
            assert [kind for kind in sorted(kinds) if ledger_kind(kind) == kind] == []
            assert [kind for kind in sorted(kinds) if bool(HAN.search(ledger_kind(kind))) != han] == []
