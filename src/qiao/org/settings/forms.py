"""Forms of settings: choosing where and when, a value of any kind, days of a calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind
from qiao.org.settings.rules import Setting


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class WhereForm(forms.Form):
    """At which unit, on which day."""

    unit = forms.CharField(
        label=_("Unit label"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    on = day_field(label=_("On this day"), required=False)


class BeginForm(forms.Form):
    """From which day, and why: what every change asks. ``seen`` is the newest row the officer had before them."""

    since = day_field(
        label=_("From"), help_text=_("Today at the earliest: clocks that run keep the rule they began with.")
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=400,
        help_text=_("Everybody can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["value", "years", "since", "reason"]


class ValueForm(BeginForm):
    """A new value; the field follows the kind of the setting."""

    def __init__(self, *given: Any, setting: Setting[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.setting = setting
        self.fields["value"] = _value_field(setting)
        self.order_fields(self.field_order)

    def value(self) -> object:
        """What was typed, as the setting's kind has it."""
        typed = self.cleaned_data["value"]
        if self.setting.kind == Kind.SHARE:
            return round(float(typed) / 100, 6)
        if self.setting.kind == Kind.SWITCH:
            return typed == "on"
        return typed


def _value_field(setting: Setting[Any]) -> forms.Field:
    label, hint = _("New value"), _bounds(setting)
    if setting.kind == Kind.SHARE:
        return forms.DecimalField(
            label=_("New value in per cent"), min_value=0, max_value=100, max_digits=7, decimal_places=4, help_text=hint
        )
    if setting.kind == Kind.SWITCH:
        return forms.ChoiceField(label=label, choices=[("on", _("On")), ("off", _("Off"))], help_text=hint)
    if setting.kind == Kind.CHOICE:
        return forms.ChoiceField(label=label, choices=list((setting.choices or {}).items()), help_text=hint)
    if setting.kind == Kind.TEXT:
        return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=hint)
    return forms.IntegerField(
        label=_("New value (%(kind)s)") % {"kind": Kind(setting.kind).label}, min_value=0, help_text=hint
    )


def _bounds(setting: Setting[Any]) -> str:
    """The limits of a number, in words."""
    if setting.lowest is None and setting.highest is None:
        return ""
    scale = 100 if setting.kind == Kind.SHARE else 1
    given = {
        "low": "" if setting.lowest is None else f"{scale * setting.lowest:g}",
        "high": "" if setting.highest is None else f"{scale * setting.highest:g}",
    }
    if setting.highest is None:
        return gettext("At least %(low)s.") % given
    if setting.lowest is None:
        return gettext("At most %(high)s.") % given
    return gettext("From %(low)s to %(high)s.") % given


class EndForm(BeginForm):
    """Giving the unit's own value up."""


class WithdrawForm(forms.Form):
    """Taking back what has not begun."""

    reason = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class YearForm(BeginForm):
    """The rest days and moved working days of one year, typed."""

    rest = forms.CharField(
        label=_("Rest days"),
        required=False,
        max_length=20_000,
        help_text=_("One a line, or a range: 2026-10-01 ~ 2026-10-07. Weekends need not be written."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    working = forms.CharField(
        label=_("Weekend days that are worked"),
        required=False,
        max_length=20_000,
        help_text=_("One a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ["rest", "working", "since", "reason"]


class CalendarFileForm(BeginForm):
    """A table of days."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "CSV or a workbook with the columns “Date” and “Kind” (rest or work). Years it names are replaced."
        ),
    )
    field_order = ["file", "since", "reason"]
