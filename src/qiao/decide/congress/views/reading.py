"""What everybody reads: the board, a term, meetings, resolutions, measures, what is overdue."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.decide.congress import queries
from qiao.decide.congress.choices import ItemState, SessionState, TermState, Way
from qiao.decide.congress.forms import FindForm
from qiao.decide.congress.models import MeetingPaper
from qiao.decide.congress.rules.states import VOTED, session_steps, term_steps
from qiao.decide.congress.views.finding import congress_of, item_of, session_of

PER_PAGE = 30
_LIVE = (SessionState.QUORUM, SessionState.VOTES)


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """My congress first, then all."""
    find = request.GET.get("find", "").replace("\x00", "").strip()[:60]
    rows = Paginator(queries.congresses_for(request.actor, find), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "mine": queries.own_congresses(request.actor) if request.actor.signed_in else [],
        "seats": queries.seats_held(request.actor),
        "meetings": queries.next_sessions(request.actor) if request.actor.signed_in else [],
        "rows": rows,
        "find": find,
        "find_form": FindForm(initial={"find": find}),
        "resolved": queries.resolutions(8),
        "may_run": request.actor.may("congress.run"),
    }
    return render(request, "congress/board.html", context)


@page(PUBLIC)
def congress(request: ActorRequest, code: str) -> HttpResponse:
    """One term: quotas, delegates, meetings, calls, breaches."""
    found = congress_of(request, code)
    who = queries.standing(found, request.actor)
    today = localdate(now())
    end = found.extended_until or found.until
    places = list(found.constituencies.order_by("position"))
    seats = (
        list(found.delegates.filter(until__isnull=True).order_by("constituency__position", "pk")) if who.inside else []
    )
    context = {
        "congress": found,
        "who": who,
        "steps": term_steps(found.state),
        "quotas": [] if found.assembly else queries.quota_table(found),
        "places": [(place, [seat for seat in seats if seat.constituency_id == place.pk]) for place in places],
        "assembly": seats if found.assembly else [],
        "left": found.workers - sum(place.electors for place in places),
        "elected": found.delegates.filter(until__isnull=True).count(),
        "sessions": queries.sessions_of(found),
        "calls": [(call, queries.has_signed(call, who.seat)) for call in queries.calls_of(found)] if who.inside else [],
        "breaches": found.breaches.order_by("-letter") if who.inside else [],
        "end": end,
        "over": end is not None and end <= today,
        "may_file": who.may_run and found.state in (TermState.ELECTING, TermState.RETURNED),
        "may_decide": who.may_certify and found.state == TermState.FILED and not request.actor.did(found.filed_by_id),
        "entries": queries.ledger_entries(found.code),
        "now": now(),
    }
    return render(request, "congress/congress.html", context)


@page(PUBLIC)
def session(request: ActorRequest, code: str) -> HttpResponse:
    """One meeting: agenda and papers, who is there, what was resolved."""
    found = session_of(request, code)
    who = queries.standing(found.congress, request.actor)
    items = queries.items_of(found)
    context = {
        "session": found,
        "congress": found.congress,
        "who": who,
        "steps": session_steps(found.state),
        "items": items,
        "open_item": next((item for item in items if item.state == ItemState.OPEN), None),
        "unsettled": sum(item.state != ItemState.DONE for item in items),
        "files": found.files.defer("content").order_by("pk") if queries.may_see_text(found, who) else [],
        "sees": queries.may_see_text(found, who),
        "hall": queries.hall_of(found),
        "there": queries.is_there(found, who.seat),
        "day": localdate(now()) >= localdate(found.meets),
        "live": found.state in _LIVE,
        "may_come": who.seat is not None
        and found.state in (SessionState.PAPERS_SENT, *_LIVE)
        and localdate(now()) >= localdate(found.meets),
        "reported": found.reported_proposals.order_by("pk") if who.inside else [],
        "entries": queries.ledger_entries(found.code),
    }
    return render(request, "congress/session.html", context)


@page(PUBLIC)
def item(request: ActorRequest, code: str) -> HttpResponse:
    """One item of business: its text for the unit, its result for everybody."""
    found = item_of(request, code)
    who = queries.standing(found.session.congress, request.actor)
    sees = queries.may_see_text(found.session, who)
    voted = found.kind in VOTED
    moment = now()
    context = {
        "item": found,
        "session": found.session,
        "who": who,
        "sees": sees or found.session.resolved is not None,
        "files": found.files.defer("content").order_by("pk") if sees else [],
        "options": found.options.order_by("position"),
        "voted": voted,
        "blocks": queries.result_of(found) if found.state == ItemState.DONE else [],
        "needed": queries.needed_for(found) if found.delegates else None,
        "in_box": queries.voted_so_far(found) if found.state == ItemState.OPEN and who.may_run else None,
        "paper": found.way in (Way.PAPER, Way.BOTH),
        "may_open": who.may_run and voted and found.state == ItemState.LISTED and found.session.state in _LIVE,
        "may_settle": who.may_run and found.state == ItemState.LISTED and found.session.state in _LIVE,
        "may_vote": who.seat is not None
        and found.state == ItemState.OPEN
        and found.way != Way.PAPER
        and not queries.has_voted(found, who.seat),
        "has_voted": queries.has_voted(found, who.seat),
        "waits_count": found.state == ItemState.CLOSED,
        "is_second": bool(found.tally) and not request.actor.did(found.tally_by_id),
        "may_register": bool(
            found.consultation_code and not found.decision_code and found.outcome == "passed"
            and found.session.resolved and request.actor.may("decision.take", found.session.congress.unit.path)
        ),
        "entries": queries.ledger_entries(found.code),
        "now": moment,
    }  # fmt: skip
    return render(request, "congress/item.html", context)


@page(PUBLIC)
def paper(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """A file of a meeting's papers, for the unit once they are sent."""
    found = session_of(request, code)
    if not queries.may_see_text(found, queries.standing(found.congress, request.actor)):
        raise Http404
    held = MeetingPaper.objects.filter(session=found, pk=key).first()
    if held is None:
        raise Http404
    response = HttpResponse(bytes(held.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, held.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(PUBLIC)
def resolutions(request: ActorRequest) -> HttpResponse:
    """What congresses resolved last."""
    return render(request, "congress/resolutions.html", {"rows": queries.resolutions()})


@page(PUBLIC)
def measures(request: ActorRequest) -> HttpResponse:
    """The measures of all congresses."""
    return render(request, "congress/measures.html", {"found": queries.measures(now())})


@page(PUBLIC)
def overdue(request: ActorRequest) -> HttpResponse:
    """Everything that is late, for everybody to see; texts stay within their unit."""
    return render(request, "congress/overdue.html", {"late": queries.overdue(now())})
