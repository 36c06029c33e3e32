"""What the product imports is what an installation without tests gets."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import qiao

SOURCE = Path(qiao.__file__).parent.parent
ROOT = SOURCE.parent


def test_every_import_is_named_among_the_requirements() -> None:
    named = {
        re.split(r"[\[~<>=; ]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    }
    owners = packages_distributions()
    missing: dict[str, str] = {}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                top = name.split(".")[0]
                if not top or top in sys.stdlib_module_names or top in {"qiao", "qiao_stats"}:
                    continue
                if not named & {owner.lower().replace("_", "-") for owner in owners.get(top, [])}:
                    missing[top] = str(file.relative_to(SOURCE))
    assert missing == {}
