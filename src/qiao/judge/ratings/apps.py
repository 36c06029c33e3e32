"""Members judge their union: the rating ballot."""

from __future__ import annotations

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Members judge their union: the rating ballot."""

    name = "qiao.judge.ratings"
    label = "ratings"
