from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from procrastinate.contrib.django import app


@pytest.fixture
def run_jobs(db: None) -> Callable[[], None]:
    """Do what is queued in this test's transaction, in its order, as the worker would after commit."""

    def run() -> None:
        while True:
            with connection.cursor() as cursor:
                cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
                rows = cursor.fetchall()
                cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo'")
            if not rows:
                return
            for _key, name, args in rows:
                app.tasks[name](**(json.loads(args) if isinstance(args, str) else args))

    return run
