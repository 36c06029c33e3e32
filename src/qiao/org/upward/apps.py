from __future__ import annotations

from django.apps import AppConfig


class UpwardConfig(AppConfig):
    """Requests and reports upward, and the register of what is asked of the base."""

    name = "qiao.org.upward"
    label = "upward"
