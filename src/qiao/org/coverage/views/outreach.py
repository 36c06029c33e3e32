"""Campaigns of outreach, their board, and one employer's log."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.coverage import queries, services
from qiao.org.coverage.choices import LeadState
from qiao.org.coverage.exports import board_workbook
from qiao.org.coverage.forms import CampaignForm, LeadForm
from qiao.org.coverage.models import Campaign, Lead
from qiao.org.coverage.queries.outreach import lead_of, lines_of
from qiao.org.joining.exports import qr_svg
from qiao.org.workplaces.queries import unit_for

_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("outreach.run")
def campaigns(request: ActorRequest) -> HttpResponse:
    """Campaigns of the actor's places, and new employers without a union."""
    paths = request.actor.paths("outreach.run")
    waiting, months = queries.new_employers_without(paths[0], localdate(now())) if paths else ([], 6)
    context = {"campaigns": queries.campaigns_at(paths)[:50], "waiting": waiting, "months": months}
    return render(request, "coverage/campaigns.html", context)


@page("outreach.run")
def new(request: ActorRequest) -> HttpResponse:
    """Open a campaign; the employers of its place and sector without a union are listed at once."""
    form = CampaignForm(request.POST or None, initial={"starts": localdate(now())})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_campaign(actor=request.actor, now=now(), **form.cleaned_data)
            number = services.list_employers(actor=request.actor, now=now(), code=made.code)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            words = ngettext("%(number)d employer is listed.", "%(number)d employers are listed.", number)
            messages.success(request, words % {"number": number})
            return redirect("coverage:campaign", made.code)
    return render(request, "coverage/new.html", {"form": form})


@page("outreach.run")
def campaign(request: ActorRequest, code: str) -> HttpResponse:
    """The board of a campaign; with ``?state=`` all its employers there."""
    found = _campaign(request, code)
    state = request.GET.get("state", "")
    start = request.GET.get("start", "")
    begin = int(start) if start.isdecimal() and len(start) < 7 else 0
    listed = queries.lead_page(found, state=state, start=begin) if state in LeadState.values else []
    context = {
        "campaign": found,
        "board": queries.board_of(found, localdate(now())),
        "state": state if state in LeadState.values else "",
        "listed": listed[:_PAGE],
        "further": begin + _PAGE if len(listed) > _PAGE else 0,
    }
    return render(request, "coverage/campaign.html", context)


@page("outreach.run")
def workbook(request: ActorRequest, code: str) -> HttpResponse:
    """The board of a campaign as a workbook; with ``?state=`` only the employers there."""
    found = _campaign(request, code)
    state = request.GET.get("state", "")
    leads = queries.all_leads(found, state=state if state in LeadState.values else "")
    response = HttpResponse(board_workbook(found, leads), content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="outreach-{found.code}.xlsx"'
    return response


@page("outreach.run")
@require_POST
def act(request: ActorRequest, code: str) -> HttpResponse:
    """List employers of the place that are not listed yet, or end the campaign."""
    found = _campaign(request, code)
    try:
        if request.POST.get("to") == "end":
            services.end_campaign(actor=request.actor, now=now(), code=found.code)
        else:
            number = services.list_employers(actor=request.actor, now=now(), code=found.code)
            words = ngettext("%(number)d employer is listed.", "%(number)d employers are listed.", number)
            messages.success(request, words % {"number": number})
    except (Problem, Problems) as problem:
        messages.error(request, problem_text(problem))
    return redirect("coverage:campaign", code)


@page("outreach.run")
def lead(request: ActorRequest, code: str, employer: str) -> HttpResponse:
    """One employer of a campaign: its log, the next step, and a new line."""
    found = _lead(_campaign(request, code), employer)
    today = localdate(now())
    union = unit_for(found.employer, today)
    form = LeadForm(
        request.POST or None, lead=found,
        initial={
            "to": found.state, "day": today, "next_step": found.next_step, "next_due": found.next_due,
            "unit": union.label if union else "",
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.move_lead(actor=request.actor, now=now(), code=code, employer_code=employer, **given)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("coverage:lead", code, employer)
    steps = [LeadState.LISTED, LeadState.CONTACTED, LeadState.PREPARING, LeadState.FORMED]
    state = LeadState(found.state)
    if state not in steps:
        steps.append(state)
    context = {
        "campaign": found.campaign,
        "lead": found,
        "lines": lines_of(found),
        "form": form,
        "union": union,
        "propose": _propose(found) if not union else "",
        "steps": [(step.label, steps.index(step) < steps.index(state), step == state) for step in steps],
    }
    return render(request, "coverage/lead.html", context)


@page("outreach.run")
def poster(request: ActorRequest, code: str) -> HttpResponse:
    """A poster for the employers of a campaign: the address of the page to join, and nobody's name."""
    found, address = _campaign(request, code), full_address(reverse("joining:join"))
    return render(request, "coverage/poster.html", {"campaign": found, "address": address, "code": qr_svg(address)})


def _propose(lead: Lead) -> str:
    """The form on which a unit is proposed below the employer's place, the employer filled in."""
    place = lead.employer.place
    employer = ", ".join(part for part in (lead.employer.name, lead.employer.reg_code) if part)
    return f"{reverse('units:propose', args=[place.label])}?{urlencode({'employers': employer})}"


def _campaign(request: ActorRequest, code: str) -> Campaign:
    try:
        found = queries.campaign_by_code(code)
    except Campaign.DoesNotExist:
        raise Http404 from None
    require(request.actor, "outreach.run", found.unit.path)
    return found


def _lead(campaign: Campaign, employer: str) -> Lead:
    found = lead_of(campaign, employer)
    if found is None:
        raise Http404
    return found
