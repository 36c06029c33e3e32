"""The three steps of joining."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.org.joining.choices import AgencySide
from qiao.org.joining.queries.routing import place_by_key, places
from qiao.org.joining.rules import clean_contact, clean_identity, is_staff_list
from qiao.org.membership.choices import Employment
from qiao.org.membership.rules import clean_name
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.queries import find_employers


def _mended(read: Any, text: str) -> Any:
    """A value as read; a Problem as the form's own error."""
    try:
        return read(text)
    except Problem as problem:
        raise forms.ValidationError(problem_text(problem)) from None


class YouForm(forms.Form):
    """Step 1: name, contact, kind of employment."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact = forms.CharField(
        label=_("Mobile number or e-mail address"),
        max_length=254,
        required=False,
        help_text=_("For the answer. Without one you follow your application by its receipt number."),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    employment = forms.ChoiceField(
        label=_("How do you work?"),
        choices=[
            (Employment.DIRECT, _("Employed by a company or office")),
            (Employment.AGENCY, _("Sent to a company by an agency")),
            (Employment.PLATFORM, _("Courier, driver or the like, by a platform")),
            (Employment.FREELANCE, _("For myself, without an employer")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_name(self) -> str:
        """The name as kept; several names are a list, and nobody joins by a list."""
        text = str(self.cleaned_data["name"])
        if is_staff_list([text]):
            raise forms.ValidationError(
                _("Several names stand here. Nobody joins by a list: each worker applies alone.")
            )
        return str(_mended(clean_name, text))

    def clean_contact(self) -> str:
        """The contact as kept."""
        _kind, value = _mended(clean_contact, str(self.cleaned_data["contact"]))
        return str(value)


class WorkForm(forms.Form):
    """Step 2: where. ``employment`` decides which questions stand here."""

    agency_side = forms.ChoiceField(
        label=_("Where would you like to join?"),
        choices=[choice for choice in AgencySide.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    at_work = forms.BooleanField(required=False)
    text = forms.CharField(
        label=_("Your employer"),
        max_length=120,
        required=False,
        help_text=_("The first letters of its name, or its code of 18 signs."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    employer = forms.ChoiceField(label=_("Which of these is it?"), required=False, widget=forms.RadioSelect)
    place = forms.ChoiceField(label=_("Where do you work?"), required=False)
    bypass = forms.BooleanField(
        label=_("Do not route this through the union at my workplace"),
        required=False,
        help_text=_("Then the hub of the place takes you in, or the union above."),
    )

    def __init__(self, *args: Any, employment: str, at: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at
        self.hits: list[Employer] = []
        self.searched = ""
        if employment != Employment.AGENCY:
            del self.fields["agency_side"]
        if employment == Employment.FREELANCE:
            for name in ("text", "employer", "bypass", "at_work"):
                del self.fields[name]
        elif at is None:
            del self.fields["at_work"]
        else:
            self.fields["at_work"] = forms.ChoiceField(
                label=_("Do you work where %(unit)s is?") % {"unit": pick(at.name)},
                choices=[("yes", _("Yes")), ("no", _("No, somewhere else"))],
                widget=forms.RadioSelect,
                initial="yes",
                required=False,
            )
        self.fields["place"] = forms.ChoiceField(
            label=_("In which place do you work?"),
            required=False,
            choices=[
                ("", _("– choose –")),
                *((name, [(str(unit.pk), pick(unit.name)) for unit in units]) for name, units in places()),
            ],
        )
        if "employer" in self.fields:
            self.search(str(self.data.get(self.add_prefix("text"), "")) if self.is_bound else "")

    def search(self, text: str) -> None:
        """Look for employers that begin so; what is found stands as choices."""
        self.searched = text.strip()
        self.hits = find_employers(self.searched, limit=8) if self.searched else []
        field = cast("forms.ChoiceField", self.fields["employer"])
        if self.hits:
            field.choices = [
                *((str(hit.pk), f"{hit.name} · {pick(hit.place.name)}") for hit in self.hits),
                ("none", _("None of these")),
            ]
        else:
            # What was chosen for an earlier search may still come with the form: it says nothing now.
            field.choices = [("none", _("None of these")), ("", "")]
            field.widget = forms.HiddenInput()

    @property
    def from_here(self) -> bool:
        """Whether the worker works where the unit of the link is."""
        return self.at is not None and self.cleaned_data.get("at_work") == "yes"

    def clean(self) -> dict[str, Any]:
        """Where somebody works is an employer we know, or a place."""
        given: dict[str, Any] = super().clean() or {}
        if "employer" in self.fields and not self.from_here_in(given):
            if not self.searched:
                self.add_error("text", _("Write the first letters of your employer's name."))
            elif self.hits and not given.get("employer"):
                self.add_error("employer", _("Choose one, or “None of these”."))
        known = given.get("employer", "").isdecimal() or self.from_here_in(given)
        if not known and not given.get("place") and not self.errors:
            self.add_error("place", _("Choose the place, so that we find the hub that takes you in."))
        return given

    def from_here_in(self, given: dict[str, Any]) -> bool:
        """As `from_here`, while the form is being read."""
        return self.at is not None and given.get("at_work") == "yes"

    def found_employer(self) -> Employer | None:
        """The employer chosen."""
        key = self.cleaned_data.get("employer") or ""
        return next((hit for hit in self.hits if str(hit.pk) == key), None)

    def found_place(self) -> Unit | None:
        """The place chosen."""
        key = self.cleaned_data.get("place") or ""
        return place_by_key(int(key)) if key.isdecimal() else None


class SendForm(forms.Form):
    """Step 3: each consent by its own tick; nothing is ticked before."""

    join = forms.BooleanField(
        label=_("I wish to join the trade union."),
        help_text=_("The union keeps my name, my contact and where I am a member, and tells me of my rights."),
        error_messages={"required": _("Nobody joins without saying so: tick that you wish to join.")},
    )
    channel = forms.BooleanField(label=_("Send me messages of the union to this contact."), required=False)
    identity_check = forms.BooleanField(
        label=_("Check by my identity number who I am."),
        required=False,
        help_text=_("Or leave it empty and show any paper with your name to the union: that is enough."),
    )
    identity_number = forms.CharField(
        label=_("Identity number"), max_length=24, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, contact: str = "", check: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not contact:
            del self.fields["channel"]
        else:
            self.fields["channel"].help_text = contact
        if not check:
            del self.fields["identity_check"]
            del self.fields["identity_number"]

    def clean_identity_number(self) -> str:
        """The number as kept."""
        return str(_mended(clean_identity, str(self.cleaned_data["identity_number"])))

    def clean(self) -> dict[str, Any]:
        """No number without its consent."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("identity_number") and not given.get("identity_check"):
            self.add_error(
                "identity_check",
                _("Your identity number is kept only with your consent: tick it, or leave the number empty."),
            )
        return given
