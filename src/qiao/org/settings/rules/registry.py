"""Every setting there is: each app adds its own when it starts."""

from __future__ import annotations

from typing import Any

from qiao.base.problems import Problem
from qiao.org.settings.rules.setting import Setting

_SETTINGS: dict[str, Setting[Any]] = {}


def register(*settings: Setting[Any]) -> None:
    """Add an app's settings; called from its AppConfig.ready(). Raises ValueError for a key of another setting."""
    for setting in settings:
        if _SETTINGS.setdefault(setting.key, setting) is not setting:
            raise ValueError(f"{setting.key} is declared twice")


def setting_by_key(key: str) -> Setting[Any]:
    """The setting with this key; raises Problem where there is none."""
    try:
        return _SETTINGS[key]
    except KeyError:
        raise Problem("There is no setting “%(key)s”.", key=key) from None


def all_settings() -> list[Setting[Any]]:
    """All settings, by key."""
    return [_SETTINGS[key] for key in sorted(_SETTINGS)]
