"""What every command does before it touches the data: settings, database, tables, keys."""

from __future__ import annotations

import os
from pathlib import Path

import typer


def start_django() -> None:
    """Settings, embedded database where none is named, apps. Children find the database through the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiao.config.settings.base")
    from qiao.config.database import start_embedded
    from qiao.config.env import environment

    if not environment().database_url:
        os.environ["DATABASE_URL"] = start_embedded(environment().home / "postgres")
        environment.cache_clear()
    import django

    django.setup()


def prepare() -> None:
    """Migrate, make the cache table, compile messages, collect static files. Idempotent, seconds when done before."""
    from django.conf import settings
    from django.core.management import call_command

    from qiao.cli.messages import compile_all
    from qiao.web.source import build_archive

    compile_all()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    package = Path(settings.PACKAGE)
    newest = max(file.stat().st_mtime for file in package.glob("**/static/**/*") if file.is_file())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    build_archive()


def make_ring() -> None:
    """The key ring of a new installation, where there is none yet.

    Ends with an error where the one there is unusable, or where values sealed with a lost one lie in the database.
    """
    from qiao.base.clock import now
    from qiao.base.vault import KeyFault, check_ring, create_ring, ring_path
    from qiao.base.vault.services import refuse_lost_ring

    try:
        if ring_path().exists():
            check_ring()
            return
        refuse_lost_ring()
        create_ring(ring_path(), now=now())
    except KeyFault as fault:
        typer.echo(f"error: {fault}.", err=True)
        raise typer.Exit(2) from None


def require_keys() -> None:
    """End with a clear message where the key ring is missing, open to others or damaged."""
    from qiao.base.vault import KeyFault, check_ring

    try:
        check_ring()
    except KeyFault as fault:
        typer.echo(f"error: {fault}.", err=True)
        raise typer.Exit(2) from None
