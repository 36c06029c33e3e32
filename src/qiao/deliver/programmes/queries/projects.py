"""One project with everything its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.deliver.programmes.choices import ChangeState, EvidenceKind, State
from qiao.deliver.programmes.models import Evidence, Milestone, Project, Report
from qiao.deliver.programmes.rules import Clock, clock
from qiao.org.access.choices import Role
from qiao.org.people.models import Account


def project_by_code(code: str) -> Project:
    """The project with its unit and owner; raises Project.DoesNotExist."""
    return Project.objects.select_related("unit", "owner").get(code=code)


def projects_awaiting_judgment(path: str = "") -> list[Project]:
    """Verified projects in the subtree that nobody has judged yet, the longest waiting first."""
    return list(
        Project.objects.filter(state=State.VERIFIED, unit__path__startswith=path)
        .select_related("unit", "owner")
        .order_by("verified", "pk")
    )


def evidence_by_id(code: str, evidence_id: int) -> Evidence:
    """A piece of evidence of this project, with the project's unit; raises Evidence.DoesNotExist."""
    return Evidence.objects.select_related("report__milestone__project__unit").get(
        pk=evidence_id, report__milestone__project__code=code
    )


def owners_within(paths: tuple[str, ...], today: date) -> QuerySet[Account]:
    """Accounts that hold the role of task owner in these subtrees, or above them, today."""
    condition = Q(pk__in=[])
    for path in paths:
        above = [path[:end] for end in range(5, len(path), 5)]
        condition |= Q(grants__unit__path__startswith=path) | Q(grants__unit__path__in=above)
    return (
        Account.objects.filter(
            condition,
            Q(grants__until__isnull=True) | Q(grants__until__gt=today),
            grants__role=Role.TASK_OWNER,
            grants__since__lte=today,
            is_active=True,
        )
        .distinct()
        .order_by("display_name", "pk")
    )


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One milestone as the page shows it."""

    milestone: Milestone
    clock: Clock | None
    moved: bool
    reports: tuple[Report, ...]


def milestone_views(project: Project, *, today: date) -> list[MilestoneView]:
    """Milestones by date, each with its clock (while it is open and the project runs) and its reports, newest first."""
    ticking = project.state in (State.PLANNED, State.RUNNING)
    found = project.milestones.prefetch_related("reports__evidence").order_by("due", "position")
    return [
        MilestoneView(
            milestone=each,
            clock=clock(starts=project.starts, due=each.due, today=today) if ticking and each.progress < 100 else None,
            moved=each.source_due is not None and each.source_due != each.due,
            reports=tuple(reversed(each.reports.all())),
        )
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a project's history. ``quote`` is what the person wrote."""

    at: datetime
    text: str
    who: str
    quote: str = ""


def history(project: Project) -> list[Event]:
    """Everything that happened, newest first: steps, reports, money, dates. Five queries however long it is."""
    events: list[tuple[datetime, int | None, str, str]] = [
        (each.at, each.by, _("Step: %(state)s") % {"state": State(each.after).label}, pick(each.ground))
        for each in project.transitions.order_by("at", "pk")
    ]
    for report in Report.objects.filter(milestone__project=project).select_related("milestone").order_by("at", "pk"):
        text = _("%(milestone)s: %(before)d %% → %(after)d %%") % {
            "milestone": pick(report.milestone.title),
            "before": report.before,
            "after": report.progress,
        }
        events.append((report.at, report.by, text, pick(report.note)))
    for entry in project.spendings.order_by("at", "pk"):
        quote = " · ".join(filter(None, (pick(entry.purpose), pick(entry.reason))))
        events.append((entry.at, entry.by, _("Money: %(amount)s") % {"amount": f"¥{entry.amount:,.2f}"}, quote))
    for change in project.deadline_changes.select_related("milestone").order_by("asked", "pk"):
        dates = {
            "what": pick(change.milestone.title) if change.milestone else _("End of the project"),
            "old": date_format(change.old_due, "DATE_FORMAT"),
            "new": date_format(change.new_due, "DATE_FORMAT"),
        }
        asked = _("Another date asked: %(what)s, %(old)s → %(new)s") % dates
        events.append((change.asked, change.asked_by, asked, pick(change.reason)))
        if change.answered:
            said = (
                _("Date changed: %(what)s, %(old)s → %(new)s")
                if change.state == ChangeState.APPLIED
                else _("Change of date declined: %(what)s, %(old)s stays")
            )
            events.append((change.answered, change.answered_by, said % dates, pick(change.answer)))
    names = dict(
        Account.objects.filter(pk__in={by for _at, by, _text, _quote in events if by})
        .order_by()
        .values_list("pk", "display_name")
    )
    events.sort(key=lambda event: event[0], reverse=True)
    return [Event(at, text, names.get(by or 0, ""), quote) for at, by, text, quote in events]


def users_confirmed(project: Project) -> int:
    """How many users confirmed milestones so far, as reported (the verifier asks again)."""
    found = Evidence.objects.filter(report__milestone__project=project, kind=EvidenceKind.USERS)
    return found.aggregate(number=Sum("confirmed"))["number"] or 0
