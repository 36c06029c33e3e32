"""The transaction, for services only (an import contract holds everybody else to it)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

atomic = transaction.atomic


def after_commit(job: Callable[[], object]) -> None:
    """Run ``job`` once the surrounding transaction has committed: mail, files and posts never happen before."""
    transaction.on_commit(job)
