"""Forms of employers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import CountSource, EmployerState, Field, Ownership, Sector
from qiao.org.workplaces.models import EmployerBatch
from qiao.org.workplaces.rules import normal_reg_code

_ANY = ("", _("All"))


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class UnitField(forms.CharField):
    """A unit by its label."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> Any:
        """The unit with this label, None where none is asked and none is given."""
        text = super().clean(value).strip()
        if not text:
            return None
        found = Unit.objects.filter(label__iexact=text).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No unit has this label."))
        return found


class FindForm(forms.Form):
    """What the list of employers shows."""

    q = forms.CharField(
        label=_("Beginning of the name or the code"), required=False, max_length=160,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    place = UnitField(label=_("Place (label of a unit)"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[_ANY, *Sector.choices])
    ownership = forms.ChoiceField(label=_("Ownership"), required=False, choices=[_ANY, *Ownership.choices])
    union = forms.ChoiceField(
        label=_("Union"), required=False,
        choices=[_ANY, ("with", _("With a union")), ("without", _("Without a union"))],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=pgettext_lazy("employer", "State"), required=False, choices=EmployerState.choices, initial="open"
    )


class EmployerForm(forms.Form):
    """An employer's data."""

    name = forms.CharField(label=_("Name of the employer"), max_length=160)
    reg_code = forms.CharField(
        label=_("Unified social credit code"), required=False, max_length=30,
        help_text=_("18 signs, from the business licence. It is checked, never guessed."),
    )  # fmt: skip
    place = UnitField(label=_("Label of the hub or district"))
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    ownership = forms.ChoiceField(label=_("Ownership"), choices=Ownership.choices)
    opened = day_field(label=_("Opened on"), required=False)
    office = forms.CharField(
        label=_("Office that answers"), required=False, max_length=160,
        help_text=_("A switchboard, an address, an office mail box. Persons at the employer are not kept."),
    )  # fmt: skip

    def clean_reg_code(self) -> str:
        """The code as kept."""
        try:
            return normal_reg_code(self.cleaned_data["reg_code"]) or ""
        except Problem as problem:
            raise forms.ValidationError(problem_text(problem)) from None


class CountForm(forms.Form):
    """A headcount of a day."""

    day = day_field(label=_("As of"))
    direct = forms.IntegerField(label=_("Employees, direct"), min_value=0)
    agency = forms.IntegerField(label=_("Employees from agencies"), min_value=0, initial=0)
    platform = forms.IntegerField(label=_("Workers by platform"), min_value=0, initial=0)
    source = forms.ChoiceField(
        label=_("Where the number comes from"),
        choices=[choice for choice in CountSource.choices if choice[0] != CountSource.IMPORT],
    )


class CorrectForm(forms.Form):
    """A counter-entry."""

    direct = forms.IntegerField(label=_("Employees, direct"), min_value=0)
    agency = forms.IntegerField(label=_("Employees from agencies"), min_value=0)
    platform = forms.IntegerField(label=_("Workers by platform"), min_value=0)
    withdraw = forms.BooleanField(label=_("Only take it back; there is no right number"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class LinkForm(forms.Form):
    """The union formed at an employer."""

    unit = UnitField(label=_("Label of the base union"))
    since = day_field(label=_("From"))
    replaces = forms.BooleanField(
        label=_("This employer takes the place of the one the union had before"), required=False
    )


class DayForm(forms.Form):
    """A day."""

    day = day_field(label=_("From which day"))


class UploadForm(forms.Form):
    """A table of employers."""

    file = forms.FileField(label=_("Table (XLSX or CSV)"))


class MatchForm(forms.Form):
    """Which column is what."""

    def __init__(self, *args: Any, batch: EmployerBatch, **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = batch.columns
        choices = [("", _("Leave out")), *Field.choices]
        for place, column in enumerate(batch.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column["header"], required=False, choices=choices,
                initial=batch.mapping.get(column["header"], column["field"]),
            )  # fmt: skip
        self.fields["counted"] = day_field(label=_("The headcounts are as of"), initial=batch.counted)

    def mapping(self) -> dict[str, str]:
        """Header to field."""
        return {
            column["header"]: str(self.cleaned_data.get(f"column_{place}") or "")
            for place, column in enumerate(self.columns)
        }
