"""Which classes of records are erased when, and by what."""

from __future__ import annotations

from qiao.org.retention.rules.registry import all_rules, register, rule_by_key
from qiao.org.retention.rules.rule import Erased, Eraser, Held, Rule

__all__ = ["Erased", "Eraser", "Held", "Rule", "all_rules", "register", "rule_by_key"]
