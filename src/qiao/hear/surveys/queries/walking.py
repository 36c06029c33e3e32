"""A questionnaire one question at a time, or typed from paper by numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qiao.base.problems import Problem
from qiao.base.xlsform import Html, Outcome, Question, Repeat, render_repeat
from qiao.base.xlsform.entries import ADD, DROP
from qiao.hear.surveys.queries.forms import runtime_of

#: What somebody could have said to a question, to see whether it is asked at all.
_PROBES: Mapping[str, str] = {
    "integer": "1", "decimal": "1", "range": "1", "date": "2020-01-01", "time": "08:00", "datetime": "2020-01-01T08:00",
    "acknowledge": "OK",
}  # fmt: skip
_CHOICES = ("select_one", "select_multiple")


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question as it is read out or typed: ``kind`` is one, several, rank, number, date, tick or text.

    A part that is asked several times is one such question, too: its kind is repeat, and ``html`` holds its entries.
    """

    key: str
    label: str
    hint: str
    kind: str
    required: bool
    options: tuple[tuple[str, str, bool], ...]
    value: str
    html: str = ""


class Walk:
    """A questionnaire with the answers so far (texts by field name): which question comes next, what does not fit.

    Questions that do not apply after the answers so far are passed over; what was said to them is dropped at the end.
    """

    def __init__(
        self, version_id: int, answers: Mapping[str, Sequence[str]], *, language: str, now: datetime,
        translate: Callable[[str], str], filtered: bool = True,
    ) -> None:  # fmt: skip
        """``filtered``: choices that a filter takes away are not offered; on paper all of them stand."""
        self._filtered = filtered
        self._runtime = runtime_of(version_id)
        form = self._runtime.form
        self._language, self._now, self._translate = form.language_for(language), now, translate
        outer = {step.key: path for path, step in self._runtime.repeats.items() if not step.chain}
        asked = {key for key, step in self._runtime.steps.items() if step.reader is not None}
        self._keys = [
            item.key
            for item in form.walk()
            if isinstance(item, Question | Repeat) and (item.key in asked or item.key in outer)
        ]
        self._repeats: Mapping[str, str] = outer
        self._answers = {key: list(texts) for key, texts in answers.items() if any(text.strip() for text in texts)}
        self._outcome = self._checked(self._answers)

    def _checked(self, answers: Mapping[str, Sequence[str]]) -> Outcome:
        return self._runtime.validate(answers, language=self._language, now=self._now, translate=self._translate)

    @property
    def values(self) -> dict[str, object]:
        """What would be stored."""
        return dict(self._outcome.values)

    @property
    def errors(self) -> dict[str, str]:
        """What does not fit yet, by field."""
        return dict(self._outcome.errors)

    @property
    def changing(self) -> bool:
        """Whether a button asked for one entry more or less: the same question is shown again, changed."""
        return ADD in self._outcome.errors

    def applies(self, key: str) -> bool:
        """Whether the question is asked after the answers so far."""
        if key in self._outcome.values or self._faults(key):
            return True
        if key in self._repeats:
            return self._repeat_applies(key)
        question = self._question(key)
        options = self._options(question)
        probe = options[0][0] if options else _PROBES.get(question.type, "x")
        fields = {f"{key}.{name}": [str(place)] for place, (name, _label) in enumerate(options, 1)}
        tried = self._checked({**self._answers, **(fields if question.type == "rank" else {key: [probe]})})
        return key in tried.values or key in tried.errors

    def _repeat_applies(self, key: str) -> bool:
        """Whether an entry with any of its questions answered would be taken."""
        for inner, step in self._runtime.inner.items():
            if step.reader is None or step.chain != (self._repeats[key],):
                continue
            options = list(step.items)
            tried = self._checked({
                **self._answers, f"{key}:#": ["1"],
                f"{key}:1:{inner}": [options[0] if options else _PROBES.get(step.question.type, "x")],
            })  # fmt: skip
            if key in tried.values or any(name.startswith(f"{key}:1:") for name in tried.errors):
                return True
        return False

    def _faults(self, key: str) -> list[str]:
        """What does not fit of a question, or of any entry of a part asked several times."""
        return [
            text for name, text in self._outcome.errors.items() if name == key or name.startswith(f"{key}:")
        ]  # fmt: skip

    def after(self, key: str) -> str | None:
        """The next question that applies; None at the end."""
        start = self._keys.index(key) + 1 if key in self._keys else 0
        return next((one for one in self._keys[start:] if self.applies(one)), None)

    def before(self, key: str) -> str:
        """The question asked before this one; the same where it is the first."""
        end = self._keys.index(key) if key in self._keys else 0
        return next((one for one in reversed(self._keys[:end]) if self.applies(one)), key)

    def error_at(self, key: str) -> str:
        """What does not fit of this question's answer; "" where all is well."""
        return next(iter(self._faults(key)), "")

    def first_error(self) -> str | None:
        """The first question that still needs something."""
        return next((key for key in self._keys if self._faults(key)), None)

    def carried(self, but: str) -> list[tuple[str, str]]:
        """Every answer so far except to one question, as pairs for hidden fields."""
        return [
            (key, text)
            for key, texts in self._answers.items()
            if key not in {but, ADD, DROP} and not key.startswith((f"{but}.", f"{but}:"))
            for text in texts
        ]  # fmt: skip

    def shown(self, key: str) -> ShownQuestion | None:
        """The question as it is read out, with what was said before."""
        return self._shown_at(key) if key in self._keys else None

    def all_shown(self) -> list[ShownQuestion]:
        """Every question, in order: for typing from paper."""
        return [self._shown_at(key) for key in self._keys]

    def _shown_at(self, key: str) -> ShownQuestion:
        if key not in self._repeats:
            return self._shown(self._question(key))
        path = self._repeats[key]
        repeat: Repeat = self._runtime.repeats[path].repeat
        html: Html = render_repeat(
            self._runtime, path, language=self._language, now=self._now, answers=self._answers,
            errors=self._outcome.errors, translate=self._translate,
        )  # fmt: skip
        label = self._runtime.form.text(repeat.label, self._language)
        return ShownQuestion(key, label or key, "", "repeat", False, (), "", html)

    def _question(self, key: str) -> Question:
        return self._runtime.steps[key].question

    def _options(self, question: Question) -> list[tuple[str, str]]:
        form = self._runtime.form
        if not question.choices or question.choices not in form.lists:
            return []
        return [
            (choice.name, form.text(choice.label, self._language) or choice.name)
            for choice in form.lists[question.choices].choices
            if self._offered(question, choice.name)
        ]

    def _offered(self, question: Question, name: str) -> bool:
        """Whether a choice is offered after the answers so far, where a filter says so."""
        if question.type == "rank" or self._runtime.steps[question.key].keep is None or not self._filtered:
            return True
        return question.key not in self._checked({**self._answers, question.key: [name]}).errors

    def _shown(self, question: Question) -> ShownQuestion:
        said = self._answers.get(question.key, [])
        kinds = {"select_one": "one", "select_multiple": "several", "rank": "rank", "date": "date"}
        kind = kinds.get(question.type, "number" if question.type in {"integer", "decimal", "range"} else "text")
        if question.type == "acknowledge":
            kind = "tick"
        form = self._runtime.form
        return ShownQuestion(
            question.key,
            self._runtime.fill(form.text(question.label, self._language), self._outcome.values) or question.key,
            form.text(question.hint, self._language),
            kind,
            bool(question.required),
            tuple((name, label, name in said) for name, label in self._options(question)),
            " ".join(said),
        )


def from_numbers(version_id: int, typed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Answers typed from paper, by field: numbers of options become their names, other texts stay.

    Of a part that is asked several times the fields are taken as its entries have them, options by name.

    Raises Problem for a number no option has; ``1 3`` and ``1,3`` are two options.
    """
    runtime = runtime_of(version_id)
    found: dict[str, list[str]] = {
        name: list(texts) for name, texts in typed.items() if ":" in name or name in {ADD, DROP}
    }
    for key, step in runtime.steps.items():
        text = " ".join(typed.get(key, ())).strip()
        if step.reader is None or not text:
            continue
        question = step.question
        if question.type not in {*_CHOICES, "rank"}:
            found[key] = [text]
            continue
        names = [choice.name for choice in runtime.form.lists[str(question.choices)].choices]
        chosen = []
        for part in text.replace("，", " ").replace(",", " ").replace("、", " ").split():
            if not part.isdecimal() or not 1 <= int(part) <= len(names):
                raise Problem("“%(part)s” is no option of %(question)s: write a number from 1 to %(last)d.",
                              part=part, question=key, last=len(names))  # fmt: skip
            chosen.append(names[int(part) - 1])
        found[key] = chosen
    return found
