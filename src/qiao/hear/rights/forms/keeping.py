"""What officers fill in for articles and services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField, LocalizedLinesField
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.rights.choices import Topic
from qiao.hear.rights.forms.calculators import DayInput
from qiao.hear.rights.rules.articles import Wording, read_basis
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


class UnitLabelField(forms.CharField):
    """A unit by its label; cleans to the unit."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        options.setdefault("help_text", _("Its label, such as EBF-D01-H01, as on its page."))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """The unit with this label."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return unit_by_label(text.strip().upper())
        except Unit.DoesNotExist:
            raise forms.ValidationError(_("There is no unit with this label.")) from None


class WordingForm(forms.Form):
    """The texts of a version."""

    question = LocalizedField(label=_("The question, as people ask it"), max_length=200)
    answer = LocalizedField(label=_("Short answer in plain words"), textarea=True, rows=4, max_length=3000)
    steps = LocalizedLinesField(label=_("Steps, one a line"), required=False, rows=4)
    papers = LocalizedLinesField(label=_("Papers needed, one a line"), required=False, rows=3)
    basis = forms.CharField(
        label=_("Law it rests on, one a line"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("law | number or article | day, such as 劳动法 | 第44条 | 1995-01-01"),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Other words people use"), max_length=300, required=False, help_text=_("The search finds it by these.")
    )
    holds_since = forms.DateField(label=_("Holds from"), widget=DayInput())
    holds_until = forms.DateField(label=_("Holds until"), widget=DayInput(), required=False)

    def clean_basis(self) -> list[dict[str, str]]:
        """The lines as laws."""
        try:
            return read_basis(str(self.cleaned_data["basis"]))
        except (Problem, Problems) as problem:
            raise forms.ValidationError(problem_text(problem)) from None

    def wording(self) -> Wording:
        """What was written."""
        given = self.cleaned_data
        return Wording(
            question=given["question"], answer=given["answer"], steps=given["steps"] or [],
            papers=given["papers"] or [], basis=given["basis"], words=given["words"],
            holds_since=given["holds_since"], holds_until=given["holds_until"],
        )  # fmt: skip


class ArticleForm(WordingForm):
    """A new article: where it holds, what it is about, which article from above it replaces there."""

    unit = UnitLabelField(label=_("Unit it holds for, and below"))
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    overrides = forms.CharField(
        label=_("Replaces there the article"), max_length=32, required=False,
        help_text=_("Code of an article of a unit above; empty for a question of its own."),
    )  # fmt: skip

    field_order = ("unit", "topic", "overrides")


class OfferForm(forms.Form):
    """A service."""

    unit = UnitLabelField(label=_("Unit that keeps it"))
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    name = LocalizedField(label=_("What it is called"), max_length=120)
    text = LocalizedField(label=_("For whom, and what it gives"), textarea=True, required=False, max_length=1000)
    papers = LocalizedLinesField(label=_("Papers to bring, one a line"), required=False, rows=3)
    takes_reports = forms.BooleanField(label=_("Other systems may file requests for it"), required=False)


class BodyForm(forms.Form):
    """A body that gives it."""

    unit = UnitLabelField(label=_("Body"))
    address = LocalizedField(label=_("Address of the office"), required=False, max_length=200)
    hours = LocalizedField(label=_("Hours"), required=False, max_length=120)
    phone = forms.CharField(label=_("Telephone of the office"), max_length=40, required=False)
    posts = forms.IntegerField(label=_("Posts that work on it"), min_value=0, max_value=1000, initial=1)


class UploadForm(forms.Form):
    """A workbook."""

    file = forms.FileField(label=_("Workbook"), max_length=255)
