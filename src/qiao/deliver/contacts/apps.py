from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Officers' duty of contact: where they went, what was raised, what became of it."""

    name = "qiao.deliver.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Add the app's settings, what it holds of a person, and how long it keeps what."""
        from qiao.deliver.contacts.queries.own import own_groups
        from qiao.deliver.contacts.rules.settings import SETTINGS
        from qiao.deliver.contacts.services.erasing import NOTES_RULE
        from qiao.deliver.contacts.services.issues import answered_at_window
        from qiao.hear.window.rules.origins import register_origin
        from qiao.org.people.rules import register_own_data
        from qiao.org.retention.rules import register as keep
        from qiao.org.settings.rules import register

        register_own_data("contacts", own_groups)
        keep(NOTES_RULE)
        register_origin("V-", answered_at_window)
        register(*SETTINGS)
