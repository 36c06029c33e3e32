"""Who may answer for a promise: an officer of the judged union, of one above it or directly below it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.models import Evaluation
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.people.models import Account

#: Signs that one level of the tree has in a path.
_STEP = 5
_MOST = 200


def possible_owners(evaluation: Evaluation, on: date) -> list[Account]:
    """Accounts in tree order, the deepest unit first; without whoever answers for the judged project. Two queries."""
    left_out = {project_by_code(evaluation.project_code).owner_id, evaluation.evaluator_id}
    rows = _offices(evaluation, on).select_related("account").order_by("-unit__path", "account__display_name")
    found = {row.account_id: row.account for row in rows if row.account_id not in left_out}
    return list(found.values())[:_MOST]


def may_own(evaluation: Evaluation, account: Account, on: date) -> bool:
    """Whether this account holds an office that mends there."""
    return _offices(evaluation, on).filter(account=account).exists()


def _offices(evaluation: Evaluation, on: date) -> QuerySet[RoleGrant]:
    path = evaluation.unit.path
    line = [path[:end] for end in range(_STEP, len(path) + 1, _STEP)]
    return RoleGrant.objects.filter(
        Q(unit__path__in=line) | Q(unit__parent__path=path),
        Q(until__isnull=True) | Q(until__gt=on),
        role__in=[role.value for role in ROLES_BY_ACTION[Action.PROBLEM_OWN]],
        since__lte=on,
        account__is_active=True,
    )
