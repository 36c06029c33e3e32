"""The one readable table: which role may do what, and which roles one person may not hold together.

A page shows it; a test walks every address with every role and holds the answer against it.
"""

from __future__ import annotations

from collections.abc import Iterable

from qiao.org.access.choices import Action, Role

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
    A.PERSON_KEEP: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.CONTACT_LOOK: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.DATACHECK_RUN: frozenset({R.BASE_OFFICER, R.BASE_CHAIR, R.HUB_ORGANISER, R.ORG_OFFICER}),
    A.DATA_REQUEST_DECIDE: frozenset({R.DPO}),
    A.AUDIT_READ: frozenset({R.AUDITOR}),
    A.QUESTIONNAIRE_UPLOAD: frozenset({R.SURVEY_OWNER}),
    A.ROUND_PLAN: frozenset({R.SURVEY_OWNER}),
    A.ROUND_DRAW: frozenset({R.SAMPLE_DRAWER}),
    A.ROUND_ENTER: frozenset({R.SURVEY_OWNER, R.BASE_OFFICER}),
    A.ROUND_READ: frozenset({R.SURVEY_OWNER, R.ANALYST, R.AUDITOR}),
    A.NEED_PUBLISH: frozenset({R.ANALYST}),
    A.NEED_ANSWER: frozenset({R.EXECUTIVE}),
    A.PROPOSAL_RAISE: frozenset({R.SECRETARY, R.ANALYST}),
    A.CONSULTATION_RUN: frozenset({R.SECRETARY}),
    A.OPINION_ANSWER: frozenset({R.EXECUTIVE}),
    A.BALLOT_RUN: frozenset({R.SECRETARY}),
    A.BALLOT_COUNT: frozenset({R.COUNT_OFFICER}),
    A.DECISION_TAKE: frozenset({R.EXECUTIVE}),
    A.PROJECT_PLAN: frozenset({R.EXECUTIVE}),
    A.PROJECT_REPORT: frozenset({R.TASK_OWNER}),
    A.PROJECT_VERIFY: frozenset({R.AUDITOR}),
    A.EVALUATION_COMMISSION: frozenset({R.EXECUTIVE}),
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

#: Pairs one account may not hold where their units overlap (handbook P5), with the reason shown on refusal.
INCOMPATIBLE: tuple[tuple[frozenset[Role], frozenset[Role]], ...] = (
    (frozenset({R.SURVEY_OWNER}), frozenset({R.SAMPLE_DRAWER})),
    (frozenset({R.TASK_OWNER}), frozenset({R.AUDITOR})),
    (frozenset({R.SECRETARY}), frozenset({R.EXECUTIVE, R.COUNT_OFFICER})),
    (frozenset({R.EXECUTIVE}), frozenset({R.AUDITOR, R.COUNT_OFFICER})),
    (frozenset({R.EDITOR}), frozenset({R.PUBLISHER})),
    (frozenset({R.EVALUATOR}), frozenset(set(R) - {R.EVALUATOR})),
    (frozenset({R.SYS_ADMIN}), frozenset({R.DPO, R.COUNT_OFFICER, R.EVALUATOR, R.EXECUTIVE, R.AUDITOR})),
)

#: Roles that bar the pairs above wherever the units are: an evaluator comes from outside the whole federation, and who
#: runs the system sees all of it.
EVERYWHERE = frozenset({R.EVALUATOR, R.SYS_ADMIN})


def actions_of(role: str) -> frozenset[str]:
    """The actions a role may do."""
    return frozenset(action.value for action, roles in ROLES_BY_ACTION.items() if role in roles)


def clash(role: str, held: Iterable[str]) -> str | None:
    """The first of the roles held that may not stand beside ``role``, or None."""
    for other in held:
        for left, right in INCOMPATIBLE:
            if (role in left and other in right) or (role in right and other in left):
                return other
    return None


def clashes_everywhere(role: str, other: str) -> bool:
    """Whether the pair is barred even where the two units have nothing to do with each other."""
    return role in EVERYWHERE or other in EVERYWHERE
