"""The landing page of one station."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page


@page(PUBLIC)
def deliver(request: ActorRequest) -> HttpResponse:
    """What is open at this station, and what came out of it."""
    return render(request, "web/deliver.html", {})
