"""Giving people access to collect answers with an app, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from qiao.base.access import ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.hear.surveys import queries
from qiao.hear.surveys.models import Collector
from qiao.hear.surveys.services import collectors as services


@page("round.collect")
def collectors(request: ActorRequest, code: str) -> HttpResponse:
    """Who collects for a round. A new token is shown once, on the page that follows the sending."""
    survey = queries.find_round(code)
    if survey is None:
        raise Http404
    if not request.actor.may("round.collect", survey.unit.path):
        raise Refused("round.collect")
    context: dict[str, object] = {"survey": survey}
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("revoke", "").isdigit():
                services.revoke_collector(
                    actor=request.actor, now=now(), code=code, collector_id=int(request.POST["revoke"])
                )
                messages.success(request, gettext("The access is revoked. What was sent stays."))
                return HttpResponseRedirect(reverse("surveys:collectors", args=[code]))
            name = request.POST.get("name", "")
            token = services.add_collector(actor=request.actor, now=now(), code=code, name=name)
            address = request.build_absolute_uri(reverse("surveys:collect_list_by_token", args=[token]))
            context |= {"token": token, "server": address.removesuffix("/formList"), "name": name}
        except Collector.DoesNotExist:
            raise Http404 from None
        except Problem as problem:
            context["fault"], status = problem_text(problem), 422
    context["collectors"] = list(survey.collectors.all())
    response = render(request, "surveys/collectors.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
