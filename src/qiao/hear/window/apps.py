from __future__ import annotations

from django.apps import AppConfig


class WindowConfig(AppConfig):
    """The service window: every question, request and complaint, and what becomes of it."""

    name = "qiao.hear.window"
    label = "window"
