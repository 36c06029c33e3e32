"""Scorecards: public, about one unit, service or project each."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample
from tests.factories.evaluators import reg_code
from tests.factories.judge import project

EVERYBODY = "scorecards are for everybody"


@sample("scorecards:*", shared=EVERYBODY)
def card(place: Place) -> Mapping[str, object]:
    """A verified project of the base union, its unit, a topic of requests."""
    work = project(place.base, place.account("task_owner"), place.now, code=f"W-SC{place.label}")
    work.provider, work.provider_code = f"{place.sign}服务社", reg_code(70 + int(place.label[1:]))
    work.save()
    return {"label": place.unit.label, "topic": "pay", "code": work.code, "reg_code": work.provider_code}
