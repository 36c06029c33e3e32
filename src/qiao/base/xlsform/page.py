"""What every question on a page is made of: its words, its pieces, the frame around its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape

from qiao.base.xlsform.answers import gettext_noop
from qiao.base.xlsform.model import Texts
from qiao.base.xlsform.plan import Step
from qiao.base.xlsform.runtime import Runtime, Translate

MUST = gettext_noop("must be answered")
ONLY_IF = gettext_noop("Answer only if this applies to you.")
CHOOSE_ONE = gettext_noop("Please choose")
PLACE = gettext_noop("Place")
ERRORS = gettext_noop("Please look at these questions again:")
SCALE = gettext_noop("From %(start)s to %(end)s")

GUIDANCE = gettext_noop("More about this question")
ENTRY = gettext_noop("Entry %(number)d")
MORE = gettext_noop("Add one more")
LESS = gettext_noop("Take this away")
EACH = gettext_noop("Answer once for each. Leave it empty if there is none.")
SPOKEN = gettext_noop("Listen")

WORDS = (MUST, ONLY_IF, CHOOSE_ONE, PLACE, ERRORS, SCALE, GUIDANCE, ENTRY, MORE, LESS, EACH, SPOKEN)
"""Every word of the page that is not the form's own, for the check that all of them are translated."""


class Html(str):
    """Markup that is already escaped; Django's templates take it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Page:
    """One rendering: the form, the reader's language, the answers and errors to show.

    Within an entry of a repeat ``prefix`` stands before the names of fields, ``chain`` are the repeats it is in with
    the prefix of each, and ``fresh`` an entry nobody has filled in yet, which shows defaults.
    """

    runtime: Runtime
    language: str
    answers: Mapping[str, Sequence[str]]
    errors: Mapping[str, str]
    say: Translate
    now: datetime
    shown: dict[str, object] = field(default_factory=dict)
    prefix: str = ""
    chain: tuple[tuple[str, str], ...] = ()
    defaults: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fresh: bool = False

    def text(self, texts: Texts) -> str:
        """The form's text in the page's language, filled with answers, escaped, with its line ends."""
        filled = self.runtime.fill(self.runtime.form.text(texts, self.language), self.shown)
        return escape(filled).replace("\n", "<br>")

    def answer(self, key: str) -> list[str]:
        """The texts in a field."""
        got = self.answers.get(self.prefix + key) or (self.defaults.get(key) if self.fresh else None) or []
        return [got] if isinstance(got, str) else list(got)

    def error(self, key: str) -> str:
        """What is wrong with the answer in a field."""
        return self.errors.get(self.prefix + key, "")

    def entry(self, repeat: str, prefix: str, fresh: bool) -> Page:
        """The same page within one entry of the repeat at this path."""
        shown = dict(self.shown)
        for key, step in self.runtime.inner.items():
            if step.chain[-1] == repeat:
                got = self.answers.get(prefix + key) or ()
                shown[key] = chosen_text(step, [got] if isinstance(got, str) else got)
        return replace(self, prefix=prefix, chain=(*self.chain, (repeat, prefix)), shown=shown, fresh=fresh)

    def condition(self, part: object) -> object | None:
        """A condition for the page's script with the fields of this entry; ``None`` where it reads other entries."""
        if not isinstance(part, list):
            return part
        if part[0] == "$":
            step = self.runtime.inner.get(part[1])
            if step is None:
                return part
            known = dict(self.chain)
            return ["$", known[step.chain[-1]] + part[1]] if step.chain[-1] in known else None
        made = [self.condition(inner) for inner in part[1:]]
        return None if any(each is None for each in made) else [part[0], *made]


def chosen_text(step: Step, texts: Sequence[str]) -> str:
    """An answer in words: choices by their labels."""
    labels = {name: item["label"] for name, item in step.items.items()}
    return ", ".join(" ".join(labels.get(text, text).split()) for text in texts)


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


def media(page: Page, files: Mapping[str, Texts], alt: Texts, label: str, *, brief: bool = False) -> str:
    """The picture, sound or film that goes with a text; nothing where its file is not served.

    ``alt`` says what a picture shows; without it the text beside it must do. ``brief``: inside a choice, where a film
    or player would be in the way of choosing.
    """
    made = []
    for kind in ("image", "audio", "video"):
        name = page.runtime.form.text(files.get(kind, {}), page.language)
        address = page.runtime.media.get(name)
        if not address:
            continue
        source = escape(address)
        if kind == "image":
            said = escape(page.runtime.form.text(alt, page.language) or (label and "") or name)
            made.append(f'<img class="shown" src="{source}" alt="{said}" loading="lazy">')
        elif not brief:
            said = escape(page.say(SPOKEN))
            made.append(f'<{kind} controls preload="none" src="{source}" aria-label="{said}"></{kind}>')
    return "".join(made)


def fieldset(parts: Parts, inner: str) -> str:
    """A question with several fields, which its legend names."""
    return (
        f'<fieldset class="question" id="q-{parts.key}"{parts.condition}{parts.described}>\n'
        f"<legend>{parts.label}</legend>\n{parts.between}{inner}</fieldset>\n"
    )
