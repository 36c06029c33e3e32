from __future__ import annotations

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """A worker's own application to join, from filing to notice."""

    name = "qiao.org.joining"
    label = "joining"
