"""Forms of drafting, taking part and answering."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField, LocalizedLinesField
from qiao.base.i18n import LANGUAGES, Localized, pick, problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import Outcome
from qiao.decide.consultations.forms.texts import paper_field, read_given
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries import clauses_of, proposal_options, statements_of, unit_options
from qiao.decide.consultations.rules import split_clauses
from qiao.org.units.models import Unit


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and label of the unit."""
        return f"{obj} · {obj.label}"


def moment_field(**options: Any) -> forms.DateTimeField:
    """A date and time in the browser's own picker."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **options)


def text_field(*, required: bool = True) -> LocalizedField:
    """The text of a consultation, pasted as a whole."""
    return LocalizedField(
        label=_("Text"),
        required=required,
        textarea=True,
        rows=14,
        help_text=_(
            "Paste it as it stands. Lines that begin with a number (1.  一、  第一条  Article 1) begin a clause; "
            "without numbers every paragraph is a clause. You see the clauses before anybody else does."
        ),
    )


class TextForm(forms.Form):
    """A new version of the text."""

    text = text_field()

    def clean(self) -> dict[str, Any]:
        """Part the text into clauses."""
        given = super().clean() or self.cleaned_data
        text: Localized = given.get("text") or {}
        if text:
            try:
                given["clauses"] = split_clauses(*(text.get(code, "") for code in LANGUAGES))
            except Problem as problem:
                self.add_error("text", problem_text(problem))
        return given


class ConsultationForm(TextForm):
    """A draft; its text pasted or given as a file."""

    paper = paper_field(
        label=_("or the text as a file"), required=False,
        help_text=_("Word (.docx), OpenDocument (.odt) or Markdown (.md), without tracked changes or macros."),
    )  # fmt: skip

    text = text_field(required=False)
    title = LocalizedField(
        label=_("Title"), max_length=160, help_text=_("What it is about, in one line."),
    )  # fmt: skip
    question = LocalizedField(
        label=_("What members are asked"), textarea=True, rows=3, max_length=2000,
        help_text=_("One question in plain words, and what is decided with the answers."),
    )  # fmt: skip
    statements = LocalizedLinesField(
        label=_("Statements to agree or disagree with"), required=False, most=60,
        help_text=_("One per line; one thought each. Members agree, disagree or pass."),
    )  # fmt: skip
    proposals = forms.MultipleChoiceField(
        label=_("Proposals it is about"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Through its proposals the consultation stays on the thread of the need they serve."),
    )  # fmt: skip
    unit = UnitField(label=_("Members of"), queryset=Unit.objects.none(), empty_label=None)
    opens = moment_field(label=_("Opens"))
    closes = moment_field(label=_("Closes"), help_text=_("Once announced the dates cannot shorten."))

    field_order = ("title", "question", "proposals", "text", "paper", "statements", "unit", "opens", "closes")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposals, unit = self.fields["proposals"], self.fields["unit"]
        if isinstance(proposals, forms.MultipleChoiceField):
            proposals.choices = [
                (proposal.code, f"{pick(proposal.title)} · {proposal.code}") for proposal in proposal_options(actor)
            ]
            if not proposals.choices:
                del self.fields["proposals"]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = unit_options(actor)

    def clean(self) -> dict[str, Any]:
        """Dates the right way round; the text from one of its two fields."""
        given = super().clean()
        if given.get("paper") and "paper" not in self.errors:
            try:
                reading = read_given(given["paper"], None)
            except Problem as problem:
                self.add_error("paper", problem_text(problem))
            else:
                given["clauses"], given["labels"] = reading.clauses, reading.labels
        elif "clauses" not in given and "text" not in self.errors and "paper" not in self.errors:
            self.add_error("text", _("Paste the text, or give it as a file."))
        opens, closes = given.get("opens"), given.get("closes")
        if isinstance(opens, datetime) and isinstance(closes, datetime) and closes <= opens:
            self.add_error("closes", _("It must close after it opens."))
        return given

    def draft(self) -> dict[str, Any]:
        """What the services take, but the unit."""
        given = self.cleaned_data
        return {
            "title": given["title"], "question": given["question"], "clauses": given["clauses"],
            "statements": given["statements"] or [], "proposal_codes": given.get("proposals", []),
            "opens": given["opens"], "closes": given["closes"], "labels": given.get("labels", ()),
        }  # fmt: skip


def initial_of(consultation: Consultation) -> dict[str, Any]:
    """A draft as the initial values of its form."""
    return {
        "title": consultation.title,
        "question": consultation.question,
        "text": text_of(consultation),
        "statements": [statement.text for statement in statements_of(consultation)],
        "proposals": [row.proposal_code for row in consultation.proposals.all()],
        "unit": consultation.unit_id,
        "opens": consultation.opens,
        "closes": consultation.closes,
    }


def text_of(consultation: Consultation) -> Localized:
    """The text in force as one piece: numbered, so that it falls into the same clauses again."""
    clauses = clauses_of(consultation)
    joined = {
        code: "\n\n".join(f"{clause.number}. {clause.text.get(code, '')}" for clause in clauses) for code in LANGUAGES
    }
    return {code: text for code, text in joined.items() if any(clause.text.get(code) for clause in clauses)}


class ClosesForm(forms.Form):
    """A later close."""

    closes = moment_field(label=_("Closes"), help_text=_("Once announced the dates cannot shorten."))


class OpinionForm(forms.Form):
    """A member's opinion on a clause or on the whole."""

    text = forms.CharField(
        label=_("Your opinion"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 4000}),
        help_text=_("Please leave out names, numbers and addresses of people."),
        error_messages={"required": _("Write your opinion.")},
    )
    keep_back = forms.BooleanField(label=_("Publish the answer, but not my words"), required=False)


class AnswerForm(forms.Form):
    """One answer for all that is ticked."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of the opinion.")},
    )  # fmt: skip
    reason = LocalizedField(
        label=_("Because"), textarea=True, rows=4, max_length=4000,
        help_text=_("Required for every answer. Say what changes in the text, or why nothing does."),
    )  # fmt: skip
    addendum = LocalizedField(
        label=_("A personal word to the authors"), textarea=True, rows=2, required=False, max_length=2000,
        help_text=_("Optional. Read by the authors only, not published."),
    )  # fmt: skip


class AddendumForm(forms.Form):
    """A personal word after the answer."""

    addendum = LocalizedField(
        label=_("A personal word to the author"), textarea=True, rows=3, max_length=2000,
        help_text=_("Read by the author only, not published."),
    )  # fmt: skip


class GroupForm(forms.Form):
    """What ticked opinions have in common."""

    title = LocalizedField(label=_("What they have in common"), max_length=160)


class ReasonForm(forms.Form):
    """A public reason."""

    reason = LocalizedField(label=_("Reason"), textarea=True, rows=3, max_length=2000, help_text=_("Published."))
