from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Roles, the table of actions, grants."""

    name = "qiao.org.access"
    label = "access"
