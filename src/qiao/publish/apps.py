"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class PublishConfig(AppConfig):
    """Articles, notices, feeds."""

    name = "qiao.publish"
    label = "publish"
