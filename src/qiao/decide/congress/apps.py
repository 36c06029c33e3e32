"""Workers' congress: delegates, papers, sessions, votes, proposals, open affairs."""

from __future__ import annotations

from django.apps import AppConfig


class CongressConfig(AppConfig):
    """Workers' congress: delegates, papers, sessions, votes, proposals, open affairs."""

    name = "qiao.decide.congress"
    label = "congress"
