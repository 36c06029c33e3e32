"""Reading: the board and the page of one consultation."""

from __future__ import annotations

from collections import defaultdict

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.decide.consultations import queries, rules
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries.channels import channel_counts, may_enter
from qiao.decide.consultations.queries.reading import PER_PAGE
from qiao.decide.consultations.views.finding import found, reaches
from qiao.decide.proposals.queries import proposals_by_codes


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All consultations."""
    shown = Paginator(queries.all_consultations(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "may_run": request.actor.may("consultation.run")}
    return render(request, "consultations/board.html", context)


@page(PUBLIC)
def consultation(request: ActorRequest, code: str) -> HttpResponse:
    """One consultation: question, text, what is open to the reader, and after the close what was said and answered."""
    shown = found(request.actor, code)
    moment = now()
    context = {
        "consultation": shown,
        "steps": rules.steps(shown.state),
        "clauses": queries.clauses_of(shown),
        "statements": queries.statements_of(shown),
        "proposals": proposals_by_codes(row.proposal_code for row in shown.proposals.all()),
        "versions": list(queries.versions_of(shown)),
        "short": (shown.closes - shown.opens).days < shown.customary_days,
        "customary": shown.customary_days,
        **_for_reader(request, shown),
    }
    context["takes_part"] = rules.takes_part(shown.state, shown.closes, moment)
    context["over"] = shown.state == S.OPEN and not context["takes_part"]
    context["may_open"] = shown.state == S.NOTICED and shown.opens <= moment
    if shown.state in (S.CLOSED, S.ANSWERED):
        context |= _after_close(shown)
    return render(request, "consultations/consultation.html", context)


def _for_reader(request: ActorRequest, shown: Consultation) -> dict[str, object]:
    actor, path = request.actor, shown.unit.path
    member = reaches(actor, shown)
    context: dict[str, object] = {
        "may_run": actor.may("consultation.run", path),
        "may_answer": actor.may("opinion.answer", path),
        "may_moderate": actor.may("statement.moderate", path),
        "may_enter": may_enter(actor, shown),
        "member": member,
    }
    if member and actor.person_id is not None:
        context["own"] = list(queries.opinions_given(shown, actor.person_id))
        if shown.state == S.OPEN:
            context["ballot"] = queries.ballot_of(shown, actor.person_id)
    return context


def _after_close(shown: Consultation) -> dict[str, object]:
    opinions = queries.published_opinions(shown)
    by_clause: dict[int, list[queries.PublishedOpinion]] = defaultdict(list)
    elsewhere = []
    for opinion in opinions:
        if opinion.clause is not None and opinion.version == shown.version:
            by_clause[opinion.clause].append(opinion)
        else:
            elsewhere.append(opinion)
    fate = queries.opinion_fate(shown.code)
    return {
        "opinions": opinions,
        "by_clause": dict(by_clause),
        "elsewhere": elsewhere,
        "fate": queries.fate_labels(shown.code),
        "received": sum(fate.values()),
        "unanswered": fate["unanswered"],
        "by_channel": channel_counts(shown),
        "answer_due": rules.answer_due(shown),
        "outcomes": queries.outcomes(shown),
    }


@page(PUBLIC)
def version(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """One version of the text, as it stood."""
    shown = found(request.actor, code)
    kept = next((kept for kept in queries.versions_of(shown) if kept.number == number), None)
    if kept is None:
        raise Http404
    context = {"consultation": shown, "version": kept, "clauses": queries.clauses_of_version(shown, number)}
    return render(request, "consultations/version.html", context)
