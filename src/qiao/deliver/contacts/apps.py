from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Officers' duty of contact: where they went, what was raised, what became of it."""

    name = "qiao.deliver.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Add the app's settings to those a federation may change."""
        from qiao.deliver.contacts.rules.settings import SETTINGS
        from qiao.org.settings.rules import register

        register(*SETTINGS)
