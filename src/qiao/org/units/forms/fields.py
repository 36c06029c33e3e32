"""Fields units are described with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.units.choices import Axis, UnitKind
from qiao.org.units.models import Unit


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class UnitLabelField(forms.CharField):
    """A unit, named by its label; cleans to the unit."""

    def clean(self, value: Any) -> Unit | None:
        """The unit with this label."""
        text = super().clean(value)
        if not text:
            return None
        found = Unit.objects.filter(label__iexact=str(text).strip()).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No unit has this label."))
        return found


def unit_field(**options: Any) -> UnitLabelField:
    """A unit by its label."""
    options.setdefault("help_text", _("It stands on that unit's page under its name, such as EBF-D03-H14."))
    return UnitLabelField(max_length=40, **options)


class DayForm(forms.Form):
    """The day on which the tree is shown, and on which axis."""

    on = day_field(label=_("As it was on"), required=False)
    axis = forms.ChoiceField(label=_("Axis"), choices=Axis.choices, required=False)


class FindForm(forms.Form):
    """Words of a name or label, and a kind."""

    q = forms.CharField(label=_("Name, label or place"), max_length=80, required=False, strip=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *UnitKind.choices], required=False)
