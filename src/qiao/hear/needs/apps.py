from __future__ import annotations

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Needs: common, of groups, and found by evaluation."""

    name = "qiao.hear.needs"
    label = "needs"
