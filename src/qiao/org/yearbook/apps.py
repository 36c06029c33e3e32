"""The yearly table and the inputs of need-based allocation, computed."""

from __future__ import annotations

from django.apps import AppConfig


class YearbookConfig(AppConfig):
    """The yearly table and the inputs of need-based allocation, computed."""

    name = "qiao.org.yearbook"
    label = "yearbook"
