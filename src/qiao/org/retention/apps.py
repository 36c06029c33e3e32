from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long what is kept, and the proofs of what was deleted."""

    name = "qiao.org.retention"
    label = "retention"
