"""Erasing what is due, with a proof; holding back."""

from __future__ import annotations

from qiao.org.retention.services.erase import run_rule, run_rules
from qiao.org.retention.services.hold import end_hold, set_hold

__all__ = ["end_hold", "run_rule", "run_rules", "set_hold"]
