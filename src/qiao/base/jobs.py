"""The job queue: procrastinate on the same PostgreSQL. Jobs take ids and call one service; twice is harmless."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

#: Use as ``@jobs.task(name="surveys.close_due", ...)``; defer with ``task.defer(round_id=…)`` after commit.
task = app.task
periodic = app.periodic


def defer(name: str, **ids: int | str) -> None:
    """Queue a task by its name, in the caller's transaction: it runs only if that commits.

    For services, which stand below the tasks and may not import them.
    """
    app.configure_task(name).defer(**ids)


def defer_later(name: str, after: timedelta, **ids: int | str) -> None:
    """As `defer`, to run when some time has passed."""
    app.configure_task(name, schedule_in={"seconds": int(after.total_seconds())}).defer(**ids)
