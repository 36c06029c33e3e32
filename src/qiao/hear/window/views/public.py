"""What everybody may read: questions with their answers, counts of what is open and late."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.hear.window.choices import Topic
from qiao.hear.window.models import Request
from qiao.hear.window.queries.figures import SMALLEST_CELL, line_figures, measures, overdue_counts
from qiao.hear.window.queries.reading import public_requests, similar_public
from qiao.hear.window.rules.states import steps
from qiao.org.settings.queries import federation_path

PAGE = 20
#: Days the public figures look back.
SPAN = 365


@page(PUBLIC)
def answered(request: ActorRequest) -> HttpResponse:
    """Questions others asked, with the answers; by topic, or by words."""
    topic, text = request.GET.get("topic", ""), request.GET.get("text", "").strip()[:300]
    rows = list(similar_public(text, most=PAGE)) if text else public_requests(topic=topic)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "topics": Topic.choices, "topic": topic if topic in Topic.values else "", "text": text}
    return render(request, "window/answered.html", context)


@page(PUBLIC)
def public(request: ActorRequest, code: str) -> HttpResponse:
    """One question with its answer."""
    found = Request.objects.filter(code=code, published__isnull=False).select_related("body").first()
    if found is None:
        raise Http404
    return render(request, "window/public.html", {"request_": found, "steps": steps(found)})


@page(PUBLIC)
def counts(request: ActorRequest) -> HttpResponse:
    """Open and overdue by unit, and the measures of a year with their n. No ranking."""
    moment = now()
    path, day = federation_path(), localdate(moment)
    units, opened, late = overdue_counts(now=moment)
    context = {
        "units": [row for row in units if row.open != 0], "open": opened, "overdue": late, "smallest": SMALLEST_CELL,
        "span": SPAN,
        "measures": measures(path=path, since=day - timedelta(days=SPAN), until=day, now=moment),
        "line": line_figures(path=path, now=moment),
    }  # fmt: skip
    return render(request, "window/counts.html", context)
