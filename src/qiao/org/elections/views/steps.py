"""Elections of a unit, step by step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.counts import is_small
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.elections import queries, services
from qiao.org.elections.choices import Cause, ElectionState, NominatedBy
from qiao.org.elections.forms import NominateForm, PlanForm, ReasonForm, ResultForm
from qiao.org.elections.models import Election
from qiao.org.elections.rules import OPEN, Count
from qiao.org.elections.services.prepare import POSTS
from qiao.org.elections.views.finding import find_election, find_unit
from qiao.org.mandates.choices import CommitteeKind, EmployerPost, Post
from qiao.org.mandates.queries import current_term
from qiao.org.membership.queries import member_count

#: Warnings that hold no number of members.
_OPEN_WARNINGS = frozenset({"chair_manages", "no_choice", "no_chair"})


@page(PUBLIC)
def elections(request: ActorRequest, label: str) -> HttpResponse:
    """The term of the unit's committee, its elections and its members' petitions."""
    unit = find_unit(label)
    rows = queries.elections_of(unit)
    may_run = request.actor.may("election.run", unit.path)
    is_member = any(path.startswith(unit.path) for path in request.actor.member_paths)
    petitions = queries.petitions_of(unit)
    for row in petitions:
        inside = may_run or is_member
        row.shown = queries.signatures_text(row, inside=inside)  # type: ignore[attr-defined]
        row.aim = row.needed if inside or not is_small(row.members) else "–"  # type: ignore[attr-defined]
    context = {
        "unit": unit,
        "today": localdate(now()),
        "term": current_term(unit),
        "elections": rows,
        "has_open": any(row.kind == CommitteeKind.UNION and row.state in OPEN for row in rows),
        "petitions": petitions,
        "may_run": may_run,
        "is_member": is_member,
    }
    return render(request, "elections/elections.html", context)


@page("election.run")
def plan(request: ActorRequest, label: str) -> HttpResponse:
    """Plan an election."""
    unit = find_unit(label)
    require(request.actor, "election.run", unit.path)
    cause = Cause.RENEWAL if current_term(unit) else Cause.FIRST
    form = PlanForm(request.POST or None, initial={"cause": cause})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.plan_election(
                actor=request.actor, now=now(), unit=unit, kind=CommitteeKind(given["kind"]),
                cause=Cause(given["cause"]), day=given["day"], seats=given["seats"], group=given["group"],
                place=given["place"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("elections:election", label, made.code)
    return render(request, "elections/plan.html", {"unit": unit, "form": form})


@page(PUBLIC)
def election(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """One election: where it stands, its counts, who is elected; candidates for members and officers."""
    found = find_election(label, code)
    if request.method == "POST":
        return _act(request, found)
    path = found.unit.path
    may_run = request.actor.may("election.run", path)
    may_decide = request.actor.may("election.confirm", path[:-5] or path)
    is_member = any(own.startswith(path) for own in request.actor.member_paths)
    inside = may_run or may_decide or is_member
    candidates = queries.candidates_of(found)
    if not inside:
        confirmed = found.state == ElectionState.CONFIRMED
        candidates = [row for row in candidates if row.elected and confirmed]
    count = None
    # Of a union with few members nobody outside is told any number: votes would be members.
    if found.electors is not None and (inside or not is_small(found.electors)):
        count = Count(found.electors, found.present or 0, found.handed_out or 0, found.valid or 0, found.invalid or 0)
    context = {
        "unit": found.unit,
        "election": found,
        "steps": queries.steps_of(found),
        "candidates": candidates,
        "count": count,
        "may_run": may_run,
        "may_decide": may_decide and queries.may_confirm(request.actor, found),
        "handled_by": queries.confirmed_elsewhere(found, now()) if may_run or may_decide else None,
        "may_nominate": may_run and found.state in (ElectionState.PLANNED, ElectionState.CALLED),
        "may_record": may_run
        and found.state in (ElectionState.CALLED, ElectionState.HELD, ElectionState.RETURNED)
        and found.day <= localdate(now()),
        "may_withdraw": may_run
        and found.state in (ElectionState.PLANNED, ElectionState.CALLED, ElectionState.HELD, ElectionState.RETURNED),
        "delegates": queries.delegates_wanted(found) if may_run else None,
        "sees_all": inside,
        # Those of numbers say how many members there are.
        "warnings": found.warnings if inside else [one for one in found.warnings if one in _OPEN_WARNINGS],
        "sees_votes": count is not None,
    }
    return render(request, "elections/election.html", context)


def _act(request: ActorRequest, found: Election) -> HttpResponse:
    """One of the acts that need no form: call, file, confirm, strike a candidate."""
    actor, moment, step = request.actor, now(), request.POST.get("step", "")
    try:
        if step == "call":
            services.call_election(actor=actor, now=moment, code=found.code)
            messages.success(request, _("The members are called."))
        elif step == "file":
            services.file_result(actor=actor, now=moment, code=found.code)
            messages.success(request, _("The result is filed with the unit above."))
        elif step == "confirm":
            services.confirm_result(actor=actor, now=moment, code=found.code)
            messages.success(request, _("The result is confirmed: the new term has begun."))
        elif step == "strike":
            key = next(
                (row.pk for row in queries.candidates_of(found) if str(row.pk) == request.POST.get("candidate")), None
            )
            if key is None:
                raise Problem("There is no such candidate on the list of this election.")
            services.withdraw_candidate(actor=actor, now=moment, code=found.code, candidate_id=key)
            messages.success(request, _("The candidate is off the list."))
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("elections:election", found.unit.label, found.code)


@page("election.run")
def nominate(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Put a candidate on the list."""
    found = find_election(label, code)
    require(request.actor, "election.run", found.unit.path)
    form = NominateForm(request.POST or None, posts=POSTS[CommitteeKind(found.kind)])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.nominate(
                actor=request.actor, now=now(), code=code, name=given["name"], post=Post(given["post"]),
                nominated_by=NominatedBy(given["nominated_by"]), no_relative=given["no_relative"],
                employer_post=EmployerPost(given["employer_post"]), account=given["account"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            if made.employer_post != EmployerPost.NONE and made.post == Post.CHAIR:
                messages.warning(
                    request,
                    _("Entered, with a warning for all: a chair who manages for the employer is not independent."),
                )
            else:
                messages.success(request, _("%(name)s is nominated.") % {"name": made.name})
            return redirect("elections:election", label, code)
    return render(request, "elections/nominate.html", {"unit": found.unit, "election": found, "form": form})


@page("election.run")
def result(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Record what the minutes say."""
    found = find_election(label, code)
    require(request.actor, "election.run", found.unit.path)
    candidates = [row for row in queries.candidates_of(found) if not row.withdrawn]
    names = ("electors", "present", "handed_out", "valid", "invalid")
    initial = {name: getattr(found, name) for name in names}
    initial["electors"] = initial["electors"] or member_count(found.unit.path)
    initial |= {"held_on": found.held_on or found.day, "evidence_code": found.evidence_code}
    form = ResultForm(request.POST or None, request.FILES or None, candidates=candidates, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        digest, name = form.minutes_hash()
        try:
            services.hold_election(
                actor=request.actor, now=now(), code=code, held_on=given["held_on"],
                count=Count(*(given[key] for key in names)), votes=form.votes(), elected=form.elected(),
                secret=given["secret"], minutes_sha256=digest or found.minutes_sha256,
                minutes_name=name or found.minutes_name, evidence_code=given["evidence_code"],
                term_until=given["term_until"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The result is recorded: look through it and file it."))
            return redirect("elections:election", label, code)
    return render(request, "elections/result.html", {"unit": found.unit, "election": found, "form": form})


@page("election.confirm")
def send_back(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Send a filed result back for correction."""
    found = find_election(label, code)
    require(request.actor, "election.confirm", found.unit.path[:-5] or found.unit.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.return_result(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("elections:election", label, code)
    return render(request, "elections/return.html", {"unit": found.unit, "election": found, "form": form})


@page("election.run")
def withdraw(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Withdraw an election."""
    found = find_election(label, code)
    require(request.actor, "election.run", found.unit.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_election(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("elections:election", label, code)
    return render(request, "elections/withdraw.html", {"unit": found.unit, "election": found, "form": form})
