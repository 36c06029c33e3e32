"""What settings tell the shell."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.records import Door, Panel, PanelLine
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries.places import units_by_id
from qiao.org.settings.queries.ruling import in_force
from qiao.org.settings.rules import all_settings
from qiao.org.settings.rules.values import read
from qiao.org.settings.rules.words import value_text

if TYPE_CHECKING:
    from qiao.org.units.models import Unit

_ACTIONS = ("setting.change", "setting.protect")


def desk_doors(*, actor: Actor) -> list[Door]:
    """The settings of each unit in which the officer holds a role that may set them."""
    held = {grant.unit_id for grant in actor.grants if not grant.actions.isdisjoint(_ACTIONS)}
    return [
        Door("", _("Settings of %(unit)s") % {"unit": pick(unit.name)}, address(unit))
        for unit in units_by_id(held).values()
    ]


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks so
    """The unit's settings, for those who may set some of them."""
    if not any(actor.may(action, unit.path) for action in _ACTIONS):
        return []
    return [Door("", _("Settings"), address(unit), _("What holds here, since when and why"))]


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - the shell asks so
    """What the unit has set for itself and below; nothing where it takes over all from above."""
    settings = {setting.key: setting for setting in all_settings()}
    rows = [
        row
        for row in in_force(SettingValue.objects.filter(unit=unit), localdate(now)).order_by("-since", "key")[:5]
        if row.key in settings
    ]
    if not rows:
        return []
    lines = tuple(
        PanelLine(
            str(settings[row.key].label),
            value_text(settings[row.key], read(settings[row.key], row.value)),
            f"{reverse('unit_settings:setting', args=[row.key])}?unit={unit.label}",
        )
        for row in rows
    )
    return [Panel(_("Set here"), lines, Door("", _("All settings of the unit"), address(unit)))]


def address(unit: Unit) -> str:
    """The page of a unit's settings."""
    return f"{reverse('unit_settings:settings')}?unit={unit.label}"
