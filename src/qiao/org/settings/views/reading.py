"""The settings of a unit, one setting, and all of them as a workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.org.settings import exports
from qiao.org.settings.queries import pages
from qiao.org.settings.rules.words import part_text
from qiao.org.settings.views.finding import may_set, setting_or_404, where

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(PUBLIC)
def settings(request: ActorRequest) -> HttpResponse:
    """All settings as they stand at a unit on a day."""
    place = where(request)
    parts = pages.overview(place.unit, place.on)
    unset = [row for part in parts for row in part.rows if row.ruling is None]
    return render(request, "unit_settings/settings.html", {"place": place, "parts": parts, "unset": unset})


@page(PUBLIC)
def workbook(request: ActorRequest) -> HttpResponse:
    """The same as a workbook."""
    place = where(request)
    content = exports.settings_workbook(pages.overview(place.unit, place.on), place.unit, place.on)
    label = place.unit.label if place.unit else "defaults"
    name = f"settings-{label}-{place.on.isoformat()}.xlsx"
    return HttpResponse(content, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page(PUBLIC)
def setting(request: ActorRequest, key: str) -> HttpResponse:
    """One setting: what holds, where it comes from, what was and what will be."""
    found = setting_or_404(key)
    place = where(request)
    [row] = pages.rows_of([found], place.unit, place.on)
    entries = pages.history(found, place.unit, place.on)
    may = may_set(request.actor, found, place.unit)
    own = (
        any(entry.row.unit_id == place.unit.pk and entry.state in ("holds", "overtaken") for entry in entries)
        if place.unit
        else False
    )
    context = {
        "place": place,
        "row": row,
        "part": part_text(found.part),
        "entries": entries,
        "may": may,
        "own": own,
        "years": pages.years_of(row.ruling.value) if pages.is_calendar(found) and row.ruling else [],
        "is_calendar": pages.is_calendar(found),
        "this_year": place.today.year,
    }
    return render(request, "unit_settings/setting.html", context)
