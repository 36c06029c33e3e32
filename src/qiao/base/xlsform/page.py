"""What every question on a page is made of: its words, its pieces, the frame around its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from qiao.base.xlsform.answers import gettext_noop
from qiao.base.xlsform.model import Texts
from qiao.base.xlsform.runtime import Runtime, Translate

MUST = gettext_noop("must be answered")
ONLY_IF = gettext_noop("Answer only if this applies to you.")
CHOOSE_ONE = gettext_noop("Please choose")
PLACE = gettext_noop("Place")
ERRORS = gettext_noop("Please look at these questions again:")
SCALE = gettext_noop("From %(start)s to %(end)s")

WORDS = (MUST, ONLY_IF, CHOOSE_ONE, PLACE, ERRORS, SCALE)
"""Every word of the page that is not the form's own, for the check that all of them are translated."""


class Html(str):
    """Markup that is already escaped; Django's templates take it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Page:
    """One rendering: the form, the reader's language, the answers and errors to show."""

    runtime: Runtime
    language: str
    answers: Mapping[str, Sequence[str]]
    errors: Mapping[str, str]
    say: Translate
    shown: dict[str, object] = field(default_factory=dict)

    def text(self, texts: Texts) -> str:
        """The form's text in the page's language, filled with answers, escaped, with its line ends."""
        filled = self.runtime.fill(self.runtime.form.text(texts, self.language), self.shown)
        return escape(filled).replace("\n", "<br>")

    def answer(self, key: str) -> list[str]:
        """The texts in a field."""
        got = self.answers.get(key) or []
        return [got] if isinstance(got, str) else list(got)


@dataclass(frozen=True, slots=True)
class Parts:
    """The finished pieces of one question: its escaped key, label with marks, texts between, and attributes."""

    key: str
    label: str
    between: str
    condition: str
    described: str
    state: str
    required: str


def box(parts: Parts, inner: str) -> str:
    """A question with one field, which its label names."""
    return (
        f'<div class="question" id="q-{parts.key}"{parts.condition}>\n'
        f'<label for="i-{parts.key}">{parts.label}</label>\n'
        f"{parts.between}{inner}\n</div>\n"
    )


def fieldset(parts: Parts, inner: str) -> str:
    """A question with several fields, which its legend names."""
    return (
        f'<fieldset class="question" id="q-{parts.key}"{parts.condition}{parts.described}>\n'
        f"<legend>{parts.label}</legend>\n{parts.between}{inner}</fieldset>\n"
    )
