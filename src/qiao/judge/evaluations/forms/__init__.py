"""Forms of evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import Localized, pick, problem_text
from qiao.base.problems import Problem
from qiao.judge.evaluations.choices import Outcome
from qiao.judge.evaluations.forms.fieldwork import signs_of
from qiao.judge.evaluations.models import Promise
from qiao.judge.evaluations.queries import evaluators_for
from qiao.judge.evaluations.rules.bundle import unzipped
from qiao.judge.evaluations.rules.contacts import FEWEST_CONTACTS
from qiao.judge.evaluations.rules.instrument import COMMENT_LENGTH, UNPROMPTED_LENGTH, Instrument
from qiao.judge.evaluations.rules.keys import PublicKeys, read_public
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS
from qiao.org.mandates.forms import day_field
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

#: A result of a million sealed answers has about 40 MB, packed.
LARGEST_UPLOAD = 60 * 1024 * 1024


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CommissionForm(forms.Form):
    """The terms of an evaluation."""

    title = LocalizedField(label=_("What those served are asked to judge"), max_length=120)
    names = forms.CharField(
        label=_("Names that count as naming it"),
        help_text=_(
            "One a line: whoever writes one of them before the service is mentioned knows it unprompted. "
            "Services and posts, no names of persons."
        ),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evaluator = forms.ModelChoiceField(
        Account.objects.none(),
        label=_("Evaluator"),
        help_text=_("Only accounts from outside: they hold the role of evaluator and no other, anywhere."),
        empty_label=None,
    )
    asked = forms.ChoiceField(
        label=_("Who is asked"),
        choices=[("all", _("Every member the project serves")), ("sample", _("A random sample of them"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    sample_size = forms.IntegerField(
        label=_("Size of the sample"), required=False, min_value=FEWEST_ANSWERS, help_text=_("Only for a sample.")
    )
    contacts = forms.IntegerField(
        label=_("Mystery contacts beside it"),
        required=False,
        min_value=FEWEST_CONTACTS,
        max_value=500,
        help_text=_("How many times somebody of the evaluator's asks the service as a member would. Empty: none."),
    )
    opens = forms.DateField(label=_("First day"), widget=_day())
    closes = forms.DateField(label=_("Last day"), widget=_day())

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evaluator"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = evaluators_for(unit, today)

    def clean(self) -> dict[str, Any]:
        """A sample needs its size, and the last day follows the first."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("asked") == "sample" and not data.get("sample_size"):
            self.add_error("sample_size", _("Write how many are drawn."))
        if data.get("opens") and data.get("closes") and data["closes"] < data["opens"]:
            self.add_error("closes", _("The last day lies before the first."))
        return data


