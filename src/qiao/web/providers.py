"""The apps the shell asks: those of the loop in its order, then what stands beside and beneath."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

from qiao.base.access import Actor
from qiao.base.lineage import Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, OpenItem, OwnItem, ReceiptState

APPS = (
    "qiao.hear.surveys",
    "qiao.hear.needs",
    "qiao.decide.proposals",
    "qiao.decide.consultations",
    "qiao.decide.ballots",
    "qiao.decide.decisions",
    "qiao.deliver.programmes",
    "qiao.judge.evaluations",
    "qiao.publish",
    "qiao.org.membership",
)


def _offers(name: str) -> Iterator[Callable[..., Any]]:
    for app in APPS:
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
