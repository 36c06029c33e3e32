"""Everything held about me: seen, corrected, taken along."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiao.base import throttle
from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import queries, services
from qiao.org.people.choices import ContactKind, ContactState
from qiao.org.people.exports import own_archive
from qiao.org.people.forms import AboutForm, CodeForm, ContactForm
from qiao.org.people.models import Declaration
from qiao.org.people.queries.own import opened
from qiao.org.people.rules import own_data
from qiao.org.people.services.contacts import CODE_HOLDS
from qiao.org.people.views.finding import own_person


@page(SIGNED_IN)
def data(request: ActorRequest) -> HttpResponse:
    """Everything the platform holds about me, in groups."""
    person = own_person(request.actor)
    return render(request, "people/data.html", {"groups": own_data(person.pk)})


@page(SIGNED_IN)
def contact(request: ActorRequest, kind: str) -> HttpResponse:
    """Give, correct or take away one contact of mine, without an officer."""
    person = own_person(request.actor)
    which = _kind(kind)
    row = next((row for row in queries.contacts_of(person.pk) if row.kind == which), None)
    form = ContactForm(request.POST or None, kind=which, initial={"value": opened(row) if row else ""})
    if request.method == "POST" and request.POST.get("to") == "drop":
        services.drop_contact(actor=request.actor, now=now(), person=person, kind=which)
        messages.success(request, _("It is erased."))
        return redirect("people:data")
    if request.method == "POST" and form.is_valid():
        try:
            row = services.set_contact(
                actor=request.actor, now=now(), person=person, kind=which, value=form.cleaned_data["value"]
            )
        except Problem as problem:
            form.add_error("value", problem_text(problem))
        else:
            if row.state == ContactState.CONFIRMED:
                messages.success(request, _("It is kept."))
                return redirect("people:data")
            services.ask_code(actor=request.actor, now=now(), kind=which)
            messages.success(request, _("It is kept. A code is on its way there."))
            return redirect("people:code", which)
    return render(request, "people/contact.html", {"form": form, "contact": row, "kind": which})


@page(SIGNED_IN)
def code(request: ActorRequest, kind: str) -> HttpResponse:
    """Show by a code that the contact is mine."""
    person = own_person(request.actor)
    which = _kind(kind)
    row = next((row for row in queries.contacts_of(person.pk) if row.kind == which), None)
    if row is None:
        raise Http404
    if request.method == "POST" and request.POST.get("to") == "again":
        services.ask_code(actor=request.actor, now=now(), kind=which)
        messages.success(request, _("A code is on its way."))
        return redirect("people:code", which)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            throttle.check("contact.code", f"{person.pk}", limit=10, per=CODE_HOLDS, now=now())
            right = services.confirm_contact(actor=request.actor, now=now(), kind=which, code=form.cleaned_data["code"])
        except Problem as problem:
            form.add_error("code", problem_text(problem))
        else:
            if right:
                messages.success(request, _("Confirmed: we reach you there."))
                return redirect("people:data")
            form.add_error("code", _("This is not the code that was sent."))
    return render(request, "people/code.html", {"form": form, "contact": row, "kind": which})


@page(SIGNED_IN)
def about(request: ActorRequest) -> HttpResponse:
    """What I say of myself, or not."""
    person = own_person(request.actor)
    said = Declaration.objects.filter(person=person).first()
    migrant = said.self_declared_migrant if said else None
    initial = {"sex": said.sex if said else "", "migrant": "" if migrant is None else "yes" if migrant else "no"}
    form = AboutForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["migrant"]
        services.declare(
            actor=request.actor, now=now(), sex=form.cleaned_data["sex"], migrant=answer == "yes" if answer else None
        )
        messages.success(request, _("It is kept as you said it."))
        return redirect("people:data")
    return render(request, "people/about.html", {"form": form})


@page(SIGNED_IN)
@require_GET
def looks(request: ActorRequest) -> HttpResponse:
    """Who looked at me, when, in what office, and why."""
    person = own_person(request.actor)
    before = request.GET.get("before", "")
    rows, following = queries.looks_of(
        person.pk, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    return render(request, "people/looks.html", {"looks": rows, "following": following})


@page(SIGNED_IN)
@require_POST
def download(request: ActorRequest) -> HttpResponse:
    """Everything as one archive to take along."""
    person = own_person(request.actor)
    content = own_archive(actor=request.actor, now=now(), person=person)
    return HttpResponse(
        content,
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": 'attachment; filename="my-data.zip"',
            "Cache-Control": "no-store",
        },
    )


def _kind(kind: str) -> ContactKind:
    if kind not in ContactKind.values:
        raise Http404
    return ContactKind(kind)
