"""The form of a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import Localized
from qiao.decide.decisions.queries import Ground, task_owners
from qiao.decide.decisions.rules import Task
from qiao.decide.proposals.models import Proposal
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


class AccountField(forms.ModelChoiceField[Account]):
    """An officer by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name the officer works under."""
        return str(obj.display_name)


class DecisionForm(forms.Form):
    """Title, text, vote record, and what becomes of each proposal."""

    title = LocalizedField(label=_("Title"), max_length=120, help_text=_("What is decided, in one line."))
    text = LocalizedField(
        label=_("What is decided"), textarea=True, rows=8, max_length=12_000,
        help_text=_("The full text. It is published at once and cannot be changed; a later decision can follow it."),
    )  # fmt: skip
    votes_for = forms.IntegerField(
        label=_("Votes for"), required=False, min_value=0, max_value=9_999,
        help_text=_("Of the deciding body. Leave all three empty where nobody asked for a division."),
    )  # fmt: skip
    votes_against = forms.IntegerField(label=_("Votes against"), required=False, min_value=0, max_value=9_999)
    votes_abstained = forms.IntegerField(label=_("Abstained"), required=False, min_value=0, max_value=9_999)

    def __init__(self, *args: Any, ground: Ground, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        path = ground.consultation.unit.path
        units, owners = upper_units([path]), task_owners([path], today)
        self.ground = ground
        choices = [("adopt", _("Adopt")), ("reject", _("Do not take it up, because:"))]
        if ground.ballot is None:
            choices.append(("leave", _("Leave it for a later decision")))
        for proposal in ground.proposals:
            self.fields[f"fate_{proposal.code}"] = forms.ChoiceField(
                label=_("What becomes of it"), choices=choices, widget=forms.RadioSelect, initial="adopt"
            )
            self.fields[f"reason_{proposal.code}"] = LocalizedField(
                label=_("The reason, if it is not taken up"), required=False, textarea=True, rows=2, max_length=2000
            )
            self.fields[f"unit_{proposal.code}"] = UnitField(
                label=_("Responsible unit"), queryset=units, required=False, empty_label=_("Not named yet")
            )
            self.fields[f"owner_{proposal.code}"] = AccountField(
                label=_("Responsible person"), queryset=owners, required=False, empty_label=_("Not named yet")
            )
            self.fields[f"due_{proposal.code}"] = forms.DateField(
                label=_("To be done by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
            )

    def clean(self) -> dict[str, Any]:
        """Unit, person and day of a task go together."""
        given = super().clean() or self.cleaned_data
        for proposal in self.ground.proposals:
            parts = [given.get(f"{name}_{proposal.code}") for name in ("unit", "owner", "due")]
            if any(parts) and not all(parts) and given.get(f"fate_{proposal.code}") == "adopt":
                self.add_error(f"unit_{proposal.code}", _("Name unit, person and day, or none of them yet."))
        return given

    def tasks(self) -> dict[str, Task]:
        """Who answers for what is adopted, where it was said."""
        given = self.cleaned_data
        return {
            code: Task(given[f"unit_{code}"], given[f"owner_{code}"], given[f"due_{code}"])
            for code in self.adopted()
            if given.get(f"unit_{code}") and given.get(f"owner_{code}") and given.get(f"due_{code}")
        }

    @property
    def plain(self) -> Iterator[BoundField]:
        """The fields that belong to no proposal."""
        return (self[name] for name in ("title", "text", "votes_for", "votes_against", "votes_abstained"))

    @property
    def by_proposal(self) -> Iterator[tuple[Proposal, list[BoundField]]]:
        """Each proposal with its fields."""
        names = ("fate", "unit", "owner", "due", "reason")
        return ((proposal, [self[f"{name}_{proposal.code}"] for name in names]) for proposal in self.ground.proposals)

    def adopted(self) -> list[str]:
        """Codes of the proposals to adopt."""
        return [row.code for row in self.ground.proposals if self.cleaned_data[f"fate_{row.code}"] == "adopt"]

    def rejected(self) -> dict[str, Localized]:
        """Proposals not to take up, with the reason."""
        return {
            row.code: self.cleaned_data[f"reason_{row.code}"]
            for row in self.ground.proposals
            if self.cleaned_data[f"fate_{row.code}"] == "reject"
        }
