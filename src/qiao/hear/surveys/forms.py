"""Forms of surveys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Allocation, Asked, CallOutcome, Design, StratumBy
from qiao.hear.surveys.models import QuestionnaireVersion
from qiao.hear.surveys.queries.checking import POINTS, Sheet
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language, indented by its depth."""

    def label_from_instance(self, obj: Unit) -> str:
        """The name as the list shows it."""
        return "\u2003" * obj.depth + pick(obj.name)


class VersionField(forms.ModelChoiceField[QuestionnaireVersion]):
    """A version of a questionnaire by title, code and number."""

    def label_from_instance(self, obj: QuestionnaireVersion) -> str:
        """The title as the list shows it."""
        return _("%(title)s · version %(number)d") % {"title": pick(obj.questionnaire.title), "number": obj.number}


class UploadForm(forms.Form):
    """Uploading a questionnaire."""

    unit = UnitField(queryset=Unit.objects.none(), label=_("Unit"), empty_label=None)
    title = LocalizedField(label=_("Title"), max_length=160)
    file = forms.FileField(
        label=_("Questionnaire file"),
        help_text=_("An XLSForm workbook (.xlsx) with the sheets survey, choices and settings."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.md"}),
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class NewVersionForm(forms.Form):
    """The next version of a questionnaire."""

    file = forms.FileField(
        label=_("New version"),
        help_text=_("Rounds that are planned or open keep their version."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.md"}),
    )


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """Planning a round."""

    title = LocalizedField(
        label=_("Title"), max_length=160, help_text=_("What members read in their invitation."),
    )  # fmt: skip
    purpose = LocalizedField(
        label=_("What the answers are needed for"), max_length=600, required=False, textarea=True,
        help_text=_("The data protection officer passes no plan without it; members read it too."),
    )  # fmt: skip
    unit = UnitField(
        queryset=Unit.objects.none(), label=_("Whom to ask: members of"), empty_label=None,
        help_text=_("Everything below this unit is included."),
    )  # fmt: skip
    version = VersionField(queryset=QuestionnaireVersion.objects.none(), label=_("Questionnaire"), empty_label=None)
    opens = forms.DateField(label=_("First day"), widget=_date())
    closes = forms.DateField(label=_("Last day"), widget=_date())
    asked = forms.ChoiceField(
        label=_("Who is asked"), choices=Asked.choices, widget=forms.RadioSelect, initial=Asked.CENSUS
    )
    expected_rate = forms.IntegerField(
        label=_("Response expected, in percent"), required=False, min_value=1, max_value=100,
        help_text=_("One in four (25) is usual. The page of the round then says which margin that gives."),
    )  # fmt: skip
    sample_size = forms.IntegerField(
        label=_("Members to draw"), required=False, min_value=1,
        help_text=_("Only for a random sample. The size calculator says how many a margin needs."),
    )  # fmt: skip
    stratum_by = forms.ChoiceField(
        label=_("Strata: the sample is drawn from each of"), choices=StratumBy.choices, initial=StratumBy.DISTRICT,
        help_text=_("So that no part is missed by chance. Strata too small to stay unknown in are joined."),
    )  # fmt: skip
    allocation = forms.ChoiceField(
        label=_("How the sample is shared out"), choices=Allocation.choices, initial=Allocation.PROPORTIONAL,
        required=False,
    )  # fmt: skip
    given = forms.CharField(
        label=_("Numbers for each stratum"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where numbers are given: stratum=number, one after another, such as EBF-D01=40 EBF-D02=60."),
    )  # fmt: skip
    earlier_code = forms.CharField(
        label=_("Earlier round, for Neyman"), required=False, max_length=32, help_text=_("Its code, such as S-1042."),
    )  # fmt: skip
    earlier_item = forms.CharField(
        label=_("Answer whose spread counts, for Neyman"), required=False, max_length=160,
        help_text=_("As question:option, such as need_first:night_bus."),
    )  # fmt: skip
    design = forms.ChoiceField(
        label=_("How members are reached"), choices=Design.choices, initial=Design.ELEMENTS, required=False
    )
    per_cluster = forms.IntegerField(
        label=_("Members in each union, for two stages"), required=False, min_value=2,
    )  # fmt: skip

    def __init__(
        self, *args: Any, units: QuerySet[Unit], versions: QuerySet[QuestionnaireVersion], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]

    def clean_design(self) -> str:
        """Whoever says nothing draws members one by one."""
        return self.cleaned_data["design"] or Design.ELEMENTS

    def clean_allocation(self) -> str:
        """Whoever says nothing shares out by size."""
        return self.cleaned_data["allocation"] or Allocation.PROPORTIONAL

    def clean_expected_rate(self) -> float | None:
        """Percent become a share."""
        percent = self.cleaned_data["expected_rate"]
        return percent / 100 if percent else None

    def clean_given(self) -> dict[str, int]:
        """Pairs of stratum and number."""
        pairs: dict[str, int] = {}
        for part in self.cleaned_data["given"].replace("，", " ").replace(",", " ").replace("＝", "=").split():
            name, sign, number = part.rpartition("=")
            if not sign or not number.isdecimal():
                raise forms.ValidationError(_("“%(part)s” is no pair: write stratum=number."), params={"part": part})
            pairs[name] = int(number)
        return pairs

    def clean(self) -> dict[str, Any]:
        """A sample has a size; the last day comes after the first."""
        cleaned = super().clean() or {}
        given = cleaned.get("allocation") == Allocation.GIVEN
        if cleaned.get("asked") == Asked.SAMPLE and not given and not cleaned.get("sample_size"):
            self.add_error("sample_size", _("Say how many members are to be drawn."))
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", _("The last day must come after the first."))
        return cleaned

    @property
    def period(self) -> tuple[datetime, datetime]:
        """From the first minute of the first day to the last of the last."""
        opens, closes = self.cleaned_data["opens"], self.cleaned_data["closes"]
        return make_aware(datetime.combine(opens, time.min)), make_aware(datetime.combine(closes, time(23, 59, 59)))


class SizeForm(forms.Form):
    """The size calculator."""

    population = forms.IntegerField(label=_("Members in all"), min_value=1, max_value=1_000_000_000)
    margin = forms.FloatField(label=_("Margin wanted, in points"), min_value=0.1, max_value=50)
    rate = forms.IntegerField(label=_("Response expected, in percent"), min_value=1, max_value=100)
    answers = forms.IntegerField(
        label=_("Answers you have"), required=False, min_value=1, help_text=_("Then their margin is told.")
    )


class CheckForm(forms.Form):
    """The sheet of the privacy check."""

    points = forms.MultipleChoiceField(
        label=_("What I looked at, and found in order"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sensitive = forms.MultipleChoiceField(
        label=_("Questions that are sensitive"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Health, money, household, children. Marked at first are those whose words speak for it."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why it goes back"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where you send the plan back: its owner reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, sheet: Sheet, **options: Any) -> None:
        super().__init__(*args, **options)
        questions = [(question.name, pick(question.label) or question.name) for question in sheet.questions]
        self.fields["points"].choices = list(POINTS)  # type: ignore[attr-defined]
        self.fields["sensitive"].choices = questions  # type: ignore[attr-defined]
        self.fields["sensitive"].initial = [question.name for question in sheet.questions if question.likely]


class ExtendForm(forms.Form):
    """A later last day, with the reason."""

    closes = forms.DateField(label=_("New last day"), widget=_date())
    reason = forms.CharField(label=_("Why it closes later"), max_length=600)

    @property
    def moment(self) -> datetime:
        """The last minute of the day."""
        return make_aware(datetime.combine(self.cleaned_data["closes"], time(23, 59, 59)))


class SlipsForm(forms.Form):
    """Numbers of slips that came back."""

    slips = forms.CharField(
        label=_("Numbers of the slips that came back"), widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric"})
    )

    def clean_slips(self) -> list[int]:
        """Whole numbers, in whatever way they are parted."""
        parts = self.cleaned_data["slips"].replace("，", " ").replace("、", " ").replace(",", " ").split()
        if not parts or not all(part.isdecimal() and len(part) < 9 for part in parts):
            raise forms.ValidationError(_("Write the numbers that stand on the slips."))
        return [int(part) for part in parts]


class CallsForm(forms.Form):
    """Handing out people to call."""

    interviewers = forms.MultipleChoiceField(label=_("Interviewers"), widget=forms.CheckboxSelectMultiple)
    number = forms.IntegerField(label=_("People to call"), min_value=1, max_value=10_000, initial=50)

    def __init__(self, *args: Any, accounts: Sequence[Account], **options: Any) -> None:
        super().__init__(*args, **options)
        self.accounts = {str(account.pk): account for account in accounts}
        self.fields["interviewers"].choices = [  # type: ignore[attr-defined]
            (key, account.display_name) for key, account in self.accounts.items()
        ]


class CallForm(forms.Form):
    """How a call without an interview ended."""

    outcome = forms.ChoiceField(
        label=_("How the call ended"), widget=forms.RadioSelect,
        choices=[choice for choice in CallOutcome.choices if choice[0] != CallOutcome.NONE],
    )  # fmt: skip
    appointment = forms.DateTimeField(
        label=_("Appointment"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], help_text=_("Only where one was made."),
    )  # fmt: skip


class BatchForm(forms.Form):
    """Beginning a stack of paper."""

    expected = forms.IntegerField(
        label=_("Sheets in the stack"), min_value=1, max_value=5_000, help_text=_("Count them before you type.")
    )


class CodeForm(forms.Form):
    """Typing the code from a letter."""

    code = forms.CharField(
        label=_("Your code"), max_length=40, help_text=_("Such as 7F3K-22QX-9ABC. Capitals and dashes do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class EnterForm(forms.Form):
    """Answers as a file."""

    file = forms.FileField(
        label=_("File with answers"),
        help_text=_("CSV or spreadsheet, one row for each answer, columns named as in the codebook."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods"}),
    )
