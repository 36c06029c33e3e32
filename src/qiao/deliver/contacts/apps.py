from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Officers' duty of contact: where they went, what was raised, what became of it."""

    name = "qiao.deliver.contacts"
    label = "contacts"
