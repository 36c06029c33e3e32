"""Forms of projects."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import Localized, pick
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Milestone
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language, indented by its depth."""

    def label_from_instance(self, obj: Unit) -> str:
        """The name as the list shows it."""
        return "\u2003" * obj.depth + pick(obj.name)


class OwnerField(forms.ModelChoiceField[Account]):
    """A responsible person by name."""

    def label_from_instance(self, obj: Account) -> str:
        """The name as the list shows it."""
        return obj.display_name


def date_input() -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """Making a project of an adopted proposal."""

    title = LocalizedField(label=_("Title"), max_length=160)
    goal = LocalizedField(
        label=_("Goal"),
        textarea=True,
        rows=3,
        max_length=2000,
        help_text=_("What will be different for members when it is done?"),
    )
    unit = UnitField(queryset=Unit.objects.none(), label=_("Responsible unit"))
    owner = OwnerField(
        queryset=Account.objects.none(),
        label=_("Responsible person"),
        help_text=_("Somebody who holds the role of task owner for this unit."),
    )
    budget = forms.DecimalField(label=_("Budget in yuan"), min_value=0, max_digits=14, decimal_places=2)
    provider = forms.CharField(
        label=_("Carried out by an organisation from outside"),
        required=False,
        max_length=160,
        help_text=_(
            "Its name, where the unit does not do it itself. Everybody reads it, and what users say of its work."
        ),
    )
    provider_code = forms.CharField(label=_("Its unified social credit code"), required=False, max_length=24)
    starts = forms.DateField(label=_("Starts on"), widget=date_input())
    due = forms.DateField(label=_("To be done by"), widget=date_input())

    def __init__(self, *args: Any, units: QuerySet[Unit], owners: QuerySet[Account], **options: Any) -> None:
        super().__init__(*args, **options)
        unit, owner = self.fields["unit"], self.fields["owner"]
        if isinstance(unit, UnitField) and isinstance(owner, OwnerField):
            unit.queryset, owner.queryset = units, owners


class MilestoneForm(forms.Form):
    """One planned milestone; a row left empty counts for nothing."""

    title = LocalizedField(label=_("Milestone"), required=False, max_length=160)
    due = forms.DateField(label=_("Due on"), required=False, widget=date_input())
    weight = forms.IntegerField(
        label=_("Weight"),
        required=False,
        min_value=1,
        max_value=100,
        initial=1,
        help_text=_("How much of the whole it is, compared with the others."),
    )

    def clean(self) -> dict[str, Any]:
        """A row has both a title and a date, or neither."""
        data = super().clean() or {}
        if data.get("title") and not data.get("due") and "due" not in self.errors:
            self.add_error("due", _("Give this milestone its date."))
        if data.get("due") and not data.get("title") and "title" not in self.errors:
            self.add_error("title", _("Give this milestone a title."))
        return data


MilestoneFormSet = forms.formset_factory(MilestoneForm, extra=4, max_num=40, absolute_max=60)


def planned_milestones(formset: forms.BaseFormSet[MilestoneForm]) -> list[tuple[Localized, date, int]]:
    """The rows that were filled in: title, date, weight."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("title")]
    return [(row["title"], row["due"], row.get("weight") or 1) for row in rows]


class ReportForm(forms.Form):
    """Reporting on a milestone."""

    progress = forms.IntegerField(label=_("Progress in per cent"), min_value=0, max_value=100)
    note = LocalizedField(
        label=_("What was done"),
        required=False,
        textarea=True,
        rows=3,
        max_length=2000,
        help_text=_("Everybody can read this. Needed when it is less than before."),
    )
    asked = forms.IntegerField(
        label=_("Users asked"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("How many of those it is for did you ask whether it works for them?"),
    )
    confirmed = forms.IntegerField(label=_("Users who confirmed it"), required=False, min_value=0, max_value=1_000_000)
    link = forms.URLField(label=_("Link to evidence"), required=False, max_length=400, assume_scheme="https")
    file = forms.FileField(
        label=_("File as evidence"),
        required=False,
        help_text=_(
            "PDF, Word, Excel, CSV or a photo, at most 8 MB. A photo alone is no evidence that people are served."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class SpendForm(forms.Form):
    """Entering money."""

    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=14,
        decimal_places=2,
        help_text=_("A negative amount takes back an earlier entry."),
    )
    purpose = LocalizedField(label=_("Spent on"), max_length=300, help_text=_("Everybody can read this."))
    reason = LocalizedField(
        label=_("Why above the budget"),
        required=False,
        max_length=400,
        help_text=_("Needed only where the budget is exceeded. Everybody can read this."),
    )


class DeadlineForm(forms.Form):
    """Asking for another date."""

    what = forms.ChoiceField(label=_("Which date"))
    new_due = forms.DateField(label=_("New date"), widget=date_input())
    reason = LocalizedField(label=_("Reason"), max_length=400, help_text=_("Everybody can read this."))

    def __init__(self, *args: Any, milestones: list[Milestone], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("End of the project")), *((str(each.pk), pick(each.title)) for each in milestones)]
            field.required = False


class AnswerForm(forms.Form):
    """Consenting to another date, or declining."""

    consent = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[("yes", _("I consent: the date changes at once")), ("no", _("I decline"))],
    )
    answer = LocalizedField(
        label=_("Reason"),
        required=False,
        max_length=400,
        help_text=_("Needed when you decline. Everybody can read this."),
    )


class NoteForm(forms.Form):
    """Claiming that a project is done."""

    note = LocalizedField(
        label=_("What was reached"),
        required=False,
        textarea=True,
        rows=3,
        max_length=1000,
        help_text=_("Everybody can read this."),
    )


class VerifyForm(forms.Form):
    """Verifying a claim with those who use it."""

    found = forms.ChoiceField(
        label=_("What did you find?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("It is done: those it is for confirm it")), ("no", _("It is not done yet: back to work"))],
    )
    asked = forms.IntegerField(label=_("Users you asked"), required=False, min_value=0, max_value=1_000_000)
    confirmed = forms.IntegerField(label=_("Users who confirmed it"), required=False, min_value=0, max_value=1_000_000)
    note = LocalizedField(
        label=_("What you saw"),
        required=False,
        textarea=True,
        rows=3,
        max_length=1000,
        help_text=_("Needed when it goes back. Everybody can read this."),
    )


class ReasonForm(forms.Form):
    """Stopping a project, or closing it without a judgment."""

    reason = LocalizedField(
        label=_("Reason"), textarea=True, rows=3, max_length=1000, help_text=_("Everybody can read this.")
    )


class FilterForm(forms.Form):
    """Choosing what of the board is shown."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        unit, state = self.fields["unit"], self.fields["state"]
        if isinstance(unit, forms.ChoiceField) and isinstance(state, forms.ChoiceField):
            named = [(each.label, "\u2003" * each.depth + pick(each.name)) for each in units]
            unit.choices = [("", _("All units")), *named]
            state.choices = [("", _("All states")), *State.choices]
