"""The pages of a proposal: the form, the proposal with its clock, the answers, an appeal."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import pick
from qiao.org.appeals.queries import appeals_of
from qiao.org.settings.queries import value_of
from qiao.org.units import queries, services
from qiao.org.units.choices import LeadForm, UnitState
from qiao.org.units.forms import AppealForm, ApproveForm, PreparedForm, ProposeForm, ReasonForm
from qiao.org.units.models import Founding, Unit
from qiao.org.units.rules import kinds_below, may_answer, takes_in
from qiao.org.units.rules.settings import COMMITTEE_REQUIRED_AT
from qiao.org.units.services.approve import APPEAL_KIND
from qiao.org.units.views.common import attempt, unit_or_404


@page(SIGNED_IN)
def propose(request: ActorRequest, label: str) -> HttpResponse:
    """Propose a unit below this one: whoever is signed in may."""
    above = unit_or_404(label)
    if not takes_in(above) or not kinds_below(above.kind):
        raise Http404
    today = localdate(now())
    required_at = value_of(COMMITTEE_REQUIRED_AT, path=above.path, on=today)
    # Who comes from the outreach to an employer finds it entered.
    initial = {"planned": today + timedelta(days=60), "employers": request.GET.get("employers", "")[:400]}
    form = ProposeForm(request.POST or None, above=above, required_at=required_at, initial=initial)
    made: list[Founding] = []

    def act() -> None:
        made.append(services.propose_unit(actor=request.actor, now=now(), above=above, **form.cleaned_data))

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Proposed. Your receipt: %(receipt)s. Keep it.") % {"receipt": made[0].receipt})
        return redirect("units:unit", made[0].code)
    return render(request, "units/propose.html", {"unit": above, "form": form})


def show_founding(request: ActorRequest, unit: Unit) -> HttpResponse:
    """The page of a proposal, for its proposer and the officers above."""
    founding = queries.founding_of(unit)
    if founding is None:
        raise Http404
    actor, mine = request.actor, request.actor.did(founding.proposed_by_id)
    answers = may_answer(actor, founding)
    context = {
        "unit": unit,
        "founding": founding,
        "above": queries.line_above(unit),
        "steps": queries.state_steps(unit, founding),
        "next": queries.next_act(unit, founding, None, now()),
        "history": queries.steps_of(unit),
        "mine": mine,
        "may_begin": answers and unit.state == UnitState.PROPOSED,
        "may_approve": answers and unit.state == UnitState.PREPARING and founding.prepared is not None,
        "may_refuse": answers and unit.state in (UnitState.PROPOSED, UnitState.PREPARING),
        "own_proposal": mine and actor.may("unit.approve", unit.path[:-5]),
        "may_report": unit.state == UnitState.PREPARING
        and founding.prepared is None
        and (mine or actor.may("unit.found", unit.path[:-5]) or actor.holds("hub_organiser", unit.path[:-5])),
        "may_withdraw": mine and unit.state in (UnitState.PROPOSED, UnitState.PREPARING),
        "may_appeal": mine and unit.state == UnitState.REFUSED,
        "appeals": appeals_of(APPEAL_KIND, founding.code) if unit.state == UnitState.REFUSED or mine else [],
        "lead_form": LeadForm(founding.lead_form).label,
    }
    return render(request, "units/founding.html", context)


def _seen(request: ActorRequest, label: str) -> tuple[Unit, Founding]:
    unit = unit_or_404(label)
    founding = queries.founding_of(unit)
    if founding is None or not queries.may_see(request.actor, unit):
        raise Http404
    return unit, founding


@page("unit.approve")
@require_POST
def begin(request: ActorRequest, label: str) -> HttpResponse:
    """Let the founding be prepared."""
    _unit, founding = _seen(request, label)
    services.begin_preparing(actor=request.actor, now=now(), code=founding.code)
    return redirect("units:unit", founding.code)


@page("unit.approve")
def approve(request: ActorRequest, label: str) -> HttpResponse:
    """Approve a prepared unit: its label and its day."""
    unit, founding = _seen(request, label)
    if not may_answer(request.actor, founding):
        raise Refused("nobody approves their own proposal")
    above = queries.line_above(unit)[-1]
    form = ApproveForm(request.POST or None, initial={"label": f"{above.label}-", "founded": localdate(now())})

    def act() -> None:
        given = form.cleaned_data
        services.approve_unit(
            actor=request.actor, now=now(), code=founding.code, label=given["label"], founded=given["founded"]
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("%(unit)s is approved. Next its members elect.") % {"unit": pick(unit.name)})
        return redirect("units:unit", form.cleaned_data["label"])
    return render(request, "units/approve.html", {"unit": unit, "founding": founding, "form": form})


@page("unit.approve")
def refuse(request: ActorRequest, label: str) -> HttpResponse:
    """Refuse a proposal with a reason."""
    unit, founding = _seen(request, label)
    if not may_answer(request.actor, founding):
        raise Refused("nobody answers their own proposal")
    form = ReasonForm(request.POST or None)

    def act() -> None:
        services.refuse_unit(actor=request.actor, now=now(), code=founding.code, reason=form.cleaned_data["reason"])

    if request.method == "POST" and attempt(form, act):
        return redirect("units:unit", founding.code)
    return render(request, "units/refuse.html", {"unit": unit, "founding": founding, "form": form})


@page(SIGNED_IN)
def prepared(request: ActorRequest, label: str) -> HttpResponse:
    """Report that the preparation is finished."""
    unit, founding = _seen(request, label)
    form = PreparedForm(request.POST or None)

    def act() -> None:
        services.report_prepared(
            actor=request.actor, now=now(), code=founding.code, members=form.cleaned_data["members"]
        )

    if request.method == "POST" and attempt(form, act):
        return redirect("units:unit", founding.code)
    return render(request, "units/prepared.html", {"unit": unit, "founding": founding, "form": form})


@page(SIGNED_IN)
@require_POST
def withdraw(request: ActorRequest, label: str) -> HttpResponse:
    """Take one's proposal back."""
    _unit, founding = _seen(request, label)
    services.withdraw_proposal(actor=request.actor, now=now(), code=founding.code)
    return redirect("units:unit", founding.code)


@page(SIGNED_IN)
def appeal(request: ActorRequest, label: str) -> HttpResponse:
    """Appeal against the refusal of one's proposal."""
    unit, founding = _seen(request, label)
    form = AppealForm(request.POST or None)
    made = []

    def act() -> None:
        made.append(
            services.appeal_refusal(
                actor=request.actor, now=now(), code=founding.code, ground=form.cleaned_data["ground"]
            )
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Appealed. Your receipt: %(receipt)s. Keep it.") % {"receipt": made[0].receipt})
        return redirect("appeals:appeal", made[0].code)
    return render(request, "units/appeal.html", {"unit": unit, "founding": founding, "form": form})
