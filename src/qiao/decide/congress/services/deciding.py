"""Carrying a resolution that followed a consultation into the register of decisions."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.lineage import link, sources_of
from qiao.base.problems import Problem
from qiao.decide.congress.choices import ItemKind, Outcome, Stance
from qiao.decide.congress.models import Item
from qiao.decide.congress.services.steps import held_item, note
from qiao.decide.decisions.services import take_decision


def register_decision(*, actor: Actor, now: datetime, code: str) -> Item:
    """Take the decision on a consultation as the congress resolved it, with its vote record. Twice is harmless.

    Raises what `decide.decisions` raises (an unanswered opinion, no right to decide), Problem for an item that was not
    passed or follows no consultation.
    """
    with atomic():
        item = held_item(code, actor=actor)
        if item.decision_code:
            return item
        if item.kind != ItemKind.PASS or item.outcome != Outcome.PASSED or not item.consultation_code:
            raise Problem("Only what was passed and follows a consultation enters the register of decisions.")
        if item.session.resolved is None:
            raise Problem("The meeting is not over yet.")
        counts = item.counts or {}
        decision = take_decision(
            actor=actor, now=now, unit=item.session.congress.unit, title=item.title, text=item.text,
            consultation_code=item.consultation_code,
            proposal_codes=[one for one in sources_of(item.consultation_code) if one.startswith("P-")],
            votes_for=counts.get(Stance.FOR), votes_against=counts.get(Stance.AGAINST),
            votes_abstained=counts.get(Stance.ABSTAIN),
        )  # fmt: skip
        item.decision_code = decision.code
        item.save(update_fields=["decision_code"])
        link(source=item.code, target=decision.code, now=now)
        note(
            item.session.congress, actor=actor, now=now, thing="meeting", deed="link", code=code, decision=decision.code
        )
    return item
