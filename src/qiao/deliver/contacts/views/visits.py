"""One visit, from its plan to what the askers say."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, Actor, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.deliver.contacts import queries, rules, services
from qiao.deliver.contacts.choices import AHEAD, LOGGED, DutyState, IssueOutcome
from qiao.deliver.contacts.forms import AnswerForm, HandOverForm, LogForm, OutcomeForm, PlanForm, ReasonForm
from qiao.deliver.contacts.models import Duty, Issue
from qiao.org.units.models import Unit


@page("contact.log")
def plan(request: ActorRequest) -> HttpResponse:
    """Plan a visit of one's own."""
    form = PlanForm(request.POST or None, actor=request.actor, initial={"place": request.GET.get("place", "")})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        place = Unit.objects.filter(label=given.pop("place")).first()
        if place is None:
            form.add_error("place", _("There is no unit with this label."))
        else:
            try:
                made = services.plan_duty(actor=request.actor, now=now(), place=place, **given)
            except (Problem, Problems) as problem:
                form.add_error(None, problem_text(problem))
            else:
                messages.success(request, _("Planned. The place agrees to the day."))
                return redirect("contacts:duty", made.code)
    return render(request, "contacts/plan.html", {"form": form, "units": queries.own_units(request.actor)})


@page(PUBLIC)
def duty(request: ActorRequest, code: str) -> HttpResponse:
    """One visit: day and place for everybody, its log for those concerned."""
    found = _found(request, code)
    actor = request.actor
    own = actor.did(found.officer_id)
    at_place = actor.may("contact.confirm", found.place.path) and not own
    issues = queries.issues_of(found)
    context = {
        "duty": found,
        "own": own,
        "steps": rules.steps(found),
        "counted": len(rules.counted_days(found, issues=len(issues))),
        "issues": [_offer(actor, issue, at_place=at_place) for issue in issues],
        "sees_log": own or at_place or actor.may("contact.read", found.unit.path) or actor.may("contact.answer"),
        "may_agree": at_place and found.state == DutyState.PLANNED,
        "may_attest": at_place and found.state in LOGGED and found.present is None,
        "may_log": own and found.state in AHEAD and found.ends <= now(),
        "may_cancel": own and found.state in AHEAD,
        "may_hand_over": own and found.state == DutyState.DONE and bool(issues),
    }
    return render(request, "contacts/duty.html", context)


def _offer(actor: Actor, issue: Issue, *, at_place: bool) -> dict[str, object]:
    """An issue with the forms open to the one who looks."""
    answers = bool(
        issue.holder and not issue.request and issue.answered is None and actor.may("contact.answer", issue.holder.path)
    )
    records = at_place and issue.answered is not None and not issue.outcome
    return {
        "issue": issue,
        "answer_form": AnswerForm(prefix=f"i{issue.serial}") if answers else None,
        "outcome_form": OutcomeForm(prefix=f"i{issue.serial}") if records else None,
    }


@page("contact.confirm")
@require_POST
def agree(request: ActorRequest, code: str) -> HttpResponse:
    """The place agrees to the day."""
    _found(request, code)
    try:
        services.confirm_duty(actor=request.actor, now=now(), code=code)
    except (Problem, Problems) as problem:
        messages.error(request, problem_text(problem))
    return redirect("contacts:duty", code)


@page("contact.confirm")
@require_POST
def presence(request: ActorRequest, code: str) -> HttpResponse:
    """The place says whether the officer was there."""
    _found(request, code)
    try:
        services.attest_presence(
            actor=request.actor, now=now(), code=code, present=request.POST.get("present") == "yes"
        )
    except (Problem, Problems) as problem:
        messages.error(request, problem_text(problem))
    return redirect("contacts:duty", code)


@page("contact.log")
def cancel(request: ActorRequest, code: str) -> HttpResponse:
    """Call a visit off."""
    found = _own(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_duty(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("contacts:own")
    return render(request, "contacts/cancel.html", {"form": form, "duty": found})


@page("contact.log")
def log(request: ActorRequest, code: str) -> HttpResponse:
    """Log a visit."""
    found = _own(request, code)
    form = LogForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.log_duty(
                actor=request.actor, now=now(), code=code, notes=form.cleaned_data["notes"], issues=form.issues()
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("contacts:hand_over" if form.issues() else "contacts:duty", code)
    return render(request, "contacts/log.html", {"form": form, "duty": found})


@page("contact.log")
def hand_over(request: ActorRequest, code: str) -> HttpResponse:
    """Hand each issue to the unit that answers it."""
    found = _own(request, code)
    form = HandOverForm(request.POST or None, issues=queries.issues_of(found), holders=queries.holder_options(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.hand_over(
                actor=request.actor, now=now(), code=code, holders=form.holders(), at_window=form.at_window()
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Handed over: the clock of the unit that answers runs."))
            return redirect("contacts:duty", code)
    return render(request, "contacts/hand_over.html", {"form": form, "duty": found})


@page("contact.answer")
@require_POST
def answer(request: ActorRequest, code: str, serial: int) -> HttpResponse:
    """Answer one issue."""
    _found(request, code)
    form = AnswerForm(request.POST, prefix=f"i{serial}")
    if form.is_valid():
        try:
            services.answer_issue(
                actor=request.actor, now=now(), code=code, serial=serial, answer=form.cleaned_data["answer"]
            )
        except Issue.DoesNotExist:
            raise Http404 from None
        except (Problem, Problems) as problem:
            messages.error(request, problem_text(problem))
    else:
        messages.error(request, _("Say what was done, or why nothing can be."))
    return redirect("contacts:duty", code)


@page("contact.confirm")
@require_POST
def outcome(request: ActorRequest, code: str, serial: int) -> HttpResponse:
    """Record what those who raised it say."""
    _found(request, code)
    form = OutcomeForm(request.POST, prefix=f"i{serial}")
    if form.is_valid():
        try:
            services.record_outcome(
                actor=request.actor,
                now=now(),
                code=code,
                serial=serial,
                outcome=IssueOutcome(form.cleaned_data["outcome"]),
            )
        except Issue.DoesNotExist:
            raise Http404 from None
        except (Problem, Problems) as problem:
            messages.error(request, problem_text(problem))
    return redirect("contacts:duty", code)


def _found(request: ActorRequest, code: str) -> Duty:
    try:
        return queries.duty_for(request.actor, code)
    except Duty.DoesNotExist:
        raise Http404 from None


def _own(request: ActorRequest, code: str) -> Duty:
    found = _found(request, code)
    if not request.actor.did(found.officer_id):
        raise Http404
    return found
