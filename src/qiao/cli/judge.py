"""`qiao judge`: what an evaluator does on a machine of their own, without server and network."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from qiao.base.problems import Place, Problem
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows

judge = typer.Typer(no_args_is_help=True, help="For evaluators: make a key, open sealed answers offline.")
app.add_typer(judge, name="judge")


@judge.command()
def keygen(
    name: Annotated[str, typer.Argument(help="What the files are called, such as the evaluation's number: E-1042.")],
    folder: Annotated[Path, typer.Option("--folder", "-d", help="Where the files are written.")] = Path(),
    shares: Annotated[int, typer.Option("--shares", help="Split the private key into so many shares.")] = 1,
    threshold: Annotated[int, typer.Option("--threshold", help="How many of them open the answers.")] = 1,
) -> None:
    """Make a key pair: NAME.pub to register, NAME.key to keep. Existing files are never overwritten.

    With --shares 3 --threshold 2 there is no NAME.key: each of three holders gets NAME.share-N.key, any two of which
    open the answers; one alone tells nothing, and one may be lost.
    """
    from qiao.base.sealing import new_key_pair
    from qiao.base.shares import split_key

    with located_errors():
        if not name or Path(name).name != name:
            raise Problem("The name is part of a file name: write it without slashes.")
        pair = new_key_pair()
        split = (shares, threshold) != (1, 1)
        words = split_key(pair.private, shares=shares, threshold=threshold) if split else []
        told = (
            [f"# Qiao: share {number} of {shares} of the private key of {name}; any {threshold} open the answers"
             for number in range(1, shares + 1)]
            if split else [f"# Qiao private key of {name}: keep it off the server, in two places"]
        )  # fmt: skip
        names = [f"{name}.share-{number}.key" for number in range(1, shares + 1)] if split else [f"{name}.key"]
        public, kept = folder / f"{name}.pub", [folder / file for file in names]
        for path in (public, *kept):
            if path.exists():
                raise Problem("The file exists already and is not overwritten.", place=Place(str(path)))
        if not folder.is_dir():
            raise Problem("There is no such folder.", place=Place(str(folder)))
        for path, about, content in zip(kept, told, words or [pair.private], strict=True):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{about}\n{content}\n")
        public.write_text(f"{pair.public}\n", encoding="ascii")
    typer.echo(f"{public}: register this line: {pair.public}")
    for path in kept if split else ():
        typer.echo(f"{path}: give it to one holder, and keep no copy.")
    if not split:
        typer.echo(f"{kept[0]}: keep it. Without it the answers can never be opened.")


@judge.command(name="open")
def open_sealed(
    answers: Annotated[Path, typer.Argument(help="The sealed answers as downloaded: E-….-sealed.jsonl.")],
    key: Annotated[Path | None, typer.Option("--key", "-k", help="Your private key file.")] = None,
    share: Annotated[
        list[Path] | None, typer.Option("--share", "-s", help="A share of a split key; as many as are needed.")
    ] = None,
    comments: Annotated[bool, typer.Option("--comments", help="Print the comments instead of the figures.")] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """Open sealed answers, hold them against the root in the ledger and compute the figures again.

    Prints each figure with its base and 95 % interval: the same as published. Exit code 2 where the key does not fit,
    an answer was changed, added or left out.
    """
    with located_errors():
        head, sealed = _read(answers)
        opened = _opened(head, sealed, _private(key, share or []), str(answers))
        if len(opened) < len(sealed):
            number = len(sealed) - len(opened)
            typer.echo(f"{number} of {len(sealed)} sealed answers hold no answers; they are in no figure.", err=True)
        if comments:
            print_rows([{"comment": text} for text in sorted(str(one["comment"]) for one in opened) if text], output)
            return
        _print_figures(head, opened, output)


def _print_figures(head: dict[str, object], opened: list[dict[str, object]], output: Format) -> None:
    _plain_django()
    from qiao.judge.evaluations.rules.instrument import INSTRUMENTS
    from qiao.judge.evaluations.rules.results import compute

    instrument = INSTRUMENTS[str(head["instrument"])]
    results = compute(instrument, opened, population=int(str(head["served"])))
    rows = [
        {
            "figure": row.indicator.value,
            "base": row.base,
            "estimate": row.estimate,
            "lower": row.lower,
            "upper": row.upper,
        }
        for row in results.rows
    ]
    if output is not Format.JSON:
        print_rows(rows, output)
        return
    facts = {name: head[name] for name in ("evaluation", "served", "asked", "root")}
    table = [{"question": cell.question, "answer": cell.answer, "count": cell.count} for cell in results.table]
    print_json({**facts, "answers": results.answers, "figures": rows, "table": table})


def _plain_django() -> None:
    """The rules' words are translatable: without settings Django would refuse even their names."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def _read(path: Path) -> tuple[dict[str, object], list[bytes]]:
    """Head and sealed answers of a download. Raises Problem, located by line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Problem("The file cannot be read.", place=Place(str(path))) from None
    wanted = {"format", "evaluation", "instrument", "public_key", "served", "asked", "answers", "root"}
    sealed: list[bytes] = []
    head: dict[str, object] = {}
    for number, line in enumerate(lines, start=1):
        try:
            content = json.loads(line)
            if number == 1:
                head = content
                if head.get("format") != "qiao-sealed-1" or not wanted <= set(head):
                    raise ValueError
            else:
                sealed.append(base64.b64decode(content["sealed"], validate=True))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Problem(
                "This line is not part of a file of sealed answers: download it again.",
                place=Place(str(path), row=number),
            ) from None
    if not head:
        raise Problem("The file is empty.", place=Place(str(path)))
    return head, sealed


def _private(key: Path | None, shares: list[Path]) -> str:
    """The private key, from its file or put together from shares. Raises Problem for both or neither."""
    from qiao.base.shares import join_key

    if (key is None) == (not shares):
        raise Problem("Give either the key file (--key) or the shares of a split key (--share, several times).")
    return _key(key) if key is not None else join_key([_key(path) for path in shares])


def _key(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Problem("The key file cannot be read.", place=Place(str(path))) from None
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(found) != 1:
        raise Problem("This is no key file: it holds one line.", place=Place(str(path)))
    return found[0]


def _opened(head: dict[str, object], sealed: list[bytes], private: str, source: str) -> list[dict[str, object]]:
    """Those that hold answers, after root and key were checked. Raises Problem where either does not fit."""
    import hashlib

    _plain_django()
    from qiao.base.ledger import merkle
    from qiao.base.sealing import matches
    from qiao.judge.evaluations.rules.instrument import INSTRUMENTS
    from qiao.judge.evaluations.rules.opened import readable

    if not matches(str(head["public_key"]), private):
        raise Problem("This key does not belong to %(code)s: use the file kept for it.", code=head["evaluation"])
    leaves = sorted(hashlib.sha256(each).digest() for each in sealed)
    root = merkle.root([merkle.leaf_hash(leaf) for leaf in leaves]).hex()
    if len(sealed) != head["answers"] or root != head["root"]:
        raise Problem(
            "These are not the answers whose root is in the ledger: some were changed, added or left out.",
            place=Place(source),
        )
    instrument = INSTRUMENTS.get(str(head["instrument"]))
    if instrument is None:
        raise Problem("This version of the questions is not known here: %(version)s.", version=head["instrument"])
    found = (readable(instrument, private, each) for each in sealed)
    return [one for one in found if one is not None]
