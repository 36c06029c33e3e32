"""Forms of a meeting and its votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField, LocalizedLinesField
from qiao.decide.congress.choices import (
    Aspect,
    Grade,
    ItemKind,
    Stance,
    Way,
)
from qiao.decide.congress.forms.shared import MinutesMixin, PublicReasonForm, minutes_field, moment_field
from qiao.decide.congress.models import Delegate, Item


class CallForm(forms.Form):
    """A meeting called."""

    title = LocalizedField(label=_("Title"), max_length=120)
    meets = moment_field(label=_("When"))
    place = LocalizedField(label=_("Where"), max_length=120)


class MoveForm(PublicReasonForm):
    """A meeting moved."""

    meets = moment_field(label=_("When"))
    place = LocalizedField(label=_("Where, if elsewhere"), max_length=120, required=False)


class ItemForm(forms.Form):
    """An item of business."""

    kind = forms.ChoiceField(label=_("What the congress does with it"), choices=ItemKind.choices)
    title = LocalizedField(label=_("Title"), max_length=120)
    text = LocalizedField(label=_("What the item is about"), textarea=True, rows=8, max_length=20_000)
    candidates = LocalizedLinesField(
        label=_("Candidates"), required=False, help_text=_("For an election only, one line each.")
    )
    places = forms.IntegerField(label=_("How many are elected"), min_value=1, max_value=100, initial=1, required=False)
    consultation = forms.CharField(
        label=_("Number of the consultation before it"), max_length=32, required=False,
        help_text=_("Such as C-1042: then the resolution can enter the register of decisions."),
    )  # fmt: skip


class FileForm(forms.Form):
    """A file for the papers."""

    file = forms.FileField(label=_("File (PDF, text, table, picture; at most 8 MB)"), max_length=255)
    item = forms.ChoiceField(label=_("Belongs to"), required=False)

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].choices = [("", _("The whole meeting")), *items]  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """Who is there, and the presidium."""

    present = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    presidium = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, seats: Sequence[Delegate], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("present", "presidium"):
            self.fields[name].choices = [(row.pk, row.name) for row in seats]  # type: ignore[attr-defined]


class HereForm(forms.Form):
    """The code shown in the hall."""

    hall_code = forms.CharField(
        label=_("Code shown in the hall"), max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class OpenForm(forms.Form):
    """How a vote is held."""

    way = forms.ChoiceField(label=_("How delegates vote"), choices=Way.choices, initial=Way.PHONE)
    minutes = forms.IntegerField(
        label=_("Minutes it stays open"), min_value=1, max_value=120, initial=15,
        help_text=_("It closes earlier only when everybody present has voted."),
    )  # fmt: skip


class SettleForm(forms.Form):
    """What came of an item without a vote."""

    text = LocalizedField(label=_("What came of the item"), textarea=True, max_length=4000)
    postponed = forms.BooleanField(label=_("It is postponed"), required=False)


class EndForm(MinutesMixin):
    """The end of a meeting."""

    minutes = minutes_field()


class ReportForm(forms.Form):
    """The paper by which it was reported."""

    report_note = forms.CharField(label=_("Reported by paper number"), max_length=200)


class FollowForm(forms.Form):
    """What became of the resolutions."""

    text = LocalizedField(label=_("What became of each resolution"), textarea=True, rows=6, max_length=8000)


class BallotForm(forms.Form):
    """The ballot paper of an item; `choices()` gives what was ticked."""

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        super().__init__(*args, **options)
        self.item = item
        missing = {"required": _("Choose one.")}
        if item.kind == ItemKind.PASS:
            self.fields["vote"] = forms.ChoiceField(
                label=_("Your vote"), choices=Stance.choices, widget=forms.RadioSelect, error_messages=missing
            )
        elif item.kind == ItemKind.ELECT:
            options_ = [(str(row.position), str(row)) for row in item.options.order_by("position")]
            self.fields["vote"] = forms.MultipleChoiceField(
                label=_("Whom do you vote for?"), choices=options_, widget=forms.CheckboxSelectMultiple, required=False,
                help_text=_("At most %(places)d. None is a valid vote too: then for nobody.") % {"places": item.places},
            )  # fmt: skip
        else:
            for aspect in Aspect:
                self.fields[aspect.value] = forms.ChoiceField(
                    label=aspect.label, choices=Grade.choices, widget=forms.RadioSelect, error_messages=missing
                )

    def choices(self) -> list[str]:
        """What was ticked, as the service takes it."""
        given = self.cleaned_data
        if self.item.kind == ItemKind.PASS:
            return [given["vote"]]
        if self.item.kind == ItemKind.ELECT:
            return list(given["vote"])
        return [f"{aspect}:{given[aspect]}" for aspect in Aspect.values]


class TallyForm(forms.Form):
    """The tellers' sheet."""

    valid = forms.IntegerField(label=_("Valid papers"), min_value=0)
    invalid = forms.IntegerField(label=_("Invalid papers"), min_value=0)

    def __init__(self, *args: Any, keys: Sequence[tuple[str, str]], names: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = keys
        if names:
            self.fields["teller_a"] = forms.CharField(label=_("First teller"), max_length=80)
            self.fields["teller_b"] = forms.CharField(label=_("Second teller"), max_length=80)
        for number, (_key, label) in enumerate(keys):
            self.fields[f"n{number}"] = forms.IntegerField(label=label, min_value=0)

    def counts(self) -> dict[str, int]:
        """Votes by choice."""
        return {key: self.cleaned_data[f"n{number}"] for number, (key, _label) in enumerate(self.keys)}

    def tellers(self) -> list[str]:
        """Both names."""
        return [self.cleaned_data.get("teller_a", ""), self.cleaned_data.get("teller_b", "")]
