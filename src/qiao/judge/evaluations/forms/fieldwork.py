"""Forms of those who ask, type in and report contacts for the evaluator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.codes import normal_secret_code
from qiao.base.i18n import pick
from qiao.judge.evaluations.rules.contacts import NOTE_LENGTH, Sheet
from qiao.judge.evaluations.rules.modes import ASSISTED


def signs_of(text: str) -> str:
    """The signs of a code, however they were parted. Raises ValidationError where there are none."""
    signs = normal_secret_code(text)
    if not signs:
        raise forms.ValidationError(_("This is no code: write it as the letter has it."))
    return signs


class InterviewForm(forms.Form):
    """Whose answer somebody of the evaluator's takes, and how it comes."""

    mode = forms.ChoiceField(
        label=_("How it comes"),
        choices=[(mode.value, mode.label) for mode in ASSISTED],
        widget=forms.RadioSelect,
    )
    secret_code = forms.CharField(
        label=_("Code"),
        max_length=32,
        help_text=_("As it stands in the letter. Letters and digits; blanks and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_secret_code(self) -> str:
        """The signs of the code, however they were parted."""
        return signs_of(str(self.cleaned_data["secret_code"]))


class ContactForm(forms.Form):
    """What was found in one mystery contact."""

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"] = forms.ChoiceField(
            label=_("How you came"),
            choices=[(key, pick(label)) for key, label in sheet.channels.items()],
            widget=forms.RadioSelect,
        )
        scores = [("met", _("Met")), ("partly", _("In part")), ("not", _("Not met")), ("na", _("Did not apply"))]
        for item in sheet.items:
            self.fields[item.key] = forms.ChoiceField(label=pick(item.label), choices=scores, widget=forms.RadioSelect)
        self.fields["note"] = forms.CharField(
            label=_("What you noticed"),
            required=False,
            max_length=NOTE_LENGTH,
            help_text=_("Only your own organisation reads it; please write no names."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self._parts = [
            (pick(label), [item.key for item in sheet.items if item.part == part])
            for part, label in sheet.parts.items()
        ]

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The items under their first-level indicators."""
        return [(label, [self[key] for key in keys]) for label, keys in self._parts]
