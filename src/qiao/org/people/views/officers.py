"""Officers' pages: finding a member by number, seeing and keeping contacts, with a reason each time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import queries, services
from qiao.org.people.choices import ContactKind
from qiao.org.people.forms import EnterForm, FindForm, IdentityForm, ReasonForm
from qiao.org.people.queries.own import opened
from qiao.org.people.views.finding import found_unit, member_of


@page("contact.look")
def find(request: ActorRequest, label: str) -> HttpResponse:
    """Members by mobile number, mail address or identity number."""
    unit = found_unit(request.actor, "contact.look", label)
    form = FindForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = services.find_persons(
                actor=request.actor, now=now(), by=given["by"], value=given["value"], reason=given["reason"]
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    return render(request, "people/find.html", {"unit": unit, "form": form, "found": found})


@page("contact.look")
def person(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """One member's contacts: hidden until a reason is given, logged and shown to the member."""
    unit = found_unit(request.actor, "contact.look", label)
    member = member_of(unit, number)
    form = ReasonForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            shown = services.look_at_contacts(
                actor=request.actor, now=now(), person=member, reason=form.cleaned_data["reason"]
            )
        except Problem as problem:
            form.add_error("reason", problem_text(problem))
    context = {
        "unit": unit,
        "member": member,
        "form": form,
        "shown": shown,
        "contacts": [(row, opened(row)) for row in shown.contacts] if shown else [],
        "fresh": queries.freshness([number]).get(number),
        "may_keep": request.actor.may("person.keep", unit.path),
        "enter_form": EnterForm(),
        "identity_form": IdentityForm(),
    }
    answer = render(request, "people/person.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page("person.keep")
def enter(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Enter a contact the member gave."""
    unit = found_unit(request.actor, "person.keep", label)
    member = member_of(unit, number)
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_contact(
                actor=request.actor, now=now(), person=member, kind=form.cleaned_data["kind"],
                value=form.cleaned_data["value"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error("value", problem_text(problem))
        else:
            messages.success(request, _("It is kept."))
            return redirect("persons:person", unit.label, number)
    return render(request, "people/enter.html", {"unit": unit, "member": member, "form": form})


@page("person.keep")
@require_POST
def stale(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Note that a contact reaches nobody."""
    unit = found_unit(request.actor, "person.keep", label)
    member = member_of(unit, number)
    kind = request.POST.get("kind", "")
    if kind in ContactKind.values:
        services.mark_stale(actor=request.actor, now=now(), person=member, kind=kind)
        messages.success(request, _("Noted: it is used no more until somebody corrects it."))
    return redirect("persons:person", unit.label, number)


@page("person.keep")
def identity(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Note how it was checked who the member is."""
    unit = found_unit(request.actor, "person.keep", label)
    member = member_of(unit, number)
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["way"] == "number":
                services.check_identity(
                    actor=request.actor, now=now(), person=member, number=form.cleaned_data["number"]
                )
            else:
                services.see_paper_proof(actor=request.actor, now=now(), person=member)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Noted."))
            return redirect("persons:person", unit.label, number)
    return render(request, "people/identity.html", {"unit": unit, "member": member, "form": form})
