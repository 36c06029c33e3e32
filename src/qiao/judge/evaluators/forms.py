"""Forms of organisations and seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.judge.evaluators.choices import Duty
from qiao.org.units.models import Unit


class AdmitForm(forms.Form):
    """An organisation from outside and the first of its people."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("It may judge in"),
        help_text=_("In this unit and all below it."),
        empty_label=None,
    )
    name = LocalizedField(label=_("Name of the organisation"), max_length=120)
    reg_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=24,
        help_text=_("18 signs, as its licence has them. No employer of members here may judge."),
    )
    contact = forms.CharField(
        label=_("How it is reached"), max_length=200, help_text=_("Public: address or mail of the organisation.")
    )
    phone = forms.CharField(
        label=_("Telephone for those asked"),
        max_length=40,
        required=False,
        help_text=_("Public: where members ring who answer by telephone. Empty: it takes no calls."),
    )
    lead_name = forms.CharField(label=_("Who runs its evaluations"), max_length=120)
    lead_email = forms.EmailField(
        label=_("Mail address to sign in with"), help_text=_("One that nobody uses here for anything else.")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = units


class SeatForm(forms.Form):
    """Somebody of the organisation."""

    display_name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Mail address to sign in with"), help_text=_("One that nobody uses here for anything else.")
    )
    duty = forms.ChoiceField(
        label=_("What they do"), choices=Duty.choices, widget=forms.RadioSelect, initial=Duty.INTERVIEWER
    )
