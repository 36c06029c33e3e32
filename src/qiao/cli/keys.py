"""`qiao keys …`: the keys of what is encrypted at rest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qiao.cli.app import app
from qiao.cli.starting import make_ring, prepare, require_keys, start_django

if TYPE_CHECKING:
    from qiao.base.vault.services import Rotated

keys = typer.Typer(name="keys", no_args_is_help=True, help="Keys of what is encrypted at rest: make, list, change.")
app.add_typer(keys)


@keys.command("init")
def init() -> None:
    """Make the key ring of a new installation. Copy it at once to where the database's backup is not."""
    start_django()
    from qiao.base.vault import ring_path

    prepare()
    there = ring_path().exists()
    make_ring()
    typer.echo(f"{ring_path()} {'is there already and sound' if there else 'is made'}.")
    if not there:
        typer.echo("Keep a copy apart from the database's backup: without it nothing sealed can be opened again.")


@keys.command("list")
def list_keys() -> None:
    """Every key: its number, what it does, since when, and how many values need it. Never the key itself."""
    _begin()
    from qiao.base.vault import current_ring
    from qiao.base.vault.ring import KeyState, KeyUse
    from qiao.base.vault.services import usage

    counts = usage()
    typer.echo(f"{'use':<6} {'key':>4}  {'state':<8} {'since':<25} {'values':>12}")
    for key in current_ring().keys:
        count = f"{counts.get((key.use, key.number), 0):,}"
        state = "inner" if key.use == KeyUse.PRINT and key.state == KeyState.READING else key.state.value
        typer.echo(f"{key.use.value:<6} {key.number:>4}  {state:<8} {key.created:<25} {count:>12}")


@keys.command("rotate")
def rotate(
    prints: Annotated[bool, typer.Option("--prints", help="Change the key of the fingerprints instead.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="No new key: finish what was begun.")] = False,
    batch: Annotated[int, typer.Option(min=1, max=100_000, help="Values written in one transaction.")] = 2_000,
) -> None:
    """A new key, which writes at once; then everything is written anew with it, while the platform runs.

    May be ended at any time and run again with --resume. Afterwards `qiao keys retire` drops what no row needs.
    """
    _begin()
    from qiao.base.access import SYSTEM
    from qiao.base.clock import now
    from qiao.base.vault import add_key, ring_path
    from qiao.base.vault.ring import KeyUse
    from qiao.base.vault.services import reprint_values, reseal_values

    use = KeyUse.PRINT if prints else KeyUse.SEAL
    if not resume:
        key = add_key(ring_path(), use, now=now())
        typer.echo(f"Key {key.number} writes now. Copy {ring_path()} to your backup.")

    def progress(column: str, count: int) -> None:
        typer.echo(f"  {column:<44} {count:>12,}")
        sys.stdout.flush()

    turn = reprint_values if prints else reseal_values
    done = turn(actor=SYSTEM, now=now(), progress=progress, batch=batch)
    _report(done)


@keys.command("retire")
def retire(
    at_once: Annotated[bool, typer.Option("--at-once", help="Without waiting an hour: nothing else may run.")] = False,
) -> None:
    """Drop the sealing keys that no row needs any more. Older backups then need the older copy of the ring."""
    _begin()
    from qiao.base.access import SYSTEM
    from qiao.base.clock import now
    from qiao.base.vault.services import retire_keys

    dropped = retire_keys(actor=SYSTEM, now=now(), at_once=at_once)
    if dropped:
        typer.echo(f"Dropped: {', '.join(map(str, dropped))}.")
    else:
        typer.echo("None dropped: each is still needed, or its follower is younger than an hour.")


def _begin() -> None:
    # Before anything of the data is imported: models need the settings.
    start_django()
    require_keys()


def _report(done: Rotated) -> None:
    typer.echo(f"{done.changed:,} values written anew.")
    for table, column, key in done.faults[:20]:
        typer.echo(f"error: {table}.{column}, row {key}: does not open and was left as it is.", err=True)
    if done.faults:
        typer.echo(f"error: {len(done.faults)} values do not open; the keys they name stay.", err=True)
        raise typer.Exit(1)
