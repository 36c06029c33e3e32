"""Forms of ballots."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.decide.ballots.choices import Leftover
from qiao.decide.ballots.models import BallotItem
from qiao.decide.ballots.queries import consultation_options, proposal_options, unit_options
from qiao.org.units.models import Unit

#: What a browser's date and time input sends and wants back.
_MOMENT = "%Y-%m-%dT%H:%M"


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Unit) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


def _moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)


class PlanForm(forms.Form):
    """A budget vote, as the secretary plans it."""

    title = LocalizedField(label=_("Title"), max_length=120, help_text=_("What members decide on, in one line."))
    unit = UnitField(
        label=_("Whose members vote"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_("All members of this unit and of every unit below it."),
    )
    budget = forms.DecimalField(
        label=_("Budget in yuan"),
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        help_text=_("All that may be spent. It cannot be changed once the vote is planned."),
    )
    leftover = forms.ChoiceField(
        label=_("Money left over"),
        choices=Leftover.choices,
        initial=Leftover.KEEP,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("When no group of supporters can pay for a further project out of its shares."),
    )
    proposals = forms.MultipleChoiceField(
        label=_("Projects on the ballot paper"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least two. Each needs a cost above 0 and within the budget."),
    )
    consultation = forms.ChoiceField(
        label=_("Consultation it follows"),
        required=False,
        help_text=_("Where members discussed these projects."),
    )
    opens = forms.DateTimeField(label=_("Opens"), widget=_moment_input(), input_formats=[_MOMENT])
    closes = forms.DateTimeField(
        label=_("Closes"),
        widget=_moment_input(),
        input_formats=[_MOMENT],
        help_text=_("It stays open until then, whatever happens."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._options = 0
        unit, proposals, consultation = (self.fields[name] for name in ("unit", "proposals", "consultation"))
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = unit_options(actor)
        if isinstance(proposals, forms.MultipleChoiceField):
            options = proposal_options(actor)
            self._options = len(options)
            proposals.choices = [
                (proposal.code, f"{pick(proposal.title)} · ¥{proposal.cost:,.0f} · {proposal.code}")
                for proposal in options
            ]
            if isinstance(consultation, forms.ChoiceField):
                found = consultation_options([proposal.code for proposal in options])
                consultation.choices = [("", _("None")), *((code, f"{title} · {code}") for code, title in found)]

    @property
    def any_proposal(self) -> bool:
        """Whether there is anything to vote on."""
        return self._options > 1


class VoteForm(forms.Form):
    """The ballot paper."""

    projects = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one project."),
            "invalid_choice": _("This project is not on the ballot paper."),
        },
    )

    def __init__(self, *args: Any, items: Sequence[BallotItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["projects"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(item.proposal_code, pick(item.title)) for item in items]


class WithdrawForm(forms.Form):
    """Why a planned vote is withdrawn."""

    reason = LocalizedField(
        label=_("Why the vote is withdrawn"),
        textarea=True,
        rows=3,
        max_length=2000,
        help_text=_("Published."),
    )
