"""`qiao verify`: check a ledger export or a frozen bundle, without server, database or settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qiao.base.problems import Place, Problem
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_rows

#: The verdict of a check that does not hold.
FAILED = "FAILED"


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="A ledger export (JSON), or the folder or .zip of a frozen bundle.")],
    older: Annotated[Path | None, typer.Option(help="An older ledger export: must be a beginning of this one.")] = None,
    receipt: Annotated[
        str, typer.Option(help="A receipt of a vote, or the hash of a sealed answer, that must be among them.")
    ] = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Check that nothing published was changed, removed or reordered.

    Exit code 0 when all fits, 2 with the first entry, head or file that does not. Of the result of an evaluation every
    check is told with its verdict.
    """
    with located_errors():
        rows = _frozen(bundle, receipt) if _is_frozen(bundle) else _ledger(bundle, older)
        print_rows(rows, form)
        if any(row.get("verdict") == FAILED for row in rows):
            raise Problem("This bundle does not hold what it claims.", place=Place(bundle.name))


def _is_frozen(bundle: Path) -> bool:
    return bundle.is_dir() or bundle.suffix.lower() == ".zip"


def _ledger(bundle: Path, older: Path | None) -> list[dict[str, object]]:
    from qiao.base.ledger.export import check_export

    found = check_export(_document(bundle), source=bundle.name, older=_document(older) if older is not None else None)
    return [
        {
            "checked": bundle.name,
            "entries": found.entries,
            "heads": found.heads,
            "newest_head": found.newest_head,
            "root": found.root,
        }
    ]


def _document(path: Path) -> dict[str, Any]:
    import json

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem("The file cannot be read: %(reason)s.", place=Place(path.name), reason=error.strerror) from None
    except ValueError:
        raise Problem("This is no JSON file.", place=Place(path.name)) from None
    if not isinstance(document, dict):
        raise Problem("This is no ledger export.", place=Place(path.name))
    return document


def _frozen(bundle: Path, receipt: str) -> list[dict[str, object]]:
    import tempfile

    if bundle.is_dir():
        return _folder(bundle, receipt)
    with tempfile.TemporaryDirectory() as folder:
        return _folder(_unpacked(bundle, Path(folder)), receipt)


def _unpacked(bundle: Path, folder: Path) -> Path:
    """The folder of a .zip that holds its manifest."""
    import zipfile

    from qiao.base.frozen import MANIFEST
    from qiao.cli.ballot_bundle import HEAD
    from qiao.cli.survey_bundle import BUNDLE

    try:
        with zipfile.ZipFile(bundle) as pack:
            pack.extractall(folder)
    except (OSError, zipfile.BadZipFile):
        raise Problem("This is no readable zip file.", place=Place(bundle.name)) from None
    homes = list(folder.rglob(BUNDLE)) or list(folder.rglob(HEAD)) or list(folder.rglob(MANIFEST))
    if len(homes) != 1:
        raise Problem("There is no manifest in this bundle.", place=Place(bundle.name))
    return homes[0].parent


def _folder(folder: Path, receipt: str) -> list[dict[str, object]]:
    from qiao.base.frozen import MANIFEST
    from qiao.base.frozen import verify as verify_folder
    from qiao.cli.ballot_bundle import HEAD, check_ballot
    from qiao.cli.evaluation_bundle import check_evaluation, is_evaluation
    from qiao.cli.rating_bundle import check_rating
    from qiao.cli.survey_bundle import BUNDLE, check_bundle, check_frozen

    if is_evaluation(folder):
        return [
            {"checked": one.check, "verdict": "ok" if one.holds else FAILED, "found": one.found}
            for one in check_evaluation(folder, receipt)
        ]
    if (folder / HEAD).is_file():
        return check_ballot(folder, receipt)
    if (folder / BUNDLE).is_file():
        return check_bundle(folder)
    manifest = verify_folder(folder)
    rows: list[dict[str, object]] = [
        {
            "checked": name,
            # What is gone by the rule of retention was not checked: its hash alone is left, the proof is in the ledger.
            "bytes": f"erased {manifest.erased[name]}" if name in manifest.erased else manifest.sizes[name],
            "sha256": digest,
        }
        for name, digest in manifest.files.items()
    ]
    rows.append({"checked": MANIFEST, "bytes": None, "sha256": manifest.hash})
    return [*rows, *check_frozen(folder), *check_rating(folder)]
