"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class PublishConfig(AppConfig):
    """Articles, notices, feeds."""

    name = "qiao.publish"
    label = "publish"

    def ready(self) -> None:
        """Say what the app holds of a person."""
        from qiao.org.people.rules import register_own_data
        from qiao.publish.queries import own_groups

        register_own_data("publish", own_groups)
