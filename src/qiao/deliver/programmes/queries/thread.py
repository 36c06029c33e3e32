"""Projects as stations of the thread."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models.functions import Now, TruncDate
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.rules import ended_unjudged, is_late, judgment_overdue


def stations(codes: Collection[str]) -> list[Station]:
    """The projects among these codes. What is late is late by the database's clock: the shell gives no time."""
    own = [code for code in codes if code.startswith("W-")]
    if not own:
        return []
    found = (
        Project.objects.filter(code__in=own)
        .annotate(today=TruncDate(Now()))
        .select_related("unit")
        .order_by("planned", "pk")
    )
    return [station(project, project.today) for project in found]


def station(project: Project, today: date) -> Station:
    """One project on the thread, with the flags the board and its page show too."""
    return Station(
        code=project.code,
        stage=Stage.DELIVER,
        kind=_("Project"),
        title=pick(project.title),
        url=reverse("programmes:project", args=[project.code]),
        state=str(State(project.state).label),
        at=project.started or project.planned,
        figure=_figure(project),
        finished=project.state in (State.VERIFIED, State.CLOSED),
        awaits=_awaits(project),
        due=end_of(project.due) if project.state in (State.PLANNED, State.RUNNING) else None,
        late=is_late(state=project.state, due=project.due, today=today),
        flags=flags(project, today),
        weight=10 if project.state != State.STOPPED else 1,
    )


def flags(project: Project, today: date) -> tuple[str, ...]:
    """What has to be said aloud about this project."""
    said = []
    if ended_unjudged(state=project.state, evaluation_code=project.evaluation_code):
        said.append(_("Ended without a judgment by those it was for."))
    if judgment_overdue(
        state=project.state, verified=localdate(project.verified) if project.verified else None, today=today
    ):
        said.append(_("Verified long ago, and those it is for have not been asked yet."))
    if project.spent > project.budget:
        said.append(_("More was spent than the budget allows."))
    return tuple(said)


def end_of(day: date) -> datetime:
    """The moment a day is over here."""
    return make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(seconds=1)


def _figure(project: Project) -> str:
    if project.state in (State.RUNNING, State.DONE_CLAIMED):
        return _("%(progress)d %% done") % {"progress": project.progress}
    return ""


def _awaits(project: Project) -> str:
    return {
        State.PLANNED: _("Awaits its start"),
        State.RUNNING: _("Awaits its milestones"),
        State.DONE_CLAIMED: _("Awaits verification by another office"),
        State.VERIFIED: _("Awaits the judgment of those served"),
    }.get(State(project.state), "")
