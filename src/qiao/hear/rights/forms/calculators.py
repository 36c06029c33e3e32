"""What a calculator asks. Nothing of it is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.hear.rights.choices import Ending, HoursSystem
from qiao.hear.rights.rules.overtime import MOST_HOURS, MOST_WAGE

_CENT = Decimal("0.01")


class DayInput(forms.DateInput):
    """A day, as every browser offers it; typed as 2026-10-01 where it offers none."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _wage(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=_CENT, max_value=MOST_WAGE, decimal_places=2, **options)


def _hours(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(min_value=Decimal(0), max_value=MOST_HOURS, decimal_places=2, required=False, **options)


class OvertimeForm(forms.Form):
    """One month of hours beyond the normal ones."""

    wage = _wage(
        label=_("Monthly wage for normal hours, in yuan"),
        help_text=_("What the contract says, before deductions, without overtime pay."),
    )
    system = forms.ChoiceField(
        label=_("Which hours does the contract name?"), choices=HoursSystem.choices, initial=HoursSystem.STANDARD,
        widget=forms.RadioSelect, help_text=_("Not sure? Take the first: the others need an approval."),
    )  # fmt: skip
    weekday = _hours(label=_("Hours beyond, on working days"))
    rest = _hours(label=_("Hours on rest days"), help_text=_("Only those for which no time off was given."))
    holiday = _hours(label=_("Hours on statutory holidays"))

    def clean(self) -> dict[str, Any]:
        """Empty hours are none; all of them empty is said at the first."""
        given = super().clean() or {}
        for name in ("weekday", "rest", "holiday"):
            if given.get(name) is None and name not in self.errors:
                given[name] = Decimal(0)
        hours = [given.get(name) for name in ("weekday", "rest", "holiday")]
        if all(one is not None and not one for one in hours):
            self.add_error("weekday", _("Write how many hours were worked beyond the normal ones."))
        elif all(one is not None for one in hours) and sum(one for one in hours if one) > MOST_HOURS:
            self.add_error("weekday", _("A month has no more than 744 hours."))
        return given


class SeveranceForm(forms.Form):
    """First and last day, wages, how it ends."""

    first = forms.DateField(label=_("First day of work there"), widget=DayInput())
    last = forms.DateField(label=_("Last day of work there"), widget=DayInput())
    wage = _wage(
        label=_("Average monthly wage of the last twelve months, in yuan"),
        help_text=_("All that was due, with bonuses and allowances, before deductions."),
    )
    ending = forms.ChoiceField(
        label=_("How does it end?"), choices=Ending.choices, initial=Ending.SEVERANCE, widget=forms.RadioSelect
    )
    last_wage = _wage(
        label=_("Wage of the last month, in yuan"), required=False,
        help_text=_("Only for N + 1; left empty it is taken as the average."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Days that cannot be are said at the day."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (first.year < 1949 or last.year > 2199 or last.year - first.year > 60):
            self.add_error("first", _("These days cannot be: look at the years."))
        return given
