"""Forms of statements, their moderation, and the answering desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.decide.consultations.choices import ModerationGround, Outcome
from qiao.decide.consultations.forms.main import ReasonForm, UnitField
from qiao.decide.consultations.rules.desk import LONGEST
from qiao.org.units.models import Unit


def ground_field(**options: Any) -> forms.ChoiceField:
    """One of the reason codes of the moderation policy."""
    return forms.ChoiceField(
        label=_("Reason of the policy"), choices=ModerationGround.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the reasons of the policy.")}, **options,
    )  # fmt: skip


class StatementForm(forms.Form):
    """A statement for the others to vote on."""

    text = forms.CharField(
        label=_("Your statement"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        help_text=_("One claim others can agree with or not, in at most 140 signs. No names, numbers or addresses."),
        error_messages={"required": _("Write your statement.")},
    )


class ModerationForm(forms.Form):
    """A refusal or removal: reason code, and a word that stands in the log."""

    ground = ground_field()
    note = LocalizedField(
        label=_("A word on it"), textarea=True, rows=2, required=False, max_length=500,
        help_text=_("Optional. Stands in the public log."),
    )  # fmt: skip


class WithholdForm(ReasonForm):
    """Words of an opinion kept from the public page."""

    ground = ground_field()
    field_order = ("ground", "reason")


class AppealForm(forms.Form):
    """Why a moderation should not stand."""

    ground = forms.CharField(
        label=_("Why it should not stand"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
        error_messages={"required": _("Write why it should not stand.")},
    )


class SuggestionForm(forms.Form):
    """What the opinions of a suggestion have in common."""

    title = LocalizedField(label=_("What they have in common"), max_length=160)


class AssignForm(forms.Form):
    """Who prepares the answer to a group, by when."""

    officer = forms.ChoiceField(label=_("Who prepares the answer"))
    due = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty: by the setting, at the latest when the answers are due."),
    )  # fmt: skip

    def __init__(self, *args: Any, officers: Sequence[tuple[int, int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(f"{account}:{unit}", name) for account, unit, name in officers]


class DraftAnswerForm(forms.Form):
    """The answer as the office would give it."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of the opinion.")},
    )  # fmt: skip
    reason = LocalizedField(
        label=_("Because"), textarea=True, rows=5, max_length=4000,
        help_text=_("Required for every answer. Say what changes in the text, or why nothing does."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class TemplateForm(forms.Form):
    """Words an answer may begin with."""

    unit = UnitField(label=_("For"), queryset=Unit.objects.none(), empty_label=None)
    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of the opinion.")},
    )  # fmt: skip
    title = LocalizedField(label=_("Name of the template"), max_length=80)
    text = LocalizedField(
        label=_("Words of the template"), textarea=True, rows=4, max_length=2000,
        help_text=_("Put what differs from case to case in ［ ］: nobody can give the answer before it is filled in."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = units
