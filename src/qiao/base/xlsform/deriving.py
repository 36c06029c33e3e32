"""What an answer becomes beside what was sent: computed values, rankings in order, entries as lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qiao.base.xlsform.answers import NOTHING, rank_order, reader_for
from qiao.base.xlsform.context import Answers, Frame
from qiao.base.xlsform.model import METADATA, Form
from qiao.base.xlsform.plan import RepeatStep, Step
from qiao.base.xlsform.values import to_string


def derive(form: Form, step: Step, live: Answers, frame: Frame) -> None:
    """The value of what is not asked: a calculation, or the fixed value of a hidden or read-only question."""
    kind, values, clean = step.question.type, frame.values, frame.clean
    if kind in METADATA:
        if kind == "today":
            values[step.key] = live.today
        return
    if step.calculation is not None:
        value = step.calculation(live)
    elif callable(step.default):
        value = step.default(live)
    elif step.default is not None:
        value = step.default
    else:
        return
    text = to_string(value)
    if text in {"", "NaN"}:
        return
    if step.reader is None and step.question.type not in {"calculate", "hidden", "note", "text"}:
        reader = reader_for(step.question, form)
        typed, stored, _ = (
            reader(text.split() if kind in {"select_multiple", "rank"} else [text]) if reader else NOTHING
        )
        if stored is not None:
            values[step.key], clean[step.key] = typed, stored
        return
    values[step.key] = value
    if kind != "note":
        whole = isinstance(value, float) and not isinstance(value, bool) and text.lstrip("-").isdigit()
        clean[step.key] = int(text) if whole else value if type(value) is float and value == value else text


def places_in_order(ranks: Sequence[Step], answers: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Fields ``key.choice`` with places 1…n, as the page sends a ranking, become the names in order."""
    out = dict(answers)
    for step in ranks:
        fields = [step.key]
        if step.chain:
            # The places of an entry's ranking: every prefix that any of its fields was sent under.
            ends = [(f":{step.key}.{name}", len(name) + 1) for name in step.items]
            fields = list(dict.fromkeys(sent[:-size] for sent in answers for end, size in ends if sent.endswith(end)))
        for field_name in fields:
            places = {}
            for name in step.items:
                got = answers.get(f"{field_name}.{name}")
                text = (got if isinstance(got, str) else got[0]) if got else ""
                if text.strip():
                    places[name] = text
            if places and field_name not in answers:
                out[field_name] = rank_order(places) or ["\x00"]
    return out


def gather(frame: Frame, repeats: Mapping[str, RepeatStep]) -> None:
    """Entries become lists of what they hold, from the innermost outwards."""
    for path, entries in frame.held.items():
        key = repeats[path].key
        for entry in entries:
            gather(entry, repeats)
        kept = [entry.clean for entry in entries if entry.clean]
        if kept:
            frame.clean[key] = kept
