"""Consents and channels: one switch each, without script."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import queries, services
from qiao.org.people.choices import ConsentKind
from qiao.org.people.forms import ChannelsForm
from qiao.org.people.rules import CONSENT_OF, SWITCHES
from qiao.org.people.views.finding import own_person


@page(SIGNED_IN)
def consents(request: ActorRequest) -> HttpResponse:
    """Every consent with its text, and what happens without."""
    person = own_person(request.actor)
    states = queries.consent_states(person.pk)
    context = {
        "switches": [state for state in states if state.kind in SWITCHES],
        "further": [state for state in states if state.kind not in SWITCHES],
    }
    return render(request, "people/consents.html", context)


@page(SIGNED_IN)
@require_POST
def switch(request: ActorRequest, kind: str) -> HttpResponse:
    """Give one consent or take it back."""
    person = own_person(request.actor)
    if kind not in ConsentKind.values:
        raise Http404
    code = request.POST.get("code", "")
    try:
        if request.POST.get("to") == "give":
            if kind not in SWITCHES:
                raise Http404
            services.give_consent(actor=request.actor, now=now(), person=person, kind=kind)
            messages.success(request, _("Given: %(consent)s") % {"consent": ConsentKind(kind).label})
        else:
            services.revoke_consent(actor=request.actor, now=now(), person=person, kind=kind, code=code)
            messages.success(
                request, _("Taken back, from this moment: %(consent)s") % {"consent": ConsentKind(kind).label}
            )
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("people:consents")


@page(SIGNED_IN)
def channels(request: ActorRequest) -> HttpResponse:
    """In which order I am told."""
    person = own_person(request.actor)
    order = queries.channel_order(person.pk)
    form = ChannelsForm(request.POST or None, initial={"first": order[0].value})
    if request.method == "POST" and form.is_valid():
        services.choose_channels(actor=request.actor, now=now(), channels=form.order())
        messages.success(request, _("It is kept."))
        return redirect("people:channels")
    given = queries.consents_in_force(person.pk)
    contacts = {row.kind: row for row in queries.contacts_of(person.pk)}
    kinds = {"mail": contacts.get("mail"), "sms": contacts.get("mobile")}
    rows = [
        {
            "label": channel.label,
            "kind": "mail" if channel == "mail" else "mobile",
            "allowed": CONSENT_OF[channel] in given,
            "contact": kinds[channel.value],
        }
        for channel in order
    ]
    return render(request, "people/channels.html", {"form": form, "rows": rows})
