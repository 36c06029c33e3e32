"""``migrate`` as Django has it, without rendering every model anew at every step."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from qiao.base.migrating import additions_in_place


class Command(migrate.Command):
    """Django's command with ``qiao.base.migrating``."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Migrate; raises what Django's command raises."""
        with additions_in_place():
            return super().handle(*args, **options)
