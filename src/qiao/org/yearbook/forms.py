"""Forms of the inputs of allocation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.mandates.forms import day_field
from qiao.org.yearbook.choices import InputKind, Verdict


class InputForm(forms.Form):
    """A number of a unit, with its day and its source."""

    kind = forms.ChoiceField(label=_("What"), choices=InputKind.choices)
    value = forms.DecimalField(label=_("Number"), min_value=0, max_digits=15, decimal_places=2)
    day = day_field(label=_("As of"))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Such as “accounts of 2025, sheet 3”: the unit may check it.")
    )


class ContestForm(forms.Form):
    """What is wrong with a number."""

    ground = forms.CharField(
        label=_("What is wrong, and what shows it"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )


class DecideForm(forms.Form):
    """The decision on an objection."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("0", _("The number stands")), ("1", _("Another number takes its place"))],
        coerce=lambda given: given == "1",
        widget=forms.RadioSelect,
    )
    value = forms.DecimalField(
        label=_("Number that takes its place"), min_value=0, max_digits=15, decimal_places=2, required=False
    )
    answer = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class AssureForm(forms.Form):
    """What an independent assurer found of the register."""

    assurer = forms.CharField(label=_("Assurer"), max_length=120, help_text=_("The office that checked, by its name."))
    appointment = forms.CharField(
        label=_("Appointed by"), max_length=200, help_text=_("The body and the day, such as “congress of 12 May 2026”.")
    )
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    checked = forms.IntegerField(
        label=_("Memberships drawn and checked"),
        min_value=0,
        max_value=10_000_000,
        help_text=_("0 where it was obstructed."),
    )
    wrong = forms.IntegerField(label=_("Of these not as the register says"), min_value=0, max_value=10_000_000)
    reasons = forms.CharField(
        label=_("What was checked and found"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text=_("Public, as the rest: no names of members."),
    )
