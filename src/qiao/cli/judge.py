"""`qiao judge`: what an evaluator does on a machine of their own, without server and network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.base.problems import Place, Problem
from qiao.cli.app import app
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows

if TYPE_CHECKING:
    from qiao.judge.evaluations.rules.offline import Outcome

judge = typer.Typer(no_args_is_help=True, help="For evaluators: make keys, open sealed answers offline, sign.")
app.add_typer(judge, name="judge")

#: What the number of a members' rating begins with.
_RATING = "MR-"


@judge.command()
def keygen(
    name: Annotated[str, typer.Argument(help="The number of the evaluation or rating: E-1042, MR-7.")],
    folder: Annotated[Path, typer.Option("--folder", "-d", help="Where the files are written.")] = Path(),
    shares: Annotated[int, typer.Option("--shares", help="Split the private key into so many shares.")] = 1,
    threshold: Annotated[int, typer.Option("--threshold", help="How many of them open the answers.")] = 1,
) -> None:
    """Make the keys: NAME.pub to register, NAME.key opens the answers, NAME.sign.key signs the result,
    NAME.seed draws the sample once the frame is frozen. For a rating (MR-…) only NAME.pub, one line, and NAME.key: a
    count officer signs and draws nothing.

    Existing files are never overwritten. With --shares 3 --threshold 2 there is no NAME.key: each of three holders gets
    NAME.share-N.key, any two of which open the answers; one alone tells nothing, and one may be lost.
    """
    from qiao.judge.evaluations.rules.keys import new_keys

    with located_errors():
        if not name or Path(name).name != name:
            raise Problem("The name is part of a file name: write it without slashes.")
        keys = new_keys()
        rating = name.startswith(_RATING)
        public_text = f"{keys.public}\n" if rating else keys.registered.text()
        secret = _opening(name, keys.private, shares, threshold)
        if not rating:
            secret[f"{name}.sign.key"] = (f"# Qiao signing key of {name}: keep it off the server", keys.sign)
            secret[f"{name}.seed"] = (f"# Qiao seed of the draw of {name}: told once the frame is frozen", keys.seed)
        if not folder.is_dir():
            raise Problem("There is no such folder.", place=Place(str(folder)))
        public = folder / f"{name}.pub"
        for path in (public, *(folder / file for file in secret)):
            if path.exists():
                raise Problem("The file exists already and is not overwritten.", place=Place(str(path)))
        for file, lines in secret.items():
            _write_fresh(folder / file, "".join(f"{line}\n" for line in lines).encode())
        public.write_text(public_text, encoding="ascii")
    typer.echo(f"{public}: register what it says:\n{public_text}", nl=False)
    for file in secret:
        typer.echo(f"{folder / file}: {'give it to one holder, and keep no copy' if '.share-' in file else 'keep it'}.")
    typer.echo("Without them the answers can never be opened or the result never signed.")


def _opening(name: str, private: str, shares: int, threshold: int) -> dict[str, tuple[str, str]]:
    """The files that open what is sealed, each with the line above its key: one, or a share for every holder."""
    from qiao.base.shares import split_key

    if (shares, threshold) == (1, 1):
        return {f"{name}.key": (f"# Qiao private key of {name}: keep it off the server, in two places", private)}
    return {
        f"{name}.share-{number}.key": (
            f"# Qiao: share {number} of {shares} of the private key of {name}; any {threshold} open the answers",
            words,
        )
        for number, words in enumerate(split_key(private, shares=shares, threshold=threshold), start=1)
    }


@judge.command(name="open")
def open_sealed(
    answers: Annotated[Path, typer.Argument(help="The sealed answers as downloaded: E-….-sealed.jsonl.")],
    key: Annotated[Path | None, typer.Option("--key", "-k", help="Your private key file.")] = None,
    share: Annotated[
        list[Path] | None, typer.Option("--share", "-s", help="A share of a split key; as many as are needed.")
    ] = None,
    sign: Annotated[
        Path | None, typer.Option("--sign", help="Your signing key file: writes the signed result.")
    ] = None,
    result: Annotated[
        Path | None, typer.Option("--result", "-o", help="The signed result; E-…-result.zip if not said.")
    ] = None,
    coding: Annotated[
        Path | None, typer.Option("--coding", help="CSV “answer,named”: your coding of the open question, 1 or 0.")
    ] = None,
    coding_sheet: Annotated[
        Path | None, typer.Option("--coding-sheet", help="Write every wording with the machine's mark, to correct.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Write the single answers to this CSV file.")] = None,
    comments: Annotated[bool, typer.Option("--comments", help="Print the comments instead of the figures.")] = False,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=256, help="How many open at once; one for each core if not said.")
    ] = os.cpu_count() or 1,
    output: FormatOption = Format.TABLE,
) -> None:
    """Open sealed answers, hold them against the root in the ledger, compute the figures, sign the result.

    Prints each figure with its base and 95 % interval. With --sign the result is written as one file to be uploaded;
    single answers and comments are never in it. Exit code 2 where a key does not fit, an answer was changed, added or
    left out. The result is the same to the byte however many processes open. Progress is told on stderr.
    """
    with located_errors():
        outcome = _outcome(answers, key, share or [], coding, processes)
        if outcome.unreadable:
            typer.echo(
                f"{outcome.unreadable} of {len(outcome.digests)} sealed answers hold no answers; "
                "they are in no figure.",
                err=True,
            )
        if coding_sheet is not None:
            _write_coding(outcome, coding_sheet)
        if data is not None:
            _write_data(outcome, data)
        if comments:
            print_rows([{"comment": text} for text in outcome.comments], output)
        else:
            _print_figures(outcome, output)
        if sign is not None:
            path = result or Path(f"{outcome.box.head['evaluation']}-result.zip")
            _write_result(outcome, _key(sign), path)
            typer.echo(f"{path}: upload this file; it holds no single answer.", err=True)


def _outcome(answers: Path, key: Path | None, shares: list[Path], coding: Path | None, processes: int) -> Outcome:
    _plain_django()
    from qiao.cli.opening import open_file
    from qiao.judge.evaluations.rules.coding import read_coding

    corrections = None if coding is None else read_coding(_lines(coding), str(coding))
    return open_file(answers, _private(key, shares), coding=corrections, processes=processes)


def _lines(path: Path) -> list[str]:
    """A text file by line; a mark of byte order, as spreadsheets write it, is none of its text."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Problem("The file cannot be read.", place=Place(str(path))) from None


