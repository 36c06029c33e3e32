"""One row of the retention table (handbook P8): a class of records, how long it is kept, what erases it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from qiao.org.settings.rules import Setting

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Held:
    """What holds keep an eraser from touching: public codes, and everything of the units at these paths and below.

    ``at`` is the moment of the run, for erasers that note when something was erased.
    """

    at: datetime
    codes: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether the whole class is held."""
        return "" in self.paths

    def covers(self, *, code: str = "", path: str | None = None) -> bool:
        """Whether one record is held; a record without a unit is held by a hold on the whole class or on its code."""
        if self.everything or (code and code in self.codes):
            return True
        return path is not None and any(path.startswith(held) for held in self.paths)

    def leave_out(self, rows: QuerySet[M], *, code: str = "", path: str = "") -> QuerySet[M]:
        """The rows that are not held; ``code`` and ``path`` name the fields that hold them, where there are any."""
        if self.everything:
            return rows.none()
        held = Q(pk__in=[])
        if code and self.codes:
            held |= Q(**{f"{code}__in": self.codes})
        for start in self.paths if path else ():
            held |= Q(**{f"{path}__startswith": start})
        return rows.exclude(held)


@dataclass(frozen=True, slots=True)
class Erased:
    """What one batch of an eraser has erased: a key for every record, such as ``hear.answer:<uuid>``.

    A proof hashes the keys and forgets them; they never hold a name or a contact.
    """

    keys: tuple[str, ...] = ()


#: Erases at most ``limit`` records of its class that were due before ``cutoff`` and are not held, in the caller's
#: transaction, and returns their keys; none once nothing is due. Doing it again is harmless.
Eraser = Callable[[datetime, int, Held], Erased]


@dataclass(frozen=True)
class Rule:
    """How long one class of records is kept.

    ``key``: the class, such as "import_staging". ``period``: the setting (days, months or years) after which a record
    is erased; None where an event ends its keeping, told by ``event``: then ``cutoff`` is the present moment.
    ``remains``: what is kept beyond. ``purpose``: what the records were kept for.
    """

    key: str
    label: str | Promise
    eraser: Eraser
    period: Setting[int] | None = None
    event: str | Promise = ""
    purpose: str | Promise = ""
    remains: str | Promise = ""
    source: str = ""

    def __post_init__(self) -> None:
        if (self.period is None) == (not self.event):
            raise ValueError(f"{self.key}: either a period or an event ends the keeping")
