"""Every row of the table: each app adds those of its own data when it starts."""

from __future__ import annotations

from qiao.base.problems import Problem
from qiao.org.retention.rules.rule import Rule
from qiao.org.settings import rules as settings

_RULES: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add an app's rows with the settings of their periods; called from its AppConfig.ready().

    Raises ValueError for a class that has another row already.
    """
    for rule in rules:
        if _RULES.setdefault(rule.key, rule) is not rule:
            raise ValueError(f"{rule.key} has a rule already")
        if rule.period:
            settings.register(rule.period)


def rule_by_key(key: str) -> Rule:
    """The row of a class; raises Problem where there is none."""
    try:
        return _RULES[key]
    except KeyError:
        raise Problem("No class of records is called “%(key)s”.", key=key) from None


def all_rules() -> list[Rule]:
    """All rows, by class."""
    return [_RULES[key] for key in sorted(_RULES)]
