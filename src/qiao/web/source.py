"""The source of the running version, for whoever uses it over the network (AGPL, section 13)."""

from __future__ import annotations

import tarfile
from pathlib import Path

from django.conf import settings

from qiao import __version__

NAME = f"qiao-{__version__}.tar.gz"


def archive() -> Path:
    """Where the archive lies."""
    return Path(settings.HOME) / "source" / NAME


def build_archive() -> Path:
    """Pack both packages as they run here, unless the archive is newer than every file of them."""
    target = archive()
    root = Path(settings.PACKAGE).parent
    files = [
        file
        for package in ("qiao", "qiao_stats")
        for file in sorted((root / package).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]
    extras = [root.parent / name for name in ("LICENSE", "README.md", "pyproject.toml", "requirements.lock")]
    if target.exists() and target.stat().st_mtime > max(file.stat().st_mtime for file in files):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with tarfile.open(partial, "w:gz", compresslevel=6) as pack:
        for file in files:
            pack.add(file, f"qiao-{__version__}/src/{file.relative_to(root)}", recursive=False)
        for file in extras:
            if file.exists():
                pack.add(file, f"qiao-{__version__}/{file.name}", recursive=False)
    partial.replace(target)
    return target
