"""Forms by which a text comes in as a file, and by which its clauses are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.base.uploads import file_name
from qiao.decide.consultations.models import Clause, Intake
from qiao.decide.consultations.rules.papers import LARGEST
from qiao.decide.consultations.services.intake import Reading, read_files

_KINDS = ".docx,.odt,.md,.txt"


def paper_field(**options: Any) -> forms.FileField:
    """A text as a file."""
    return forms.FileField(widget=forms.FileInput(attrs={"accept": _KINDS}), **options)


class PaperForm(forms.Form):
    """A text as a file, and the same in English."""

    paper = paper_field(
        label=_("The text"),
        help_text=_("Word (.docx), OpenDocument (.odt) or Markdown (.md), without tracked changes or macros."),
    )
    english = paper_field(label=_("The text in English (optional)"), required=False,
                          help_text=_("With the same clauses in the same order."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read the files."""
        given = super().clean() or self.cleaned_data
        if given.get("paper"):
            try:
                given["reading"] = read_given(given["paper"], given.get("english"))
            except Problem as problem:
                self.add_error("paper", problem_text(problem))
        return given


def read_given(paper: UploadedFile[bytes], english: UploadedFile[bytes] | None) -> Reading:
    """The clauses of files handed in. Raises Problem, before anything of a file that is too large is read."""
    return read_files(*_content(paper), english=_content(english) if english else None)


def _content(given: UploadedFile[bytes]) -> tuple[str, bytes]:
    name = file_name(given.name)
    if given.size is None or given.size > LARGEST:
        # Enough to be refused by the reader, in its words.
        return name, b"\0" * (LARGEST + 1)
    return name, given.read()


class ClausesForm(forms.Form):
    """For each clause that was read: which clause of the text before it is."""

    def __init__(self, *args: Any, intake: Intake, before: Sequence[Clause], keys: Sequence[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.number = len(intake.parts)
        options = [("", _("a new clause"))] + [(clause.key, _option(clause)) for clause in before]
        for place in range(self.number):
            self.fields[f"key_{place}"] = forms.ChoiceField(
                label=_("Clause of the text before"), choices=options, required=False, initial=keys[place]
            )

    def keys(self) -> list[str]:
        """What was chosen, clause by clause."""
        return [str(self.cleaned_data[f"key_{place}"]) for place in range(self.number)]


def _option(clause: Clause) -> str:
    words = " ".join(pick(clause.text).split())
    return f"{clause.label or clause.number} {words[:24]}{'…' if len(words) > 24 else ''}"
