"""Forms of the newsroom."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.org.units.models import Unit
from qiao.publish.choices import WRITTEN


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language, indented by its depth."""

    def label_from_instance(self, obj: Unit) -> str:
        """The name as the list shows it."""
        return "\u2003" * obj.depth + pick(obj.name)


def date_input() -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ArticleForm(forms.Form):
    """Writing a text."""

    unit = UnitField(queryset=Unit.objects.none(), label=_("Signed by"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in WRITTEN])
    title = LocalizedField(label=_("Title"), max_length=160)
    body = LocalizedField(
        label=_("Text"),
        textarea=True,
        max_length=20_000,
        rows=10,
        help_text=_("Every new line begins a new paragraph."),
    )
    expires = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=date_input(),
        help_text=_("Needed for a public notice: after this day it can no longer be found here."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit"]
        if isinstance(field, UnitField):
            field.queryset = units

    def expiry(self) -> datetime | None:
        """The end of the chosen day, or None."""
        day = self.cleaned_data.get("expires")
        return make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class CorrectionForm(forms.Form):
    """Correcting a published text."""

    title = LocalizedField(label=_("Title"), max_length=160)
    body = LocalizedField(label=_("Text"), textarea=True, max_length=20_000, rows=10)
    reason = LocalizedField(label=_("Why it is corrected"), max_length=400, help_text=_("Readers see this."))


class ReleaseForm(forms.Form):
    """Releasing a text after reading it."""

    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: at once."),
    )
    looked = forms.BooleanField(
        label=_(
            "I have read it: no name without consent, no illness, no child, no home address, no single amount of aid."
        ),
        error_messages={"required": _("Read the text for what no scanner can find, then tick here.")},
    )


class ReturnForm(forms.Form):
    """Sending a text back."""

    remark = forms.CharField(label=_("What is to be mended"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
