"""The states of a unit (handbook C01): which follows which."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitState as S
from qiao.org.units.models import Closing, Founding, Unit

MOVES: Mapping[str, frozenset[str]] = {
    S.PROPOSED: frozenset({S.PREPARING, S.REFUSED, S.WITHDRAWN}),
    S.PREPARING: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.ACTIVE, S.DISSOLVING, S.MERGING, S.CLOSED}),
    S.ACTIVE: frozenset({S.TERM_DUE, S.OVERDUE, S.MERGING, S.DISSOLVING, S.CLOSED}),
    S.TERM_DUE: frozenset({S.ACTIVE, S.OVERDUE, S.MERGING, S.DISSOLVING, S.CLOSED}),
    S.OVERDUE: frozenset({S.ACTIVE, S.TERM_DUE, S.MERGING, S.DISSOLVING, S.CLOSED}),
    # Refused by the unit above, or called off: back to where it was.
    S.MERGING: frozenset({S.CLOSED, S.ACTIVE, S.TERM_DUE, S.OVERDUE, S.APPROVED}),
    S.DISSOLVING: frozenset({S.CLOSED, S.ACTIVE, S.TERM_DUE, S.OVERDUE, S.APPROVED}),
    S.CLOSED: frozenset(),
    # A refusal set aside on appeal: back to where it was refused.
    S.REFUSED: frozenset({S.PROPOSED, S.PREPARING}),
    S.WITHDRAWN: frozenset(),
}


def may_become(unit: Unit, state: str) -> bool:
    """Whether the unit may go from its state to this one."""
    return state in MOVES[unit.state]


def require_state(unit: Unit, *states: str) -> None:
    """Raise Problem unless the unit is in one of these states: another officer was faster, or the page is old."""
    if unit.state not in states:
        raise Problem(
            "%(unit)s is in another state by now: %(state)s.",
            hint="Open its page again.",
            unit=unit.label,
            state=S(unit.state).label,
        )


def may_propose(actor: Actor) -> bool:
    """Whether the actor may propose a unit: whoever is signed in may, anywhere; it is the workers' right.

    What decides is the approval, not the proposal.
    """
    return actor.system or actor.signed_in


def may_answer(actor: Actor, founding: Founding) -> bool:
    """Whether the actor may approve or refuse: an officer above, never of their own proposal or one they refused."""
    return (
        actor.may("unit.approve", founding.unit.path[:-5])
        and not actor.tied(founding.unit.path)
        and not actor.did(founding.proposed_by_id)
        and not actor.did(*founding.barred_ids)
    )


def may_decide_closing(actor: Actor, closing: Closing) -> bool:
    """Whether the actor may decide about the end of a unit: an officer above, never who asked for it or is tied."""
    return (
        actor.may("unit.approve", closing.unit.path[:-5])
        and not actor.tied(closing.unit.path)
        and not actor.did(closing.asked_by_id)
    )
