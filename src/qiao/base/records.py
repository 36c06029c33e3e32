"""Plain records by which apps tell the shell what waits for whom. The shell asks, apps never push."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base.lineage import Stage


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One thing an officer has to do, from ``queries.desk_items(actor=, now=)``."""

    due: datetime | None
    title: str
    stage: Stage
    unit: str
    next_step: str
    url: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing open to a member or to everybody now, from ``queries.open_items(actor=, now=)``.

    ``only_told``: a day to know of, at which one takes part elsewhere; its page has nothing to send.
    """

    closes: datetime | None
    title: str
    stage: Stage
    note: str
    url: str
    only_told: bool = False


@dataclass(frozen=True, slots=True)
class OwnItem:
    """Something the member said or asked and what became of it, from ``queries.own_items(actor=, now=)``."""

    title: str
    stage: Stage
    state: str
    url: str
    thread_code: str
    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptState:
    """What a receipt's page tells, from ``queries.receipt_state(receipt)`` of the app that owns its kind."""

    title: str
    stage: Stage
    state: str
    url: str
    steps: tuple[tuple[str, bool], ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A page work starts from. ``stage`` is "" beneath and beside the loop; ``note`` one line that says what for."""

    stage: str
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One line of a panel: text, what stands at its end, where it leads; ``late`` where a clock has run out."""

    text: str
    detail: str = ""
    url: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """What an app shows on a unit's page, from ``queries.unit_panels(actor=, unit=, now=)``."""

    title: str
    lines: tuple[PanelLine, ...]
    more: Door | None = None
    note: str = ""
    #: Stands before all others: whom one turns to.
    first: bool = False
