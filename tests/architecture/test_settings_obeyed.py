"""Every setting a federation may change is read by code outside its declaration."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import qiao
from qiao.org.retention.rules import all_rules
from qiao.org.settings.rules import all_settings

#: What is told and not computed with: the platform keeps no wage and collects no dues.
TOLD_ONLY = {"mem.dues_rate"}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(qiao.__path__, "qiao."):
        name = found.name
        if ".migrations" in name or (".settings." in name and name.startswith("qiao.config")) or ".demo" in name:
            continue
        if name in ("qiao.config.wsgi", "qiao.__main__"):
            continue
        importlib.import_module(name)
        yield sys.modules[name]


def read_in_functions(module: ModuleType) -> set[int]:
    """Ids of the objects that functions of a module name, as a name or as an attribute of a module."""
    if not module.__file__ or module.__file__.endswith("apps.py"):
        return set()
    seen = set()
    for function in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            found = None
            if isinstance(node, ast.Name):
                found = getattr(module, node.id, None)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                owner = getattr(module, node.value.id, None)
                if isinstance(owner, ModuleType):
                    found = getattr(owner, node.attr, None)
            seen.add(id(found))
            if isinstance(found, dict):
                # Settings by class or criterion: whoever looks one up reads them.
                seen.update(id(value) for value in found.values())
    return seen


def test_each_setting_is_obeyed_somewhere() -> None:
    obeyed: set[int] = set()
    for module in modules():
        obeyed |= read_in_functions(module)
    obeyed |= {id(rule.period) for rule in all_rules()}
    idle = [
        setting.key
        for setting in all_settings()
        if id(setting) not in obeyed and not setting.fixed and setting.key not in TOLD_ONLY
    ]
    assert idle == []
