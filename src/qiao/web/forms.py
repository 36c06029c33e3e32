"""How Django's forms are drawn, and the shell's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from qiao.web.audit_words import objects


class Renderer(DjangoTemplates):
    """Django's own widgets; whole forms are drawn by the component ``<c-form>``."""


class AuditForm(forms.Form):
    """What to show of the audit log."""

    unit = forms.CharField(label=_("Unit, by its short name"), required=False, max_length=32)
    kind = forms.ChoiceField(label=_("Object"), required=False)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(objects().items(), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", _("All objects")), *kinds]  # type: ignore[attr-defined]
