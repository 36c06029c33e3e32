"""Pages of scorecards: for everybody, none of them a ranking."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.figures import line_chart
from qiao.base.i18n import pick
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import project_by_code
from qiao.hear.window.choices import Topic
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.problems.queries import measures
from qiao.judge.scorecards import queries
from qiao.judge.scorecards.exports import loop_csv
from qiao.judge.scorecards.rules.figures import Figure, Moved
from qiao.org.settings.queries import federation_path
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label
from qiao_stats.loop import loops


def _labelled(figures: dict[str, Moved]) -> list[tuple[str, str, Moved]]:
    words = {
        "solved": (_("Solved, as the askers say"), _("of askers reached afterwards by somebody else")),
        "on_time": (_("Answered by the promised day"), _("of answered requests")),
        "reopened": (_("Opened again by the asker"), _("of answered requests")),
        "silence": (_("Nobody reached afterwards"), _("of requests followed up: how much is not known")),
    }
    return [(*words[key], figures[key]) for key in words]


def _chart(points: list[tuple[str, Figure]], title: str) -> str:
    if len(points) < 2:
        return ""
    drawn = [(name, _("solved"), one.share or 0.0) for name, one in points]
    words = "; ".join(f"{name}: {100 * (one.share or 0):.0f} % (n = {one.of})" for name, one in points)
    return mark_safe(line_chart(drawn, title=title, description=words, share=True))  # noqa: S308 - our own SVG


def _below(rows: list[queries.UnitRow]) -> dict[str, object]:
    """The units below, and whether anything of them is withheld: those are named together, without figures."""
    return {"rows": rows, "hidden_below": any(row.solved.hidden for row in rows)}


def _root() -> Unit:
    found = Unit.objects.filter(path=federation_path()).first()
    if found is None:
        raise Http404
    return found


@page(PUBLIC)
def index(request: ActorRequest) -> HttpResponse:
    """The federation's scorecard and the way to all others."""
    return _unit_page(request, _root(), top=True)


@page(PUBLIC)
def unit(request: ActorRequest, label: str) -> HttpResponse:
    """The scorecard of one unit with all below it."""
    try:
        found = unit_by_label(label[:40].upper())
    except Unit.DoesNotExist:
        raise Http404 from None
    return _unit_page(request, found, top=False)


def _unit_page(request: ActorRequest, found: Unit, *, top: bool) -> HttpResponse:
    here = now()
    context = {
        "unit": found,
        "top": top,
        "figures": _labelled(queries.request_figures(found.path, now=here)),
        "chart": _chart(
            queries.solved_by_quarter(found.path, now=here), _("Solved, as the askers say, by quarter of receipt")
        ),
        **_below(queries.solved_by_unit(found, now=here)),
        "judged": queries.judged(found.path, now=here, limit=20),
        "rated": queries.rated(found.path),
        "ratings": queries.rating_counts(found.path, now=here),
        "problems": measures(found.path, now=here),
        "late": queries.overdue_judgments(found.path, now=here),
        "notes": queries.notes(found.path, now=here),
        "topics": Topic.choices if top else [],
    }
    return render(request, "scorecards/unit.html", context)


@page(PUBLIC)
def service(request: ActorRequest, topic: str) -> HttpResponse:
    """The scorecard of one service: requests of one topic, by district."""
    if topic not in Topic.values:
        raise Http404
    here, root = now(), _root()
    context = {
        "topic": str(Topic(topic).label),
        "figures": _labelled(queries.request_figures(root.path, now=here, topic=topic)),
        "chart": _chart(
            queries.solved_by_quarter(root.path, now=here, topic=topic),
            _("Solved, as the askers say, by quarter of receipt"),
        ),
        **_below(queries.solved_by_unit(root, now=here, topic=topic)),
    }
    return render(request, "scorecards/service.html", context)


@page(PUBLIC)
def project(request: ActorRequest, code: str) -> HttpResponse:
    """The scorecard of one project: promised, done, and what those it was for say."""
    try:
        found = project_by_code(code)
    except Project.DoesNotExist:
        raise Http404 from None
    if found.state == ProjectState.PLANNED:
        raise Http404
    milestones = list(found.milestones.all())
    due = [one for one in milestones if one.source_due is not None and one.source_due <= localdate(now())]
    evaluation = Evaluation.objects.filter(code=found.evaluation_code).first() if found.evaluation_code else None
    context = {
        "project": found,
        "title": pick(found.title),
        "due": len(due),
        "on_time": sum(queries.met(one) for one in due),
        "changes": found.deadline_changes.filter(state="applied").count(),
        "judged": queries.judged(found.unit.path, now=now(), code=found.evaluation_code)
        if found.evaluation_code
        else [],
        "evaluation": evaluation,
    }
    return render(request, "scorecards/project.html", context)


@page(PUBLIC)
def provider(request: ActorRequest, reg_code: str) -> HttpResponse:
    """The scorecard of an organisation that carries out projects: what it does and what users say of it."""
    here = now()
    rows = queries.carried_out(reg_code, today=localdate(here))
    if not rows:
        raise Http404
    context = {
        "name": rows[0].project.provider,
        "reg_code": reg_code,
        "rows": rows,
        "due": sum(row.due for row in rows),
        "on_time": sum(row.on_time for row in rows),
        "judged": queries.judged(federation_path(), now=here, provider=reg_code),
    }
    return render(request, "scorecards/provider.html", context)


@page(PUBLIC)
def unjudged(request: ActorRequest) -> HttpResponse:
    """Every ended task is judged: those that are not yet, with their clock."""
    rows = queries.awaiting(federation_path(), now=now())
    context = {
        "waiting": [row for row in rows if not row.closed_without],
        "without": [row for row in rows if row.closed_without],
    }
    return render(request, "scorecards/unjudged.html", context)


@page(PUBLIC)
def loop(request: ActorRequest) -> HttpResponse:
    """The report of the loop by year, and by unit within a year."""
    rows = queries.loop_rows()
    found = loops(rows)
    units = {one.label: one for one in Unit.objects.filter(label__in={row.unit for row in rows})}
    groups = [
        (
            one,
            [
                (units[each.unit], each)
                for each in sorted(
                    (each for each in found if each.year == one.year and each.unit in units),
                    key=lambda each: units[each.unit].path,
                )
            ],
        )
        for one in found
        if not one.unit
    ]
    titles = {row.code: row for row in Project.objects.filter(code__in=[row.task for row in rows])}
    circling = [titles[row.task] for row in rows if row.circling and row.task in titles]
    context = {"groups": sorted(groups, key=lambda group: -(group[0].year or 0)), "circling": circling}
    return render(request, "scorecards/loop.html", context)


@page(PUBLIC)
def loop_file(request: ActorRequest) -> HttpResponse:
    """The tasks behind the report, one line each."""
    response = HttpResponse(loop_csv(queries.loop_rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="loop.csv"'
    return response
