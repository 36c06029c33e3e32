"""The end of a project: claimed by its owner, verified by somebody else with users' evidence, judged, closed.

Or stopped, with a public reason.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Project, Report
from qiao.deliver.programmes.rules import may_verify
from qiao.deliver.programmes.services.report import open_milestones
from qiao.deliver.programmes.services.steps import clean_public, locked_project, step_to, tell


def claim_done(*, actor: Actor, now: datetime, code: str, note: Localized | None = None) -> Project:
    """Claim that the project is done; refused while a milestone is open. Twice is harmless."""
    clean_public(note=note or {})
    with atomic():
        project = locked_project(code)
        require(actor, "project.report", project.unit.path)
        if project.state == State.DONE_CLAIMED:
            return project
        left = open_milestones(project)
        if left and project.state == State.RUNNING:
            raise Problem(
                "%(left)d milestones are still open: a project is done when all of them are at 100 %%.", left=left
            )
        project.claimed, project.claimed_by = now, actor.account_id
        step_to(project, State.DONE_CLAIMED, actor=actor, now=now, action="project.claim", ground=note)
    return project


def verify_project(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    found_true: bool = True,
    asked: int = 0,
    confirmed: int = 0,
    note: Localized | None = None,
) -> Project:
    """Verify a claim with users' evidence, or send it back to running with the reason. Twice is harmless.

    ``asked`` users were asked by the verifier whether the thing is there for them, ``confirmed`` said yes. Raises
    Refused without ``project.verify``; Problem for proposers, planners, owners, reporters and claimers of this very
    project, for a verification no user confirms, and for sending back without a reason.
    """
    clean_public(note=note or {})
    with atomic():
        project = locked_project(code)
        require(actor, "project.verify", project.unit.path)
        if project.state == State.VERIFIED and found_true:
            return project
        if not may_verify(account_id=actor.account_id, involved=involved(project)):
            raise Problem(
                "Who proposed, planned, owns, reports or claims a project does not verify it: another person has to."
            )
        if not 0 <= confirmed <= asked:
            raise Problem("More users confirmed it (%(yes)d) than were asked (%(asked)d).", yes=confirmed, asked=asked)
        if not found_true:
            if not note:
                raise Problem("Say what is missing: the reason is public.")
            project.claimed = project.claimed_by = None
            step_to(project, State.RUNNING, actor=actor, now=now, action="project.send_back", ground=note)
            return project
        if confirmed < 1:
            raise Problem("A project is verified by those who use it: ask some of them, and write how many confirm it.")
        project.verified, project.verified_by = now, actor.account_id
        project.users_asked, project.users_confirmed = asked, confirmed
        step_to(project, State.VERIFIED, actor=actor, now=now, action="project.verify", ground=note)
        tell(
            project,
            actor=actor,
            now=now,
            title=in_every_language(noop("Project verified: %(title)s"), title=project.title),
            body=in_every_language(
                noop("The verifier asked %(asked)s users; %(yes)s confirmed it. Next, those it is for judge it."),
                asked=str(asked),
                yes=str(confirmed),
            ),
        )
    return project


def close_judged(
    *, actor: Actor, now: datetime, code: str, evaluation_code: str, figure_text: Localized | str
) -> Project:
    """Close a verified project with the judgment of those it was for; called by the judge stage. Twice is harmless.

    Raises Refused without ``evaluation.run``, Problem where the project does not await judgment.
    """
    with atomic():
        project = locked_project(code)
        require(actor, "evaluation.run", project.unit.path)
        if project.state == State.CLOSED and project.evaluation_code == evaluation_code:
            return project
        project.evaluation_code, project.ended = evaluation_code, now
        project.figure_text = {"zh-hans": figure_text} if isinstance(figure_text, str) else figure_text
        step_to(project, State.CLOSED, actor=actor, now=now, action="project.close_judged")
        link(source=project.code, target=evaluation_code, now=now)
    return project


def close_unjudged(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Project:
    """Close a verified project that nobody will judge, with a public reason; the board flags it for ever."""
    with atomic():
        project = _with_reason(actor, code, reason)
        if project.state == State.CLOSED:
            return project
        project.ended, project.reason = now, reason
        step_to(project, State.CLOSED, actor=actor, now=now, action="project.close_unjudged", ground=reason)
        tell(
            project,
            actor=actor,
            now=now,
            title=in_every_language(noop("Closed without a judgment: %(title)s"), title=project.title),
            body=in_every_language(noop("Reason: %(reason)s"), reason=reason),
        )
    return project


def stop_project(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Project:
    """Stop a project that is not verified yet, with a public reason. Twice is harmless."""
    with atomic():
        project = _with_reason(actor, code, reason)
        if project.state == State.STOPPED:
            return project
        project.ended, project.reason = now, reason
        step_to(project, State.STOPPED, actor=actor, now=now, action="project.stop", ground=reason)
        tell(
            project,
            actor=actor,
            now=now,
            title=in_every_language(noop("Project stopped: %(title)s"), title=project.title),
            body=in_every_language(noop("Reason: %(reason)s"), reason=reason),
        )
    return project


def involved(project: Project) -> set[int | None]:
    """Account ids of everybody who proposed, planned, owns, reports on, spends for or claimed the project."""
    reporters = Report.objects.filter(milestone__project=project).order_by().values_list("by", flat=True)
    spenders = project.spendings.order_by().values_list("by", flat=True)
    proposers = {proposal.raised_by for proposal in proposals_by_codes([project.proposal_code])}
    return {project.owner_id, project.claimed_by, project.planned_by, *proposers, *reporters, *spenders} - {None}


def _with_reason(actor: Actor, code: str, reason: Localized) -> Project:
    if not reason:
        raise Problem("Say why: the reason is public.")
    clean_public(reason=reason)
    project = locked_project(code)
    require(actor, "project.plan", project.unit.path)
    return project
