"""The page beneath the loop: the union itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.web import queries


@page(PUBLIC)
def org(request: ActorRequest) -> HttpResponse:
    """How large the union is, and where everything about it stands: joining, bodies, coverage, rules."""
    return render(request, "web/org.html", queries.union())
