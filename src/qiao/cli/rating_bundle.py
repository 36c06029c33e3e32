"""Checking the bundle of a members' rating: every figure recomputed from the published counts."""

from __future__ import annotations

from pathlib import Path

from qiao.base.problems import Place, Problem

#: The file that marks a folder as the bundle of a rating.
FACTS = "rating.json"


def check_rating(folder: Path) -> list[dict[str, object]]:
    """Rows of what was recomputed; [] for a folder of another kind. Raises Problem naming the first misfit."""
    if not (folder / FACTS).is_file():
        return []
    from qiao.judge.ratings.rules.bundle import CELLS, check_bundle

    try:
        files = {name: (folder / name).read_text(encoding="utf-8") for name in (CELLS, FACTS)}
        rows = check_bundle(files)
    except OSError as error:
        raise Problem("The file cannot be read: %(reason)s.", place=Place(folder.name), reason=error.strerror) from None
    except (KeyError, ValueError, TypeError):
        raise Problem("This is no bundle of a rating.", place=Place(FACTS)) from None
    return [{"checked": row["checked"], "bytes": _said(row), "sha256": ""} for row in rows]


def _said(row: dict[str, object]) -> str:
    """What was recomputed of one point, in a line."""
    shares = (f"{name} {float(str(row[name])):.4f}" for name in ("satisfied", "top") if row[name] is not None)
    return "; ".join([f"of {row['base']}" if row["base"] is not None else "hidden", *shares])
