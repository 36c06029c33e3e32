"""News for everybody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.publish import queries


@page(PUBLIC)
def news(request: ActorRequest) -> HttpResponse:
    """The newest articles."""
    return render(request, "publish/news.html", {"articles": queries.latest(30)})
