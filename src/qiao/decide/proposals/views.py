"""Pages of proposals."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.proposals import queries, rules, services
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.forms import ProposalForm, ReasonForm, RevisionForm
from qiao.decide.proposals.models import Proposal


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All proposals with need, cost and state."""
    state = request.GET.get("state", "")
    pages = Paginator(queries.all_proposals(state), queries.PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": queries.with_needs(shown.object_list),
        "states": [("", _("All states")), *ProposalState.choices],
        "state": state,
        "may_raise": request.actor.may("proposal.raise"),
    }
    return render(request, "proposals/board.html", context)


@page(PUBLIC)
def proposal(request: ActorRequest, code: str) -> HttpResponse:
    """One proposal: what, for which needs, at what cost, how far it has come."""
    found = _found(code)
    path = found.unit.path
    context = {
        "proposal": found,
        "needs": queries.with_needs([found])[0].needs,
        "steps": rules.steps(found.state),
        "awaits": rules.next_step(found.state),
        "may_revise": rules.may_be_revised(found.state) and request.actor.may("proposal.raise", path),
        "may_consult": found.state == ProposalState.RAISED and request.actor.may("consultation.run"),
        "may_reject": rules.may_be_rejected_alone(found.state) and request.actor.may("decision.take", path),
    }
    return render(request, "proposals/proposal.html", context)


@page("proposal.raise")
def raise_proposal(request: ActorRequest) -> HttpResponse:
    """Make a proposal, from a need's page with that need ticked."""
    options = {option.code for option in queries.need_options(request.actor)}
    need = request.GET.get("need", "")
    form = ProposalForm(request.POST or None, actor=request.actor, initial={"needs": [need] if need in options else []})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.raise_proposal(
                actor=request.actor,
                now=now(),
                unit=given["unit"],
                title=given["title"],
                text=given["text"],
                cost=given["cost"],
                need_codes=given["needs"],
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The proposal stands on the board as %(code)s.") % {"code": made.code})
            return redirect("proposals:proposal", made.code)
    return render(request, "proposals/raise.html", {"form": form, "any_need": bool(options)})


@require_POST
@page("proposal.raise")
def from_candidate(request: ActorRequest, code: str) -> HttpResponse:
    """Make the proposal of an adopted candidate."""
    try:
        made = services.raise_from_candidate(actor=request.actor, now=now(), candidate_code=code)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("needs:candidate", code)
    return redirect("proposals:proposal", made.code)


@page("proposal.raise")
def revise(request: ActorRequest, code: str) -> HttpResponse:
    """Change a proposal that has not been put to members yet."""
    found = _found(code)
    require(request.actor, "proposal.raise", found.unit.path)
    form = RevisionForm(request.POST or None, initial={"title": found.title, "text": found.text, "cost": found.cost})
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_proposal(actor=request.actor, now=now(), code=code, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("proposals:proposal", code)
    return render(request, "proposals/revise.html", {"form": form, "proposal": found})


@page("decision.take")
def reject(request: ActorRequest, code: str) -> HttpResponse:
    """Do not take a proposal up, and say why."""
    found = _found(code)
    require(request.actor, "decision.take", found.unit.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reject_proposal(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("proposals:proposal", code)
    return render(request, "proposals/reject.html", {"form": form, "proposal": found})


def _found(code: str) -> Proposal:
    try:
        return queries.proposal_by_code(code)
    except Proposal.DoesNotExist:
        raise Http404 from None
