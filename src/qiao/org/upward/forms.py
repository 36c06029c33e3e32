"""Forms of papers upward and of the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.upward.choices import Addressee, Matter, Outcome, PaperKind
from qiao.org.upward.models import ReportDemand
from qiao.org.upward.queries import units_to_demand_for, units_to_draft_for


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


class RevisionForm(forms.Form):
    """What may change while a paper is a draft or was sent back."""

    matter = forms.ChoiceField(
        label=_("Matter"), choices=[("", "—"), *Matter.choices], help_text=_("One matter a paper.")
    )
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8000,
        help_text=_("What has happened and why. No member by name, no telephone, no identity number."),
    )
    question = forms.CharField(
        label=_("Question put"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
        help_text=_("One question that can be answered. Leave it empty in a report."),
    )
    proposal = forms.CharField(
        label=_("Our own proposal"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text=_("What you would do. Leave it empty in a report."),
    )


class PaperForm(RevisionForm):
    """A new paper."""

    unit = UnitField(label=_("Sent by"), queryset=Unit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_("Kind of paper"),
        choices=PaperKind.choices,
        widget=forms.RadioSelect,
        initial=PaperKind.REQUEST,
        help_text=_("A request puts one question and is answered within a set time. A report is read, not answered."),
    )
    addressee = forms.ChoiceField(label=_("Goes to"), choices=Addressee.choices, initial=Addressee.UPPER)

    field_order = ("unit", "kind", "addressee", "matter", "title", "text", "question", "proposal")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = units_to_draft_for(actor)


class AnswerForm(forms.Form):
    """The written answer."""

    outcome = forms.ChoiceField(label=_("Answer"), choices=Outcome.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Reason and conditions"), widget=forms.Textarea(attrs={"rows": 6}), max_length=8000
    )


class ReasonForm(forms.Form):
    """Why a paper goes back, or what a push says."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class DemandForm(forms.Form):
    """A form or report to be asked of units below."""

    unit = UnitField(label=_("Asked by"), queryset=Unit.objects.none(), empty_label=None)
    title = LocalizedField(label=_("Name of the form or report"), max_length=120)
    purpose = LocalizedField(
        label=_("What it is needed for"), textarea=True, rows=3, max_length=1000,
        help_text=_("And why the platform cannot compute it from what it knows."),
    )  # fmt: skip
    asked_of = forms.ChoiceField(label=_("Asked of"), choices=UnitKind.choices, initial=UnitKind.BASE)
    minutes = forms.IntegerField(label=_("Minutes for one filling"), min_value=1, max_value=10000)
    times = forms.IntegerField(label=_("Times a year"), min_value=1, max_value=366)
    begins = forms.DateField(label=_("First asked on"), widget=forms.DateInput(attrs={"type": "date"}))
    ends = forms.DateField(
        label=_("Ends by itself on"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("From this day on nobody needs to fill it in."),
    )  # fmt: skip
    replaces = forms.ModelChoiceField(
        label=_("The old one it ends"), queryset=ReportDemand.objects.none(), required=False,
        help_text=_("A new form or report ends an old one."),
    )  # fmt: skip
    existing_since = forms.DateField(
        label=_("Or: asked before it was registered, since"),
        widget=forms.DateInput(attrs={"type": "date"}), required=False,
        help_text=_("Only for what has been asked for at least half a year already."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, in_force: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, replaces = self.fields["unit"], self.fields["replaces"]
        units = units_to_demand_for(actor)
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = units
        if isinstance(replaces, forms.ModelChoiceField):
            replaces.queryset = in_force.filter(unit__in=units, replaced_by__isnull=True)
