"""Who may not judge whom (handbook P5): checked when an evaluation is commissioned and again at every act."""

from __future__ import annotations

from collections.abc import Collection

from qiao.base.problems import Problem
from qiao.org.access.choices import Role


def check_evaluator(
    *,
    roles: Collection[str],
    evaluator_id: int,
    evaluator_person: int | None,
    standing_paths: Collection[str],
    judged_path: str,
    owner_id: int,
    owner_person: int | None,
    commissioner_id: int | None,
) -> None:
    """Raise Problem unless the evaluator comes from outside.

    Args:
        roles: every role the evaluator's account holds anywhere in the federation today.
        evaluator_id: the evaluator's account.
        evaluator_person: the person behind it, if any.
        standing_paths: units the evaluator's person is a member of.
        judged_path: the unit of the project.
        owner_id: account of the project's responsible person, who is judged.
        owner_person: the person behind it, if any.
        commissioner_id: account that commissions; None for a job.
    """
    if Role.EVALUATOR not in roles:
        raise Problem("This account does not hold the role of third-party evaluator: choose one that does.")
    others = sorted(set(roles) - {Role.EVALUATOR.value})
    if others:
        raise Problem(
            "This account also holds the role %(role)s. An evaluator holds no other role anywhere in the federation.",
            role=Role(others[0]).label,
        )
    if evaluator_id == owner_id or (evaluator_person is not None and evaluator_person == owner_person):
        raise Problem("The evaluator answers for this project: whoever is judged does not judge.")
    if evaluator_id == commissioner_id:
        raise Problem("Whoever commissions an evaluation does not run it.")
    if commissioner_id is not None and commissioner_id == owner_id:
        raise Problem("Whoever answers for a project does not commission its judgment: let another executive do it.")
    if any(path.startswith(judged_path) for path in standing_paths):
        raise Problem("The evaluator is a member of the judged unit: choose somebody from outside.")
