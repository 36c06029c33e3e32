"""What is held, what was erased, and the table of both."""

from __future__ import annotations

from qiao.org.retention.queries.pages import desk_doors
from qiao.org.retention.queries.table import cutoff_of, held, rule_text

__all__ = ["cutoff_of", "desk_doors", "held", "rule_text"]
