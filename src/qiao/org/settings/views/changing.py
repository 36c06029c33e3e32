"""Setting a value, giving it up, taking it back; the days of the calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.uploads import on_disk
from qiao.org.settings import services
from qiao.org.settings.forms import CalendarFileForm, EndForm, ValueForm, WithdrawForm, YearForm
from qiao.org.settings.models import SettingValue
from qiao.org.settings.queries import calendar_of
from qiao.org.settings.queries.pages import is_calendar, last_row, rows_of, years_of
from qiao.org.settings.rules.calendar import CALENDAR
from qiao.org.settings.rules.calendar_table import Days, read_lines
from qiao.org.settings.services.change import require_setter
from qiao.org.settings.views.finding import setting_or_404, unit_or_404

if TYPE_CHECKING:
    from qiao.org.units.models import Unit


@page("desk.open")
def change(request: ActorRequest, key: str, label: str) -> HttpResponse:
    """A new value for a unit and all below it."""
    setting, unit = setting_or_404(key), unit_or_404(label)
    if setting.fixed or is_calendar(setting):
        raise Http404
    require_setter(request.actor, setting, unit)
    today = localdate(now())
    form = ValueForm(request.POST or None, setting=setting, initial={"since": today, "seen": last_row(setting, unit)})

    def act() -> None:
        services.set_value(
            actor=request.actor, now=now(), setting_key=key, unit=unit, value=form.value(),
            since=form.cleaned_data["since"], reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"],
        )  # fmt: skip

    if _done(request, form, act):
        return redirect(_page_of(key, unit))
    [row] = rows_of([setting], unit, today)
    return render(request, "unit_settings/change.html", {"row": row, "unit": unit, "form": form})


@page("desk.open")
def end(request: ActorRequest, key: str, label: str) -> HttpResponse:
    """Give the unit's own value up."""
    setting, unit = setting_or_404(key), unit_or_404(label)
    require_setter(request.actor, setting, unit)
    form = EndForm(request.POST or None, initial={"since": localdate(now())})

    def act() -> None:
        services.end_value(
            actor=request.actor, now=now(), setting_key=key, unit=unit, since=form.cleaned_data["since"],
            reason=form.cleaned_data["reason"],
        )  # fmt: skip

    if _done(request, form, act):
        return redirect(_page_of(key, unit))
    [row] = rows_of([setting], unit, localdate(now()))
    return render(request, "unit_settings/end.html", {"row": row, "unit": unit, "form": form})


@page("desk.open")
def withdraw(request: ActorRequest, value_id: int) -> HttpResponse:
    """Take back a value that has not begun."""
    row = SettingValue.objects.select_related("unit").filter(pk=value_id).first()
    if row is None:
        raise Http404
    setting = setting_or_404(row.key)
    require_setter(request.actor, setting, row.unit)
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        services.withdraw_value(actor=request.actor, now=now(), value_id=value_id, reason=form.cleaned_data["reason"])

    if _done(request, form, act):
        return redirect(_page_of(row.key, row.unit))
    return render(request, "unit_settings/withdraw.html", {"value": row, "setting": setting, "form": form})


@page("desk.open")
def year(request: ActorRequest, label: str, year: int) -> HttpResponse:
    """The rest days and moved working days of one year."""
    unit = unit_or_404(label)
    require_setter(request.actor, CALENDAR, unit)
    if not 2000 <= year < 2200:
        raise Http404
    today = localdate(now())
    known = next((found for found in years_of(calendar_of(unit.path, today)) if found.year == year), None)
    start = {
        "since": today,
        "seen": last_row(CALENDAR, unit),
        "rest": "\n".join(day.isoformat() for day in known.rest) if known else "",
        "working": "\n".join(day.isoformat() for day in known.working) if known else "",
    }
    form = YearForm(request.POST or None, initial=start)

    def act() -> None:
        given = form.cleaned_data
        days = Days(
            read_lines(given["rest"], year, _("Rest days")),
            read_lines(given["working"], year, _("Weekend days that are worked")),
        )
        services.set_calendar_years(
            actor=request.actor, now=now(), unit=unit, years={year: days}, since=given["since"],
            reason=given["reason"], seen=given["seen"],
        )  # fmt: skip

    if _done(request, form, act):
        return redirect(_page_of(CALENDAR.key, unit))
    return render(request, "unit_settings/year.html", {"unit": unit, "year": year, "form": form})


@page("desk.open")
def calendar_file(request: ActorRequest, label: str) -> HttpResponse:
    """Days of whole years out of a table."""
    unit = unit_or_404(label)
    require_setter(request.actor, CALENDAR, unit)
    form = CalendarFileForm(
        request.POST or None,
        request.FILES or None,
        initial={"since": localdate(now()), "seen": last_row(CALENDAR, unit)},
    )

    def act() -> None:
        given = form.cleaned_data
        with on_disk(given["file"]) as file:
            services.import_calendar(
                actor=request.actor, now=now(), unit=unit, file=file, since=given["since"], reason=given["reason"],
                seen=given["seen"],
            )  # fmt: skip

    if _done(request, form, act):
        return redirect(_page_of(CALENDAR.key, unit))
    return render(request, "unit_settings/calendar_file.html", {"unit": unit, "form": form})


def _done(request: ActorRequest, form: forms.Form, act: Callable[[], None]) -> bool:
    """Whether the form was sent and carried out; what was wrong stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Problems as problems:
        for fault in problems.faults[:50]:
            form.add_error(None, problem_text(fault))
        return False
    except Problem as problem:
        form.add_error(None, problem_text(problem))
        return False
    messages.success(request, _("Written down. Clocks that run keep the rule they began with."))
    return True


def _page_of(key: str, unit: Unit) -> str:
    return f"{reverse('unit_settings:setting', args=[key])}?unit={unit.label}"
