"""The one readable table: which role may do what, and which roles one person may not hold together.

A page shows it; a test walks every address with every role and holds the answer against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from qiao.base.problems import Problem
from qiao.org.access.choices import Action, Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A, R = Action, Role

ROLES_BY_ACTION: dict[Action, frozenset[Role]] = {
    A.UNIT_FOUND: frozenset({R.ORG_OFFICER}),
    A.UNIT_CHANGE: frozenset({R.ORG_OFFICER}),
    A.UNIT_APPROVE: frozenset({R.ORG_OFFICER}),
    A.UNIT_END: frozenset({R.BASE_CHAIR, R.ORG_OFFICER}),
    A.APPEAL_DECIDE: frozenset({R.ORG_OFFICER, R.EXECUTIVE}),
    A.APPEAL_DECIDE_AT_TOP: frozenset({R.AUDITOR}),
    A.ACCOUNT_OPEN: frozenset({R.ORG_OFFICER}),
    A.MEMBER_ADMIT: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.MEMBER_LIST: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.MEMBER_EXPORT: frozenset({R.BASE_OFFICER, R.ORG_OFFICER}),
    A.STANDING_RULE: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.ORG_OFFICER}),
    A.GROUP_READ: frozenset({R.GROUP_LEADER}),
    A.JOINING_ASSIST: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.GROUP_LEADER, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.JOINING_REVIEW: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.ROLE_GRANT: frozenset({R.ORG_OFFICER}),
    A.SETTING_CHANGE: frozenset({R.ORG_OFFICER, R.EXECUTIVE, R.BASE_CHAIR}),
    A.SETTING_PROTECT: frozenset({R.DPO}),
    A.RETENTION_HOLD: frozenset({R.DPO}),
    A.MANDATE_KEEP: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.ORG_OFFICER}),
    A.CHANNEL_DRAW: frozenset({R.ORG_OFFICER, R.AUDITOR}),
    A.CHANNEL_TEST: frozenset({R.HUB_ORGANISER, R.ORG_OFFICER, R.AUDITOR}),
    A.ELECTION_RUN: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.ORG_OFFICER}),
    A.ELECTION_CONFIRM: frozenset({R.ORG_OFFICER}),
    A.ELECTION_BOARD: frozenset({R.HUB_ORGANISER, R.ORG_OFFICER, R.AUDITOR, R.EXECUTIVE}),
    A.ALLOCATION_ENTER: frozenset({R.ORG_OFFICER}),
    A.ALLOCATION_CONTEST: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.ALLOCATION_COMPUTE: frozenset({R.ORG_OFFICER}),
    A.ALLOCATION_DECIDE: frozenset({R.EXECUTIVE}),
    A.ALLOCATION_AUDIT: frozenset({R.AUDITOR}),
    A.PROBLEM_RECORD: frozenset({R.AUDITOR, R.SECRETARY, R.ANALYST, R.ORG_OFFICER, R.HUB_ORGANISER, R.BASE_CHAIR}),
    A.PROBLEM_ACCEPT: frozenset({R.EXECUTIVE, R.ORG_OFFICER, R.HUB_ORGANISER, R.BASE_CHAIR}),
    A.PROBLEM_OWN: frozenset({R.TASK_OWNER, R.EXECUTIVE, R.ORG_OFFICER, R.HUB_ORGANISER, R.BASE_CHAIR}),
    A.PROBLEM_VERIFY: frozenset({R.AUDITOR, R.ORG_OFFICER}),
    A.PERSON_KEEP: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.CONTACT_LOOK: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.DATACHECK_RUN: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.DATA_REQUEST_DECIDE: frozenset({R.DPO}),
    A.REGISTER_ASSURE: frozenset({R.AUDITOR}),
    A.AUDIT_READ: frozenset({R.AUDITOR}),
    A.REQUEST_READ: frozenset(
        {R.DESK_OFFICER, R.CASE_HANDLER, R.HUB_ORGANISER, R.BASE_OFFICER, R.BASE_CHAIR, R.ORG_OFFICER}
    ),
    A.REQUEST_TAKE: frozenset({R.DESK_OFFICER, R.HUB_ORGANISER, R.BASE_OFFICER}),
    A.REQUEST_HANDLE: frozenset({R.CASE_HANDLER, R.DESK_OFFICER, R.HUB_ORGANISER, R.BASE_OFFICER, R.BASE_CHAIR}),
    A.REQUEST_CHECK: frozenset({R.DESK_OFFICER, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.REQUEST_SETTLE: frozenset({R.DESK_OFFICER, R.ORG_OFFICER}),
    A.REQUEST_PUBLISH: frozenset({R.DESK_OFFICER}),
    A.REQUEST_SAFETY: frozenset({R.DESK_OFFICER}),
    A.RIGHTS_KEEP: frozenset({R.DESK_OFFICER, R.CASE_HANDLER, R.ORG_OFFICER}),
    A.RIGHTS_WRITE: frozenset({R.DESK_OFFICER, R.CASE_HANDLER}),
    A.RIGHTS_CHECK: frozenset({R.CASE_HANDLER, R.ORG_OFFICER}),
    A.RIGHTS_PUBLISH: frozenset({R.DESK_OFFICER, R.ORG_OFFICER}),
    A.SERVICE_KEEP: frozenset({R.DESK_OFFICER, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.SYSTEM_CONNECT: frozenset({R.SYS_ADMIN, R.ORG_OFFICER}),
    A.QUESTIONNAIRE_UPLOAD: frozenset({R.SURVEY_OWNER}),
    A.ROUND_PLAN: frozenset({R.SURVEY_OWNER}),
    A.ROUND_DRAW: frozenset({R.SAMPLE_DRAWER}),
    A.ROUND_CHECK: frozenset({R.DPO}),
    A.ROUND_INTERVIEW: frozenset({R.INTERVIEWER}),
    A.ROUND_ANSWER_UNION: frozenset({R.BASE_OFFICER, R.BASE_CHAIR}),
    A.ROUND_ENTER: frozenset({R.SURVEY_OWNER, R.BASE_OFFICER, R.INTERVIEWER}),
    A.ROUND_COLLECT: frozenset({R.SURVEY_OWNER, R.EVALUATOR}),
    A.ROUND_WEIGHT: frozenset({R.SURVEY_OWNER, R.ANALYST}),
    A.ROUND_READ: frozenset({R.SURVEY_OWNER, R.ANALYST, R.AUDITOR}),
    A.NEED_PUBLISH: frozenset({R.ANALYST}),
    A.NEED_ANSWER: frozenset({R.EXECUTIVE}),
    A.SHEET_KEEP: frozenset({R.SECRETARY}),
    A.CANDIDATE_RAISE: frozenset({R.ANALYST, R.SECRETARY, R.HUB_ORGANISER, R.BASE_CHAIR}),
    A.CANDIDATE_DECIDE: frozenset({R.EXECUTIVE}),
    A.PROPOSAL_RAISE: frozenset({R.SECRETARY, R.ANALYST}),
    A.CONSULTATION_RUN: frozenset({R.SECRETARY}),
    A.CONSULTATION_ENTER: frozenset({R.BASE_OFFICER, R.HUB_ORGANISER, R.DESK_OFFICER, R.INTERVIEWER}),
    A.OPINION_ANSWER: frozenset({R.EXECUTIVE}),
    A.OPINION_DRAFT: frozenset({R.EXECUTIVE, R.TASK_OWNER, R.ORG_OFFICER, R.HUB_ORGANISER, R.BASE_CHAIR}),
    A.STATEMENT_MODERATE: frozenset({R.SECRETARY, R.EDITOR}),
    A.BALLOT_RUN: frozenset({R.SECRETARY}),
    A.BALLOT_COUNT: frozenset({R.COUNT_OFFICER}),
    A.CONGRESS_RUN: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.SECRETARY}),
    A.CONGRESS_CERTIFY: frozenset({R.ORG_OFFICER}),
    A.CONGRESS_REVIEW: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.SECRETARY}),
    A.DECISION_TAKE: frozenset({R.EXECUTIVE}),
    A.PROJECT_PLAN: frozenset({R.EXECUTIVE}),
    A.PROJECT_REPORT: frozenset({R.TASK_OWNER}),
    A.PROJECT_VERIFY: frozenset({R.AUDITOR}),
    A.EVALUATION_COMMISSION: frozenset({R.EXECUTIVE}),
    A.RATING_CALL: frozenset({R.ORG_OFFICER, R.SECRETARY}),
    A.RATING_COUNT: frozenset({R.COUNT_OFFICER}),
    A.RATING_ANSWER: frozenset({R.BASE_CHAIR, R.HUB_ORGANISER, R.EXECUTIVE}),
    A.EVALUATION_RUN: frozenset({R.EVALUATOR}),
    A.ARTICLE_WRITE: frozenset({R.EDITOR}),
    A.ARTICLE_RELEASE: frozenset({R.PUBLISHER}),
    A.PAPER_DRAFT: frozenset({R.BASE_OFFICER, R.HUB_ORGANISER, R.ORG_OFFICER, R.SECRETARY}),
    A.PAPER_ISSUE: frozenset({R.BASE_CHAIR, R.EXECUTIVE}),
    A.PAPER_HANDLE: frozenset({R.ORG_OFFICER, R.SECRETARY}),
    A.PAPER_ANSWER: frozenset({R.BASE_CHAIR, R.EXECUTIVE}),
    A.REPORT_DEMAND: frozenset({R.ORG_OFFICER, R.SECRETARY, R.SURVEY_OWNER}),
    A.CONTACT_LOG: frozenset({R.EXECUTIVE, R.ORG_OFFICER, R.HUB_ORGANISER, R.SECRETARY, R.TASK_OWNER}),
    A.CONTACT_CONFIRM: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.GROUP_LEADER}),
    A.CONTACT_ANSWER: frozenset({R.ORG_OFFICER, R.HUB_ORGANISER, R.SECRETARY, R.TASK_OWNER}),
    A.CONTACT_READ: frozenset({R.EXECUTIVE, R.ORG_OFFICER, R.AUDITOR}),
    A.EMPLOYER_LIST: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER, R.AUDITOR}),
    A.EMPLOYER_CHANGE: frozenset({R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.EMPLOYER_COUNT: frozenset({R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.EMPLOYER_IMPORT: frozenset({R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.OUTREACH_RUN: frozenset({R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.COVERAGE_READ: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER, R.AUDITOR}),
    A.TARGET_SET: frozenset({R.ORG_OFFICER}),
    A.TARGET_CONSENT: frozenset({R.BASE_CHAIR}),
    A.DESK: frozenset(R),
}


class Scope(models.TextChoices):
    """How far a pair of roles bars itself."""

    UNIT = "unit", _("where the two units overlap")
    OBJECT = "object", _("at one and the same matter")
    SYSTEM = "system", _("anywhere in the federation")


@dataclass(frozen=True, slots=True)
class Bar:
    """Roles one person may not combine (handbook P5): how far, and the reason shown at refusal."""

    left: frozenset[Role]
    right: frozenset[Role]
    scope: Scope
    reason: StrOrPromise

    def meets(self, role: str, other: str) -> bool:
        """Whether the two roles stand on its two sides."""
        return (role in self.left and other in self.right) or (role in self.right and other in self.left)


def _bar(left: set[Role], right: set[Role], scope: Scope, reason: StrOrPromise) -> Bar:
    return Bar(frozenset(left), frozenset(right), scope, reason)


#: Checked at the grant and again when an actor is built. Those of one matter are asked at the act
#: (`qiao.base.access.require_other`): the same officer may hold both, but not in one round, paper or project.
BARS: tuple[Bar, ...] = (
    _bar({R.SURVEY_OWNER}, {R.SAMPLE_DRAWER}, Scope.UNIT,
         _("Who asks the questions must not know who was drawn to answer them.")),
    _bar({R.SAMPLE_DRAWER}, {R.INTERVIEWER}, Scope.UNIT,
         _("Nobody holds the list of codes and the answers together.")),
    _bar({R.TASK_OWNER}, {R.AUDITOR}, Scope.UNIT, _("Nobody verifies the work they are answerable for.")),
    _bar({R.SECRETARY}, {R.EXECUTIVE}, Scope.UNIT, _("Who prepares a decision does not answer for those who take it.")),
    _bar({R.SECRETARY, R.EXECUTIVE, R.BASE_CHAIR}, {R.COUNT_OFFICER}, Scope.UNIT,
         _("Votes are counted by somebody who neither called them nor is bound by them.")),
    _bar({R.EXECUTIVE}, {R.AUDITOR}, Scope.UNIT, _("Who decides on money does not audit it.")),
    _bar({R.EDITOR}, {R.PUBLISHER}, Scope.UNIT, _("A text is released by somebody who did not write it.")),
    _bar({R.EVALUATOR}, set(R) - {R.EVALUATOR}, Scope.SYSTEM,
         _("An evaluator comes from outside: no other role anywhere in the federation it judges.")),
    _bar({R.SYS_ADMIN}, {R.DPO, R.COUNT_OFFICER, R.EXECUTIVE, R.AUDITOR}, Scope.SYSTEM,
         _("Who runs the machines must not also watch over what they hold, count votes, decide or audit.")),
    _bar({R.ORG_OFFICER}, {R.ORG_OFFICER}, Scope.OBJECT,
         _("Who proposes a unit, a term or an import does not approve it.")),
    _bar({R.BASE_OFFICER, R.ORG_OFFICER}, {R.BASE_OFFICER, R.ORG_OFFICER}, Scope.OBJECT,
         _("Who asks for an export of members does not approve it.")),
    _bar({R.CASE_HANDLER, R.DESK_OFFICER, R.HUB_ORGANISER, R.BASE_OFFICER, R.BASE_CHAIR},
         {R.DESK_OFFICER, R.HUB_ORGANISER, R.ORG_OFFICER}, Scope.OBJECT,
         _("Who answered a request does not ask its asker whether it helped.")),
)  # fmt: skip


def actions_of(role: str) -> frozenset[str]:
    """The actions a role may do."""
    return frozenset(action.value for action, roles in ROLES_BY_ACTION.items() if role in roles)


def bar_between(role: str, other: str, *, near: bool) -> Bar | None:
    """What keeps two roles of one person apart, or None; ``near``: whether their units overlap."""
    for bar in BARS:
        reaches = bar.scope == Scope.SYSTEM or (bar.scope == Scope.UNIT and near)
        if reaches and bar.meets(role, other):
            return bar
    return None


def overlap(path: str, other: str) -> bool:
    """Whether one of two units lies in the other's subtree."""
    return path.startswith(other) or other.startswith(path)


#: What a role is held for and must not be taken away from: given an account and a role, the Problem that says so.
Bond = Callable[[int, str], Problem | None]
_BONDS: list[Bond] = []


def register_bond(bond: Bond) -> None:
    """Ask this whenever an officer ends a role: what it returns is why it does not end now."""
    _BONDS.append(bond)


def require_free(account_id: int, role: str) -> None:
    """Raise the Problem of the first bond that holds."""
    for bond in _BONDS:
        problem = bond(account_id, role)
        if problem is not None:
            raise problem
