from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """The dated tree of units."""

    name = "qiao.org.units"
    label = "units"
