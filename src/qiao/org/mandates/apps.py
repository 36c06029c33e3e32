from __future__ import annotations

from django.apps import AppConfig


class MandatesConfig(AppConfig):
    """Committees, terms, and who holds which post from when to when."""

    name = "qiao.org.mandates"
    label = "mandates"
