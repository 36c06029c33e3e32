"""A questionnaire one question at a time, or typed from paper by numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qiao.base.problems import Problem
from qiao.base.xlsform import Question
from qiao.hear.surveys.queries.forms import runtime_of

#: What somebody could have said to a question, to see whether it is asked at all.
_PROBES: Mapping[str, str] = {
    "integer": "1", "decimal": "1", "range": "1", "date": "2020-01-01", "time": "08:00", "datetime": "2020-01-01T08:00",
    "acknowledge": "OK",
}  # fmt: skip
_CHOICES = ("select_one", "select_multiple")


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question as it is read out or typed: ``kind`` is one, several, number, date or text."""

    key: str
    label: str
    hint: str
    kind: str
    required: bool
    options: tuple[tuple[str, str, bool], ...]
    value: str


class Walk:
    """A questionnaire with the answers so far (texts by field name): which question comes next, what does not fit.

    Questions that do not apply after the answers so far are passed over; what was said to them is dropped at the end.
    """

    def __init__(
        self, version_id: int, answers: Mapping[str, Sequence[str]], *, language: str, now: datetime,
        translate: Callable[[str], str],
    ) -> None:  # fmt: skip
        self._runtime = runtime_of(version_id)
        if self._runtime.repeats:
            raise Problem("This questionnaire has questions that are asked several times: answer it on its own page.")
        form = self._runtime.form
        self._language, self._now, self._translate = form.language_for(language), now, translate
        self._keys = [key for key, step in self._runtime.steps.items() if step.reader is not None]
        self._answers = {key: list(texts) for key, texts in answers.items() if any(text.strip() for text in texts)}
        self._outcome = self._checked(self._answers)

    def _checked(self, answers: Mapping[str, Sequence[str]]):  # type: ignore[no-untyped-def]
        return self._runtime.validate(answers, language=self._language, now=self._now, translate=self._translate)

    @property
    def values(self) -> dict[str, object]:
        """What would be stored."""
        return dict(self._outcome.values)

    @property
    def errors(self) -> dict[str, str]:
        """What does not fit yet, by question."""
        return dict(self._outcome.errors)

    def applies(self, key: str) -> bool:
        """Whether the question is asked after the answers so far."""
        if key in self._outcome.values or key in self._outcome.errors:
            return True
        question = self._question(key)
        options = self._options(question)
        probe = options[0][0] if options else _PROBES.get(question.type, "x")
        fields = {f"{key}.{name}": [str(place)] for place, (name, _label) in enumerate(options, 1)}
        tried = self._checked({**self._answers, **(fields if question.type == "rank" else {key: [probe]})})
        return key in tried.values or key in tried.errors

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
        return str(self._outcome.errors.get(key, ""))

    def first_error(self) -> str | None:
        """The first question that still needs something."""
        return next((key for key in self._keys if key in self._outcome.errors), None)

    def carried(self, but: str) -> list[tuple[str, str]]:
        """Every answer so far except to one question, as pairs for hidden fields."""
        return [
            (key, text)
            for key, texts in self._answers.items()
            if key != but and not key.startswith(f"{but}.")
            for text in texts
        ]  # fmt: skip

    def shown(self, key: str) -> ShownQuestion | None:
        """The question as it is read out, with what was said before."""
        return self._shown(self._question(key)) if key in self._keys else None

    def all_shown(self) -> list[ShownQuestion]:
        """Every question, in order: for typing from paper."""
        return [self._shown(self._question(key)) for key in self._keys]

    def _question(self, key: str) -> Question:
        return self._runtime.steps[key].question

    def _options(self, question: Question) -> list[tuple[str, str]]:
        form = self._runtime.form
        if not question.choices or question.choices not in form.lists:
            return []
        return [
            (choice.name, form.text(choice.label, self._language) or choice.name)
            for choice in form.lists[question.choices].choices
        ]

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


def from_numbers(version_id: int, typed: Mapping[str, str]) -> dict[str, list[str]]:
    """Answers typed from paper, by question: numbers of options become their names, other texts stay.

    Raises Problem for a number no option has; ``1 3`` and ``1,3`` are two options.
    """
    runtime = runtime_of(version_id)
    found: dict[str, list[str]] = {}
    for key, step in runtime.steps.items():
        text = typed.get(key, "").strip()
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
