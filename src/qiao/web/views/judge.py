"""The landing page of Judge."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.judge.evaluations import queries


@page(PUBLIC)
def judge(request: ActorRequest) -> HttpResponse:
    """What those served are judging now, what they judged, what still awaits their judgment."""
    context = {
        "mine": queries.open_items(actor=request.actor, now=now()),
        "open": queries.open_rounds(now()),
        "results": queries.latest_results(),
        "awaited": queries.projects_to_judge(),
    }
    return render(request, "web/judge.html", context)
