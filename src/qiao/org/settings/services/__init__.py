"""Setting values and giving them up."""

from __future__ import annotations

from qiao.org.settings.services.calendar import import_calendar, set_calendar_years
from qiao.org.settings.services.change import end_value, set_value, withdraw_value

__all__ = ["end_value", "import_calendar", "set_calendar_years", "set_value", "withdraw_value"]
