"""`qiao demo`, `qiao serve`, `qiao worker`, `qiao migrate`: running the platform."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from qiao.cli.app import app
from qiao.cli.starting import make_ring, prepare, require_keys, start_django

WORKERS = 2
THREADS = 4


def say(text: str) -> None:
    """One line of progress, at once even through a pipe."""
    typer.echo(text)
    sys.stdout.flush()


@contextmanager
def step(text: str) -> Iterator[None]:
    """A line that says what is being done and, when it is, how long it took."""
    typer.echo(f"  {text} … ", nl=False)
    sys.stdout.flush()
    begun = time.monotonic()
    yield
    typer.echo(f"{time.monotonic() - begun:.1f} s")
    sys.stdout.flush()


@app.command()
def migrate() -> None:
    """Bring database, messages and static files up to this version."""
    start_django()
    prepare()


@app.command()
def worker() -> None:
    """Run the jobs: mails, closings, signatures."""
    start_django()
    require_keys()
    from django.core.management import call_command

    call_command("procrastinate", "worker")


@app.command()
def serve() -> None:
    """Run web and worker in the foreground until Ctrl-C."""
    start_django()
    require_keys()
    with step("preparing database, messages and static files"):
        prepare()
    _run_processes()


@app.command()
def demo() -> None:
    """Build the fictional federation once, then run web and worker in the foreground until Ctrl-C."""
    os.environ["QIAO_DEMO"] = "1"
    from qiao.config.env import environment

    environment.cache_clear()
    env = environment()
    _refuse_taken_port(env.port)
    say(f"Qiao 桥 · demonstration ({env.demo_size}) · data in {_shown(env.home)}")
    with step("starting the database"):
        start_django()
    with step("preparing tables, messages and static files"):
        prepare()
    from qiao.cli.demo.build import build_once

    make_ring()

    build_once(size=env.demo_size, say=step)
    say("")
    say(f"  Open  http://127.0.0.1:{env.port}/   (sign in with one click: http://127.0.0.1:{env.port}/demo/)")
    say("")
    from qiao.cli.demo.names import OFFICERS
    from qiao.cli.demo.world import PASSWORD

    lines = [("member", "member@ebf.example"), *((role.value, f"{box}@ebf.example") for role, _name, box in OFFICERS)]
    for role, address in [*lines, ("base_officer", "base@ebf.example")]:
        say(f"  {role:<14} {address:<24} password {PASSWORD}")
    say("")
    _run_processes()


def _shown(path: Path) -> str:
    try:
        return f"./{path.relative_to(Path.cwd())}"
    except ValueError:
        return str(path)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            typer.echo(
                f"error: port {port} is in use. Set QIAO_PORT to another one, or end what listens there.", err=True
            )
            raise typer.Exit(2) from None


def _run_processes() -> None:
    """Web and worker as children; whichever ends, or Ctrl-C, ends both."""
    from qiao.config.env import environment

    env = environment()
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(env.port),
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        str(THREADS),
        "--no-ws",
        "--log-level",
        "warning",
        "qiao.config.wsgi:application",
    ]
    if env.metrics_token:
        # The processes of the web write what they count into one folder, of which either tells the sum.
        counts = env.home / "run" / "metrics"
        shutil.rmtree(counts, ignore_errors=True)
        counts.mkdir(parents=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
    jobs = [sys.executable, "-c", "from qiao.cli.main import app; app(['worker'])"]
    # A group of their own: Ctrl-C reaches this process alone, which then ends them in order.
    children = [subprocess.Popen(command, start_new_session=True) for command in (web, jobs)]  # noqa: S603

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        say("  Running; Ctrl-C ends everything this command started.")
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        say("  A part has ended by itself; ending the rest.")
    except KeyboardInterrupt:
        say("\n  Ending …")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
