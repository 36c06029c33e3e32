"""Forms of a term: electorate, constituencies, elections, seats, breaches."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.decide.congress.choices import (
    BreachGround,
    SeatEnd,
)
from qiao.decide.congress.forms.shared import MinutesMixin, PublicReasonForm, minutes_field
from qiao.decide.congress.rules.quota import Electorate
from qiao.decide.congress.services import Elected
from qiao.org.mandates.forms import day_field

#: Marks of a line of the minutes, as people write them.
_WOMAN = {"女", "woman", "w", "f"}
_FRONT = {"一线", "front", "front-line", "frontline"}
_MANAGER = {"管理", "管理人员", "manager", "m"}
_LINE = re.compile(r"[,，;；\t]+")


class FindForm(forms.Form):
    """A congress by unit."""

    find = forms.CharField(label=_("Find a unit"), required=False, max_length=60)


class FormForm(forms.Form):
    """Whose congress, and by how many workers it is elected."""

    unit = forms.CharField(label=_("Label of the unit"), max_length=40)
    workers = forms.IntegerField(label=_("Workers, all of them"), min_value=1, max_value=1_000_000)
    women = forms.IntegerField(label=_("Of them women"), min_value=0, max_value=1_000_000)
    front_line = forms.IntegerField(label=_("Of them front-line workers"), min_value=0, max_value=1_000_000)
    counted = day_field(label=_("Counted on"))
    source = forms.CharField(label=_("Source of the numbers"), max_length=160)
    seats = forms.IntegerField(
        label=_("Seats"), required=False, min_value=1, help_text=_("Empty: the fewest the table allows.")
    )

    def electorate(self) -> Electorate:
        """The numbers of workers."""
        given = self.cleaned_data
        return Electorate(given["workers"], given["women"], given["front_line"])


class PlaceForm(forms.Form):
    """A constituency."""

    name = LocalizedField(label=_("Name of the constituency"), max_length=80)
    electors = forms.IntegerField(label=_("Workers in it"), min_value=1, max_value=1_000_000)


class NameForm(forms.Form):
    """Somebody added to an assembly."""

    name = forms.CharField(label=_("Name"), max_length=80)


class ElectionForm(MinutesMixin):
    """What the minutes of a constituency say."""

    held_on = day_field(label=_("Held on"))
    took_part = forms.IntegerField(label=_("Took part"), min_value=0)
    elected = forms.CharField(
        label=_("Elected delegates"), widget=forms.Textarea(attrs={"rows": 8}), max_length=20_000,
        help_text=_(
            "One line each: name, votes in favour, then what applies of woman, front, manager. "
            "“Yun Yi, 52, woman, front”. With two members of one name add the number: “Yun Yi#1042”."
        ),
    )  # fmt: skip
    minutes = minutes_field()

    def clean_elected(self) -> list[Elected]:
        """The lines; each that cannot be read is named."""
        found, faults = [], []
        for number, line in enumerate(self.cleaned_data["elected"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = [part.strip() for part in _LINE.split(line) if part.strip()]
            marks = {part.lower() for part in parts[2:]}
            name, _sign, key = parts[0].partition("#")
            if len(parts) < 2 or not parts[1].isdecimal() or len(parts[1]) > 7 or (key and not key.isdecimal()):
                faults.append(gettext("Line %(number)d: write name, votes and marks.") % {"number": number})
                continue
            unknown = marks - _WOMAN - _FRONT - _MANAGER
            if unknown:
                faults.append(gettext("Line %(number)d: “%(mark)s” is no mark.") % {
                    "number": number, "mark": sorted(unknown)[0]})  # fmt: skip
                continue
            found.append(
                Elected(name.strip(), int(parts[1]), bool(marks & _WOMAN), bool(marks & _FRONT), bool(marks & _MANAGER),
                        int(key) if key else None)
            )  # fmt: skip
        if faults:
            raise forms.ValidationError(faults)
        return found


class ExtendForm(PublicReasonForm):
    """A longer term."""

    until = day_field(label=_("New last day"))


class SeatForm(forms.Form):
    """A seat that fell vacant."""

    ended = forms.ChoiceField(
        label=_("Why the seat falls vacant"), choices=[(row.value, row.label) for row in SeatEnd if row != SeatEnd.TERM]
    )
    day = day_field(label=_("On which day"))


class SubjectForm(forms.Form):
    """What delegates call a meeting for."""

    subject = forms.CharField(label=_("What the meeting is to be about"), max_length=300)


class LetterForm(forms.Form):
    """A breach."""

    ground = forms.ChoiceField(label=_("What was not kept"), choices=BreachGround.choices)
    text = forms.CharField(
        label=_("What happened, and what the letter asks"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )


class OutcomeForm(forms.Form):
    """How a breach ended."""

    outcome = forms.CharField(label=_("How it ended"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
