"""`qiao found`: the first unit of a new installation, and the officer who founds the rest."""

from __future__ import annotations

from typing import Annotated

import typer

from qiao.cli.app import app
from qiao.cli.output import located_errors


@app.command()
def found(
    name: Annotated[str, typer.Argument(help="Name of the federation at the top, in Chinese.")],
    label: Annotated[str, typer.Option(help="Short label, such as EBF.")],
    officer: Annotated[str, typer.Option(help="E-mail of the first organisation officer, who signs in by mail.")],
    officer_name: Annotated[str, typer.Option(help="Name of that officer.")],
    name_en: Annotated[str, typer.Option(help="Name of the federation in English.")] = "",
) -> None:
    """Found the federation at the top of an empty installation; its officer does the rest on the pages."""
    from qiao.cli.starting import make_ring, prepare, start_django

    start_django()
    prepare()
    make_ring()
    from qiao.base.access import SYSTEM
    from qiao.base.clock import now
    from qiao.base.i18n import localized
    from qiao.org.access.services import found_federation

    with located_errors():
        found_federation(
            actor=SYSTEM,
            now=now(),
            name=localized(name, name_en),
            label=label,
            officer_email=officer,
            officer_name=officer_name,
        )
    typer.echo(f"{label} is founded. {officer} signs in at /account/login/ with a mailed code.")
