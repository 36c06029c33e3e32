"""Forms of holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.retention.choices import Ground
from qiao.org.retention.rules import all_rules


class HoldForm(forms.Form):
    """What is held back, why and until when."""

    object_class = forms.ChoiceField(label=_("Class of records"))
    code = forms.CharField(
        label=_("Code of one object"),
        required=False,
        max_length=32,
        help_text=_("Empty: the unit below, or the whole class."),
    )
    unit = forms.CharField(label=_("Unit label"), required=False, max_length=40)
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices)
    reason = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label=_("First day it no longer holds"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Every hold ends. It can be set anew before."),
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        field = self.fields["object_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(rule.key, rule.label) for rule in all_rules()]


class EndHoldForm(forms.Form):
    """Ending a hold before its day."""

    reason = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
