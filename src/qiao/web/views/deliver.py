"""The landing page of Deliver: the public board of all projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.deliver.programmes import queries
from qiao.deliver.programmes.choices import LIVE
from qiao.deliver.programmes.forms import FilterForm
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.views.filtering import chosen
from qiao.web import providers, threads

PER_PAGE = 40


@page(PUBLIC)
def deliver(request: ActorRequest) -> HttpResponse:
    """All projects: who, by when, with what money, how far, and what has to be said aloud about them."""
    today = localdate(now())
    shown = Paginator(queries.board(chosen(request), today=today), PER_PAGE).get_page(request.GET.get("page"))
    projects = list(shown.object_list)
    flags = _flags(projects)
    query = request.GET.copy()
    query.pop("page", None)
    rows = queries.board_rows(projects, today=today)
    context = {
        "page": shown,
        "rows": [(row, flags[row.project.code]) for row in rows],
        "totals": queries.totals(today=today),
        "line": queries.timeline([project for project in projects if project.state in LIVE], today=today),
        "form": FilterForm(request.GET or None, units=queries.units_with_projects()),
        "filtered": any(request.GET.get(name) for name in ("unit", "state", "overdue")),
        "query": f"{query.urlencode()}&" if query else "",
        "may_plan": request.actor.may("project.plan"),
    }
    return render(request, "web/deliver.html", context)


def _flags(projects: Sequence[Project]) -> dict[str, tuple[str, ...]]:
    """What has to be said aloud about each: the whole board costs one question for the lines and one for each app."""
    lines = queries.lines_behind(projects)
    known = {station.code: station for station in providers.stations(frozenset().union(*lines.values()))}
    flags = {}
    for project in projects:
        # Flags of what lies behind are said where that stands; here only whether a need does, and the project's own.
        behind = [replace(known[code], flags=()) for code in lines[project.code] if code in known]
        own = known[project.code].flags if project.code in known else ()
        flags[project.code] = (*threads.flags_of(behind), *own)
    return flags
