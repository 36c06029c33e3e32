"""The review of applications, assisted entry, and the poster."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.joining import queries, services
from qiao.org.joining.choices import Identity, State
from qiao.org.joining.exports import qr_svg
from qiao.org.joining.forms import AssistForm, IdentityForm, PassOnForm, QuestionForm, ReasonForm
from qiao.org.joining.models import Application
from qiao.org.joining.rules import clean_contact, may_become, steps_of
from qiao.org.membership.choices import Confirmation, Employment
from qiao.org.people.queries import has_consent
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in


@page("joining.review")
def applications(request: ActorRequest, label: str) -> HttpResponse:
    """What waits at a unit, and what it decided."""
    unit = _unit(request, "joining.review", label)
    rows = [(row, queries.progress_of(row, now()), row.state in ("applied", "under_review"))
            for row in queries.open_at(unit)]  # fmt: skip
    context = {"unit": unit, "rows": rows, "decided": queries.decided_at(unit), "now": now(),
               "many": sum(ready for _row, _progress, ready in rows) > 1}  # fmt: skip
    return render(request, "joining/applications.html", context)


@page("joining.review")
@require_POST
def approve_several(request: ActorRequest, label: str) -> HttpResponse:
    """Approve workers' own applications that are ticked; what cannot be approved stays."""
    unit = _unit(request, "joining.review", label)
    here = {row.code for row in queries.open_at(unit)}
    codes = [code for code in request.POST.getlist("code") if code in here]
    done, left = services.approve_many(actor=request.actor, now=now(), codes=codes)
    if done:
        text = ngettext("%(number)d worker is a member now.", "%(number)d workers are members now.", len(done))
        messages.success(request, text % {"number": len(done)})
    for code, problem in left:
        messages.error(request, _("%(code)s stays: %(why)s") % {"code": code, "why": problem_text(problem)})
    return redirect("applications:list", unit.label)