class KeyForm(forms.Form):
    """The public halves of the evaluator's keys."""

    public_key = forms.CharField(
        label=_("Your public keys"),
        max_length=400,
        help_text=_("All lines of the file that ends in .pub"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_public_key(self) -> PublicKeys:
        """The keys it names."""
        try:
            return read_public(str(self.cleaned_data["public_key"]))
        except Problem as problem:
            raise forms.ValidationError(problem_text(problem)) from None


class SeedForm(forms.Form):
    """The seed of the draw, told after the frame is frozen."""

    seed = forms.CharField(
        label=_("Your seed"),
        max_length=64,
        help_text=_("The line in the file that ends in .seed"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ResultForm(forms.Form):
    """The signed result, as “qiao judge open” wrote it."""

    result = forms.FileField(label=_("The signed result"), help_text=_("The file that ends in -result.zip"))

    def clean_result(self) -> dict[str, str]:
        """The files in it."""
        file = self.cleaned_data["result"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_("This file is too large to be the result of an evaluation."))
        try:
            return unzipped(file.read())
        except Problem as problem:
            raise forms.ValidationError(problem_text(problem)) from None


class CloseForm(forms.Form):
    """Why an evaluation is closed before its day."""

    reason = forms.CharField(
        label=_("Why it is closed before its day"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class ReasonForm(forms.Form):
    """Why an evaluation is void."""

    reason = LocalizedField(label=_("Why it is void"), textarea=True, max_length=600)


class ResponseForm(forms.Form):
    """The union's response."""

    text = LocalizedField(
        label=_("The union's response"),
        textarea=True,
        rows=8,
        max_length=4000,
        help_text=_("What you make of the result, what will change, until when."),
    )


class PromiseForm(forms.Form):
    """One promise of the response; an empty one is left out."""

    text = LocalizedField(label=_("What will be done"), required=False, textarea=True, rows=3, max_length=1000)
    owner = forms.ChoiceField(label=_("Who answers for it"), required=False)
    until = day_field(label=_("Done by"), required=False)

    def __init__(self, *args: Any, owners: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {str(one.pk): one for one in owners}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((key, one.display_name) for key, one in self._owners.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """Either nothing or all three."""
        given: dict[str, Any] = super().clean() or {}
        names = ("text", "owner", "until")
        if any(given.get(name) for name in names):
            for name in names:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("A promise says what, who and until when."))
        return given

    @property
    def chosen(self) -> Account:
        """Who answers for it."""
        return self._owners[self.cleaned_data["owner"]]


class RecheckForm(forms.Form):
    """What the evaluator found on looking again."""

    text = LocalizedField(
        label=_("What was found"),
        textarea=True,
        rows=6,
        max_length=4000,
        help_text=_("How you looked, and what those served say now."),
    )

    def __init__(self, *args: Any, promises: Sequence[Promise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._promises = promises
        for promise in promises:
            self.fields[f"outcome_{promise.pk}"] = forms.ChoiceField(
                label=pick(promise.text), choices=Outcome.choices, widget=forms.RadioSelect
            )
            self.fields[f"note_{promise.pk}"] = LocalizedField(
                label=_("What was found of it"), required=False, textarea=True, rows=2, max_length=1000
            )

    @property
    def found(self) -> dict[int, tuple[Outcome, Localized]]:
        """Promise to outcome and what was found of it."""
        given = self.cleaned_data
        return {one.pk: (Outcome(given[f"outcome_{one.pk}"]), given[f"note_{one.pk}"] or {}) for one in self._promises}


class CodeForm(forms.Form):
    """A single-use code from a letter."""

    evaluation = forms.CharField(
        label=_("Number of the evaluation"),
        max_length=20,
        help_text=_("Such as E-1042."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    secret_code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        help_text=_("12 signs, such as 7F3K-22QX-9ABC."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_evaluation(self) -> str:
        """The number as it stands in addresses, however it was typed."""
        number = "".join(str(self.cleaned_data["evaluation"]).split()).upper()
        if not all(sign.isalnum() or sign == "-" for sign in number):
            raise forms.ValidationError(_("This is no number of an evaluation: write it as the letter has it."))
        return number

    def clean_secret_code(self) -> str:
        """The signs of the code, however they were parted."""
        return signs_of(str(self.cleaned_data["secret_code"]))


class AnswerForm(forms.Form):
    """The questions of one version of the instrument."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = instrument.first
        if instrument.first is not None:
            self.fields[instrument.first.key] = forms.CharField(
                label=pick(instrument.first.label),
                help_text=pick(instrument.first.hint),
                required=False,
                max_length=UNPROMPTED_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for question in instrument.questions:
            self.fields[question.key] = forms.ChoiceField(
                label=pick(question.label),
                help_text=pick(question.hint),
                choices=[(option.value, pick(option.label)) for option in question.options],
                required=not question.users_only,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose one of the answers.")},
            )
        self.fields[instrument.comment.key] = forms.CharField(
            label=pick(instrument.comment.label),
            help_text=pick(instrument.comment.hint),
            required=False,
            max_length=COMMENT_LENGTH,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.users_only = [question.key for question in instrument.questions if question.users_only]

    @property
    def rest(self) -> list[forms.BoundField]:
        """What is asked once the service is named."""
        return [self[name] for name in self.fields if self.first is None or name != self.first.key]

    def clean(self) -> dict[str, Any]:
        """Users are asked for their grade too."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("participation") == "yes":
            for key in self.users_only:
                if not data.get(key) and key not in self.errors:
                    self.add_error(key, _("You used it: please choose one of the answers."))
        return data
