"""Forms of appeals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DecideForm(forms.Form):
    """The decision, with its reason."""

    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Uphold: the refusal does not stand")), ("no", _("Dismiss: the refusal stands"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The appellant reads it. Say what was looked at, and which rule decides."),
    )


class SecondForm(forms.Form):
    """The ground of a second try."""

    ground = forms.CharField(
        label=_("Why the dismissal should not stand"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ReceiptForm(forms.Form):
    """The number on the receipt."""

    number = forms.CharField(label=_("Receipt number"), max_length=40)
