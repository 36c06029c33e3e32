"""Files: the board as CSV and XLSX, milestones as a calendar, evidence for offices."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import pick
from qiao.deliver.programmes import exports, queries
from qiao.deliver.programmes.choices import LIVE
from qiao.deliver.programmes.models import Evidence, Milestone
from qiao.deliver.programmes.queries.projects import evidence_by_id
from qiao.deliver.programmes.views.filtering import chosen
from qiao.deliver.programmes.views.showing import project_or_404

#: Rows of a file: far above any board, so that a file never grows without end.
MOST_ROWS = 20_000


def _table(request: ActorRequest) -> tuple[list[str], list[list[exports.Cell]]]:
    today = localdate(now())
    projects = queries.board(chosen(request), today=today)[:MOST_ROWS]
    return exports.board_table(queries.board_rows(projects, today=today))


@page(PUBLIC)
def board_csv(request: ActorRequest) -> HttpResponse:
    """The board, as it is filtered, as CSV."""
    head, rows = _table(request)
    return _file(exports.as_csv(head, rows), "text/csv; charset=utf-8", "projects.csv")


@page(PUBLIC)
def board_xlsx(request: ActorRequest) -> HttpResponse:
    """The board, as it is filtered, as an Excel workbook."""
    head, rows = _table(request)
    content = exports.as_xlsx(head, rows, sheet=_("Projects"))
    return _file(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "projects.xlsx")


@page(PUBLIC)
def calendar(request: ActorRequest) -> HttpResponse:
    """Milestones of all projects of the filtered board that still run."""
    projects = queries.board(chosen(request), today=localdate(now())).filter(state__in=LIVE)
    found = (
        Milestone.objects.filter(project__in=projects).select_related("project__unit").order_by("due", "pk")[:MOST_ROWS]
    )
    return _calendar(request, found, _("Milestones of the union's projects"), "milestones.ics")


@page(PUBLIC)
def project_calendar(request: ActorRequest, code: str) -> HttpResponse:
    """Milestones of one project."""
    project = project_or_404(code)
    found = project.milestones.select_related("project__unit").order_by("due", "pk")
    return _calendar(request, found, pick(project.title), f"{project.code}.ics")


def _calendar(request: ActorRequest, found: Iterable[Milestone], name: str, file: str) -> HttpResponse:
    addressed = [
        (each, request.build_absolute_uri(reverse("programmes:project", args=[each.project.code]))) for each in found
    ]
    content = exports.as_calendar(addressed, name=name, now=now())
    return _file(content, "text/calendar; charset=utf-8", file)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page("desk.open")
def evidence(request: ActorRequest, code: str, evidence_id: int) -> HttpResponseBase:
    """One file of evidence, for the offices that plan, report, verify or judge this project."""
    try:
        found = evidence_by_id(code, evidence_id)
    except Evidence.DoesNotExist:
        raise Http404 from None
    path = found.report.milestone.project.unit.path
    actions = ("project.plan", "project.report", "project.verify", "evaluation.run")
    if not any(request.actor.may(action, path) for action in actions):
        raise Refused("project.verify")
    if not found.path or not default_storage.exists(found.path):
        raise Http404
    # Never shown inside our pages: what others uploaded is only ever saved.
    return FileResponse(
        default_storage.open(found.path),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
