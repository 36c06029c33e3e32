"""Reading one answer as a browser sends it, by kind of question.

A reader takes the list of texts that came for a field and returns ``(typed, clean, fault)``: the value expressions see,
the value to store (JSON), and a message template with its parameters when the answer cannot be taken. No answer is
``("", None, None)``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from qiao.base.xlsform.model import SELECTS, Form, Question
from qiao.base.xlsform.values import Moment, Value, moment

Fault = tuple[str, Mapping[str, object]]
Read = tuple[Value, object, Fault | None]
Reader = Callable[[Sequence[str]], Read]

NOTHING: Read = ("", None, None)
MAX_TEXT = 10_000
"""Characters that one written answer may have."""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; the caller translates it."""
    return message


REQUIRED = gettext_noop("Please answer this question.")
CHOOSE = gettext_noop("Please choose one of the answers given.")
WHOLE = gettext_noop("Please write a whole number in digits, such as 12.")
NUMBER = gettext_noop("Please write a number in digits, such as 12.5.")
NUMBER_LARGE = gettext_noop("This number is too large.")
DATE = gettext_noop("Please write a date as year-month-day, such as 2026-01-31.")
TIME = gettext_noop("Please write a time as hours and minutes, such as 08:30.")
DATETIME = gettext_noop("Please write date and time, such as 2026-01-31 08:30.")
LONG = gettext_noop("This is too long: at most %(most)d characters.")
RANGE = gettext_noop("Please write a number from %(start)s to %(end)s in steps of %(step)s.")
RANK = gettext_noop("Please give every item its own place, from 1 to %(count)d.")
CONSTRAINT = gettext_noop("This answer does not fit. Please check it.")
FILTERED = gettext_noop("This answer does not go with your earlier answers.")
CHANGED = gettext_noop("Nothing is sent yet. Go on below.")
COUNT = gettext_noop("Please fill in all %(count)d entries.")
MANY = gettext_noop("At most %(most)d entries are possible.")

