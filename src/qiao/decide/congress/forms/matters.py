"""Forms of proposals and open affairs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.decide.congress.choices import (
    Matter,
    Rating,
    ReviewWord,
)
from qiao.decide.congress.forms.shared import ReasonForm
from qiao.org.mandates.forms import day_field


class TextForm(forms.Form):
    """A proposal as it is written."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What is wrong, and what is proposed"), widget=forms.Textarea(attrs={"rows": 8}), max_length=4000,
        help_text=_("One matter only. Two matters are two proposals."),
    )  # fmt: skip


class DraftForm(TextForm):
    """A new proposal."""

    shielded = forms.BooleanField(
        label=_("Do not show who makes it"), required=False,
        help_text=_("The committee knows, nobody else: neither the employer nor other delegates."),
    )  # fmt: skip


class SplitForm(forms.Form):
    """Two proposals out of one."""

    first_title = forms.CharField(label=_("Title of the first"), max_length=120)
    first_text = forms.CharField(
        label=_("Text of the first"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000
    )
    second_title = forms.CharField(label=_("Title of the second"), max_length=120)
    second_text = forms.CharField(
        label=_("Text of the second"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000
    )


class ReviewForm(ReasonForm):
    """The committee's word."""

    word = forms.ChoiceField(label=_("What the committee says"), choices=ReviewWord.choices, widget=forms.RadioSelect)
    field_order = ("word", "reason")


class AssignForm(forms.Form):
    """Which office replies."""

    handler = forms.CharField(label=_("Which office replies"), max_length=120)


class ReplyForm(forms.Form):
    """A reply, signed."""

    text = forms.CharField(label=_("Reply"), widget=forms.Textarea(attrs={"rows": 7}), max_length=4000)
    signed_by = forms.CharField(label=_("Signed by the leader in charge (name, post)"), max_length=80)


class RateForm(forms.Form):
    """The proposer's rating."""

    rating = forms.ChoiceField(label=_("Does the reply satisfy you?"), choices=Rating.choices, widget=forms.RadioSelect)
    rating_note = forms.CharField(
        label=_("What is missing"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )


class AffairForm(forms.Form):
    """What the employer has to show."""

    matter = forms.ChoiceField(label=_("About what"), choices=Matter.choices)
    title = LocalizedField(label=_("What is to be shown"), max_length=120)
    due = day_field(label=_("By which day"))


class ShowForm(forms.Form):
    """What the employer shows."""

    text = forms.CharField(label=_("What is shown"), widget=forms.Textarea(attrs={"rows": 8}), max_length=10_000)
    shown_by = forms.CharField(label=_("Who of the employer shows it (name, post)"), max_length=120)
    until = day_field(label=_("Shown until"), required=False, help_text=_("Empty: the shortest time the rule allows."))
    paper = forms.FileField(
        label=_("The signed paper"), required=False,
        help_text=_("A scan or photograph. Its fingerprint is kept, not the file: keep the paper."),
    )  # fmt: skip


class QuestionForm(forms.Form):
    """A question."""

    text = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("Your name is shown to nobody."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The employer's answer."""

    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    answered_by = forms.CharField(label=_("Who of the employer answers (name, post)"), max_length=120)
