"""`qiao judge take-off`: a count officer's part in opening a box of ballots, without server and network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from qiao.base.problems import Place, Problem
from qiao.cli.judge import judge
from qiao.cli.output import located_errors


@judge.command(name="take-off")
def take_off_seal(
    keys: Annotated[Path, typer.Argument(help="The sealed key of the box as downloaded: MR-….keys.json.")],
    key: Annotated[Path, typer.Option("--key", "-k", help="Your private key file.")],
    folder: Annotated[Path, typer.Option("--folder", "-d", help="Where the file to hand in is written.")] = Path(),
) -> None:
    """Take your seal off the key of a members' rating, here and not on the server; hand in the file this writes.

    What it holds is still sealed for the next count officer or, after the last one needed, the key of this one box:
    hand it in at once and delete it. Exit code 2 where the key does not fit or the sealed key was changed.
    """
    from qiao.judge.ratings.rules.offline import private_key_of, take_off

    with located_errors():
        if not folder.is_dir():
            raise Problem("There is no such folder.", place=Place(str(folder)))
        path = folder / f"{keys.name.removesuffix('.keys.json').removesuffix('.json')}.off.json"
        text = take_off(_text(keys), private_key_of(_text(key)))
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Problem("The file exists already and is not overwritten.", place=Place(str(path))) from None
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    typer.echo(f"{path}: hand it in on the rating's page, then delete it.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Problem("The file cannot be read.", place=Place(str(path))) from None
