"""Forms of mandates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.mandates.choices import ELECTED, EmployerPost, EndReason, Engagement, Post, TestOutcome
from qiao.org.people.models import Account


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class AccountField(forms.EmailField):
    """The address of an account that exists; cleans to the account or None."""

    def clean(self, value: Any) -> Any:
        """The account with this address."""
        email = super().clean(value)
        if not email:
            return None
        found = Account.objects.filter(email__iexact=email, is_active=True).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No account has this address: leave it empty and enter the name alone."))
        return found


class EnterForm(forms.Form):
    """Somebody in a post to which nobody is elected here."""

    post = forms.ChoiceField(
        label=_("Post"), choices=[(post.value, post.label) for post in Post if post not in ELECTED]
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    account = AccountField(
        label=_("Their account"), required=False, help_text=_("The address they sign in with, if they have an account.")
    )
    engagement = forms.ChoiceField(label=_("Working time"), choices=Engagement.choices, initial=Engagement.PART)
    group_name = forms.CharField(
        label=_("Union group"), max_length=80, required=False, help_text=_("For a union group leader.")
    )
    employer_post = forms.ChoiceField(
        label=_("Post in the employer's management"),
        choices=EmployerPost.choices,
        initial=EmployerPost.NONE,
        help_text=_("It is shown to everybody."),
    )
    since = day_field(label=_("From"))


class ChannelForm(forms.Form):
    """The public channel of an office."""

    phone = forms.CharField(
        label=_("Office telephone"),
        max_length=40,
        required=False,
        help_text=_("The office's, never somebody's own: an officer makes a number of their own public themselves."),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    mail = forms.EmailField(label=_("Office e-mail"), required=False)
    place = LocalizedField(label=_("Where the office is"), required=False, max_length=120)
    hours = LocalizedField(label=_("When somebody is there"), required=False, max_length=120)


class OwnChannelForm(forms.Form):
    """One's own channel, made public by oneself."""

    phone = forms.CharField(
        label=_("My telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    mail = forms.EmailField(label=_("My e-mail"), required=False)
    agree = forms.BooleanField(label=_("I agree that everybody can read this on the unit's page until I take it back."))


class EndForm(forms.Form):
    """The end of a mandate."""

    day = day_field(label=_("First day without the post"))
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(reason.value, reason.label) for reason in EndReason if reason != EndReason.RECALLED],
    )


class TestForm(forms.Form):
    """What a test came to."""

    channel = forms.ChoiceField(label=_("How"), choices=[("phone", _("Telephone")), ("mail", _("E-mail"))])
    outcome = forms.ChoiceField(label=_("What it came to"), choices=TestOutcome.choices, widget=forms.RadioSelect)
