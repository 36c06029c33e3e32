"""The landing page of the first station: what is open for answering, what members need, what became of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.figures import IntervalRow, described, interval_chart
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.hear.needs import queries as needs
from qiao.hear.needs.choices import NeedState
from qiao.hear.surveys import queries as surveys
from qiao.web import providers

SHOWN = 8


@page(PUBLIC)
def hear(request: ActorRequest) -> HttpResponse:
    """What is open at this station, and what came out of it."""
    moment = now()
    mine = [item for item in surveys.open_items(actor=request.actor, now=moment) if item.stage == Stage.HEAR]
    strongest = list(needs.published_needs()[:SHOWN])
    became = needs.became(strongest)
    known = {
        station.code: station for station in providers.stations([code for codes in became.values() for code in codes])
    }
    rows = [
        IntervalRow(" · ".join(filter(None, (pick(need.title), pick(need.group)))), need.share, need.lower, need.upper)
        for need in strongest
    ]
    context = {
        "mine": mine,
        "open_rounds": surveys.open_rounds(moment),
        "figure": _figure(rows) if rows else "",
        "needs": [
            (
                need,
                needs.figure_text(need),
                [known[code] for code in became[need.code] if code in known],
                need.state == NeedState.ANSWERED,
            )
            for need in strongest
        ],
        "published": list(surveys.published_rounds()[:5]),
    }
    return render(request, "web/hear.html", context)


def _figure(rows: list[IntervalRow]) -> str:
    return interval_chart(rows, title=gettext("The needs named most"), description=described(rows))
