"""Who stands outside a judged union (handbook P5): asked when count officers are named and at every act of theirs."""

from __future__ import annotations

from collections.abc import Collection

from qiao.base.problems import Problem
from qiao.org.access.choices import Role


def is_inside(*, grant_paths: Collection[str], member_paths: Collection[str], judged: Collection[str]) -> bool:
    """Whether an office held in a judged union, or below it, or membership there, binds somebody to it."""
    return any(path.startswith(own) for own in judged for path in (*grant_paths, *member_paths))


def check_count_officer(
    *, name: str, roles: Collection[str], reaches: bool, grant_paths: Collection[str], member_paths: Collection[str],
    judged: Collection[str], tied: bool,
) -> None:  # fmt: skip
    """Raise Problem unless a count officer comes from outside.

    ``roles``: all roles held today; ``reaches``: whether a count officer's grant reaches the judged unions from above.
    ``tied``: a declared tie to the management of the employer of one of them.
    """
    if Role.COUNT_OFFICER not in roles or not reaches:
        raise Problem("%(name)s is no count officer above this union: name one who is.", name=name)
    if Role.SYS_ADMIN in roles:
        raise Problem("%(name)s runs the machines and holds no key.", name=name)
    if is_inside(grant_paths=grant_paths, member_paths=member_paths, judged=judged):
        raise Problem("%(name)s belongs to the union that is judged: keys are held outside it.", name=name)
    if tied:
        raise Problem("%(name)s declared a tie to the employer of this union: another holds the key.", name=name)
