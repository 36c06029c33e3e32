from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: base templates, components, home, desk, thread."""

    name = "qiao.web"
    label = "web"
