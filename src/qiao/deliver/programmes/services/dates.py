"""Moving dates: one side asks and says why in public, the other consents; the source target stays beside it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import Actor, Refused
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.problems import Problem
from qiao.deliver.programmes.choices import ChangeState, Side, State
from qiao.deliver.programmes.models import DeadlineChange, Milestone, Project
from qiao.deliver.programmes.services.steps import clean_public, locked_project, note, tell


def ask_deadline_change(
    *, actor: Actor, now: datetime, code: str, new_due: date, reason: Localized, milestone_id: int | None = None
) -> DeadlineChange:
    """Ask for another date of the project, or of one milestone.

    Those who plan ask from above, those who report ask from the base. Raises Refused for others; Problem without a
    reason, for a day that is over or does not fit, or while another change of the same date is open.
    """
    if not reason:
        raise Problem("Say why the date is to move: the reason is public.")
    clean_public(reason=reason)
    require_plausible(new_due)
    with atomic():
        project = locked_project(code)
        side = _side_of(actor, project)
        if project.state != State.RUNNING:
            raise Problem("Dates move while a project runs; this one does not.")
        milestone = _milestone(project, milestone_id)
        old = milestone.due if milestone else project.due
        _check_day(project, milestone, old, new_due, localdate(now))
        if project.deadline_changes.filter(state=ChangeState.ASKED, milestone=milestone).exists():
            raise Problem("Another change of this date is open: it has to be answered first.")
        change = DeadlineChange.objects.create(
            project=project,
            milestone=milestone,
            old_due=old,
            new_due=new_due,
            reason=reason,
            side=side,
            asked=now,
            asked_by=actor.account_id,
        )
        note(
            project,
            actor=actor,
            now=now,
            action="project.deadline_ask",
            change=change.pk,
            old=old.isoformat(),
            new=new_due.isoformat(),
        )
    return change


def answer_deadline_change(
    *, actor: Actor, now: datetime, change_id: int, consent: bool, answer: Localized | None = None
) -> DeadlineChange:
    """Consent to a change, which applies it at once, or decline it with a reason. Answering twice changes nothing.

    Raises Refused unless the actor stands on the other side; Problem for a refusal without a reason, or where the
    date no longer fits.
    """
    clean_public(answer=answer or {})
    found = DeadlineChange.objects.select_related("project").filter(pk=change_id).first()
    if found is None:
        raise Problem("This change does not exist.")
    with atomic():
        project = locked_project(found.project.code)
        change = DeadlineChange.objects.select_for_update(of=("self",)).select_related("milestone").get(pk=change_id)
        _require_other_side(actor, project, change)
        if change.state != ChangeState.ASKED:
            return change
        if not consent and not answer:
            raise Problem("Say why the change is declined: the reason is public.")
        if consent:
            _apply(project, change, localdate(now))
        change.state = ChangeState.APPLIED if consent else ChangeState.DECLINED
        change.answered, change.answered_by, change.answer = now, actor.account_id, answer or {}
        change.save()
        note(project, actor=actor, now=now, action="project.deadline_answer", change=change.pk, state=str(change.state))
        if consent and change.milestone is None:
            tell(
                project,
                actor=actor,
                now=now,
                title=in_every_language(noop("Deadline changed: %(title)s"), title=project.title),
                body=in_every_language(
                    noop("Was %(old)s, is %(new)s; the source target %(source)s stays shown. Reason: %(reason)s"),
                    old=change.old_due,
                    new=change.new_due,
                    source=project.source_due or change.old_due,
                    reason=change.reason,
                ),
            )
    return change


def _side_of(actor: Actor, project: Project) -> Side:
    if actor.may("project.plan", project.unit.path) and not actor.did(project.owner_id):
        return Side.ABOVE
    if actor.may("project.report", project.unit.path):
        return Side.BASE
    raise Refused("project.report is not yours here")


def _require_other_side(actor: Actor, project: Project, change: DeadlineChange) -> None:
    action = "project.report" if change.side == Side.ABOVE else "project.plan"
    if not actor.may(action, project.unit.path):
        raise Refused(f"{action} is not yours here")
    if actor.did(change.asked_by):
        raise Problem("You asked for this change: the other side has to consent.")


def _milestone(project: Project, milestone_id: int | None) -> Milestone | None:
    if milestone_id is None:
        return None
    milestone = project.milestones.filter(pk=milestone_id).first()
    if milestone is None:
        raise Problem("This milestone does not belong to the project.")
    if milestone.progress == 100:
        raise Problem("This milestone is reached: its date does not move any more.")
    return milestone


def _check_day(project: Project, milestone: Milestone | None, old: date, new: date, today: date) -> None:
    if new == old:
        raise Problem("The new date is the old one.")
    if new < today:
        raise Problem("The new date is over already.")
    if milestone is not None:
        if not project.starts <= new <= project.due:
            raise Problem(
                "The milestone would lie outside the project (%(starts)s to %(due)s): move the project's end first.",
                starts=str(project.starts),
                due=project.due,
            )
        return
    last = project.milestones.filter(progress__lt=100).order_by("-due").first()
    if last is not None and new < last.due:
        raise Problem("An open milestone is due on %(day)s, after the new end: move it first.", day=last.due)
    if new < project.starts:
        raise Problem("The new date lies before the start.")


def _apply(project: Project, change: DeadlineChange, today: date) -> None:
    if project.state != State.RUNNING:
        raise Problem("Dates move while a project runs; this one does not.")
    milestone = change.milestone
    if milestone is not None:
        milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    _check_day(project, milestone, milestone.due if milestone else project.due, change.new_due, today)
    if milestone is not None:
        milestone.due = change.new_due
        milestone.save(update_fields=["due"])
    else:
        project.due = change.new_due
        project.save(update_fields=["due"])
