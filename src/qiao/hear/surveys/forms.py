"""Forms of surveys."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Asked, StratumBy
from qiao.hear.surveys.models import QuestionnaireVersion
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
    sample_size = forms.IntegerField(
        label=_("Members to draw"), required=False, min_value=1,
        help_text=_(
            "Only for a random sample. 383 answers give ±5 points for any number of members; "
            "expect one in four to answer."
        ),
    )  # fmt: skip
    stratum_by = forms.ChoiceField(
        label=_("Draw in proportion to"), choices=StratumBy.choices, initial=StratumBy.DISTRICT,
        help_text=_("Each part is drawn from by its number of members, so that none is missed by chance."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, units: QuerySet[Unit], versions: QuerySet[QuestionnaireVersion], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A sample has a size; the last day comes after the first."""
        cleaned = super().clean() or {}
        if cleaned.get("asked") == Asked.SAMPLE and not cleaned.get("sample_size"):
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
