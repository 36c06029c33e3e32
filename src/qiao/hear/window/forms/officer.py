"""What officers fill in: one form for each act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.hear.window.choices import (
    ASSISTED,
    About,
    Channel,
    Grade,
    Identity,
    Kind,
    Outcome,
    State,
    TimeClass,
    Topic,
)
from qiao.hear.window.forms.fields import FilesField, NonceForm, UnitLabelField, WorkplaceMixin
from qiao.hear.window.models import Request
from qiao.hear.window.rules.contacts import clean_contact
from qiao.hear.window.services.steps import MOST_SIGNS
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

_ANY = ("", "—")


class FilterForm(forms.Form):
    """What the inbox shows; it stands in the address, so that it survives a reload and can be kept."""

    view = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[
            ("open", _("All open")), ("mine", _("Given to me")), ("desk", _("To sort")), ("work", _("In work")),
            ("check", _("To call back and close")), ("late", _("Overdue")), ("sample", _("To call a second time")),
            ("ended", _("Ended")),
        ],
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[_ANY, *Topic.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ANY, *State.choices])
    channel = forms.ChoiceField(label=_("Came by"), required=False, choices=[_ANY, *Channel.choices])
    clock = forms.ChoiceField(
        label=_("Clock"), required=False, choices=[_ANY, ("soon", _("Due within three days")), ("late", _("Overdue"))]
    )
    unit = forms.CharField(label=_("Body, by its label"), required=False, max_length=40)
    text = forms.CharField(label=_("Code, receipt, number or e-mail of a caller"), required=False, max_length=120)


class SortForm(forms.Form):
    """What it is about and how much time it may take."""

    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    time_class = forms.ChoiceField(label=_("Time class"), choices=TimeClass.choices)
    urgent = forms.BooleanField(
        label=_("Urgent: danger to life, an injury, unpaid wages before a holiday"), required=False
    )
    about_account = forms.EmailField(
        label=_("Officer the complaint names, by their sign-in address"), required=False,
        help_text=_("They will neither handle nor check it."),
    )  # fmt: skip

    def clean_about_account(self) -> Account | None:
        """The account with this address."""
        mail = self.cleaned_data["about_account"]
        if not mail:
            return None
        found = Account.objects.filter(email__iexact=mail).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No account has this address."))
        return found


class TextForm(NonceForm):
    """Words to the asker."""

    text = forms.CharField(label=_("Text"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 5}))


class AssignForm(forms.Form):
    """Which body, and which of its officers."""

    body = UnitLabelField(label=_("Body that answers"))
    handler = forms.ModelChoiceField(
        label=_("Handler"), queryset=Account.objects.none(), required=False, empty_label=_("its own window chooses")
    )
    task = forms.CharField(label=_("What is to be done"), max_length=300, required=False)

    def __init__(self, *args: Any, handlers: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = handlers


class ReasonForm(forms.Form):
    """A reason the asker reads."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SettleForm(ReasonForm):
    """Where a returned request belongs."""

    body = UnitLabelField(label=_("Body that answers"))
    field_order = ("body", "reason")


class HandOverForm(NonceForm):
    """Where a matter of others belongs."""

    where = forms.CharField(label=_("Office, address, telephone"), max_length=500)
    why = forms.CharField(
        label=_("Why there, and what to bring"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class JoinForm(forms.Form):
    """The earlier request."""

    other = forms.CharField(label=_("Code of the earlier request"), max_length=32)


class ExtendForm(NonceForm):
    """More time."""

    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=90, initial=5)
    reason = forms.CharField(
        label=_("Reason, for the asker to read"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class HelpForm(forms.Form):
    """Another body to help."""

    body = UnitLabelField(label=_("Body that helps"))
    task = forms.CharField(label=_("What is to be done"), max_length=300)


class CallBackForm(NonceForm):
    """What the asker says."""

    outcome = forms.ChoiceField(label=_("What the asker says"), choices=Outcome.choices, widget=forms.RadioSelect)
    retold = forms.ChoiceField(
        label=_("Had to tell it all again"), choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], required=False
    )
    grade = forms.TypedChoiceField(
        label=_("Grade, only if the asker gives one unasked"), choices=[_ANY, *Grade.choices], coerce=int,
        required=False,
        empty_value=None,
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class CloseForm(forms.Form):
    """The quality check."""

    quality = forms.BooleanField(label=_("I read the answer: it says what was done, or why nothing can be."))


class PublishForm(forms.Form):
    """Question and answer for everybody."""

    text = forms.CharField(
        label=_("The question, written anew"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nobody may be recognised: no name, no workplace of a few, no number."),
    )  # fmt: skip
    answer = forms.CharField(label=_("The answer"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 4}))


class LookForm(forms.Form):
    """Why one looks."""

    reason = forms.CharField(label=_("Why you look: the asker reads it"), max_length=300, min_length=4)


class FilesForm(forms.Form):
    """Scans and papers."""

    papers = FilesField(label=_("Scans, pictures, papers"), required=True)


class RedactForm(forms.Form):
    """A copy without the others."""

    copy = FilesField(label=_("Copy without data of others"), help_text=_("Without one the file is only shut."))


class IntakeForm(NonceForm, WorkplaceMixin):
    """A request somebody brings: made for the keyboard, top to bottom."""

    channel = forms.ChoiceField(
        label=_("Came by"),
        choices=[(one.value, one.label) for one in Channel if one in ASSISTED],
        initial=Channel.PHONE,
    )
    text = forms.CharField(
        label=_("What it is about"), max_length=MOST_SIGNS, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )
    kind = forms.ChoiceField(label=_("Class"), choices=Kind.choices)
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices, initial=Topic.OTHER)
    about = forms.ChoiceField(label=_("Complaint about"), choices=About.choices, required=False)
    by_pass = forms.BooleanField(label=_("Not through the union at the workplace"), required=False)
    identity = forms.ChoiceField(label=_("Asker"), choices=Identity.choices, initial=Identity.CONFIDENTIAL)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    contact = forms.CharField(label=_("Mobile number or e-mail"), max_length=120, required=False)
    answer = forms.CharField(
        label=_("Answered at once"), max_length=MOST_SIGNS, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write the answer you gave; leave it empty where somebody has to look into it."),
    )  # fmt: skip
    papers = FilesField(label=_("Scans, pictures, papers"))
    ticket = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = (
        "channel", "text", "kind", "topic", "workplace", "pick", "about", "by_pass", "identity", "name", "contact",
        "answer", "papers",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A contact that is none is said at its field; for nobody none is taken."""
        given = super().clean() or {}
        if given.get("identity") == Identity.ANONYMOUS:
            given["name"] = given["contact"] = ""
            return given
        try:
            clean_contact(str(given.get("contact", "")))
        except Problem as problem:
            self.add_error("contact", problem_text(problem))
        return given


class BulkForm(forms.Form):
    """Several requests to one officer."""

    handler = forms.ModelChoiceField(
        label=_("Give the marked ones to"), queryset=Account.objects.none(), empty_label=_("Choose who works on them.")
    )

    def __init__(self, *args: Any, handlers: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = handlers


def values_of(request: Request, officer: str, unit: Unit, day: str) -> dict[str, str]:
    """What stands in the places of a prepared answer."""
    return {
        "code": request.code, "receipt": request.receipt, "topic": str(request.get_topic_display()),
        "body": pick(unit.name), "day": day, "officer": officer,
    }  # fmt: skip
