"""The opinion map: who answers alike, what sets groups apart, what all share."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.decide.consultations import queries
from qiao.decide.consultations.exports import map_bundle
from qiao.decide.consultations.queries.pictures import SIDE, map_page, shows_live
from qiao.decide.consultations.views.finding import found


@page(PUBLIC)
def opinion_map(request: ActorRequest, code: str) -> HttpResponse:
    """The map as a figure, in words and as a table."""
    consultation = found(request.actor, code)
    context = {
        "consultation": consultation,
        "map": map_page(consultation),
        "outcomes": queries.outcomes(consultation),
        "over": consultation.results is not None,
        "live": shows_live(consultation),
        "side": SIDE,
    }
    return render(request, "consultations/opinion_map.html", context)


@page(PUBLIC)
def map_file(request: ActorRequest, code: str) -> HttpResponse:
    """Figures and map as a ZIP with a manifest; there is none before the close."""
    consultation = found(request.actor, code)
    outcomes = queries.outcomes(consultation)
    if outcomes is None:
        raise Http404
    day = localdate(consultation.closed or now())
    response = HttpResponse(map_bundle(consultation, outcomes, day), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{code}-opinions.zip"'
    return response
