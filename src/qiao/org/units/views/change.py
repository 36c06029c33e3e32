"""Pages on which the unit above changes a unit: its name, place, sector links, headcounts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick
from qiao.org.units import queries, services
from qiao.org.units.choices import Relation, UnitKind
from qiao.org.units.forms import HeadcountForm, MoveForm, RenameForm, SectorForm, UnlinkForm
from qiao.org.units.models import UnitLink
from qiao.org.units.views.common import attempt, changeable


@page("unit.change")
def rename(request: ActorRequest, label: str) -> HttpResponse:
    """Give the unit another name, kind or label."""
    unit = changeable(request, label)
    form = RenameForm(
        request.POST or None,
        unit=unit,
        initial={"name": unit.name, "kind": unit.kind, "label": unit.label, "since": localdate(now())},
    )

    def act() -> None:
        given = form.cleaned_data
        services.rename_unit(
            actor=request.actor, now=now(), unit=unit, name=given["name"], kind=UnitKind(given["kind"]),
            label=given["label"], since=given["since"],
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        return redirect("units:unit", form.cleaned_data["label"])
    return render(request, "units/rename.html", {"unit": unit, "form": form})


@page("unit.change")
def move(request: ActorRequest, label: str) -> HttpResponse:
    """Put the unit, with all below it, under another one."""
    unit = changeable(request, label)
    form = MoveForm(request.POST or None, initial={"since": localdate(now())})

    def act() -> None:
        given = form.cleaned_data
        services.move_unit(actor=request.actor, now=now(), unit=unit, above=given["above"], since=given["since"])

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("%(unit)s has moved.") % {"unit": pick(unit.name)})
        return redirect("units:unit", unit.label)
    context = {"unit": unit, "form": form, "below": queries.subtree(unit.path).count() - 1}
    return render(request, "units/move.html", context)


@page("unit.change")
def sector(request: ActorRequest, label: str) -> HttpResponse:
    """The unit's links to sector and industry unions."""
    unit = changeable(request, label)
    ending = "link" in request.POST
    links = UnitLink.objects.filter(pk__in=[link.pk for link in queries.sector_links_of(unit)])
    form = SectorForm(None if ending else request.POST or None, initial={"since": localdate(now())})
    end_form = UnlinkForm(request.POST if ending else None, links=links, initial={"until": localdate(now())})

    def begin() -> None:
        given = form.cleaned_data
        services.link_sector(
            actor=request.actor, now=now(), unit=unit, above=given["above"], relation=Relation(given["relation"]),
            since=given["since"],
        )  # fmt: skip

    def end() -> None:
        given = end_form.cleaned_data
        services.unlink_sector(actor=request.actor, now=now(), link=given["link"], until=given["until"])

    if request.method == "POST" and (attempt(end_form, end) if ending else attempt(form, begin)):
        return redirect("units:sector", unit.label)
    context = {"unit": unit, "form": form, "end_form": end_form, "links": queries.sector_links_of(unit)}
    return render(request, "units/sector.html", context)


@page("unit.change")
def headcount(request: ActorRequest, label: str) -> HttpResponse:
    """How many employees there were, day by day, as the unit above enters it."""
    unit = changeable(request, label)
    form = HeadcountForm(request.POST or None, initial={"day": localdate(now())})

    def act() -> None:
        services.record_headcount(actor=request.actor, now=now(), unit=unit, **form.cleaned_data)

    if request.method == "POST" and attempt(form, act):
        return redirect("units:headcount", unit.label)
    return render(request, "units/headcount.html", {"unit": unit, "form": form, "rows": queries.headcounts_of(unit)})
