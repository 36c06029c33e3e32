"""A value from a day on; giving a unit's own value up; withdrawing what has not begun."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.settings.choices import Setter
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries.pages import last_row
from qiao.org.settings.queries.ruling import own_values, ruled_by
from qiao.org.settings.rules import Setting, setting_by_key
from qiao.org.settings.rules.values import checked, is_stricter, kept
from qiao.org.settings.rules.words import value_text

if TYPE_CHECKING:
    from qiao.org.units.models import Unit

#: Key of the advisory lock under which values are changed: two officers at once come one after the other.
_CHANGE = 0x71736574


def set_value(
    *,
    actor: Actor,
    now: datetime,
    setting_key: str,
    unit: Unit,
    value: object,
    since: date,
    reason: str,
    seen: int | None = None,
) -> SettingValue:
    """Let a value hold in a unit and below from a day on: today at the earliest, later if it is to begin later.

    The same again by the same officer changes nothing. Raises Refused without the setting's action where it is set
    (for a unit bound by it: above the unit), Problem for a value out of bounds, less strict than above where only a
    stricter one may stand, a beginning in the past or on a day for which another value stands, a missing reason, or
    where the newest row is no longer the one the officer had before them (``seen``).
    """
    setting = setting_by_key(setting_key)
    require_setter(actor, setting, unit)
    good = checked(setting, value)
    text = _reason(reason)
    with atomic():
        _one_at_a_time()
        again = _standing(setting, unit, since)
        if again and not again.ends and again.value == kept(good) and again.set_by_id == actor.account_id:
            return again
        _require_beginning(since, localdate(now), again)
        if seen is not None and seen != last_row(setting, unit):
            raise Problem("Another officer has changed this setting in the meantime: look at it again.")
        _require_strict(setting, unit, good, since)
        row = SettingValue.objects.create(
            key=setting.key, unit=unit, value=kept(good), since=since, reason=text, set_at=now,
            set_by_id=actor.account_id, set_by_name=actor.name,
        )  # fmt: skip
        _write_down(actor, now, "setting.set", row, unit)
    return row


def end_value(*, actor: Actor, now: datetime, setting_key: str, unit: Unit, since: date, reason: str) -> SettingValue:
    """Give the unit's own value up from a day on: what holds above it holds. Twice changes nothing.

    Raises Refused as `set_value`, Problem where the unit has no value of its own on that day.
    """
    setting = setting_by_key(setting_key)
    require_setter(actor, setting, unit)
    text = _reason(reason)
    with atomic():
        _one_at_a_time()
        again = _standing(setting, unit, since)
        if again and again.ends and again.set_by_id == actor.account_id:
            return again
        _require_beginning(since, localdate(now), again)
        rows = own_values([setting.key], path=unit.path, on=since).get(setting.key, [])
        if not any(row.unit_id == unit.pk for row in rows):
            raise Problem("The unit has no value of its own on that day.")
        row = SettingValue.objects.create(
            key=setting.key, unit=unit, ends=True, since=since, reason=text, set_at=now, set_by_id=actor.account_id,
            set_by_name=actor.name,
        )  # fmt: skip
        _write_down(actor, now, "setting.end", row, unit)
    return row


def withdraw_value(*, actor: Actor, now: datetime, value_id: int, reason: str) -> SettingValue:
    """Take back a value that has not begun yet. Twice changes nothing.

    Raises Refused as `set_value`, Problem for one that has begun: no clock loses the rule it started under.
    """
    text = _reason(reason)
    with atomic():
        _one_at_a_time()
        row = SettingValue.objects.select_for_update(of=("self",)).select_related("unit").get(pk=value_id)
        require_setter(actor, setting_by_key(row.key), row.unit)
        if row.withdrawn_at:
            return row
        if row.since <= localdate(now):
            raise Problem("This value has begun to hold: set another one from a later day instead.")
        row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_by_name = now, actor.account_id, actor.name
        row.withdrawn_reason = text
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_by_name", "withdrawn_reason"])
        _write_down(actor, now, "setting.withdraw", row, row.unit)
    return row


def require_setter(actor: Actor, setting: Setting[Any], unit: Unit) -> None:
    """Raise `Refused` unless the actor may set this for the unit, Problem where it is not set unit by unit."""
    above = unit.path[:-5]
    if setting.setter == Setter.FEDERATION and above:
        require(actor, setting.action, unit.path[:5])
        raise Problem("“%(setting)s” is set by the federation for all its units.", setting=str(setting.label))
    require(actor, setting.action, above if above and setting.setter == Setter.ABOVE else unit.path)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGE])


def _standing(setting: Setting[Any], unit: Unit, since: date) -> SettingValue | None:
    return SettingValue.objects.filter(key=setting.key, unit=unit, since=since, withdrawn_at__isnull=True).first()


def _require_beginning(since: date, today: date, standing: SettingValue | None) -> None:
    require_plausible(since)
    if since < today:
        raise Problem("A value cannot begin in the past: clocks have run under the old one since.")
    if standing:
        raise Problem(
            "%(name)s has already decided what holds here from this day.",
            hint="Look at it again; choose another day, or withdraw what has not begun.",
            name=standing.set_by_name,
        )


def _require_strict(setting: Setting[Any], unit: Unit, value: object, since: date) -> None:
    """The value against what will hold above on the day it begins."""
    if not unit.path[:-5] or setting.lower is None:
        return
    above = ruled_by(setting, own_values([setting.key], path=unit.path[:-5], on=since).get(setting.key, []))
    if above and not is_stricter(setting, value, above.value):
        raise Problem(
            "Above this unit %(value)s holds: a unit below may only be stricter.",
            value=value_text(setting, above.value),
        )


def _reason(text: str) -> str:
    if not text.strip():
        raise Problem("Say why: a setting is changed with a reason.")
    return text.strip()[:400]


def _write_down(actor: Actor, now: datetime, action: str, row: SettingValue, unit: Unit) -> None:
    """The audit row, and the ledger entry: a rule of the game is never changed in silence."""
    detail = {"key": row.key, "value": row.value, "since": row.since.isoformat()}
    audit.record(
        actor=actor,
        now=now,
        action=action,
        code=f"SV-{row.pk}",
        unit_path=unit.path,
        detail={**detail, "unit": unit.pk},
    )
    log.append(kind=action, code=f"SV-{row.pk}", now=now, content={**detail, "unit": unit.label, "reason": row.reason})
