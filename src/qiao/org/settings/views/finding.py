"""What an address of settings names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.timezone import localdate

from qiao.base.access import Actor, ActorRequest
from qiao.base.clock import now
from qiao.base.problems import Problem
from qiao.org.settings.choices import Setter
from qiao.org.settings.forms import WhereForm
from qiao.org.settings.queries.places import federation, unit_by_label
from qiao.org.settings.rules import Setting, setting_by_key

if TYPE_CHECKING:
    from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class Where:
    """At which unit, on which day a page looks; ``form`` shows both, with what was wrong in them."""

    unit: Unit | None
    on: date
    today: date
    form: WhereForm

    @property
    def is_today(self) -> bool:
        """Whether the page shows the present."""
        return self.on == self.today


def where(request: ActorRequest) -> Where:
    """The unit and day of the address; the federation and today where it names none."""
    today = localdate(now())
    form = WhereForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    on = given.get("on") or today
    if not 2000 <= on.year < 2200:
        on = today
    label = str(given.get("unit") or "")
    unit = unit_by_label(label) if label else federation()
    if label and unit is None:
        form.add_error("unit", Problem("There is no unit with this label.").text())
        unit = federation()
    shown = WhereForm(initial={"unit": unit.label if unit else "", "on": on}) if not form.errors else form
    return Where(unit, on, today, shown)


def setting_or_404(key: str) -> Setting[Any]:
    """The setting of the address."""
    try:
        return setting_by_key(key)
    except Problem:
        raise Http404 from None


def unit_or_404(label: str) -> Unit:
    """The unit of the address."""
    unit = unit_by_label(label)
    if unit is None:
        raise Http404
    return unit


def may_set(actor: Actor, setting: Setting[Any], unit: Unit | None) -> bool:
    """Whether the actor may set this for the unit: what the service will ask again."""
    if unit is None or setting.fixed:
        return False
    above = unit.path[:-5]
    if setting.setter == Setter.FEDERATION and above:
        return False
    return actor.may(setting.action, above if above and setting.setter == Setter.ABOVE else unit.path)
