"""Every attack that a document's table tells of is tried by a test that exists under the name given there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Document, where its unnamed tests are, and how many attacks it tells of at least.
TABLES = (
    ("sealed-evaluation.md", ("tests/judge/evaluations", "tests/judge/evaluators", "tests/cli", "tests/base"), 30),
    ("rating.md", ("tests/judge/ratings",), 10),
)


def named(document: str) -> list[tuple[str, str]]:
    """Attack and test fragment of every row: what stands between backticks in the last column."""
    rows = []
    inside = False
    for line in (ROOT / "docs" / "algorithms" / document).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0].lower() == "attack":
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= {"-", " ", ":"}:
            rows.append((cells[0], cells[-1]))
    return rows


def functions(folders: tuple[str, ...]) -> list[str]:
    return [
        name
        for folder in folders
        for path in sorted((ROOT / folder).rglob("test_*.py"))
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def test_every_attack_of_a_table_has_the_test_it_names() -> None:
    missing = []
    for document, folders, least in TABLES:
        rows, names = named(document), functions(folders)
        assert len(rows) >= least, document
        for attack, told in rows:
            marks = re.findall(r"`([^`]+)`", told)
            if not marks:
                # “the same”: the row above names it.
                if told != "the same":
                    missing.append(f"{document}: {attack}: no test")
                continue
            for mark in marks:
                if mark.endswith(".py"):
                    if not list(ROOT.glob(mark)) and not list((ROOT / "tests").rglob(mark)):
                        missing.append(f"{document}: {attack}: {mark}")
                    continue
                pattern = ".*".join(re.escape(part) for part in re.split("…", mark))
                if not any(re.search(pattern, name) for name in names):
                    missing.append(f"{document}: {attack}: {mark}")
    assert missing == []
