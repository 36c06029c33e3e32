"""The overdue boards of an upper unit."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.org.elections import queries
from qiao.org.elections.exports import board_workbook
from qiao.org.elections.views.finding import find_unit


@page("election.board")
def overdue(request: ActorRequest, label: str) -> HttpResponse:
    """Elections overdue and chairs vacant below a unit."""
    unit = find_unit(label)
    require(request.actor, "election.board", unit.path)
    today = localdate(now())
    context = {"unit": unit, "today": today, "board": queries.overdue_board(unit, today)}
    return render(request, "elections/overdue.html", context)


@page("election.board")
def overdue_workbook(request: ActorRequest, label: str) -> HttpResponse:
    """The same as a workbook, with every row."""
    unit = find_unit(label)
    require(request.actor, "election.board", unit.path)
    today = localdate(now())
    content = board_workbook(unit, queries.overdue_board(unit, today, limit=None), today)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="overdue-{unit.label}-{today.isoformat()}.xlsx"'
    return response
