"""What the union told me."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.org.people import queries, services
from qiao.org.people.queries.messages import message_of


@page(SIGNED_IN)
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """The newest messages."""
    return render(request, "people/messages.html", {"rows": queries.messages_of(request.actor)})


@page(SIGNED_IN)
@require_GET
def message(request: ActorRequest, number: int) -> HttpResponse:
    """One message of mine."""
    found = message_of(request.actor, number)
    if found is None:
        raise Http404
    services.open_message(actor=request.actor, now=now(), message=found)
    return render(request, "people/message.html", {"message": found})
