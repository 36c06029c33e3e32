"""One setting as the code declares it, and the value that holds somewhere on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qiao.base.deadlines import Span, SpanUnit
from qiao.org.settings.choices import Kind, Setter, Stricter

T = TypeVar("T")

SPAN_UNITS: Mapping[str, SpanUnit] = {
    Kind.HOURS: SpanUnit.HOURS,
    Kind.DAYS: SpanUnit.DAYS,
    Kind.WORKING_DAYS: SpanUnit.WORKING_DAYS,
    Kind.MONTHS: SpanUnit.MONTHS,
    Kind.YEARS: SpanUnit.YEARS,
}


@dataclass(frozen=True)
class Setting(Generic[T]):
    """A value that a federation may set.

    Declared once, in the app that obeys it, as a module constant ``TERM_BASE = Setting[int]("org.term_base", …)``.

    ``key``: the handbook's key; what stands before the dot is its part. ``label``: a lazy translation.
    ``default``: None where no default is known: then somebody has to set it before anything can rest on it.
    ``source``: code of the law or standard the default is read in, such as "TUL 16"; empty for a mere default, which
    a page marks "verify locally". ``lowest``/``highest``: what no value may pass. ``choices``: for Kind.CHOICE, value
    to lazy label. ``fixed``: nobody changes it. ``setter``: whose officers set it for a unit. ``lower``: None lets a
    unit below depart from what holds above; "higher"/"lower" lets it only in this direction. ``action``: what its
    officers need in the table of actions.
    """

    key: str
    label: str | Promise
    kind: Kind | str
    default: T | None = None
    source: str = ""
    note: str | Promise = ""
    lowest: T | None = None
    highest: T | None = None
    choices: Mapping[str, str | Promise] | None = None
    fixed: bool = False
    setter: Setter = Setter.UNIT
    lower: Stricter | None = None
    action: str = "setting.change"

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        if "." not in self.key:
            raise ValueError(f"{self.key}: a key is part, dot, name")
        if (self.kind == Kind.CHOICE) != bool(self.choices):
            raise ValueError(f"{self.key}: choices belong to the kind “choice” and to no other")
        if self.fixed and self.default is None:
            raise ValueError(f"{self.key}: what nobody may change needs a value")

    @property
    def part(self) -> str:
        """The part of the federation's work it belongs to: what stands before the dot."""
        return self.key.partition(".")[0]

    @property
    def setter_text(self) -> str:
        """Whose officers set it, in words; nobody where it is fixed."""
        return _("Nobody: it is fixed") if self.fixed else str(Setter(self.setter).label)

    @property
    def lower_text(self) -> str:
        """How a unit below may depart from what holds above it, in words."""
        return str(Stricter(self.lower).label) if self.lower else ""

    def span(self, value: int) -> Span:
        """A value of this setting as a span of a clock. Raises KeyError where it is no length of time."""
        return Span(int(value), SPAN_UNITS[self.kind])


@dataclass(frozen=True, slots=True)
class Ruling(Generic[T]):
    """Which value holds, and where it comes from: ``unit_id`` None for the default."""

    setting: Setting[T]
    value: T
    unit_id: int | None = None
    since: date | None = None
    set_by: str = ""
    reason: str = ""
    source: str = ""

    @property
    def origin(self) -> str:
        """What an object keeps beside its due date: key, value and the day it holds from."""
        return f"{self.setting.key}={self.value}" + (f" ({self.since.isoformat()})" if self.since else "")
