from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons and accounts."""

    name = "qiao.org.people"
    label = "people"
