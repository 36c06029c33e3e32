"""What a setting is, which there are, what a value may be, and which value holds."""

from __future__ import annotations

from qiao.org.settings.rules.registry import all_settings, register, setting_by_key
from qiao.org.settings.rules.setting import Ruling, Setting

__all__ = ["Ruling", "Setting", "all_settings", "register", "setting_by_key"]
