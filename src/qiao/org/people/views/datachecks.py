"""Data checks of a unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import services
from qiao.org.people.choices import CampaignState
from qiao.org.people.forms import WordsForm
from qiao.org.people.models import Campaign
from qiao.org.people.queries.campaigns import campaign_by_code, campaigns_of, link_counts, to_ask_in_person
from qiao.org.people.views.finding import found_unit
from qiao.org.units.models import Unit


@page("datacheck.run")
def campaigns(request: ActorRequest, label: str) -> HttpResponse:
    """The data checks of a unit, and a new one."""
    unit = found_unit(request.actor, "datacheck.run", label)
    form = WordsForm(request.POST or None, label=_("Why are the members asked?"), hint=_("One sentence; they read it."))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_campaign(
                actor=request.actor, now=now(), unit=unit, reason=form.cleaned_data["text"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("persons:campaign", unit.label, made.code)
    rows = campaigns_of(unit.path)
    running = next((row for row in rows if row.unit_id == unit.pk and row.state == CampaignState.OPEN), None)
    return render(request, "people/campaigns.html", {"unit": unit, "form": form, "rows": rows, "running": running})


@page("datacheck.run")
def campaign(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """One data check: how many answered, and whom to ask in person."""
    unit = found_unit(request.actor, "datacheck.run", label)
    row = _campaign(unit, code)
    context = {
        "unit": unit,
        "row": row,
        "counts": link_counts(row),
        "to_ask": to_ask_in_person(request.actor, row),
        "open": row.state == CampaignState.OPEN,
        "steps": [
            (state.label, state != row.state == CampaignState.CLOSED, state == row.state) for state in CampaignState
        ],
    }
    return render(request, "people/campaign.html", context)


@page("datacheck.run")
@require_POST
def close(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """End a data check."""
    unit = found_unit(request.actor, "datacheck.run", label)
    _campaign(unit, code)
    services.close_campaign(actor=request.actor, now=now(), code=code)
    messages.success(request, _("The data check is closed; its links hold no more."))
    return redirect("persons:campaign", unit.label, code)


def _campaign(unit: Unit, code: str) -> Campaign:
    try:
        row = campaign_by_code(code)
    except Campaign.DoesNotExist:
        raise Http404 from None
    if not row.unit.path.startswith(unit.path):
        raise Http404
    return row
