"""Asking a questionnaire on a web page: what of an HTTP form is an answer, what is missing, what does not fit.

`Runtime` is built once per questionnaire version: conditions, constraints and calculations become closures, the order
in which answers depend on one another is settled, and what a page cannot do is refused. Checking one submission then
only runs closures. Answers to questions that do not apply are dropped; unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qiao.base.xlsform.answers import (
    CHANGED,
    CONSTRAINT,
    COUNT,
    FILTERED,
    MANY,
    REQUIRED,
    Fault,
)
from qiao.base.xlsform.context import Answers, Frame
from qiao.base.xlsform.deriving import derive, gather, places_in_order
from qiao.base.xlsform.entries import ADD, MOST, changes, filled, numbers
from qiao.base.xlsform.grammar import REFERENCE
from qiao.base.xlsform.model import Form, Group
from qiao.base.xlsform.plan import Plan, RepeatStep, Step
from qiao.base.xlsform.values import Moment, Value, moment, to_boolean, to_number, to_string

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``values``: what to store, by key, JSON-able. ``errors``: a message by key; with any, nothing may be stored.

    ``beside`` are the fields that were sent though their question does not apply; a repeat as a whole ends with ``:``.
    """

    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = field(default=(), compare=False)


class Runtime:
    """A form compiled for the web page. Immutable after construction, safe to share between threads.

    ``steps`` are the questions asked once by key, ``inner`` those of repeats. ``left_out`` says of each part that only
    an app can ask why it is not on the page. ``media`` gives the address of each media file by name: who serves them
    puts it there.
    """

    def __init__(self, form: Form, *, partial: bool = False, media: Mapping[str, str] | None = None) -> None:
        """Raises `Problems` with sheet and row for each part of the form that a page without an app cannot ask.

        With ``partial`` such parts are left out of the page instead, and kept for apps.
        """
        plan = Plan(form, partial=partial)
        self.form = form
        self.scope = plan.scope
        self.steps = plan.steps
        self.inner = plan.inner
        self.repeats = plan.repeats
        self.left_out = plan.left_out
        self.absent = frozenset(plan.absent)
        self.media = dict(media or {})
        self.group_relevance = plan.group_relevance
        self._order = plan.order()
        self._checked = [s for s in self._order if isinstance(s, Step) and (s.constraint or s.required or s.keep)]
        self._ranks = [s for s in self._order if isinstance(s, Step) and s.question.type == "rank"]
        self._keys = [item.key for item in form.walk() if not isinstance(item, Group) and item.key not in self.inner]

    def validate(
        self,
        answers: Mapping[str, Sequence[str]],
        *,
        language: str,
        now: datetime,
        translate: Translate = str,
    ) -> Outcome:
        """Check one submission.

        ``answers``: texts by field name, as ``dict(request.POST.lists())`` gives them. ``language`` is one of the
        form's; ``now`` is the moment of answering in the place of answering (`today()` is its date); ``translate``
        turns the messages of `qiao.base.xlsform.answers` into the reader's language.

        What is stored of a repeat is a list of objects, one for each entry that holds something: ``{"family": [{"age":
        7}, {"age": 9}]}``. Its fields are named as `qiao.base.xlsform.entries` says, and so are the keys of errors.
        Where a button asked for one entry more or less, the error stands under that button's name: nothing is to be
        stored, the page comes back changed.
        """
        if self.repeats and changes(answers):
            return Outcome({}, {ADD: translate(CHANGED)})
        root = Frame(None, "", 1)
        values, clean = root.values, root.clean
        faults: dict[str, Fault] = {}
        live = self._live(values, now, language)
        live.frame = root
        if self._ranks:
            answers = places_in_order(self._ranks, answers)
        for step in self._order:
            if isinstance(step, RepeatStep):
                for frame in root.inside(step.chain):
                    live.frame = frame
                    self._entries(step, frame, live, answers, faults)
                live.frame = root
            elif step.chain:
                for frame in root.inside(step.chain):
                    live.frame = frame
                    self._take(step, live, answers, frame, faults)
                live.frame = root
            else:
                self._take(step, live, answers, root, faults)
        errors = {key: translate(template) % params for key, (template, params) in faults.items()}
        for step in self._checked:
            for frame in root.inside(step.chain):
                name = frame.prefix + step.key
                if name not in errors:
                    live.frame = frame
                    message = self._check(step, live, frame.clean, language, translate)
                    if message is not None:
                        errors[name] = message
                        frame.clean.pop(step.key, None)
        for key in faults:
            clean.pop(key, None)
        if self.repeats:
            gather(root, self.repeats)
        ordered = {key: clean[key] for key in self._keys if key in clean} if len(clean) > 1 else clean
        if len(errors) > 1 and not self.repeats:
            errors = {key: errors[key] for key in self.steps if key in errors}
        return Outcome(ordered, errors, tuple(live.beside))

    def counted(self, answers: Mapping[str, Sequence[str]], *, language: str, now: datetime) -> dict[str, int]:
        """How many entries each repeat with a fixed count has after these answers, by the name of its field."""
        root = Frame(None, "", 1)
        live = self._live(root.values, now, language)
        live.frame = root
        for step in self._order:
            for frame in root.inside(step.chain):
                live.frame = frame
                if isinstance(step, RepeatStep):
                    self._entries(step, frame, live, answers, {})
                else:
                    self._take(step, live, answers, frame, {})
        found: dict[str, int] = {}

        def collect(frame: Frame) -> None:
            for path, entries in frame.held.items():
                if self.repeats[path].count is not None:
                    found[frame.prefix + self.repeats[path].key] = len(entries)
                for entry in entries:
                    collect(entry)

        collect(root)
        return found

    def _take(
        self,
        step: Step,
        live: Answers,
        answers: Mapping[str, Sequence[str]],
        frame: Frame,
        faults: dict[str, Fault],
    ) -> None:
        """Read or derive one answer of an entry, if its question applies."""
        name = frame.prefix + step.key if frame.prefix else step.key
        if not step.plain and not all(to_boolean(test(live)) for test in step.relevant):
            if name in answers:
                live.beside.append(name)
            return
        if step.reader is not None and not (step.calculation and name not in answers):
            got = answers.get(name)
            if not got:
                return
            typed, value, fault = step.reader([got] if isinstance(got, str) else got)
            if fault is not None:
                faults[name] = fault
            elif value is not None:
                frame.values[step.key] = typed
                frame.clean[step.key] = value
        else:
            derive(self.form, step, live, frame)

    def _entries(
        self,
        step: RepeatStep,
        frame: Frame,
        live: Answers,
        answers: Mapping[str, Sequence[str]],
        faults: dict[str, Fault],
    ) -> None:
        """The entries of a repeat: those that hold something, or as many as its count says."""
        name = frame.prefix + step.key
        if not all(to_boolean(test(live)) for test in step.relevant):
            if f"{name}:#" in answers:
                live.beside.append(f"{name}:")
            return
        sent = numbers(answers, name)
        if step.count is not None:
            wanted = to_number(step.count(live))
            number = int(wanted) if wanted == wanted and wanted >= 1 else 0
            if number > MOST:
                faults[name] = (MANY, {"most": MOST})
                return
            if len(sent) < number:
                sent += [max(sent, default=0) + more for more in range(1, number - len(sent) + 1)]
                if number:
                    faults[name] = (COUNT, {"count": number})
            sent = sent[:number]
        else:
            sent = [each for each in sent if filled(answers, f"{name}:{each}:")]
            if len(sent) > MOST:
                faults[name] = (MANY, {"most": MOST})
                sent = sent[:MOST]
        frame.held[step.repeat.path] = [
            Frame(frame, f"{name}:{number}:", place) for place, number in enumerate(sent, start=1)
        ]

    def _live(self, values: dict[str, Value], now: datetime, language: str) -> Answers:
        today = moment(now.date().isoformat())
        exact = moment(now.isoformat())
        if not isinstance(today, Moment) or not isinstance(exact, Moment):
            raise ValueError("now must be a datetime")
        return Answers(values, today, exact, language)

    def _check(
        self, step: Step, live: Answers, clean: Mapping[str, object], language: str, translate: Translate
    ) -> str | None:
        question = step.question
        if not all(to_boolean(test(live)) for test in step.relevant):
            return None
        if step.key not in clean:
            wanted = step.required if isinstance(step.required, bool) else to_boolean(step.required(live))
            return (self.form.text(question.required_message, language) or translate(REQUIRED)) if wanted else None
        if step.keep is not None:
            chosen = clean[step.key]
            for name in chosen if isinstance(chosen, list) else [chosen]:
                live.item = step.items.get(str(name), {})
                if not to_boolean(step.keep(live)):
                    return translate(FILTERED)
        if step.constraint is not None and not to_boolean(step.constraint(live)):
            known = {**live.values, **(live.frame.values if live.frame else {})}
            return self.fill(self.form.text(question.constraint_message, language), known) or translate(CONSTRAINT)
        return None

    # what the page shows

    def fill(self, text: str, values: Mapping[str, object]) -> str:
        """A text with each ``${name}`` replaced by that answer, or … where there is none yet."""
        if "${" not in text:
            return text

        def one(found: object) -> str:
            path = self.scope.names.get(found[2], "")  # type: ignore[index] # a match of REFERENCE
            key = self.scope.nodes.get(path)
            value = values.get(key) if key else None
            if value is None or value == "":
                return "…"
            if isinstance(value, list):
                return ", ".join(str(part) for part in value)
            return to_string(value) if isinstance(value, (str, float, bool, Moment, tuple)) else str(value)

        return REFERENCE.sub(one, text)

    def defaults(self, *, now: datetime, language: str) -> dict[str, list[str]]:
        """What the fields show before anyone has answered: texts by question key."""
        live = self._live({}, now, language)
        live.frame = Frame(None, "", 1)
        shown: dict[str, list[str]] = {}
        for step in (*self.steps.values(), *self.inner.values()):
            if step.reader is None or step.default is None:
                continue
            text = step.default if isinstance(step.default, str) else to_string(step.default(live))
            if text:
                shown[step.key] = text.split() if step.question.type in {"select_multiple", "rank"} else [text]
        return shown
