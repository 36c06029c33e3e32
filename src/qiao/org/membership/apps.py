from __future__ import annotations

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """Standing of members."""

    name = "qiao.org.membership"
    label = "membership"
