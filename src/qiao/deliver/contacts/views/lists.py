"""The rota, one's own log, the figures."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.deliver.contacts import exports, queries
from qiao.org.units.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(PUBLIC)
def rota(request: ActorRequest) -> HttpResponse:
    """Who comes where and when: for whoever wishes to speak to an officer."""
    unit = Unit.objects.filter(label=request.GET.get("unit", "")).first()
    shown = Paginator(queries.ahead(now=now(), path=unit.path if unit else ""), queries.PAGE)
    context = {
        "page": shown.get_page(request.GET.get("page")),
        "unit": unit,
        "may_log": request.actor.may("contact.log"),
        "asked_unit": request.GET.get("unit", ""),
    }
    return render(request, "contacts/rota.html", context)


@page(PUBLIC)
def figures(request: ActorRequest) -> HttpResponse:
    """Days at the base by unit, and what became of what was raised there."""
    moment = now()
    year = _year(request, localdate(moment).year)
    context = {"year": year, "this_year": localdate(moment).year, "rows": queries.unit_days(year=year, now=moment)}
    return render(request, "contacts/figures.html", context)


@page("contact.read")
def officers(request: ActorRequest) -> HttpResponse:
    """Who is behind with their days."""
    moment = now()
    year = _year(request, localdate(moment).year)
    rows = queries.officer_days(actor=request.actor, year=year, now=moment)
    return render(request, "contacts/officers.html", {"year": year, "this_year": localdate(moment).year, "rows": rows})


@page("contact.read")
def workbook(request: ActorRequest) -> HttpResponse:
    """The same as XLSX."""
    moment = now()
    year = _year(request, localdate(moment).year)
    content = exports.officers_workbook(queries.officer_days(actor=request.actor, year=year, now=moment))
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="contact-days-{year}.xlsx"'
    return response


@page("contact.log")
def own(request: ActorRequest) -> HttpResponse:
    """One's own log."""
    shown = Paginator(queries.own_duties(request.actor), queries.PAGE)
    return render(request, "contacts/own.html", {"page": shown.get_page(request.GET.get("page"))})


def _year(request: ActorRequest, this: int) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this
    return year if 2000 <= year <= this else this
