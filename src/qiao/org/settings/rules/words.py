"""Settings in words: parts, laws, values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qiao.base.deadlines import Calendar
from qiao.base.i18n import listed, percent_text
from qiao.org.settings.choices import Kind
from qiao.org.settings.rules.setting import Setting

#: Parts of the work in the order of the handbook's cards, by what stands before the dot of a key.
PARTS: Mapping[str, str | Promise] = {
    "clock": gettext_lazy("Clocks"),
    "org": gettext_lazy("Units and terms"),
    "mem": gettext_lazy("Membership"),
    "cov": gettext_lazy("Coverage"),
    "svy": gettext_lazy("Needs surveys"),
    "need": gettext_lazy("Needs and tasks"),
    "task": gettext_lazy("Needs and tasks"),
    "digest": gettext_lazy("Needs and tasks"),
    "con": gettext_lazy("Consultations"),
    "deed": gettext_lazy("Practical projects and votes"),
    "wc": gettext_lazy("Workers' congress"),
    "prop": gettext_lazy("Workers' congress"),
    "open": gettext_lazy("Workers' congress"),
    "prog": gettext_lazy("Programmes"),
    "up": gettext_lazy("Papers upward"),
    "report": gettext_lazy("Reports asked of the base"),
    "duty": gettext_lazy("Duty of contact"),
    "appeal": gettext_lazy("Objections and appeals"),
    "alloc": gettext_lazy("Allocation by need"),
    "eval": gettext_lazy("Evaluations"),
    "rate": gettext_lazy("Members judge their union"),
    "prob": gettext_lazy("Problem ledger"),
    "pub": gettext_lazy("Publishing"),
    "access": gettext_lazy("Access"),
    "privacy": gettext_lazy("Personal data"),
    "req": gettext_lazy("Requests at the window"),
    "pay": gettext_lazy("Pay and its calculators"),
    "rights": gettext_lazy("Rights library"),
    "keep": gettext_lazy("How long records are kept"),
}

#: The handbook's codes of laws and standards.
LAWS: Mapping[str, str | Promise] = {
    "TUL": gettext_lazy("Trade Union Law"),
    "LL": gettext_lazy("Labour Law"),
    "LCL": gettext_lazy("Labour Contract Law"),
    "PIPL": gettext_lazy("Personal Information Protection Law"),
    "MAM": gettext_lazy("Membership Standing Measures"),
    "RNP": gettext_lazy("Real-name register plan"),
    "CON": gettext_lazy("Constitution of the Chinese Trade Unions"),
    "SH-TU": gettext_lazy("Shanghai Trade Union Regulations"),
    "SH-WC": gettext_lazy("Shanghai Workers' Congress Regulations"),
    "ZJ-EM": gettext_lazy("Zhejiang Regulations on Democratic Management of Enterprises"),
    "BJ-TU": gettext_lazy("Beijing Measures on the Trade Union Law"),
    "CQ-TU": gettext_lazy("Chongqing Trade Union Regulations"),
    "GDPR": gettext_lazy("General Data Protection Regulation"),
}
_CITED = re.compile(r"^([A-Z][A-Z-]+)(?:\s+(\d+[\d\-–]*))?$")
#: Kinds that are numbers of something a person counts.
_SPANS = {Kind.HOURS, Kind.DAYS, Kind.WORKING_DAYS, Kind.MONTHS, Kind.YEARS}


def part_text(part: str) -> str:
    """The name of a part of the work; the key itself where it has none."""
    return str(PARTS.get(part, part))


def value_text(setting: Setting[Any], value: object) -> str:
    """A value as a person reads it."""
    kind = setting.kind
    if kind in _SPANS and isinstance(value, int):
        return span_text(Kind(kind), value)
    if kind == Kind.SHARE and isinstance(value, int | float):
        return percent_text(float(value), 0 if round(100 * value, 6).is_integer() else 1)
    if kind == Kind.SWITCH:
        return _("On") if value else _("Off")
    if kind == Kind.CHOICE and setting.choices:
        return str(setting.choices.get(str(value), value))
    if isinstance(value, Calendar):
        return calendar_text(value)
    return str(value)


def span_text(kind: Kind, number: int) -> str:
    """A length of time: "15 working days"."""
    given = {"number": number}
    if kind == Kind.HOURS:
        return ngettext("%(number)d hour", "%(number)d hours", number) % given
    if kind == Kind.DAYS:
        return ngettext("%(number)d day", "%(number)d days", number) % given
    if kind == Kind.WORKING_DAYS:
        return ngettext("%(number)d working day", "%(number)d working days", number) % given
    if kind == Kind.MONTHS:
        return ngettext("%(number)d month", "%(number)d months", number) % given
    return ngettext("%(number)d year", "%(number)d years", number) % given


def calendar_text(calendar: Calendar) -> str:
    """How much a calendar holds."""
    rest, moved = len(calendar.rest_days), len(calendar.extra_working_days)
    if not rest and not moved:
        return _("Weekends only")
    parts = [ngettext("%(number)d rest day", "%(number)d rest days", rest) % {"number": rest}] if rest else []
    if moved:
        parts.append(
            ngettext("%(number)d moved working day", "%(number)d moved working days", moved) % {"number": moved}
        )
    return listed(parts)


def source_text(source: str) -> str:
    """The laws a default is read in, by their names: "TUL 16; SH-TU" becomes readable; other words stay."""
    return listed([_law(part.strip()) for part in re.split(r"[;,]", source) if part.strip()])


def _law(text: str) -> str:
    found = _CITED.match(text)
    if not found or found[1] not in LAWS:
        return text
    name = str(LAWS[found[1]])
    return _("%(law)s, article %(article)s") % {"law": name, "article": found[2]} if found[2] else name
