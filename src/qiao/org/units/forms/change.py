"""Another name, another place, links and headcounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.units.choices import Relation, UnitKind
from qiao.org.units.forms.fields import day_field, unit_field
from qiao.org.units.models import Unit, UnitLink
from qiao.org.units.rules import kinds_below


class RenameForm(forms.Form):
    """Another name, kind or label from a day on."""

    name = LocalizedField(label=_("Name of the unit"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"))
    label = forms.SlugField(
        label=_("Label"), max_length=32, help_text=_("The former label still leads here and is given to nobody else.")
    )
    since = day_field(label=_("From"), help_text=_("Today or earlier. The tree of every day before stays as it was."))

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        kinds = kinds_below(unit.parent.kind) if unit.parent else [UnitKind(unit.kind)]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(kind.value, kind.label) for kind in kinds]


class MoveForm(forms.Form):
    """Another unit above."""

    above = unit_field(label=_("Label of the unit above"))
    since = day_field(label=_("From"), help_text=_("Today or earlier. The tree of every day before stays as it was."))


class SectorForm(forms.Form):
    """A link to a sector or industry union."""

    above = unit_field(label=_("Label of the sector or industry union"))
    relation = forms.ChoiceField(label=_("What it does for this unit"), choices=Relation.choices)
    since = day_field(label=_("From"), help_text=_("Today or earlier. The tree of every day before stays as it was."))


class UnlinkForm(forms.Form):
    """The end of a link."""

    link = forms.ModelChoiceField(queryset=UnitLink.objects.none(), widget=forms.HiddenInput)
    until = day_field(label=_("No longer from"))

    def __init__(self, *args: Any, links: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["link"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = links


class HeadcountForm(forms.Form):
    """How many employees there were on a day."""

    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=10_000_000)
    day = day_field(label=_("Day"))
    source = forms.CharField(
        label=_("Where the number comes from"), max_length=200, help_text=_("Such as: social insurance list, May 2026.")
    )