@page("joining.review")
def application(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """One application."""
    unit, found = _application(request, label, code)
    return _shown(request, unit, found)


def _shown(
    request: ActorRequest, unit: Unit, found: Application, faulty: object = None, status: int = 200
) -> HttpResponse:
    own_entry = request.actor.did(found.entered_by_id)
    is_open = found.state in ("applied", "under_review")
    context = {
        "unit": unit,
        "application": found,
        "steps": steps_of(found.state),
        "progress": queries.progress_of(found, now()),
        "twins": _twins(request, found) if is_open else [],
        "is_open": is_open,
        "own_entry": own_entry,
        "may_decide": is_open and not own_entry and not request.actor.tied(found.unit.path, found.employer_id),
        "tied": is_open and request.actor.tied(found.unit.path, found.employer_id),
        "handled_by": queries.handled_elsewhere(found, now()),
        "may_take_up": found.state == State.APPLIED and may_become(found.state, State.UNDER_REVIEW),
        "identity_form": IdentityForm(number=found.identity_number is not None, initial={"identity": found.identity}),
        "question_form": QuestionForm(),
        "reason_form": ReasonForm(),
        "pass_form": PassOnForm(),
    }
    return render(request, "joining/application.html", context)


def _twins(request: ActorRequest, found: Application) -> list[dict[str, object]]:
    """Whom the applicant may be; the name of another unit's member, or former one, only where they let others see."""
    rows: list[dict[str, object]] = []
    for twin in queries.twins_of(found):
        sees = (
            twin.home is None
            or request.actor.may("member.list", twin.home)
            or (twin.person_id is not None and has_consent(twin.person_id, "see_by_other_unit"))
        )
        rows.append({
            "by_identity": twin.by_identity, "by_contact": twin.by_contact, "person_id": twin.person_id,
            "name": twin.name, "standing": twin.standing, "former": twin.former, "application": twin.application,
            "may_see": sees,
        })  # fmt: skip
    return rows


@page("joining.review")
@require_POST
def decide(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """Everything the unit does with one application; ``act`` says what."""
    unit, found = _application(request, label, code)
    what = request.POST.get("act", "")
    try:
        done = _do(request, found, what)
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("applications:one", unit.label, code)
    if done:
        messages.success(request, done)
    return (
        redirect("applications:one", unit.label, code) if what in _STAY else redirect("applications:list", unit.label)
    )


_STAY = ("take_up", "identity")


def _do(request: ActorRequest, found: Application, what: str) -> str:
    actor, at, code = request.actor, now(), found.code
    if what == "take_up":
        services.take_up(actor=actor, now=at, code=code)
        return ""
    if what == "identity":
        wanted = request.POST.get("identity", "")
        if wanted not in Identity.values:
            raise Problem("Choose how you checked who the worker is.")
        services.note_identity(actor=actor, now=at, code=code, identity=Identity(wanted))
        return _("Written down.")
    if what == "approve":
        same = request.POST.get("same", "")
        services.approve(
            actor=actor, now=at, code=code, same_person=int(same) if same.isdecimal() else None,
            other_person=same == "other",
        )  # fmt: skip
        return _("%(name)s is a member now, and is told who represents them.") % {"name": found.name}
    if what == "known":
        same = request.POST.get("same", "")
        if not same.isdecimal():
            raise Problem("Say which person of the register it is.")
        services.say_known(actor=actor, now=at, code=code, person_id=int(same))
        return _("The worker is told through their own contact.")
    forms = {"return": QuestionForm, "refuse": ReasonForm, "pass_on": PassOnForm}
    if what not in forms:
        raise Problem("Choose what is to be done with the application.")
    form = forms[what](request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return ""
    given = form.cleaned_data
    if what == "return":
        services.ask_back(actor=actor, now=at, code=code, question=given["question"])
        return _("Returned to the worker; the clock stands still until the answer.")
    if what == "refuse":
        services.refuse(actor=actor, now=at, code=code, reason=given["reason"])
        return _("Refused. The worker reads the reason and may appeal.")
    services.pass_on(actor=actor, now=at, code=code, to=given["unit"])
    return _("Passed on. The promised day stays.")


@page("joining.assist")
def assist(request: ActorRequest, label: str) -> HttpResponse:
    """Enter an application for a worker who confirms it."""
    unit = _unit(request, "joining.assist", label)
    form = AssistForm(request.POST or None, initial={"nonce": secrets.token_hex(16)})
    if form.only_looks:
        form.errors.clear()
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            employer = form.found_employer()
            kind, _value = clean_contact(given["contact"])
            found = services.enter_application(
                actor=request.actor,
                now=now(),
                at=unit,
                how=Confirmation(given["how"]),
                given=services.Given(
                    nonce=given["nonce"],
                    name=given["name"],
                    contact=given["contact"],
                    employment=Employment(given["employment"]),
                    agency_side=given["agency_side"],
                    employer=employer,
                    employer_written=given["employer_text"],
                    # A code we do not know holds the worker at the hub until it is found out.
                    at=unit if employer is None and not given["employer_text"] else None,
                    place=unit,
                    bypass=given["bypass"],
                    consents=[services.JOIN],
                    language=get_language() or "",
                ),
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return render(request, "joining/entered.html", {"unit": unit, "application": found, "kind": kind})
    return render(request, "joining/assist.html", {"unit": unit, "form": form})


@page("joining.assist")
def poster(request: ActorRequest, label: str) -> HttpResponse:
    """A sheet to print with the unit's own way to join."""
    unit = _unit(request, "joining.assist", label)
    if not takes_in(unit):
        raise Http404
    address = full_address(f"{reverse('joining:join')}?at={unit.label}")
    return render(request, "joining/poster.html", {"unit": unit, "address": address, "code": qr_svg(address)})


def _unit(request: ActorRequest, action: str, label: str) -> Unit:
    found = Unit.objects.filter(label=label).order_by("pk").first()
    if found is None:
        raise Http404
    require(request.actor, action, found.path)
    return found


def _application(request: ActorRequest, label: str, code: str) -> tuple[Unit, Application]:
    unit = _unit(request, "joining.review", label)
    found = queries.application_by_code(code)
    if found is None or found.unit_id != unit.pk:
        raise Http404
    return unit, found
