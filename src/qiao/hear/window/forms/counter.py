"""What officers fill in at the counter: numbers, appointments, the telephone line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.hear.window.choices import (
    Kind,
    Way,
)
from qiao.hear.window.forms.fields import NonceForm


class DrawForm(NonceForm):
    """A number at the counter."""

    kind = forms.ChoiceField(label=_("Purpose of the visit"), choices=Kind.choices)


class NextForm(forms.Form):
    """The desk that is free."""

    desk_number = forms.IntegerField(label=_("At desk"), min_value=1, max_value=99, initial=1)


class SlotsForm(forms.Form):
    """Appointments to offer."""

    starts = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    minutes = forms.IntegerField(label=_("Minutes each"), min_value=5, max_value=240, initial=20)
    lanes = forms.IntegerField(label=_("Desks at the same time"), min_value=1, max_value=20, initial=1)
    way = forms.ChoiceField(
        label=_("Way of the appointment"), choices=Way.choices,
        help_text=_("At home and by telephone for whoever cannot easily come; nobody asks why."),
    )  # fmt: skip


class LineForm(forms.Form):
    """Counts of the telephone line."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    offered = forms.IntegerField(label=_("Calls"), min_value=0)
    connected = forms.IntegerField(label=_("Got through"), min_value=0)
    in_time = forms.IntegerField(label=_("Answered in time"), min_value=0)
