"""Forms of rounds of practical deeds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField
from qiao.decide.ballots.choices import Rule
from qiao.decide.ballots.forms.votes import MOMENT, UnitField, moment_input, rule_options
from qiao.decide.ballots.models import DeedRound
from qiao.decide.ballots.queries import need_choices, unit_options
from qiao.org.units.models import Unit


class DeedForm(forms.Form):
    """A round, as the secretary plans it: what decides is fixed before the call."""

    title = LocalizedField(label=_("Title"), max_length=120)
    unit = UnitField(label=_("Whose members are called"), queryset=Unit.objects.none(), empty_label=None)
    call = LocalizedField(
        label=_("Text of the call"), textarea=True, rows=4, max_length=2000,
        help_text=_("What ideas are wanted, who may send them, what becomes of them."),
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("Needs the round is to meet"), widget=forms.CheckboxSelectMultiple, help_text=_("Published needs.")
    )
    rule = forms.ChoiceField(
        label=_("How it is counted"), choices=rule_options, initial=Rule.EQUAL_SHARES, widget=forms.RadioSelect
    )
    budget = forms.DecimalField(
        label=_("Budget in yuan"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, required=False,
        help_text=_("For the two rules over money: all that may be spent."),
    )  # fmt: skip
    winners = forms.IntegerField(
        label=_("How many are chosen"), min_value=1, max_value=500, required=False,
        help_text=_("For the other rules: 1 or more."),
    )  # fmt: skip
    most = forms.IntegerField(
        label=_("How many one member may choose or number"), min_value=1, max_value=500, required=False,
        help_text=_("With a limited number of choices, empty means what the settings say; with orders, all."),
    )  # fmt: skip
    opens = forms.DateTimeField(label=_("Call opens"), widget=moment_input(), input_formats=[MOMENT])
    closes = forms.DateTimeField(label=_("Call closes"), widget=moment_input(), input_formats=[MOMENT])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, needs = self.fields["unit"], self.fields["needs"]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = unit_options(actor)
        if isinstance(needs, forms.MultipleChoiceField):
            needs.choices = need_choices(actor)


class IdeaForm(forms.Form):
    """A member's idea."""

    title = forms.CharField(label=_("Your idea in one line"), max_length=120)
    text = forms.CharField(
        label=_("What it is good for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For whom, where, how often. Name no company that should do it."),
    )  # fmt: skip


class CheckForm(forms.Form):
    """Whether an idea can be done."""

    feasible = forms.ChoiceField(
        label=_("Can it be done?"),
        choices=[("yes", pgettext_lazy("idea", "Yes, it comes on the ballot paper")), ("no", _("No, with the reason"))],
        widget=forms.RadioSelect,
    )
    cost = forms.DecimalField(
        label=_("Cost in yuan"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, required=False,
        help_text=_("Without a cost it does not come on the ballot paper."),
    )  # fmt: skip
    need = forms.ChoiceField(label=_("The need it meets"), required=False)
    reason = LocalizedField(
        label=_("Why it cannot be done"), textarea=True, rows=2, max_length=1000, required=False,
        help_text=_("Published, and told to the author."),
    )  # fmt: skip
    title = LocalizedField(
        label=_("Title on the ballot paper"), max_length=120, required=False,
        help_text=_("Empty keeps the author's words. Take out the name of a supplier."),
    )  # fmt: skip
    text = LocalizedField(label=_("Text on the ballot paper"), textarea=True, rows=3, max_length=2000, required=False)
    note = LocalizedField(
        label=_("Note"), max_length=500, required=False,
        help_text=_("For example that the name of a supplier was taken out, and whose interest it touched."),
    )  # fmt: skip

    def __init__(self, *args: Any, round_: DeedRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        need = self.fields["need"]
        if isinstance(need, forms.ChoiceField):
            need.choices = [(code, code) for code in round_.need_codes]


class VoteDatesForm(forms.Form):
    """When the vote on a round's ideas is open."""

    opens = forms.DateTimeField(label=_("Opens"), widget=moment_input(), input_formats=[MOMENT])
    closes = forms.DateTimeField(label=_("Closes"), widget=moment_input(), input_formats=[MOMENT])


class ReportForm(forms.Form):
    """How far the projects of a round are."""

    text = LocalizedField(
        label=_("How far each project is"), textarea=True, rows=6, max_length=4000,
        help_text=_("Published: what is done, what is late and why, what comes next."),
    )  # fmt: skip
