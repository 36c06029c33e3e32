"""The one Typer application; every command module adds to it. Commands for analysts import no Django."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="qiao",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Qiao 桥: hear, decide, deliver, judge. Analysts' commands need neither server nor database.",
)


@app.callback()
def _commands() -> None:
    """Keep `qiao` a group of commands even while it has only one."""