def _print_figures(outcome: Outcome, output: Format) -> None:
    rows = [
        {
            "figure": row.indicator.value,
            "base": row.base,
            "estimate": row.estimate,
            "lower": row.lower,
            "upper": row.upper,
        }
        for row in outcome.results.rows
    ]
    if output is not Format.JSON:
        print_rows(rows, output)
        return
    facts = {name: outcome.box.head[name] for name in ("evaluation", "served", "asked", "root")}
    table = [{"question": cell.question, "answer": cell.answer, "count": cell.count} for cell in outcome.results.table]
    print_json({**facts, "answers": outcome.results.answers, "figures": rows, "table": table})


def _write_data(outcome: Outcome, path: Path) -> None:
    """The single answers, for the evaluator alone. In order of their hashes, which tells nothing."""
    import csv
    import io

    names = [*(question.key for question in outcome.box.instrument.tabled), "comment"]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(outcome.answers)
    _write_fresh(path, text.getvalue().encode())


def _write_coding(outcome: Outcome, path: Path) -> None:
    """Every wording of the open question once, for the evaluator to correct and to give back with --coding."""
    import csv
    import io

    from qiao.judge.evaluations.rules.coding import HEAD, wordings

    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEAD, *wordings(outcome.box.instrument, outcome.answers, outcome.box.names)])
    _write_fresh(path, text.getvalue().encode("utf-8-sig"))


def _write_result(outcome: Outcome, sign_key: str, path: Path) -> None:
    from qiao.judge.evaluations.rules.bundle import zipped
    from qiao.judge.evaluations.rules.offline import signed_result

    packed = zipped(signed_result(outcome, sign_key), folder=str(outcome.box.head["evaluation"]))
    _write_fresh(path, packed)


def _write_fresh(path: Path, content: bytes) -> None:
    """A file that was not there before, for its owner alone. Raises Problem where it exists."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Problem("The file exists already and is not overwritten.", place=Place(str(path))) from None
    except OSError:
        raise Problem("The file cannot be written.", place=Place(str(path))) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _plain_django() -> None:
    """The rules' words are translatable: without settings Django would refuse even their names."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


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
