"""How Django's forms are drawn, and the shell's own."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from qiao.base import throttle
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import services
from qiao.org.people.rules.contacts import normal_mail
from qiao.web.audit_words import objects


class Renderer(DjangoTemplates):
    """Django's own widgets; whole forms are drawn by the component ``<c-form>``."""


class CodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Where a sign-in code goes: one field for a mail address or a mobile number.

    The library keeps in the session where it sent the code. For a number that is the contact's key, "0" for a number
    that signs in nobody: so no number stands there, and both cases go the same way to the end.
    """

    email = forms.CharField(max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username"}))

    def clean_email(self) -> str:
        """A mail address stays here; a number goes to ``phone``."""
        given = unicodedata.normalize("NFKC", self.cleaned_data["email"]).strip()
        self._slow(given)
        try:
            if "@" in given:
                self.cleaned_data["email"] = normal_mail(given)
                return str(super().clean_email())
            self._user, key = None, "0"
            found = services.way_in(actor=SYSTEM, now=now(), number=given)
        except Problem as problem:
            raise forms.ValidationError(problem_text(problem)) from None
        if found is not None:
            self._user, key = found[0], str(found[1])
        self.cleaned_data["phone"] = key
        return ""

    def _slow(self, given: str) -> None:
        """Count by address, by account and address, and by account: a stranger shuts the owner out last."""
        address = throttle.address_of(context.request)
        named = "".join(sign for sign in given.lower() if sign not in " -()")[-254:]
        try:
            throttle.check("code address", address, limit=20, per=timedelta(minutes=10), now=now())
            throttle.check("code account", f"{named} {address}", limit=5, per=timedelta(minutes=5), now=now())
            throttle.check("code everywhere", named, limit=20, per=timedelta(hours=1), now=now())
        except throttle.TooMany as problem:
            raise get_adapter().validation_error("too_many_login_attempts") from problem


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
