"""What an asker fills in. Only the words are needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.hear.window.choices import About, Grade, Identity, Kind, Outcome, Topic
from qiao.hear.window.forms.fields import FilesField, NonceForm, WorkplaceMixin
from qiao.hear.window.rules.contacts import clean_contact
from qiao.hear.window.services.steps import MOST_SIGNS

_YES_NO = (("yes", _("Yes")), ("no", _("No")))


class WhatForm(forms.Form):
    """What it is about: the first page."""

    text = forms.CharField(
        label=_("What is it about?"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In your own words, in any language. What happened, since when, what you want."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What do you want?"), choices=Kind.choices, initial=Kind.QUESTION, widget=forms.RadioSelect
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices, initial=Topic.OTHER)


def _checked_contact(given: dict[str, Any], form: forms.Form) -> None:
    try:
        clean_contact(str(given.get("contact", "")))
    except Problem as problem:
        form.add_error("contact", problem_text(problem))


class WhereForm(WorkplaceMixin):
    """Where, who, and how to reach them: the second page, all of it optional."""

    about = forms.ChoiceField(
        label=_("Is it a complaint about somebody?"), choices=About.choices, required=False, widget=forms.RadioSelect
    )
    by_pass = forms.BooleanField(
        label=_("Do not let it go through the union at my workplace"), required=False,
        help_text=_("Then the body above answers, and nobody at your workplace union sees it."),
    )  # fmt: skip
    identity = forms.ChoiceField(
        label=_("What may we know of you?"), choices=Identity.choices, initial=Identity.ANONYMOUS,
        widget=forms.RadioSelect,
        help_text=_(
            "Without a name nothing about you is kept: you follow it with receipt and secret. In confidence, only "
            "whoever needs your name sees it, and you see who looked. Your employer never does."
        ),
    )  # fmt: skip
    name = forms.CharField(label=_("Your name"), max_length=80, required=False)
    contact = forms.CharField(
        label=_("Mobile number or e-mail"), max_length=120, required=False,
        help_text=_("To tell you when something moves. It is encrypted."),
    )  # fmt: skip
    papers = FilesField(
        label=_("Pictures or papers"),
        help_text=_("Up to five files of 4 MB. Pictures lose place, time and device."),
    )  # fmt: skip

    field_order = ("workplace", "pick", "about", "by_pass", "identity", "name", "contact", "papers")

    def clean(self) -> dict[str, Any]:
        """A contact that is none is said at its field; for nobody none is taken."""
        given = super().clean() or {}
        if given.get("identity") == Identity.ANONYMOUS:
            given["name"] = given["contact"] = ""
        else:
            _checked_contact(given, self)
        return given


class LookupForm(forms.Form):
    """Receipt number and secret."""

    number = forms.CharField(
        label=_("Receipt number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = forms.CharField(
        label=_("Secret"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Twelve signs, shown once when you filed it."),
    )  # fmt: skip


class WriteForm(NonceForm):
    """A word to the office, with files."""

    text = forms.CharField(label=_("Your message"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 3}))
    papers = FilesField(label=_("Pictures or papers"))


class OutcomeForm(NonceForm):
    """Did it help?"""

    outcome = forms.ChoiceField(
        label=_("Is it solved?"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Outcome if one != Outcome.NOT_REACHED],
    )  # fmt: skip
    retold = forms.ChoiceField(
        label=_("Did you have to tell it all again?"), choices=_YES_NO, required=False, widget=forms.RadioSelect
    )


class RateForm(forms.Form):
    """Five grades."""

    grade = forms.TypedChoiceField(
        label=_("How was the service?"), choices=list(reversed(Grade.choices)), coerce=int, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What should be better?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(NonceForm):
    """Why it is not solved."""

    reason = forms.CharField(
        label=_("What is missing?"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 3})
    )


class OwnForm(NonceForm):
    """A secret of one's own."""


class AppealForm(forms.Form):
    """Why another person should decide."""

    ground = forms.CharField(
        label=_("Why should it not stand?"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 3})
    )


class StillForm(forms.Form):
    """Is it still solved?"""

    still = forms.ChoiceField(label=_("Is it still solved?"), choices=_YES_NO, widget=forms.RadioSelect)


class BookForm(NonceForm):
    """An appointment: at the counter nothing is asked."""

    name = forms.CharField(label=_("Your name"), max_length=80, required=False)
    contact = forms.CharField(label=_("Mobile number or e-mail"), max_length=120, required=False)
    address = forms.CharField(
        label=_("Where we come to"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """A contact that is none is said at its field."""
        given = super().clean() or {}
        _checked_contact(given, self)
        return given


class CancelForm(forms.Form):
    """The secret of an appointment."""

    secret = forms.CharField(label=_("Secret"), max_length=20)
