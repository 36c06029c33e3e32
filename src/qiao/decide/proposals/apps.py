from __future__ import annotations

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Proposals that grow out of needs."""

    name = "qiao.decide.proposals"
    label = "proposals"
