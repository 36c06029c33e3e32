"""Forms of allocation sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.org.mandates.forms import day_field
from qiao.org.units.models import Unit


class DraftForm(forms.Form):
    """What is divided among whom."""

    unit = forms.ChoiceField(label=_("Below which unit"))
    level = forms.ChoiceField(label=_("Among whom"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2200)
    title = LocalizedField(label=_("Title"), max_length=120)
    budget = forms.DecimalField(label=_("Budget in yuan"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2)

    def __init__(
        self, *args: object, units: Sequence[Unit], levels: Sequence[tuple[str, str]], **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["unit"].choices = [(unit.label, pick(unit.name)) for unit in units]  # type: ignore[attr-defined]
        self.fields["level"].choices = list(levels)  # type: ignore[attr-defined]

    @property
    def cents(self) -> int:
        """The budget in cents."""
        return int(self.cleaned_data["budget"] * 100)


class ConsultForm(forms.Form):
    """The consultation that asked the members."""

    consultation = forms.CharField(
        label=_("Number of the consultation"), max_length=32,
        help_text=_("Such as C-1042. It opened after the sheet was published, and every opinion has its answer."),
    )  # fmt: skip


class GroundForm(forms.Form):
    """What a decision, a withdrawal or an audit rests on."""

    text = LocalizedField(label=_("Ground"), textarea=True, max_length=4000)

    def __init__(self, *args: object, label: str = "", **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if label:
            self.fields["text"].label = label


class PaidForm(forms.Form):
    """When it was paid, and what was paid differently from the decision."""

    day = day_field(label=_("All paid by"))
    different = forms.CharField(
        label=_("Paid differently"), required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000,
        help_text=_("One line each: label of the unit, amount in yuan, reason. Everything else was paid as decided."),
    )  # fmt: skip

    def clean_different(self) -> dict[str, tuple[int, str]]:
        """Label to cents and reason; each line that cannot be read is named."""
        found: dict[str, tuple[int, str]] = {}
        faults = []
        for number, line in enumerate(self.cleaned_data["different"].splitlines(), start=1):
            if not line.strip():
                continue
            # Commas of either kind part label, amount and reason; those in the reason stay as they were written.
            parts = re.split("[,，]", line, maxsplit=2) if re.search("[,，]", line) else line.split(None, 2)
            parts = [part.strip() for part in parts]
            try:
                cents = Decimal(parts[1]) * 100
                whole = cents == cents.to_integral_value() and 0 <= cents < Decimal(10) ** 15
            except (IndexError, InvalidOperation):
                whole, cents = False, Decimal(0)
            if not whole or parts[0] in found:
                faults.append(
                    gettext("Line %(number)d: write label, amount and reason, each unit once.") % {"number": number}
                )
                continue
            found[parts[0]] = (int(cents), parts[2] if len(parts) > 2 else "")
        if faults:
            raise forms.ValidationError(faults)
        return found


class FindForm(forms.Form):
    """A unit on the sheet, by label or part of its name."""

    find = forms.CharField(label=_("Find a unit"), required=False, max_length=60)
