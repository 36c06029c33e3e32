"""What may become of a duty when, what counts as a day at the base, and what a log may not hold."""

from __future__ import annotations

from qiao.deliver.contacts.rules.counting import counted_days, days_of, steps
from qiao.deliver.contacts.rules.texts import require_no_person

__all__ = ["counted_days", "days_of", "require_no_person", "steps"]
