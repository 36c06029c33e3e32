"""The forms of questionnaires that are written here, their files, and the question bank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Topic
from qiao.hear.surveys.forms import UnitField
from qiao.hear.surveys.queries.shipped import ShippedTemplate
from qiao.org.units.models import Unit


class WriteForm(forms.Form):
    """Beginning a questionnaire in the browser."""

    title = LocalizedField(label=_("Title"), max_length=160)
    unit = UnitField(queryset=Unit.objects.none(), label=_("Unit"), empty_label=None)
    template = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, units: QuerySet[Unit], templates: Sequence[ShippedTemplate], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            ("", _("An empty questionnaire")),
            *((each.key, f"{pick(each.title)} · {pick(each.about)}") for each in templates),
        ]


class _Files(forms.FileInput):
    allow_multiple_selected = True


class FilesForm(forms.Form):
    """Pictures and sounds for the labels of a questionnaire."""

    pictures = forms.FileField(
        label=_("Pictures and sounds"),
        help_text=_("PNG, JPEG, GIF or WebP to 500 kB; MP3, OGG, WAV, M4A, MP4 or WebM to 3 MB."),
        widget=_Files(attrs={"multiple": True, "accept": "image/png,image/jpeg,image/gif,image/webp,audio/*,video/*"}),
    )

    def contents(self) -> list[tuple[str, bytes]]:
        """Name and content of each file sent."""
        sent: list[UploadedFile[bytes]] = self.files.getlist("pictures")
        return [(file.name or "", file.read()) for file in sent[:50]]


class BankForm(forms.Form):
    """Putting a question of a draft into the bank."""

    key = forms.CharField(
        label=_("Name of the item"), max_length=60,
        help_text=_("It never changes: rounds are compared by it. Small letters, digits and _."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("What it is about"), choices=Topic.choices)
    source = LocalizedField(label=_("Where it comes from"), required=False, max_length=300)
