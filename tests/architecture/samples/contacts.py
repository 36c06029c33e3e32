"""Officers' days at the base."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import Place, sample

from qiao.deliver.contacts import services
from qiao.deliver.contacts.choices import System, Topic

ELSEWHERE = "whose log it is, or who answers, alone"


def _planned(place: Place, day: int, *, open_to_workers: bool = False) -> str:
    starts = place.now + timedelta(days=day)
    return services.plan_duty(
        actor=place.actor("secretary"), now=place.now, unit=place.unit, place=place.base, system=System.RESEARCH,
        starts=starts, ends=starts + timedelta(hours=2), where=f"{place.sign}食堂", open_to_workers=open_to_workers,
    ).code  # fmt: skip


@sample("contacts:duty", shared="what is to come stands on the public rota")
def to_come(place: Place) -> Mapping[str, object]:
    """A visit to come."""
    return {"code": _planned(place, 1, open_to_workers=True)}


@sample("contacts:agree")
def closed_visit(place: Place) -> Mapping[str, object]:
    """A visit the place has not agreed to yet."""
    return {"code": _planned(place, 3)}


@sample("contacts:cancel", "contacts:log", "contacts:hand_over", gone=ELSEWHERE)
def own_visit(place: Place) -> Mapping[str, object]:
    """A visit of one officer."""
    return {"code": _planned(place, 5)}


@sample("contacts:presence", "contacts:answer", "contacts:outcome")
def raised(place: Place) -> Mapping[str, object]:
    """A visit with an issue that waits for its answer."""
    code = _planned(place, 7)
    after = place.now + timedelta(days=8)
    actor = place.actor("secretary")
    services.log_duty(actor=actor, now=after, code=code, notes="听了意见。", issues=[(Topic.PAY, "补发工资。")])
    services.hand_over(actor=actor, now=after, code=code, holders={1: place.unit})
    return {"code": code, "serial": 1}
