"""The member's side of a change of their number: see it, and stop it, signed in or by the link in the warning."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base import throttle
from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.org.people import services
from qiao.org.people.models import NumberChange
from qiao.org.people.queries.numbers import change_by_link, number_change, steps_of
from qiao.org.people.services.campaigns import secret_hash

_TRIES, _PER = 10, timedelta(minutes=10)


@page(SIGNED_IN)
def number(request: ActorRequest, code: str) -> HttpResponse:
    """A change of my number: where it stands, and the button that stops it."""
    try:
        row = number_change(code)
    except NumberChange.DoesNotExist:
        raise Http404 from None
    if not request.actor.concerns(row.person_id):
        raise Http404
    if request.method == "POST":
        services.stop_number(actor=request.actor, now=now(), code=row.code)
        row.refresh_from_db()
    return _shown(request, row, 200)


@page(PUBLIC)
def stop(request: ActorRequest, secret: str) -> HttpResponse:
    """By the link that went to an old contact. Opening it changes nothing: mail programs open links too."""
    moment = now()
    row = change_by_link(secret_hash(secret))
    if row is None:
        try:
            throttle.check("people.stop", throttle.address_of(request), limit=_TRIES, per=_PER, now=moment)
        except throttle.TooMany:
            return _shown(request, None, 429)
        return _shown(request, None, 410)
    if request.method == "POST":
        services.stop_number_by_link(now=moment, secret=secret)
        row.refresh_from_db()
    return _shown(request, row, 200)


def _shown(request: ActorRequest, row: NumberChange | None, status: int) -> HttpResponse:
    context = {"row": row, "steps": steps_of(row) if row else [], "late": status == 429}
    answer = render(request, "people/stop.html", context, status=status)
    answer["Referrer-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store"
    return answer
