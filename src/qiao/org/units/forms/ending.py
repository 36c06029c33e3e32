"""The end of a unit: asked, decided, carried out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.units.choices import Ending
from qiao.org.units.forms.fields import day_field, unit_field
from qiao.org.units.services import CongressRecord


class EndForm(forms.Form):
    """What the congress decided."""

    ending = forms.ChoiceField(label=_("Why the unit ends"), choices=Ending.choices, widget=forms.RadioSelect)
    receiver = unit_field(label=_("In a merger: label of the unit that takes over"), required=False)
    ground = forms.CharField(label=_("Ground"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    congress_day = day_field(label=_("Day of the congress"))
    entitled = forms.IntegerField(label=_("Entitled to vote"), min_value=1)
    present = forms.IntegerField(label=_("Present"), min_value=1)
    votes_for = forms.IntegerField(label=_("Votes for it"), min_value=1)
    record = forms.CharField(label=_("Where the record is kept"), max_length=200)
    planned = day_field(label=_("Planned last day"))

    def congress(self) -> CongressRecord:
        """The record as the service takes it."""
        given: dict[str, Any] = self.cleaned_data
        return CongressRecord(
            day=given["congress_day"],
            entitled=given["entitled"],
            present=given["present"],
            votes_for=given["votes_for"],
            record=given["record"],
        )


class DecideForm(forms.Form):
    """The answer of the unit above."""

    agreed = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("Agree")), ("no", _("Refuse"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class CarryOutForm(forms.Form):
    """The day from which the unit is closed."""

    day = day_field(label=_("Closed from"))
