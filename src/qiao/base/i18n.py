"""Texts in several languages, kept as {"zh-hans": "…", "en": "…"}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext, override

from qiao.base.problems import Problem, Problems

#: Language code (Django's, lower case) to text; at least one non-empty entry where a text is required.
Localized = dict[str, str]

LANGUAGES = ("zh-hans", "en")


def pick(text: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in ``language`` (default: the one active now), else in Chinese, else in any language there is."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    wanted = (language or get_language() or LANGUAGES[0]).lower()
    for code in (wanted, wanted.split("-")[0], *LANGUAGES):
        found = text.get(code)
        if found:
            return found
    return next((value for value in text.values() if value), "")


def localized(zh: str, en: str = "") -> Localized:
    """A text in Chinese and, where given, English."""
    return {code: value for code, value in (("zh-hans", zh.strip()), ("en", en.strip())) if value}


def in_every_language(message: str, **params: Mapping[str, str] | str | int | date) -> Localized:
    """A message of the interface as a kept text; params that are kept texts or days are put in each language.

    Mark the message with ``gettext_noop`` where it is written, so that the message check finds it.
    """
    texts: Localized = {}
    for code in LANGUAGES:
        with override(code):
            given = {key: pick(value, code) if isinstance(value, Mapping) else value for key, value in params.items()}
            texts[code] = _filled(gettext(message), given)
    return texts


def problem_text(problem: Problem | Problems) -> str:
    """What a fault says, in the language of the request: where, what, and what to write instead.

    Several faults are joined, one line each.
    """
    if isinstance(problem, Problems):
        return "\n".join(problem_text(fault) for fault in problem.faults)
    text = _filled(gettext(problem.message), problem.params)
    if problem.hint:
        hint = _filled(gettext(problem.hint), problem.params)
        text = gettext("%(sentence)s %(next)s") % {"sentence": text, "next": hint}
    place = problem.place
    where = [
        place.source or "",
        gettext("sheet %(sheet)s") % {"sheet": place.sheet} if place.sheet else "",
        gettext("row %(row)d") % {"row": place.row} if place.row is not None else "",
        gettext("column %(column)s") % {"column": place.column} if place.column else "",
    ]
    located = listed([part for part in where if part])
    return gettext("%(where)s: %(what)s") % {"where": located, "what": text} if located else text


def percent_text(share: float, digits: int = 0) -> str:
    """A share from 0 to 1 as the language of the request writes it, on one line: "62 %" or "62%"."""
    text = gettext("%(number)s %%") % {"number": f"{100 * share:.{digits}f}"}
    return text.replace(" ", "\u00a0")


def listed(parts: Sequence[str]) -> str:
    """Parts one after another, set apart by the comma of the language of the request: "a, b" or "a，b"."""
    return reduce(lambda first, then: gettext("%(first)s, %(then)s") % {"first": first, "then": then}, parts or [""])


def _filled(template: str, params: Mapping[str, object]) -> str:
    """A template with its params; days are written as the language of the request writes them."""
    return template % {key: day_text(value) for key, value in params.items()} if params else template


def day_text(value: object) -> object:
    """A day (of a moment: the day here) in words; anything else as it is."""
    if isinstance(value, datetime):
        value = localdate(value)
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else value
