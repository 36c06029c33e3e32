"""Tags and filters every template has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qiao.base.clock import now
from qiao.base.i18n import percent_text, problem_text
from qiao.base.i18n import pick as pick_text
from qiao.base.lineage import Stage
from qiao.base.problems import Problem
from qiao.org.units.models import Unit
from qiao.web import queries, threads
from qiao.web.audit_words import words_of
from qiao.web.ledger_words import ledger_kind as in_words

#: Chinese characters.
_HAN = re.compile("[\u4e00-\u9fff]")
register = template.Library()


@register.filter
def pick(text: Mapping[str, str] | str | None) -> str:
    """A text kept in several languages, in the reader's."""
    return pick_text(text)


@register.filter
def html_lang(code: str) -> str:
    """A language code as HTML wants it: zh-hans → zh-Hans."""
    head, _dash, tail = code.partition("-")
    return f"{head}-{tail.title()}" if tail else head


@register.filter
def lang_of(text: str) -> str:
    """The HTML language of somebody's own words, by their script: they stay as they were written on every page."""
    return "zh-Hans" if _HAN.search(text) else "en"


@register.filter
def left(moment: datetime | date | None) -> str:
    """How long until then, in words: "4 days left", "today", "3 days overdue"."""
    if moment is None:
        return ""
    day = localdate(moment) if isinstance(moment, datetime) else moment
    days = (day - localdate(now())).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d day overdue", "%(days)d days overdue", -days) % {"days": -days}


@register.filter
def is_late(moment: datetime | date | None) -> bool:
    """Whether the day is over."""
    if moment is None:
        return False
    day = localdate(moment) if isinstance(moment, datetime) else moment
    return day < localdate(now())


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share from 0 to 1 as a percentage; a dash where there is none."""
    return "–" if share is None else percent_text(share, digits)


@register.filter
def points(progress: int) -> str:
    """Whole per cents, such as a progress, as the reader's language writes them."""
    return percent_text(progress / 100)


@register.filter
def money(amount: float | None) -> str:
    """An amount in the currency of the installation, without decimals."""
    return "–" if amount is None else f"¥{amount:,.0f}"


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """A value of a mapping, or None."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def thread_bar(code: str) -> SafeString:
    """The thread bar of the object with this code; nothing where no app knows it."""
    drawn = threads.bar(code)
    if drawn is None:
        return mark_safe("")
    html = render_to_string("web/_thread_bar.html", {"bar": drawn})
    return mark_safe(html)  # noqa: S308 - rendered by an escaping template


@register.simple_tag
def figure_svg(svg: str) -> SafeString:
    """An SVG made by ``qiao.base.figures`` (our own drawing, texts escaped there), inline."""
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def active_language() -> str:
    """The language of the page."""
    return get_language() or "zh-hans"


@register.filter
def stage_sign(stage: str) -> str:
    """The sign of a station: 听 定 办 评."""
    return threads.SIGNS[Stage(stage)]


@register.filter
def problem(fault: Problem) -> str:
    """A located error in the language of the page."""
    return problem_text(fault)


@register.filter
def audit_words(action: str) -> str:
    """An action of the audit log in words."""
    return words_of(action)


@register.filter
def ledger_kind(kind: str) -> str:
    """What an entry of the ledger is about, in words."""
    return in_words(kind)


@register.inclusion_tag("web/_unit_panels.html", takes_context=True)
def unit_panels(context: Context, unit: Unit) -> dict[str, object]:
    """What the shell knows of a unit: members, its officers by name, what every app shows there."""
    return queries.unit_panels(unit, actor=context["shell"].actor, now=now())


@register.filter
def intcomma_plain(number: int | float | None) -> str:
    """A whole number with thousands set apart, the same in both languages: 2,200."""
    return "–" if number is None else f"{number:,.0f}"


@register.filter
def number_plain(number: float | None) -> str:
    """A number with thousands set apart and no more than two decimals, the same in both languages: 86,400,000; 20.5."""
    return "–" if number is None else f"{number:,.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("web/_offspring.html")
def offspring(code: str) -> dict[str, object]:
    """What directly came out of an object, each with its state and figure."""
    return {"stations": threads.offspring(code)}
