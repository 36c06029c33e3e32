"""Reports on milestones, and money spent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator

from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.deliver.programmes.choices import EvidenceKind, State
from qiao.deliver.programmes.models import Evidence, Milestone, Project, Report, Spending
from qiao.deliver.programmes.rules import proves, whole_progress
from qiao.deliver.programmes.services.evidence import StoredFile, store_file
from qiao.deliver.programmes.services.steps import clean_public, locked_project
from qiao.deliver.programmes.services.steps import note as write_note


def report_milestone(
    *,
    actor: Actor,
    now: datetime,
    milestone_id: int,
    progress: int,
    note: Localized | None = None,
    evidence_file: UploadedFile[bytes] | None = None,
    link: str = "",
    asked: int | None = None,
    confirmed: int | None = None,
    seen_version: int | None = None,
) -> Report:
    """Report how far a milestone is, with what shows it.

    ``asked`` and ``confirmed`` are users asked whether the thing works for them, and those who said yes.
    ``seen_version`` is the version the reporter's page showed: where somebody reported in between, nothing is saved.
    Raises Refused without ``project.report`` at the responsible unit; Problem for 100 % without evidence other than
    photos, for less than before without a note, for a file or link that is none.
    """
    if not 0 <= progress <= 100:
        raise Problem("Progress is a whole number from 0 to 100.")
    found = Milestone.objects.select_related("project__unit").filter(pk=milestone_id).first()
    if found is None:
        raise Problem("This milestone does not exist any more.")
    require(actor, "project.report", found.project.unit.path)
    _check_users(asked, confirmed)
    _check_link(link)
    clean_public(note=note or {})
    stored = store_file(evidence_file) if evidence_file else None
    with atomic():
        project = locked_project(found.project.code)
        milestone = Milestone.objects.select_for_update().get(pk=milestone_id)
        if project.state != State.RUNNING:
            raise Problem("Reports are written while a project runs; this one does not.")
        if seen_version is not None and seen_version != milestone.version:
            raise Problem(
                "Somebody else reported on this milestone after you opened the page: it is at %(progress)d %% now. "
                "Nothing of yours was saved; it still stands below: look at it again and send it.",
                progress=milestone.progress,
            )
        if progress < milestone.progress and not note:
            raise Problem("Less than before (%(before)d %%): say why.", before=milestone.progress)
        report = Report.objects.create(
            milestone=milestone,
            before=milestone.progress,
            progress=progress,
            note=note or {},
            at=now,
            by=actor.account_id,
        )
        _keep_evidence(report, stored, link, asked, confirmed)
        if progress == 100 and not proves(_kinds(milestone)):
            raise Problem(
                "A milestone is reached when evidence shows it: users who confirm it, a document or a link. "
                "Photos alone are no evidence."
            )
        milestone.progress = progress
        milestone.done = (milestone.done or now) if progress == 100 else None
        milestone.version += 1
        milestone.save()
        project.progress = whole_progress(project.milestones.order_by("pk").values_list("weight", "progress"))
        project.save(update_fields=["progress"])
        write_note(
            project,
            actor=actor,
            now=now,
            action="project.report",
            milestone=milestone.pk,
            progress=progress,
            before=report.before,
        )
    return report


def spend(
    *, actor: Actor, now: datetime, code: str, amount: Decimal, purpose: Localized, reason: Localized | None = None
) -> Spending:
    """Enter money spent; a negative amount takes back an earlier entry.

    Raises Refused without ``project.report`` at the responsible unit; Problem for nothing, for more taken back than
    was spent, and for going above the budget without a public reason.
    """
    if amount == 0 or amount != amount.quantize(Decimal("0.01")):
        raise Problem("Write an amount other than 0, with two decimals at most.")
    if abs(amount) >= Decimal(10) ** 12:
        raise Problem("This amount is too large to be true.")
    if not purpose:
        raise Problem("Say what the money was spent on.")
    clean_public(purpose=purpose, reason=reason or {})
    with atomic():
        project = locked_project(code)
        require(actor, "project.report", project.unit.path)
        if project.state not in (State.RUNNING, State.DONE_CLAIMED, State.VERIFIED):
            raise Problem("Money is entered while a project runs or its end is looked at; this one does neither.")
        total = project.spent + amount
        if total < 0:
            raise Problem("More is taken back than was spent (%(spent)s).", spent=f"{project.spent:,.2f}")
        if amount > 0 and total > project.budget and not reason:
            raise Problem(
                "With this entry %(total)s of %(budget)s are spent: say in public why the budget is exceeded.",
                total=f"{total:,.2f}",
                budget=f"{project.budget:,.2f}",
            )
        entry = Spending.objects.create(
            project=project, amount=amount, purpose=purpose, reason=reason or {}, at=now, by=actor.account_id
        )
        project.spent = total
        project.save(update_fields=["spent"])
        write_note(project, actor=actor, now=now, action="project.spend", amount=str(amount), total=str(total))
    return entry


def open_milestones(project: Project) -> int:
    """How many milestones are not reached."""
    return project.milestones.filter(progress__lt=100).count()


def _kinds(milestone: Milestone) -> list[str]:
    return list(Evidence.objects.filter(report__milestone=milestone).order_by("pk").values_list("kind", flat=True))


def _check_users(asked: int | None, confirmed: int | None) -> None:
    if (asked is None) != (confirmed is None):
        raise Problem("Write both: how many users were asked and how many confirmed it.")
    if asked is not None and confirmed is not None and not 0 <= confirmed <= asked:
        raise Problem("More users confirmed it (%(yes)d) than were asked (%(asked)d).", yes=confirmed, asked=asked)


def _check_link(link: str) -> None:
    if not link:
        return
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        raise Problem("This is no web address: write it with https:// in front.") from None
    if len(link) > 400:
        raise Problem("The address is longer than 400 signs.")


def _keep_evidence(
    report: Report, stored: StoredFile | None, link: str, asked: int | None, confirmed: int | None
) -> None:
    if stored:
        Evidence.objects.create(
            report=report, kind=stored.kind, name=stored.name, path=stored.path, sha256=stored.sha256, size=stored.size
        )
    if link:
        Evidence.objects.create(report=report, kind=EvidenceKind.LINK, link=link)
    # Nobody asked, or nobody confirming, is a fact but no evidence.
    if asked and confirmed:
        Evidence.objects.create(report=report, kind=EvidenceKind.USERS, asked=asked, confirmed=confirmed)
