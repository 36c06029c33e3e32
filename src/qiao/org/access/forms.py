"""Forms of roles and of declared ties."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick
from qiao.org.access.choices import Role, TieKind
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.queries import find_employers


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class GrantForm(forms.Form):
    """A role for somebody."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    display_name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=80,
        help_text=_("Needed only where the address has no account yet: one is opened. Names of officers are public."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    own = forms.EmailField(
        label=_("Address of their own account"),
        required=False,
        help_text=_(
            "Only where this person has another account already, as a member or in another office: both then act as "
            "one, and what one did the other does not confirm."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    since = day_field(label=_("From"))
    until = day_field(
        label=_("First day without the role"), required=False, help_text=_("Empty: until it is ended here.")
    )


class TieForm(forms.Form):
    """A tie to an employer: its first letters find it, one of those found is chosen."""

    text = forms.CharField(
        label=_("First letters of the employer's name, or its unified social credit code"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    employer = forms.ChoiceField(label=_("Employer"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What ties you to it"), choices=TieKind.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if text:
            self.initial["text"] = text
        searched = text or (str(self.data.get("text", "")) if self.is_bound else "")
        self.searched = searched.strip()
        self.hits = find_employers(self.searched, limit=8) if self.searched else []
        field = cast("forms.ChoiceField", self.fields["employer"])
        field.choices = [(str(hit.pk), f"{hit.name} · {pick(hit.place.name)}") for hit in self.hits]

    def clean(self) -> dict[str, Any]:
        """One of the employers found is chosen."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("text") and not self.hits:
            self.add_error("text", _("The list holds no employer that begins so: ask the hub to enter it."))
        elif self.hits and not given.get("employer") and "employer" not in self.errors:
            self.add_error("employer", _("Choose one of these."))
        return given

    def found_employer(self) -> Employer:
        """The employer chosen."""
        return next(hit for hit in self.hits if str(hit.pk) == self.cleaned_data["employer"])
