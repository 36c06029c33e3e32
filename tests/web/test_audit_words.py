"""Every action a service writes down has words, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import override

import qiao
from qiao.web.audit_words import objects, verbs, words_of

SOURCE = Path(qiao.__file__).parent
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
HAN = re.compile("[一-鿿]")


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def literals(node: ast.AST) -> Iterator[str]:
    yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def recorded() -> set[str]:
    """The action of every call of ``audit.record`` and of the helpers around it."""
    found: set[str] = set()
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE.rglob("services*/**/*.py")}
    trees |= {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE.rglob("services.py")}
    helpers: dict[tuple[str, Path], str] = {}
    for file, tree in trees.items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for word in (node for node in ast.walk(function) if isinstance(node, ast.keyword) and node.arg == "action"):
                if isinstance(word.value, ast.JoinedStr):
                    helpers[function.name, file.parent] = next(literals(word.value))
                elif isinstance(word.value, ast.Name):
                    helpers[function.name, file.parent] = ""
                else:
                    found |= {text for text in literals(word.value) if ACTION.fullmatch(text)}
    for (name, folder), start in helpers.items():
        for file, tree in trees.items():
            if not file.is_relative_to(folder):
                continue
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) == name):
                for argument in [*call.args, *(word.value for word in call.keywords)]:
                    texts = list(literals(argument)) if isinstance(argument, (ast.Constant, ast.IfExp)) else []
                    found |= {start + text for text in texts if ACTION.fullmatch(start + text)}
    return found


def test_every_action_written_down_has_words() -> None:
    actions = recorded()
    assert len(actions) > 120
    things, deeds = objects(), verbs()
    bare = [
        action for action in sorted(actions) if action.split(".")[0] not in things or action.split(".")[1] not in deeds
    ]
    assert bare == []


def test_the_words_are_of_the_reader_s_language() -> None:
    with override("zh-hans"):
        plain = [text for text in [*objects().values(), *verbs().values()] if not HAN.search(text)]
        assert plain == []
        assert words_of("unit.rename") == "工会组织：改名"
    with override("en"):
        assert words_of("unit.rename") == "Unit: renamed"
        assert not any(HAN.search(text) for text in [*objects().values(), *verbs().values()])
        assert words_of("desk.open") == "Open the desk"
