"""`make check`: every mechanical rule of the house, all of them run even where one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("types", ["mypy"]),
    ("contracts", ["lint-imports"]),
    ("templates", ["djlint", "--lint", "--quiet", "src"]),
    ("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("django", ["python", "manage.py", "check", "--fail-level", "WARNING"]),
    ("messages", ["qiao", "messages", "check"]),
)


def main() -> int:
    """Run all checks, print what failed, return how many did."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "qiao.config.settings.check", "PYTHONWARNINGS": "ignore"}
    environment.pop("DATABASE_URL", None)
    failed = 0
    for name, command in CHECKS:
        begun = time.monotonic()
        run = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        good = run.returncode == 0
        failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {name:<11} {time.monotonic() - begun:5.1f} s", flush=True)
        if not good:
            print((run.stdout + run.stderr).strip()[-12_000:], flush=True)
    return failed


if __name__ == "__main__":
    raise SystemExit(min(main(), 100))
