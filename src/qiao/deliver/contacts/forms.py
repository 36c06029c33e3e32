"""Forms of contact duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.access import Actor
from qiao.deliver.contacts.choices import IssueOutcome, System, Topic
from qiao.deliver.contacts.models import Issue
from qiao.deliver.contacts.queries import own_units
from qiao.org.units.models import Unit

#: How many issues one page takes; more are rare, and a log is one page on a phone.
ISSUES = 5


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


class PlanForm(forms.Form):
    """A visit to plan."""

    unit = UnitField(label=_("My unit"), queryset=Unit.objects.none(), empty_label=None)
    place = forms.SlugField(
        label=_("Unit I go to"), max_length=40, help_text=_("Its label, such as EBF-D01-H01-B0001, as on its page.")
    )
    where = forms.CharField(
        label=_("Where there"), max_length=120, required=False, help_text=_("Such as: canteen, gate 2, night shift.")
    )
    system = forms.ChoiceField(label=_("Kind of visit"), choices=System.choices)
    starts = forms.DateTimeField(label=_("Starts at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends = forms.DateTimeField(label=_("Ends at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    open_to_workers = forms.BooleanField(
        label=_("Open to every worker who wishes to speak"), required=False, initial=True,
        help_text=_("Then day and place stand on the public rota."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = own_units(actor)


class LogForm(forms.Form):
    """What one did there, and what was raised."""

    notes = forms.CharField(
        label=_("What I did there"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=_("Your own day, in a few lines. No worker's name, opinion or belief, no photo."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, ISSUES + 1):
            self.fields[f"topic{number}"] = forms.ChoiceField(
                label=_("Issue %(number)d: topic") % {"number": number},
                choices=[("", "—"), *Topic.choices],
                required=False,
            )
            self.fields[f"text{number}"] = forms.CharField(
                label=_("Issue %(number)d: what was raised") % {"number": number},
                widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False,
            )  # fmt: skip

    def issues(self) -> list[tuple[Topic, str]]:
        """The issues filled in; one without a topic is “something else”."""
        given = self.cleaned_data
        return [
            (Topic(given[f"topic{number}"] or Topic.OTHER), given[f"text{number}"])
            for number in range(1, ISSUES + 1)
            if given[f"text{number}"].strip()
        ]

    def clean(self) -> dict[str, Any]:
        """A topic without words is a slip: say so at its field."""
        given = super().clean() or {}
        for number in range(1, ISSUES + 1):
            if given.get(f"topic{number}") and not str(given.get(f"text{number}", "")).strip():
                self.add_error(f"text{number}", _("Say what was raised, or take the topic away."))
        return given


class HandOverForm(forms.Form):
    """Who answers each issue."""

    def __init__(self, *args: Any, issues: Sequence[Issue], holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for issue in issues:
            self.fields[f"holder{issue.serial}"] = UnitField(
                label=f"{issue.serial}. {issue.get_topic_display()}: {issue.text}", queryset=holders, required=False,
                empty_label=_("The service window: it finds who answers"),
            )  # fmt: skip

    def holders(self) -> dict[int, Unit]:
        """Serial of the issue to the unit chosen."""
        return {int(name.removeprefix("holder")): unit for name, unit in self.cleaned_data.items() if unit}

    def at_window(self) -> list[int]:
        """Serials of the issues that become requests at the service window."""
        return [int(name.removeprefix("holder")) for name, unit in self.cleaned_data.items() if not unit]


class AnswerForm(forms.Form):
    """The answer to one issue."""

    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class OutcomeForm(forms.Form):
    """What those who raised it say."""

    outcome = forms.ChoiceField(
        label=_("What those who raised it say"), choices=IssueOutcome.choices, widget=forms.RadioSelect
    )


class ReasonForm(forms.Form):
    """Why a visit is called off."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
