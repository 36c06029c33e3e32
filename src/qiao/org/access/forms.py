"""Forms of roles and of closing units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.access.choices import Role


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class GrantForm(forms.Form):
    """A role for somebody."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    display_name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=80,
        help_text=_("Needed only where the address has no account yet: one is opened. Names of officers are public."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    since = day_field(label=_("From"))
    until = day_field(
        label=_("First day without the role"), required=False, help_text=_("Empty: until it is ended here.")
    )
