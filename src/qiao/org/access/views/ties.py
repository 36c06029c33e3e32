"""One's own declared ties to employers (S12)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.org.access import queries, services
from qiao.org.access.choices import TieKind
from qiao.org.access.forms import TieForm


@page(SIGNED_IN)
def ties(request: ActorRequest) -> HttpResponse:
    """What one has declared, and a new declaration: look the employer up, then say what the tie is."""
    form = TieForm(request.POST or None)
    looking = "find" in request.POST
    if looking:
        form = TieForm(initial={"kind": request.POST.get("kind", "")}, text=request.POST.get("text", ""))
    elif request.method == "POST" and form.is_valid():
        employer = form.found_employer()
        services.declare_tie(actor=request.actor, now=now(), employer=employer, kind=TieKind(form.cleaned_data["kind"]))
        messages.success(
            request, _("Declared: you decide nothing that concerns %(employer)s.") % {"employer": employer.name}
        )
        return redirect("access:ties")
    context = {"form": form, "ties": queries.declared_ties(request.actor.account_id or 0)}
    return render(request, "access/ties.html", context)


@page(SIGNED_IN)
@require_POST
def end(request: ActorRequest, tie_id: int) -> HttpResponse:
    """End a declaration of one's own."""
    if tie_id not in {tie.pk for tie in queries.declared_ties(request.actor.account_id or 0)}:
        raise Http404
    services.end_tie(actor=request.actor, now=now(), tie_id=tie_id)
    return redirect("access:ties")
