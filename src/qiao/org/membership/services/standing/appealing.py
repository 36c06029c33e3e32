"""Appealing against a ruling on one's standing, and what follows when that is upheld."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor, Refused
from qiao.base.problems import Problem
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.membership.choices import RulingState
from qiao.org.membership.models import StandingRuling
from qiao.org.membership.services.standing.rulings import overturn_ruling


def appeal_ruling(*, actor: Actor, now: datetime, code: str, ground: str) -> Appeal:
    """Appeal against a ruling on one's own standing; the same appeal once more is the one that runs.

    Raises Refused for anybody but the member, Problem where nothing is in force or the time is over.
    """
    ruling = StandingRuling.objects.select_related("unit").get(code=code)
    if actor.person_id is None or actor.person_id != ruling.person_id:
        raise Refused("only the member appeals")
    if ruling.state != RulingState.IN_FORCE:
        raise Problem("There is nothing in force to appeal against.")
    return file_appeal(
        now=now, kind="standing", code=ruling.code, unit_path=ruling.unit.path,
        first_decider_unit_path=ruling.unit.path, first_decider_account_id=ruling.confirmed_by_id, ground=ground,
        person_id=ruling.person_id, actor=actor, refused=ruling.confirmed,
    )  # fmt: skip


def ruling_upheld(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """Set the ruling aside: the member stands again as before."""
    overturn_ruling(actor=actor, now=now, code=appeal.subject)
