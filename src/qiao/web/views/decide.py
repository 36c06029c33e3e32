"""The landing page of one station."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, Actor, ActorRequest, page
from qiao.base.clock import now
from qiao.base.records import OpenItem
from qiao.decide.ballots import queries as ballots
from qiao.decide.congress import queries as congress
from qiao.decide.consultations import queries as consultations
from qiao.decide.consultations.choices import ConsultationState
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.rules import answer_due
from qiao.decide.decisions import queries as decisions

#: How many rows each list shows before it points to its board.
SHOWN = 8


@page(PUBLIC)
def decide(request: ActorRequest) -> HttpResponse:
    """What is open at this station, and what came out of it."""
    moment = now()
    context = {
        "mine": _mine(request.actor, moment),
        "consultations": _open_consultations(request.actor, moment),
        "ballots": ballots.open_ballots(moment)[:SHOWN],
        "answering": [(row, answer_due(row)) for row in _being_answered(request.actor)],
        "decisions": decisions.register()[:5],
    }
    return render(request, "web/decide.html", context)


def _mine(actor: Actor, moment: datetime) -> list[OpenItem]:
    """What waits for this member here; the lists below tell the rest."""
    if not actor.is_member:
        return []
    return [
        *consultations.open_items(actor=actor, now=moment),
        *ballots.open_items(actor=actor, now=moment),
        *congress.open_items(actor=actor, now=moment),
    ]


def _open_consultations(actor: Actor, moment: datetime) -> list[Consultation]:
    found = consultations.all_consultations(actor).filter(state=ConsultationState.OPEN, closes__gt=moment)
    return list(found.order_by("closes", "pk")[:SHOWN])


def _being_answered(actor: Actor) -> list[Consultation]:
    """Closed consultations with ``received`` opinions, of which ``waiting`` have no answer; the oldest close first."""
    found = consultations.all_consultations(actor).filter(state=ConsultationState.CLOSED)
    counted = found.annotate(
        received=Count("opinions"), waiting=Count("opinions", filter=Q(opinions__answer__isnull=True))
    )
    return list(counted.order_by("closes", "pk")[:SHOWN])
