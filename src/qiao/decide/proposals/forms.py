"""Forms of proposals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField
from qiao.decide.proposals.queries import need_options, unit_options
from qiao.org.units.models import Unit


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


class RevisionForm(forms.Form):
    """What may change until a proposal is put to members."""

    title = LocalizedField(label=_("Title"), max_length=120, help_text=_("What would be done, in one line."))
    text = LocalizedField(
        label=_("What would be done"),
        textarea=True,
        rows=6,
        max_length=8000,
        help_text=_("For whom, where, how often, and what it does not cover."),
    )
    cost = forms.DecimalField(
        label=_("Cost in yuan"),
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        help_text=_("Everything it would cost in the first year. Without a cost nothing comes on a ballot."),
    )


class ProposalForm(RevisionForm):
    """A new proposal."""

    needs = forms.MultipleChoiceField(
        label=_("Needs it serves"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one: no project without a need."),
    )
    unit = UnitField(label=_("Proposed for"), queryset=Unit.objects.none(), empty_label=None)

    field_order = ("needs", "title", "text", "cost", "unit")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs, unit = self.fields["needs"], self.fields["unit"]
        if isinstance(needs, forms.MultipleChoiceField):
            needs.choices = [(need.code, f"{need.title} · {need.code}") for need in need_options(actor)]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = unit_options(actor)


class ReasonForm(forms.Form):
    """Why something is not taken up."""

    reason = LocalizedField(
        label=_("Why it is not taken up"),
        textarea=True,
        rows=3,
        max_length=4000,
        help_text=_("Published. Those who asked for it will read it."),
    )
