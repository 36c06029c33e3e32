"""Forms of units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.rules import kinds_below


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class DayForm(forms.Form):
    """The day on which the tree is shown."""

    on = day_field(label=_("As it was on"))


class FoundForm(forms.Form):
    """A new unit below another."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = LocalizedField(label=_("Name"), max_length=120)
    label = forms.SlugField(
        label=_("Label"),
        max_length=32,
        help_text=_("Short, for addresses and letters; it is not reused. Letters A–Z, digits and hyphens."),
    )
    founded = day_field(label=_("Founded"))

    def __init__(self, *args: Any, above: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(kind.value, kind.label) for kind in kinds_below(above.kind)]

    def clean_kind(self) -> UnitKind:
        """The kind chosen."""
        return UnitKind(self.cleaned_data["kind"])


class RenameForm(forms.Form):
    """Another name."""

    name = LocalizedField(label=_("Name"), max_length=120)


class MoveForm(forms.Form):
    """Another unit above."""

    above = forms.CharField(
        label=_("Label of the unit above"),
        max_length=40,
        help_text=_("It stands on that unit's page under its name, such as EBF-D03-H14."),
    )
    since = day_field(label=_("From"), help_text=_("Today or earlier. The tree of every day before stays as it was."))

    def clean_above(self) -> Unit:
        """The unit with this label."""
        found = Unit.objects.filter(label__iexact=str(self.cleaned_data["above"]).strip()).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No unit has this label."))
        return found
