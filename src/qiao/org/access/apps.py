from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig

from qiao.base.access import Actor

if TYPE_CHECKING:
    from qiao.org.units.models import Unit


class AccessConfig(AppConfig):
    """Roles, the table of actions, grants."""

    name = "qiao.org.access"
    label = "access"

    def ready(self) -> None:
        """Let members go on and roles end where a unit is closed."""
        from qiao.org.access.queries import own_bars, own_groups
        from qiao.org.people.rules import register_bars, register_own_data
        from qiao.org.people.rules.offices import register_roles
        from qiao.org.units.rules import follow_closing

        follow_closing(_follow_closing)
        register_roles(_role_name)
        register_own_data("access", own_groups)
        register_bars(own_bars)


def _follow_closing(actor: Actor, now: datetime, unit: Unit, receiver: Unit, day: date, merged: bool) -> None:
    from qiao.org.access.services import follow_closing

    follow_closing(actor, now, unit, receiver, day, merged)


def _role_name(role: str) -> str:
    from qiao.org.access.choices import Role

    return str(Role(role).label) if role in Role.values else role
