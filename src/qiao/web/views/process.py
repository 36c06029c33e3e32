"""The whole-process record of a matter."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.web.process import process_record


@page(PUBLIC)
def record(request: ActorRequest, code: str) -> HttpResponse:
    """Six stages: who could take part, how many did, what changed."""
    found = process_record(code)
    if found is None:
        raise Http404
    return render(request, "web/process.html", {"record": found})
