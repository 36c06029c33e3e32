"""The form of a decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import Localized
from qiao.decide.decisions.queries import Ground
from qiao.decide.proposals.models import Proposal


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

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    @property
    def plain(self) -> Iterator[BoundField]:
        """The fields that belong to no proposal."""
        return (self[name] for name in ("title", "text", "votes_for", "votes_against", "votes_abstained"))

    @property
    def by_proposal(self) -> Iterator[tuple[Proposal, BoundField, BoundField]]:
        """Each proposal with its two fields."""
        return (
            (proposal, self[f"fate_{proposal.code}"], self[f"reason_{proposal.code}"])
            for proposal in self.ground.proposals
        )

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
