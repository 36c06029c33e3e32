"""Forms of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.judge.ratings.choices import Grade, ObjectionKind, ObjectionState, Verdict
from qiao.judge.ratings.models import Rating, Remedy
from qiao.judge.ratings.rules.form import FIXED, POINTS
from qiao.judge.ratings.rules.settings import MUST_PASS
from qiao.org.mandates.forms import day_field
from qiao.org.people.models import Account

#: What a browser's date and time input sends and wants back.
_MOMENT = "%Y-%m-%dT%H:%M"
#: Five officers, five needed, is the most there can be: far below this.
_MOST_BYTES = 16_000_000


def _moment(**options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, "%Y-%m-%d %H:%M"], **options,
    )  # fmt: skip


class CallForm(forms.Form):
    """A rating, as the union above calls it."""

    title = LocalizedField(label=_("Title"), max_length=120)
    opens = _moment(label=_("Opens"), help_text=_("After the time for objections to the roll."))
    closes = _moment(label=_("Closes"))
    points = forms.MultipleChoiceField(
        label=_("What is asked beside the union as a whole and the chair's report"),
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    officers = forms.MultipleChoiceField(
        label=_("Count officers"), widget=forms.CheckboxSelectMultiple,
        help_text=_("From outside the union judged. Two of those named open the box together."),
    )  # fmt: skip

    def __init__(self, *args: Any, officers: Sequence[Account], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["points"].choices = [  # type: ignore[attr-defined]
            (key, pick(text)) for key, text in POINTS.items() if key not in FIXED
        ]
        self.fields["officers"].choices = [(str(one.pk), one.display_name) for one in officers]  # type: ignore[attr-defined]
        self._officers = {str(one.pk): one for one in officers}

    @property
    def chosen(self) -> list[Account]:
        """The accounts named."""
        return [self._officers[key] for key in self.cleaned_data["officers"]]


class OfficersForm(forms.Form):
    """Count officers named anew."""

    officers = forms.MultipleChoiceField(
        label=_("Count officers"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Keys registered so far fall away: everybody named registers theirs."),
    )  # fmt: skip

    def __init__(self, *args: Any, officers: Sequence[Account], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officers"].choices = [(str(one.pk), one.display_name) for one in officers]  # type: ignore[attr-defined]
        self._officers = {str(one.pk): one for one in officers}

    @property
    def chosen(self) -> list[Account]:
        """The accounts named."""
        return [self._officers[key] for key in self.cleaned_data["officers"]]


class VoteForm(forms.Form):
    """The ballot: one choice of grades for each point."""

    def __init__(self, *args: Any, rating: Rating, paper: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        grades = [(grade.value, grade.label) for grade in Grade]
        if paper:
            grades.append(("", _("Not marked")))
        for point in rating.form["points"]:
            self.fields[point["key"]] = forms.ChoiceField(
                label=pick(point["text"]), choices=grades, required=not paper, widget=forms.RadioSelect,
                error_messages={"required": _("Grade this point; “Cannot say” is an answer, too.")},
            )  # fmt: skip

    @property
    def grades(self) -> dict[str, str]:
        """Point to grade."""
        return {key: str(value) for key, value in self.cleaned_data.items()}


class ObjectionForm(forms.Form):
    """An objection to the roll."""

    kind = forms.ChoiceField(label=_("What is wrong"), choices=ObjectionKind.choices, widget=forms.RadioSelect)
    about = forms.IntegerField(
        label=_("Number of the member concerned"), required=False, min_value=1,
        help_text=_("Leave empty where it is yourself."),
    )  # fmt: skip
    ground = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class DecideForm(forms.Form):
    """A decision on an objection."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ObjectionState.UPHELD.value, ObjectionState.UPHELD.label),
            (ObjectionState.DISMISSED.value, ObjectionState.DISMISSED.label),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class GroundForm(forms.Form):
    """A text of one's own, such as the ground of an appeal."""

    ground = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class TextForm(forms.Form):
    """One published text in both languages."""

    text = LocalizedField(label=_("Text"), textarea=True, max_length=4000)

    def __init__(self, *args: Any, label: Any = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if label:
            self.fields["text"].label = label


class KeyForm(forms.Form):
    """The public half of a key."""

    public_key = forms.CharField(label=_("Public key"), max_length=200)


class HandInForm(forms.Form):
    """What a count officer took off on a machine of their own."""

    file = forms.FileField(label=_("File to hand in"), max_length=100)

    def clean_file(self) -> str:
        """Its text."""
        given = self.cleaned_data["file"]
        try:
            if given.size > _MOST_BYTES:
                raise ValueError
            return str(given.read().decode())
        except ValueError:
            raise ValidationError(
                gettext("Choose the file “qiao judge take-off” wrote: its name ends in .off.json.")
            ) from None


class JoinForm(forms.Form):
    """The private half of a key: used once, kept nowhere."""

    private_key = forms.CharField(
        label=_("Your private key"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        max_length=2000, help_text=_("The content of the file you kept. The server forgets it with this request."),
    )  # fmt: skip


class FinishForm(forms.Form):
    """The end of typing papers."""

    missing = forms.IntegerField(label=_("Papers handed out and not found in the box"), min_value=0, initial=0)
    reason = LocalizedField(label=_("Why they are missing"), required=False, textarea=True, max_length=1000)


class RemedyForm(forms.Form):
    """One remedy of a plan; empty ones are left out."""

    point = forms.ChoiceField(label=_("Point"), required=False)
    text = LocalizedField(label=_("What will be done"), required=False, textarea=True, max_length=2000)
    due = day_field(label=_("Done by"), required=False)

    def __init__(self, *args: Any, points: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["point"].choices = [("", "–"), *((key, pick(POINTS[key])) for key in points)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Either nothing or all three."""
        given = super().clean() or {}
        filled = [bool(given.get(name)) for name in ("text", "due")]
        if any(filled) and not all([*filled, given.get("point")]):
            raise ValidationError(gettext("A remedy has a point, a text and a day."))
        return given


class RecheckForm(forms.Form):
    """Whether each remedy was kept."""

    later = forms.CharField(
        label=_("Number of a later rating by the members"), required=False, max_length=32,
        help_text=_("Where members rechecked by rating again, such as MR-1042; else the union above looked."),
    )  # fmt: skip

    def __init__(self, *args: Any, remedies: Sequence[Remedy], **options: Any) -> None:
        super().__init__(*args, **options)
        self._remedies = list(remedies)
        for one in self._remedies:
            name = gettext("“%(remedy)s”") % {"remedy": pick(one.text)[:160]}
            self.fields[f"verdict_{one.pk}"] = forms.ChoiceField(
                label=name, choices=Verdict.choices, widget=forms.RadioSelect
            )
            self.fields[f"finding_{one.pk}"] = LocalizedField(
                label=_("What was found"), required=False, textarea=True, max_length=2000
            )
        self.order_fields([name for name in self.fields if name != "later"])

    @property
    def verdicts(self) -> dict[int, tuple[Verdict, dict[str, str]]]:
        """Remedy to verdict and finding."""
        given = self.cleaned_data
        return {
            one.pk: (Verdict(given[f"verdict_{one.pk}"]), given[f"finding_{one.pk}"] or {}) for one in self._remedies
        }


class BesideForm(forms.Form):
    """The upper union's own sheet, in per cent."""

    source = forms.CharField(label=_("Where the figures come from"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, setting in MUST_PASS.items():
            self.fields[key] = forms.FloatField(
                label=gettext("%(name)s, in per cent") % {"name": setting.label},
                required=False,
                min_value=0,
                max_value=100,
            )
        self.order_fields([*MUST_PASS, "source"])

    @property
    def shares(self) -> dict[str, float]:
        """Key to share from 0 to 1, of those entered."""
        return {
            key: round(self.cleaned_data[key] / 100, 6) for key in MUST_PASS if self.cleaned_data.get(key) is not None
        }


class ReceiptForm(forms.Form):
    """A receipt's number."""

    number = forms.CharField(label=_("Number of the receipt"), max_length=40)


class PetitionForm(forms.Form):
    """A petition's union and ground."""

    unit = forms.ChoiceField(label=_("Which union"))
    ground = LocalizedField(label=_("Why the members should judge it now"), textarea=True, max_length=1000)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]
