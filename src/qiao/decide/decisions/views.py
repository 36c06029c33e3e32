"""Pages of decisions."""

from __future__ import annotations

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.ballots.models import Ballot
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.queries import fate_labels, unanswered_count
from qiao.decide.decisions import queries, services
from qiao.decide.decisions.forms import DecisionForm
from qiao.decide.decisions.models import Decision

#: A year that dates can have.
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """The register, by year and by words."""
    search, year = request.GET.get("q", "").strip(), request.GET.get("year", "")
    found = queries.register(search=search, year=int(year) if _YEAR.fullmatch(year) else None)
    context = {
        "page": Paginator(found, queries.PER_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "year": year,
        "years": queries.years(),
        "may_decide": request.actor.may("decision.take"),
    }
    return render(request, "decisions/board.html", context)


@page(PUBLIC)
def decision(request: ActorRequest, code: str) -> HttpResponse:
    """One decision: text, vote record, opinions and proposals with their fate, needs, projects."""
    try:
        found = queries.decision_by_code(code)
    except Decision.DoesNotExist:
        raise Http404 from None
    fates = queries.fates(found)
    context = {
        "decision": found,
        "fates": fates,
        "tasks": queries.task_lines(fates.adopted, today=localdate(now())),
        "projects": queries.projects_born(found),
        "entry": queries.ledger_entry(code),
        "may_plan": request.actor.may("project.plan", found.unit.path),
    }
    return render(request, "decisions/decision.html", context)


@page(PUBLIC)
def programme(request: ActorRequest, year: int | None = None) -> HttpResponse:
    """The programme of a year: everything adopted, the need behind it, who answers for it, where it stands."""
    years = queries.years()
    shown = year or (years[0] if years else localdate(now()).year)
    if not 1900 <= shown <= 2999:
        raise Http404
    lines = queries.task_lines(queries.programme(shown), today=localdate(now()))
    context = {
        "year": shown, "years": years, "lines": lines,
        "named": sum(line.row.due is not None for line in lines),
        "without_need": sum(not line.needs for line in lines),
    }  # fmt: skip
    return render(request, "decisions/programme.html", context)


@page("decision.take")
def take(request: ActorRequest) -> HttpResponse:
    """Take a decision on a consultation and the vote after it; without one named, choose what waits."""
    consultation, ballot = request.GET.get("consultation", ""), request.GET.get("ballot", "")
    if not consultation and not ballot:
        return render(request, "decisions/choose.html", {"waiting": queries.undecided(request.actor)})
    try:
        ground = queries.ground(consultation, ballot)
    except (Consultation.DoesNotExist, Ballot.DoesNotExist):
        raise Http404 from None
    form = DecisionForm(request.POST or None, ground=ground, today=localdate(now()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            taken = services.take_decision(
                actor=request.actor, now=now(), unit=ground.consultation.unit, title=given["title"],
                text=given["text"], consultation_code=ground.consultation.code, ballot_code=ballot,
                proposal_codes=form.adopted(), rejected=form.rejected(), votes_for=given["votes_for"],
                votes_against=given["votes_against"], votes_abstained=given["votes_abstained"], tasks=form.tasks(),
            )  # fmt: skip
        except (Problem, Problems) as problem:
            for line in problem_text(problem).splitlines():
                form.add_error(None, line)
        else:
            messages.success(request, _("The decision is taken and published."))
            return redirect("decisions:decision", taken.code)
    context = {
        "form": form,
        "ground": ground,
        "unanswered": unanswered_count(ground.consultation.code),
        "opinions": fate_labels(ground.consultation.code),
    }
    return render(request, "decisions/take.html", context)
