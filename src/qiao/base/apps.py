from __future__ import annotations

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """The shared mechanisms."""

    name = "qiao.base"
    label = "base"
