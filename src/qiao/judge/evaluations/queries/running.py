"""What keeps an evaluator's role while they judge: those judged must not take it away."""

from __future__ import annotations

from django.db.models import Q

from qiao.base.problems import Problem
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluators.models import Seat
from qiao.org.access.choices import Role


def bond(account_id: int, role: str) -> Problem | None:
    """Why the role of this account does not end now; None for anybody who judges nothing at the moment."""
    if role != Role.EVALUATOR:
        return None
    seats = Seat.objects.filter(account_id=account_id, until__isnull=True)
    running = Evaluation.objects.filter(
        Q(evaluator_id=account_id) | Q(organisation__in=seats.values("organisation")),
        state__in=[State.TERMS, State.KEYED, State.OPEN, State.SEALED],
    )
    code = running.order_by("pk").values_list("code", flat=True).first()
    if code is None:
        return None
    return Problem(
        "This evaluator judges %(code)s: the role ends when the result is out or the evaluation void.",
        hint="Their own organisation ends seats of its people at any time.",
        code=code,
    )
