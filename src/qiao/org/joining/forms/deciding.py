"""What officers enter: an application for a worker, the review, rulings on standing."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick
from qiao.org.joining.choices import AgencySide, Identity
from qiao.org.joining.forms.applying import YouForm
from qiao.org.membership.choices import Confirmation, RulingKind
from qiao.org.membership.rules import may_be_ruled
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.queries import find_employers


class AssistForm(YouForm):
    """What an officer enters for a worker at the counter, from paper or by telephone."""

    how = forms.ChoiceField(
        label=_("How does the worker confirm?"),
        choices=[(way, way.label) for way in (Confirmation.SIGNATURE, Confirmation.CODE, Confirmation.CALL)],
        help_text=_("By code: nothing happens until the worker has entered it."),
        widget=forms.RadioSelect,
    )
    employer_text = forms.CharField(
        label=_("Employer of the worker"),
        max_length=120,
        required=False,
        help_text=_("The first letters of its name, or its code of 18 signs."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    employer = forms.ChoiceField(label=_("Which of these is it?"), required=False, widget=forms.RadioSelect)
    agency_side = forms.ChoiceField(
        label=_("For agency workers: where they join"), choices=AgencySide.choices, required=False
    )
    bypass = forms.BooleanField(label=_("The worker does not wish to go through the workplace union"), required=False)
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=32)

    field_order = [
        "name",
        "contact",
        "employment",
        "agency_side",
        "employer_text",
        "employer",
        "bypass",
        "how",
        "nonce",
    ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.searched = str(self.data.get(self.add_prefix("employer_text"), "")).strip() if self.is_bound else ""
        self.hits = find_employers(self.searched, limit=8) if self.searched else []
        if not self.hits:
            del self.fields["employer"]
            return
        field = cast("forms.ChoiceField", self.fields["employer"])
        field.choices = [
            *((str(hit.pk), f"{hit.name} · {pick(hit.place.name)}") for hit in self.hits),
            ("none", _("None of these")),
        ]

    @property
    def only_looks(self) -> bool:
        """Whether the employer's letters were only looked up: the rest may still be missing."""
        return self.is_bound and "find" in self.data

    def clean(self) -> dict[str, Any]:
        """Several employers begin so: one of them, or none, is chosen before anything is kept."""
        given = super().clean() or self.cleaned_data
        if len(self.hits) == 1 and self.hits[0].reg_code == self.searched.upper():
            given["employer"] = str(self.hits[0].pk)
        if self.hits and not given.get("employer"):
            self.add_error("employer", _("Choose one of these, or “None of these”."))
        return given

    def found_employer(self) -> Employer | None:
        """The employer chosen; None where we do not know it."""
        chosen = self.cleaned_data.get("employer")
        return next((hit for hit in self.hits if str(hit.pk) == chosen), None)


class IdentityForm(forms.Form):
    """How who the worker is was checked."""

    identity = forms.ChoiceField(
        label=_("Who the worker is"),
        choices=[choice for choice in Identity.choices if choice[0] != Identity.OPEN],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, number: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not number:
            field = cast("forms.ChoiceField", self.fields["identity"])
            field.choices = [choice for choice in Identity.choices if choice[0] not in (Identity.OPEN, Identity.NUMBER)]


class QuestionForm(forms.Form):
    """A question back."""

    question = forms.CharField(
        label=_("What should the worker mend or bring?"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    """A refusal."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=10,
        max_length=500,
        help_text=_("The worker reads it and may appeal to another person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PassOnForm(forms.Form):
    """Which unit takes the application over."""

    unit = forms.CharField(label=_("Label of the unit"), max_length=40)

    def clean_unit(self) -> Unit:
        """The unit with this label."""
        found = Unit.objects.filter(label__iexact=str(self.cleaned_data["unit"]).strip()).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No unit has this label."))
        return found


class RulingForm(forms.Form):
    """What a body decided, or what a unit notes on proof or after a talk."""

    kind = forms.ChoiceField(label=_("What was decided or is noted"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("Day of the meeting, of the talk, or of death"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        help_text=_("The member reads it and may appeal. For a lapse: what the talk brought."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    favour = forms.IntegerField(label=_("Votes for"), required=False, min_value=0)
    against = forms.IntegerField(label=_("Votes against"), required=False, min_value=0)
    abstained = forms.IntegerField(label=_("Abstained"), required=False, min_value=0)
    minutes = forms.FileField(
        label=_("Minutes"),
        required=False,
        help_text=_("Only the fingerprint of the file is kept; the minutes stay with you."),
    )
    minutes_hash = forms.CharField(label=_("Or the SHA-256 of the minutes"), required=False, max_length=64)
    last_part = forms.DateField(
        label=_("For a lapse: dues last came in, or the member last took part, on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    proof = forms.CharField(label=_("For a death: which proof was seen"), required=False, max_length=120)

    def __init__(self, *args: Any, state: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast("forms.ChoiceField", self.fields["kind"])
        field.choices = [(kind, label) for kind, label in RulingKind.choices if may_be_ruled(state, kind)]
