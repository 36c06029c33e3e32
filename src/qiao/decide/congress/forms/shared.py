"""What several forms have: moments, minutes, reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.elections.forms import file_hash


def moment_field(**options: Any) -> forms.DateTimeField:
    """A moment in the browser's own picker."""
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **options
    )


def minutes_field(*, required: bool = True) -> forms.FileField:
    """Signed minutes, of which the fingerprint is kept."""
    return forms.FileField(
        label=_("Signed minutes"), required=required,
        help_text=_("A scan or photograph. Its fingerprint is kept, not the file: keep the paper."),
    )  # fmt: skip


class MinutesMixin(forms.Form):
    """A form with minutes of which the fingerprint is kept."""

    def minutes_hash(self) -> tuple[str, str]:
        """Fingerprint and name; empty where none were given."""
        return file_hash(self.cleaned_data.get("minutes"))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )


class PublicReasonForm(forms.Form):
    """A reason everybody reads."""

    reason = LocalizedField(label=_("Reason, which everybody reads"), textarea=True, max_length=1000)
