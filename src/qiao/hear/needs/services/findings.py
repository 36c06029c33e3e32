"""What an evaluation finds comes back as a need."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.lineage import link
from qiao.hear.needs.choices import NeedKind, NeedState
from qiao.hear.needs.models import Need
from qiao.hear.needs.services.wording import start_clock
from qiao.org.units.models import Unit


def raise_finding(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    detail: Localized,
    share: float,
    lower: float,
    upper: float,
    n: float | None,
    rate: float | None,
    source_code: str,
) -> Need:
    """Hand a finding of an evaluation back as a need, published at once: the loop goes on.

    Called by judgment, as the system or as who ran the evaluation. The same finding of the same source again changes
    nothing. Raises Refused for everybody else.
    """
    if not (actor.system or actor.may("evaluation.run", unit.path)):
        raise Refused("evaluation.run is not yours here")
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        before = Need.objects.filter(kind=NeedKind.FINDING, source_code=source_code, title=title).first()
        if before is not None:
            return before
        need = Need(
            code=next_code("N"),
            kind=NeedKind.FINDING,
            unit=unit,
            title=title,
            detail=detail,
            share=share,
            lower=max(0.0, min(lower, share)),
            upper=min(1.0, max(upper, share)),
            n=n,
            rate=rate,
            source_code=source_code,
            state=NeedState.PUBLISHED,
            drafted=now,
            published=now,
        )
        start_clock(need, now)
        need.save()
        link(source=source_code, target=need.code, now=now)
        audit.record(
            actor=actor, now=now, action="need.finding", code=need.code, unit_path=unit.path,
            detail={"source": source_code},
        )  # fmt: skip
    return need
