from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long what is kept, and the proofs of what was deleted."""

    name = "qiao.org.retention"
    label = "retention"

    def ready(self) -> None:
        """Declare the classes that belong to no app of the field."""
        from qiao.org.retention.rules import register
        from qiao.org.retention.services import own

        register(own.AUDIT_RULE, own.SESSIONS_RULE, own.OUTBOX_RULE)
