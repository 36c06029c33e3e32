"""Forms of evaluations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.codes import normal_secret_code
from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.judge.evaluations.queries import evaluators_for
from qiao.judge.evaluations.rules.instrument import COMMENT_LENGTH, Instrument
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

#: A key file is one line; anything larger is another file.
KEY_FILE_SIZE = 4096


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CommissionForm(forms.Form):
    """The terms of an evaluation."""

    title = LocalizedField(label=_("What those served are asked to judge"), max_length=120)
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
    """The public half of the evaluator's key."""

    public_key = forms.CharField(
        label=_("Your public key"),
        max_length=120,
        help_text=_("One line of 44 signs, from the file that ends in .pub"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class UnsealForm(forms.Form):
    """The private half, as a file or as text. Held in memory while the answers are opened, never kept."""

    key_file = forms.FileField(label=_("Your private key file"), required=False)
    private_key = forms.CharField(
        label=_("Or paste the key"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """The key from wherever it was given."""
        data: dict[str, Any] = super().clean() or {}
        file = data.get("key_file")
        text = data.get("private_key", "")
        if file is not None:
            if file.size > KEY_FILE_SIZE:
                self.add_error("key_file", _("This file is too large to be a key: a key is one line of 44 signs."))
                return data
            text = file.read().decode("utf-8", errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if not lines:
            raise forms.ValidationError(_("Choose the key file or paste the key."))
        data["key"] = lines[-1]
        return data


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
        signs = normal_secret_code(str(self.cleaned_data["secret_code"]))
        if not signs:
            raise forms.ValidationError(_("This is no code: write it as the letter has it."))
        return signs


class AnswerForm(forms.Form):
    """The questions of one version of the instrument."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def clean(self) -> dict[str, Any]:
        """Users are asked for their grade too."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("participation") == "yes":
            for key in self.users_only:
                if not data.get(key) and key not in self.errors:
                    self.add_error(key, _("You used it: please choose one of the answers."))
        return data
