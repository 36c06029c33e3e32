"""The apps the shell asks: those of the loop in its order, then what stands beside and beneath."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from qiao.base.access import Actor
from qiao.base.lineage import Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OpenItem, OwnItem, Panel, ReceiptState
from qiao.org.units.models import Unit

APPS = (
    "qiao.hear.surveys",
    "qiao.hear.rights",
    "qiao.hear.window",
    "qiao.hear.needs",
    "qiao.decide.proposals",
    "qiao.decide.consultations",
    "qiao.decide.ballots",
    "qiao.decide.decisions",
    "qiao.decide.congress",
    "qiao.deliver.programmes",
    "qiao.judge.evaluators",
    "qiao.judge.evaluations",
    "qiao.judge.allocation",
    "qiao.judge.ratings",
    "qiao.judge.problems",
    "qiao.judge.scorecards",
    "qiao.deliver.contacts",
    "qiao.publish",
    "qiao.org.upward",
    "qiao.org.yearbook",
    "qiao.org.coverage",
    "qiao.org.elections",
    "qiao.org.joining",
    "qiao.org.access",
    "qiao.org.membership",
    "qiao.org.workplaces",
    "qiao.org.mandates",
    "qiao.org.people",
    "qiao.org.units",
    "qiao.org.appeals",
    "qiao.org.retention",
    "qiao.org.settings",
)


def _offers(name: str) -> Iterator[Callable[..., Any]]:
    for app in APPS:
        if find_spec(f"{app}.queries") is None:
            continue
        offer = getattr(import_module(f"{app}.queries"), name, None)
        if offer is not None:
            yield offer


def stations(codes: Collection[str]) -> list[Station]:
    """The objects behind these codes, as every app describes its own."""
    return [station for offer in _offers("stations") for station in offer(codes)]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What waits for an officer, most urgent first; what has no date stands last."""
    items: list[DeskItem] = [item for offer in _offers("desk_items") for item in offer(actor=actor, now=now)]
    return sorted(items, key=lambda item: (item.due is None, item.due or now, item.title))


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """What is open to this person now, what closes first on top."""
    items: list[OpenItem] = [item for offer in _offers("open_items") for item in offer(actor=actor, now=now)]
    return sorted(items, key=lambda item: (item.closes is None, item.closes or now, item.title))


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """What this person said or asked, newest first."""
    items: list[OwnItem] = [item for offer in _offers("own_items") for item in offer(actor=actor, now=now)]
    return sorted(items, key=lambda item: item.at, reverse=True)


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """The state of what a receipt was given for, from the app that knows its kind."""
    for offer in _offers("receipt_state"):
        state: ReceiptState | None = offer(receipt)
        if state is not None:
            return state
    return None


def desk_doors(*, actor: Actor) -> list[Door]:
    """Pages an officer starts work from, as every app offers them to these roles."""
    return [door for offer in _offers("desk_doors") for door in offer(actor=actor)]


def own_doors(*, actor: Actor) -> list[Door]:
    """Pages about the person who is signed in: standing, data, consents, who looked, sign-in."""
    return [door for offer in _offers("own_doors") for door in offer(actor=actor)]


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:
    """Officers' pages of one unit that are open to the one who looks."""
    return [door for offer in _offers("unit_doors") for door in offer(actor=actor, unit=unit, now=now)]


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:
    """What every app shows everybody on the page of a unit."""
    return [panel for offer in _offers("unit_panels") for panel in offer(actor=actor, unit=unit, now=now)]
