"""Who may decide an appeal: never one who decided before; at the second try, nobody for a unit that did."""

from __future__ import annotations

from collections.abc import Collection

from qiao.base.access import Actor
from qiao.org.appeals.choices import OPEN, Try
from qiao.org.appeals.models import Appeal

#: Signs a path spends on each unit.
UNIT_SIGNS = 5
#: What the one who decides needs in the table of actions; at the top of the tree, where no unit stands above, the
#: second try belongs to the audit committee: elected by itself, it is another body.
DECIDE = "appeal.decide"
DECIDE_AT_TOP = "appeal.decide_at_top"
DECIDING = (DECIDE, DECIDE_AT_TOP)


def body_for_second(path: str, barred: Collection[str]) -> str:
    """The unit before which the second try stands: the next one up that has not decided; the top where all have."""
    while path in barred and len(path) > UNIT_SIGNS:
        path = path[:-UNIT_SIGNS]
    return path


def action_for(appeal: Appeal) -> str:
    """The action the one who decides this appeal needs."""
    at_top = appeal.attempt == Try.SECOND and appeal.body_path in appeal.barred_paths
    return DECIDE_AT_TOP if at_top else DECIDE


def acting_path(actor: Actor, appeal: Appeal) -> str | None:
    """The unit for which the actor would decide: the nearest of their grants that allows it; None where none does.

    At the second try grants held in a unit that decided before do not count.
    """
    action = action_for(appeal)
    paths = [
        grant.path
        for grant in actor.grants
        if action in grant.actions and grant.reaches(appeal.body_path) and not _barred(grant.path, appeal, action)
    ]
    return max(paths, key=len) if paths else None


def may_decide(actor: Actor, appeal: Appeal) -> bool:
    """Whether the actor may take up and decide the appeal: a person, with a role here, who has not decided before."""
    return (
        appeal.state in OPEN
        and actor.account_id is not None
        and not actor.did(*appeal.barred_ids)
        and not actor.did(appeal.account_id)
        and not actor.concerns(appeal.person_id)
        and not actor.tied(appeal.unit_path)
        and acting_path(actor, appeal) is not None
    )


def _barred(path: str, appeal: Appeal, action: str) -> bool:
    return appeal.attempt == Try.SECOND and action == DECIDE and path in appeal.barred_paths
