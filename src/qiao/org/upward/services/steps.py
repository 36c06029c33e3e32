"""Moving a paper on: the state, its log and the audit row in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.units.models import Unit
from qiao.org.upward.models import Paper, PaperStep
from qiao.org.upward.rules import may_become


def locked(code: str) -> Paper:
    """The paper with its row locked and both units loaded, for use inside a transaction."""
    return Paper.objects.select_for_update(of=("self",)).select_related("unit", "holder").get(code=code)


def move_on(
    *,
    paper: Paper,
    wanted: str,
    actor: Actor,
    now: datetime,
    unit: Unit | None,
    ground: str = "",
    fields: Mapping[str, object] | None = None,
) -> None:
    """Put a locked paper into the state ``wanted`` and set ``fields`` with it.

    Raises Problem where the state does not follow from the one it is in.
    """
    if not may_become(paper.kind, paper.state, wanted):
        raise Problem(
            "The paper is “%(state)s”: somebody may have acted on it meanwhile. Look at it again.",
            state=str(paper.get_state_display()),
        )
    before, paper.state = paper.state, wanted
    values = fields or {}
    for name, value in values.items():
        setattr(paper, name, value)
    paper.save(update_fields=["state", *values])
    log(paper=paper, before=before, actor=actor, now=now, unit=unit, ground=ground)


def log(
    *, paper: Paper, before: str, actor: Actor, now: datetime, unit: Unit | None, ground: str = "", chase: bool = False
) -> PaperStep:
    """Write the step into the paper's own log and into the audit log, which holds no text of it."""
    step = PaperStep.objects.create(
        paper=paper,
        at=now,
        account_id=actor.account_id,
        unit=unit,
        before=before,
        after=paper.state,
        ground=ground,
        chase=chase,
    )
    audit.record(
        actor=actor,
        now=now,
        action="paper.chase" if chase else f"paper.{paper.state}",
        code=paper.code,
        unit_path=paper.unit.path,
        detail={"from": before, "holder": paper.holder.label},
    )
    return step
