"""Entry point of `qiao`. Commands for analysts import no Django: they run without settings, server or database."""

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


from qiao.cli import estimate as _estimate  # noqa: E402, F401
from qiao.cli import forms as _forms  # noqa: E402, F401
from qiao.cli import messages as _messages  # noqa: E402, F401
from qiao.cli import opinion as _opinion  # noqa: E402, F401
from qiao.cli import serve as _serve  # noqa: E402, F401
from qiao.cli import share as _share  # noqa: E402, F401
from qiao.cli import verify as _verify  # noqa: E402, F401
