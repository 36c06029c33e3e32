"""Keys of other systems and addresses that are told."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.hear.window.choices import Scope, State
from qiao.hear.window.forms.fields import UnitLabelField


class SystemForm(forms.Form):
    """A key for another system."""

    unit = UnitLabelField(label=_("Unit that answers for it"))
    name = forms.CharField(label=_("Name of the system"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, initial=[Scope.POST, Scope.STATE],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    hourly = forms.IntegerField(label=_("Requests an hour"), min_value=1, max_value=10_000, initial=60)


class HookForm(forms.Form):
    """An address that is told."""

    unit = UnitLabelField(label=_("Unit whose requests it is told of, and those below"))
    url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Only https, only outside private networks."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("What it is told of"), initial=["request.*"], widget=forms.CheckboxSelectMultiple,
        choices=[("request.*", _("Every step")), *((f"request.{one.value}", one.label) for one in State)],
    )  # fmt: skip