MESSAGES = (
    REQUIRED, CHOOSE, WHOLE, NUMBER, NUMBER_LARGE, DATE, TIME, DATETIME, LONG, RANGE, RANK, CONSTRAINT, FILTERED,
    CHANGED, COUNT, MANY,
)  # fmt: skip
"""Every message of this module, for the check that all of them are translated."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?\d+\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\Z", re.ASCII)


def _first(texts: Sequence[str]) -> str:
    return texts[0].strip() if texts else ""


def _plain(texts: Sequence[str]) -> str:
    """Digits as they are typed on any keyboard: full-width forms become ASCII, the minus sign a hyphen."""
    text = _first(texts)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def read_text(texts: Sequence[str]) -> Read:
    """Written text: line ends made uniform, control characters dropped."""
    if not texts:
        return NOTHING
    text = texts[0].replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return NOTHING
    if not text.isprintable():
        text = _CONTROL.sub("", text).strip()
    if len(text) > MAX_TEXT:
        return "", None, (LONG, {"most": MAX_TEXT})
    return (text, text, None) if text else NOTHING


def read_integer(texts: Sequence[str]) -> Read:
    """A whole number of at most 15 digits, which a double holds exactly."""
    text = _plain(texts)
    if not text:
        return NOTHING
    if not _WHOLE.match(text):
        return "", None, (WHOLE, {})
    if len(text) > 15:
        return "", None, (NUMBER_LARGE, {})
    value = int(text)
    return float(value), value, None


def read_decimal(texts: Sequence[str]) -> Read:
    """A decimal number with a point."""
    text = _plain(texts)
    if not text:
        return NOTHING
    if not _NUMBER.match(text):
        return "", None, (NUMBER, {})
    value = float(text) if len(text) < 40 else math.inf
    return (value, value, None) if math.isfinite(value) else ("", None, (NUMBER_LARGE, {}))


def read_date(texts: Sequence[str]) -> Read:
    """A date, as browsers send it or as people write it (2026/1/5, 2026年1月5日)."""
    text = _plain(texts)
    if not text:
        return NOTHING
    found = _DATE.match(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    if day is None:
        return "", None, (DATE, {})
    return moment(day.isoformat()) or "", day.isoformat(), None


def read_time(texts: Sequence[str]) -> Read:
    """A time of day."""
    text = _plain(texts)
    if not text:
        return NOTHING
    try:
        at = time.fromisoformat(text if len(text) > 4 else f"0{text}")
    except ValueError:
        return "", None, (TIME, {})
    clean = at.replace(tzinfo=None, microsecond=0).isoformat("minutes" if at.second == 0 else "seconds")
    return clean, clean, None


def read_datetime(texts: Sequence[str]) -> Read:
    """A date and time without zone, as ``datetime-local`` fields send it."""
    text = _plain(texts)
    if not text:
        return NOTHING
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return "", None, (DATETIME, {})
    clean = at.isoformat(timespec="seconds")
    typed = moment(clean)
    return (typed if isinstance(typed, Moment) else "", clean, None)


def read_acknowledge(texts: Sequence[str]) -> Read:
    """A tick: stored as ``OK``, as the XForms convention has it."""
    return ("OK", "OK", None) if _first(texts) else NOTHING


def _range_reader(question: Question) -> Reader:
    start, end, step = (float(question.parameters.get(key, 1)) for key in ("start", "end", "step"))
    low, high = min(start, end), max(start, end)
    whole = all(value.is_integer() for value in (start, end, step))
    told = {key: question.parameters.get(key, "1") for key in ("start", "end", "step")}

    def read(texts: Sequence[str]) -> Read:
        typed, clean, fault = read_decimal(texts)
        if fault or not isinstance(typed, float):
            return (typed, clean, (RANGE, told)) if fault else NOTHING
        steps = (typed - start) / step if step else 0.0
        if not low <= typed <= high or abs(steps - round(steps)) > 1e-9:
            return "", None, (RANGE, told)
        return typed, int(typed) if whole else typed, None

    return read


def _select_one_reader(names: tuple[str, ...]) -> Reader:
    known = frozenset(names)

    def read(texts: Sequence[str]) -> Read:
        text = _first(texts)
        if not text:
            return NOTHING
        return (text, text, None) if text in known else ("", None, (CHOOSE, {}))

    return read


def _select_multiple_reader(names: tuple[str, ...]) -> Reader:
    known = frozenset(names)

    def read(texts: Sequence[str]) -> Read:
        ticked = {text.strip() for text in texts if text.strip()}
        if not ticked:
            return NOTHING
        if not ticked <= known:
            return "", None, (CHOOSE, {})
        kept = [name for name in names if name in ticked]
        return " ".join(kept), kept, None

    return read


def _rank_reader(names: tuple[str, ...]) -> Reader:
    known = sorted(names)

    def read(texts: Sequence[str]) -> Read:
        """The names in the order given; the page's places 1…n are turned into that order before."""
        order = [text.strip() for text in texts if text.strip()]
        if not order:
            return NOTHING
        if sorted(order) != known:
            return "", None, (RANK, {"count": len(known)})
        return " ".join(order), order, None

    return read


def rank_order(places: Mapping[str, str]) -> list[str] | None:
    """Names sorted by the places written beside them; ``None`` when a place is no whole number or used twice."""
    written = {name: unicodedata.normalize("NFKC", text).strip() for name, text in places.items()}
    if not all(_WHOLE.match(text) for text in written.values()):
        return None
    numbers = {name: int(text[:6]) for name, text in written.items()}
    if sorted(numbers.values()) != list(range(1, len(numbers) + 1)):
        return None
    return sorted(numbers, key=numbers.__getitem__)


_PLAIN: dict[str, Reader] = {
    "text": read_text,
    "integer": read_integer,
    "decimal": read_decimal,
    "date": read_date,
    "time": read_time,
    "datetime": read_datetime,
    "acknowledge": read_acknowledge,
}


def reader_for(question: Question, form: Form) -> Reader | None:
    """The reader of a question's field; ``None`` for kinds without one."""
    if question.type == "range":
        return _range_reader(question)
    held = form.lists.get(question.choices or "")
    if question.type in SELECTS and held is not None:
        names = tuple(dict.fromkeys(choice.name for choice in held.choices))
        make = {"select_one": _select_one_reader, "select_multiple": _select_multiple_reader, "rank": _rank_reader}
        return make[question.type](names)
    return _PLAIN.get(question.type)
