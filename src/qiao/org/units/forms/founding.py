"""The one form by which a unit is proposed, and the answers to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.units.choices import LeadForm, UnitKind
from qiao.org.units.forms.fields import day_field
from qiao.org.units.models import Unit
from qiao.org.units.rules import kinds_below

_MOST_EMPLOYERS = 500


class ProposeForm(forms.Form):
    """A new unit below another."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = LocalizedField(label=_("Name of the unit"), max_length=120)
    employers = forms.CharField(
        label=_("Employers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. If you know the unified social credit code, write it after the name, with a comma."),
    )
    headcount = forms.IntegerField(label=_("Employees in all"), min_value=1, max_value=10_000_000)
    founders = forms.IntegerField(
        label=_("Founders"), min_value=1, max_value=1_000_000, help_text=_("How many stand behind the proposal now.")
    )
    lead_form = forms.ChoiceField(label=_("What is to lead the unit"), choices=LeadForm.choices)
    prepares = forms.CharField(label=_("Who prepares the founding"), max_length=160)
    planned = day_field(label=_("Planned day of founding"))
    note = forms.CharField(
        label=_("What else the unit above should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, above: Unit, required_at: int, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            # Most proposals are of base unions: the lowest kinds stand first.
            field.choices = [(kind.value, kind.label) for kind in reversed(kinds_below(above.kind))]
            field.initial = UnitKind.BASE
        self.fields["lead_form"].help_text = _(
            "From %(number)d members on a committee is required. Below: a committee, one joint with other employers, "
            "or one elected organiser."
        ) % {"number": required_at}

    def clean_kind(self) -> UnitKind:
        """The kind chosen."""
        return UnitKind(self.cleaned_data["kind"])

    def clean_lead_form(self) -> LeadForm:
        """The form chosen."""
        return LeadForm(self.cleaned_data["lead_form"])

    def clean_employers(self) -> list[dict[str, str]]:
        """Name and, after the last comma where it looks like one, code of each line."""
        found = []
        for line in str(self.cleaned_data["employers"]).splitlines():
            if not line.strip():
                continue
            name, _comma, code = line.replace("，", ",").rpartition(",")
            code = code.strip()
            if not name or not (code.isascii() and code.isalnum()):
                name, code = line, ""
            found.append({"name": name.strip()[:200], "reg_code": code.upper()[:32]})
        if len(found) > _MOST_EMPLOYERS:
            raise forms.ValidationError(_("At most %(most)d lines are possible."), params={"most": _MOST_EMPLOYERS})
        return found


class ReasonForm(forms.Form):
    """A reason, in the officer's own words."""

    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class AppealForm(forms.Form):
    """Why a refusal should not stand."""

    ground = forms.CharField(
        label=_("Why the refusal should not stand"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )


class PreparedForm(forms.Form):
    """The preparation is finished."""

    members = forms.IntegerField(
        label=_("How many have applied to join"), min_value=1, max_value=1_000_000, help_text=_("By their own word.")
    )


class ApproveForm(forms.Form):
    """Label and day of an approved unit."""

    label = forms.SlugField(
        label=_("Label"),
        max_length=32,
        help_text=_("Short, for addresses and letters; it is not reused. Letters A–Z, digits and hyphens."),
    )
    founded = day_field(label=_("Founded"))
