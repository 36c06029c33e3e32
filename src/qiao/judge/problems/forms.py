"""Forms of the problem ledger."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import Localized, localized, pick
from qiao.judge.problems.choices import OFFICE_SOURCES, Say, Source, Tendency
from qiao.judge.problems.models import Entry
from qiao.org.mandates.forms import day_field
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.units.queries import find_units, unit_by_label

_OFFERED = 6


class UnionField(forms.CharField):
    """A union by its number or its name; cleans to the unit. Several that fit are named."""

    def clean(self, value: Any) -> Any:
        """The unit meant."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return unit_by_label(text.strip().upper())
        except Unit.DoesNotExist:
            found, _more = find_units(text.strip())
        exact = [one for one in found if text.strip() in one.name.values()]
        if len(found) == 1 or len(exact) == 1:
            return unit_by_label((exact or found)[0].label)
        if not found:
            raise forms.ValidationError(_("No union has this name or number."))
        names = "; ".join(f"{one.label} {pick(one.name)}" for one in found[:_OFFERED])
        raise forms.ValidationError(_("Several fit, write the number: %(names)s"), params={"names": names})


class RaiseForm(forms.Form):
    """What somebody writes who raises a problem."""

    unit = UnionField(label=_("Which union"), max_length=80, help_text=_("Its name or its number, as on its page."))
    title = forms.CharField(label=_("The problem in one line"), max_length=120)
    text = forms.CharField(
        label=_("What is wrong, since when, and what should be different"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everybody will read it once it is taken on: name no person."),
    )  # fmt: skip
    tendency = forms.ChoiceField(
        label=_("What kind of problem"), choices=Tendency.choices, initial=Tendency.SERVICE, widget=forms.RadioSelect
    )
    about_officer = forms.BooleanField(label=_("It is about one officer, by name"), required=False)
    shielded = forms.BooleanField(
        label=_("No officer may learn that I raised it"), required=False, initial=True,
        help_text=_("Signed in, you are told what becomes of it all the same. Not signed in, nothing of you is kept."),
    )  # fmt: skip
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)

    def __init__(self, *args: Any, signed_in: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["nonce"].initial = secrets.token_hex(16)
        if not signed_in:
            del self.fields["shielded"]


class OfficeForm(RaiseForm):
    """A problem an office enters: its source, and the object that shows it."""

    source = forms.ChoiceField(
        label=_("How it came to light"), choices=[(Source.MEMBERS.value, _("I raise it as a worker")),
                                                   *[(one.value, one.label) for one in OFFICE_SOURCES]],
    )  # fmt: skip
    source_code = forms.CharField(
        label=_("Number of what shows it"), max_length=32, required=False,
        help_text=_("Such as C-1042 or AS-77, where there is one."),
    )  # fmt: skip


class AcceptForm(forms.Form):
    """Whether it repeats an earlier one."""

    repeat_of = forms.ChoiceField(label=_("Has it been there before?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, earlier: Sequence[Entry] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(one.code, f"{one.code} {pick(one.title)}") for one in earlier]
        self.fields["repeat_of"].choices = [("", gettext("No, it is new")), *known]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """One text in Chinese and, if wanted, English."""

    text = LocalizedField(label=_("Ground"), textarea=True, max_length=4000)

    def __init__(self, *args: Any, label: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if label:
            self.fields["text"].label = label


class OwnerForm(forms.Form):
    """Who answers for it: unit and person."""

    owner = forms.ChoiceField(label=_("Who answers for it"))

    def __init__(self, *args: Any, owners: Sequence[tuple[Account, Unit]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = {f"{account.pk}@{unit.pk}": (account, unit) for account, unit in owners}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (key, f"{account.display_name} · {pick(unit.name)}") for key, (account, unit) in self.offered.items()
        ]

    @property
    def chosen(self) -> tuple[Account, Unit]:
        """The person and the unit."""
        return self.offered[self.cleaned_data["owner"]]


class RemedyForm(forms.Form):
    """How it is mended, and its dated steps."""

    remedy = LocalizedField(label=_("How it is mended"), textarea=True, max_length=4000)
    steps = forms.CharField(
        label=_("Steps"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000,
        help_text=_("One line each: day, what is done. Such as 2026-07-31 Bus runs after the night shift. "
                    "English after a bar: 2026-07-31 夜班后有班车 | Bus runs after the night shift."),
    )  # fmt: skip

    def clean_steps(self) -> list[tuple[Localized, date]]:
        """The steps by line; each line that cannot be read is named."""
        found: list[tuple[Localized, date]] = []
        faults = []
        for number, line in enumerate(self.cleaned_data["steps"].splitlines(), start=1):
            if not line.strip():
                continue
            day, _space, words = line.strip().partition(" ")
            zh, _bar, en = words.replace("｜", "|").partition("|")
            try:
                found.append((localized(zh, en), date.fromisoformat(day)))
                readable = bool(zh.strip())
            except ValueError:
                readable = False
            if not readable:
                faults.append(
                    gettext("Line %(number)d: write the day as 2026-07-31, a space, and what is done.")
                    % {"number": number}
                )
        if faults:
            raise forms.ValidationError(faults)
        return found


class ExtendForm(forms.Form):
    """More time, with a reason."""

    until = day_field(label=_("Until"))
    text = LocalizedField(label=_("Why it takes longer"), textarea=True, max_length=1000)


class ClaimForm(forms.Form):
    """That it is mended, with what those concerned say."""

    text = LocalizedField(label=_("What was done, and what is different now"), textarea=True, max_length=4000)
    users_asked = forms.IntegerField(
        label=_("How many people it concerns did you ask?"), min_value=1, max_value=1_000_000,
        help_text=_("Photographs and reports are no evidence. Ask those who felt the problem."),
    )  # fmt: skip
    users_confirmed = forms.IntegerField(label=_("How many of them say it is mended?"), min_value=0,
                                         max_value=1_000_000)  # fmt: skip


class SayForm(forms.Form):
    """Whether it is mended, by those who raised it or were drawn."""

    say = forms.ChoiceField(label=_("Is it mended?"), choices=Say.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What is still wrong"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever mends it reads this, without your name."),
    )  # fmt: skip


class RecheckForm(forms.Form):
    """What a third party from above finds."""

    say = forms.ChoiceField(label=_("Is it mended?"), choices=Say.choices, widget=forms.RadioSelect)
    text = LocalizedField(label=_("What you found, and whom you asked"), textarea=True, max_length=4000)


class ReceiptForm(forms.Form):
    """The receipt of whoever raised a problem."""

    number = forms.CharField(label=_("Receipt number"), max_length=24)


class ReopenForm(forms.Form):
    """What is wrong again."""

    text = forms.CharField(label=_("What is wrong again"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class AppealForm(forms.Form):
    """Why a decline should not stand."""

    text = forms.CharField(
        label=_("Why it should be taken on"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class FilterForm(forms.Form):
    """What of the ledger is shown."""

    find = forms.CharField(label=_("Find a problem or the number of a union"), required=False, max_length=60)
