"""Forms of ballots."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import Channel, Leftover, Rule
from qiao.decide.ballots.models import Ballot, BallotItem
from qiao.decide.ballots.queries import consultation_options, proposal_options, unit_options
from qiao.org.units.models import Unit

#: What a browser's date and time input sends and wants back.
MOMENT = "%Y-%m-%dT%H:%M"

#: Each rule in one plain sentence, for whoever has to choose one.
RULE_WORDS: dict[Rule, Promise] = {
    Rule.EQUAL_SHARES: _(
        "Money: every voter gets the same share; a project is bought when those who chose it can pay for it together. "
        "Small groups get something, too."
    ),
    Rule.GREEDY: _(
        "Money: the project with the most votes is bought first, then the next that still fits. Simple, but a majority "
        "may take everything."
    ),
    Rule.APPROVAL: _(
        "Places: members choose as many as they like; those with the most votes are chosen. Good where several may be "
        "good enough."
    ),
    Rule.LIMITED: _("Places: members choose up to a fixed number; those with the most votes are chosen."),
    Rule.INSTANT_RUNOFF: _(
        "Order: members number what they want; the weakest leaves round by round, and its papers go to their next "
        "choice. Good for choosing one."
    ),
    Rule.SCHULZE: _(
        "Order: members number what they want; each is compared with each. Whoever wins all duels is first. Good for "
        "an order of several."
    ),
}


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Unit) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


def moment_input() -> forms.DateTimeInput:
    """A browser's own date and time."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


def rule_options() -> list[tuple[str, str]]:
    """Each rule with its sentence, in the language of the request."""
    return [
        (rule.value, gettext("%(rule)s. %(words)s") % {"rule": rule.label, "words": words})
        for rule, words in RULE_WORDS.items()
    ]


class PlanForm(forms.Form):
    """A vote, as the secretary plans it."""

    title = LocalizedField(label=_("Title"), max_length=120, help_text=_("What members decide on, in one line."))
    unit = UnitField(
        label=_("Whose members vote"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_("All members of this unit and of every unit below it."),
    )
    rule = forms.ChoiceField(
        label=_("How it is counted"),
        choices=rule_options,
        initial=Rule.EQUAL_SHARES,
        required=False,
        widget=forms.RadioSelect,
    )
    budget = forms.DecimalField(
        label=_("Budget in yuan"),
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("For the two rules over money: all that may be spent."),
    )
    leftover = forms.ChoiceField(
        label=_("Money left over"),
        choices=Leftover.choices,
        initial=Leftover.KEEP,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("For equal shares: when no group of supporters can pay for a further project."),
    )
    winners = forms.IntegerField(
        label=_("How many are chosen"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_("For the other rules: 1 or more."),
    )
    most = forms.IntegerField(
        label=_("How many one member may choose or number"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_("Needed with a limited number of choices; with orders, empty means all."),
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
    opens = forms.DateTimeField(label=_("Opens"), widget=moment_input(), input_formats=[MOMENT])
    closes = forms.DateTimeField(
        label=_("Closes"),
        widget=moment_input(),
        input_formats=[MOMENT],
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
    """The ballot paper: boxes to tick, or for an order one number beside each project.

    ``blank``: the paper is typed from a box, where one may be empty.
    """

    def __init__(
        self, *args: Any, ballot: Ballot, items: Sequence[BallotItem], blank: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ballot, self.items, self.blank = ballot, list(items), blank
        if ballot.ranked:
            most = rules.most_of(ballot.rule, ballot.most, len(self.items))
            numbers = [("", "–"), *((str(number), str(number)) for number in range(1, most + 1))]
            for item in self.items:
                self.fields[f"rank-{item.proposal_code}"] = forms.TypedChoiceField(
                    label=pick(item.title), choices=numbers, coerce=int, empty_value=None, required=False
                )
            return
        self.fields["projects"] = forms.MultipleChoiceField(
            required=not blank,
            choices=[(item.proposal_code, pick(item.title)) for item in self.items],
            error_messages={
                "required": _("Choose at least one project."),
                "invalid_choice": _("This project is not on the ballot paper."),
            },
        )

    @property
    def lines(self) -> list[tuple[BallotItem, forms.BoundField]]:
        """Each project with its number field; empty where boxes are ticked."""
        return [(item, self[f"rank-{item.proposal_code}"]) for item in self.items] if self.ballot.ranked else []

    @property
    def ticked(self) -> list[str]:
        """What was ticked when the paper comes back with a fault."""
        return list(self["projects"].value() or []) if "projects" in self.fields else []

    @property
    def chosen(self) -> list[str]:
        """Codes of the projects ticked."""
        return list(self.cleaned_data.get("projects", []))

    @property
    def ranks(self) -> dict[str, int] | None:
        """The number given to each project that has one; None where boxes are ticked."""
        if not self.ballot.ranked:
            return None
        given = {item.proposal_code: self.cleaned_data.get(f"rank-{item.proposal_code}") for item in self.items}
        return {code: rank for code, rank in given.items() if rank}


class ReceiptForm(forms.Form):
    """The number of a receipt."""

    number = forms.CharField(
        label=_("Number of your receipt"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class BoothForm(forms.Form):
    """The code handed out at the desk."""

    booth_code = forms.CharField(
        label=_("Code from the desk"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class DeskForm(forms.Form):
    """A place for voting on paper or in the booth."""

    name = LocalizedField(label=_("Where"), max_length=120, help_text=_("Hall and address, so that members find it."))
    channel = forms.ChoiceField(
        label=_("How members vote there"),
        choices=[(Channel.PAPER.value, Channel.PAPER.label), (Channel.BOOTH.value, _("In the booth, on a device"))],
        widget=forms.RadioSelect,
    )


class FinishForm(forms.Form):
    """The papers of a place go into the box."""

    missing = forms.IntegerField(
        label=_("Papers handed out and not in the box"), min_value=0, max_value=100_000, initial=0
    )
    reason = LocalizedField(
        label=_("Why they are missing"), textarea=True, rows=2, max_length=1000, required=False,
        help_text=_("Only where some are missing. Published."),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a planned vote is withdrawn."""

    reason = LocalizedField(
        label=_("Why the vote is withdrawn"),
        textarea=True,
        rows=3,
        max_length=2000,
        help_text=_("Published."),
    )
