"""The list of employers and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.queries import root_unit, unit_by_label
from qiao.org.workplaces import queries, services
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.exports import employers_workbook
from qiao.org.workplaces.forms import CorrectForm, CountForm, DayForm, EmployerForm, FindForm, LinkForm
from qiao.org.workplaces.models import Employer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Unions that have employers of their own; all others have those of their place.
_BASES = (UnitKind.BASE, UnitKind.JOINT_BASE)
#: Most rows of one workbook.
_MOST = 20_000


@page("employer.list")
def employers(request: ActorRequest) -> HttpResponse:
    """Employers of a place, by name, with search."""
    unit, wanted, form = _asked(request)
    base = unit.kind in _BASES
    shown = queries.employer_page(
        unit.path, after=request.GET.get("after", ""), on=localdate(now()), formed=base, **wanted
    )
    kept = {**{key: value for key, value in wanted.items() if value}, "place": unit.label}
    context = {
        "unit": unit,
        "form": form,
        "page": shown,
        "filtered": any(value for key, value in wanted.items() if key != "state"),
        "further": urlencode({**_names(kept), "after": shown.following}) if shown.following else "",
        "query": urlencode(_names(kept)),
        "may_change": request.actor.may("employer.change", unit.path),
        "may_import": request.actor.may("employer.import", unit.path) and not base,
        "base": base,
    }
    return render(request, "workplaces/employers.html", context)


@page("employer.list")
def download(request: ActorRequest) -> HttpResponse:
    """The list as shown, as a workbook."""
    unit, wanted, _form = _asked(request)
    today = localdate(now())
    rows = queries.employer_page(unit.path, on=today, size=_MOST, formed=unit.kind in _BASES, **wanted).rows
    response = HttpResponse(employers_workbook(rows, today), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="employers-{unit.label}.xlsx"'
    return response


@page("employer.change")
def enter(request: ActorRequest) -> HttpResponse:
    """Enter an employer."""
    place = request.GET.get("place", "")
    form = EmployerForm(request.POST or None, initial={"place": place})
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda: services.register_employer(actor=request.actor, now=now(), **_given(form)))
        if isinstance(made, Employer):
            messages.success(request, _("%(employer)s is entered.") % {"employer": made.name})
            return redirect("workplaces:employer", made.code)
    return render(request, "workplaces/enter.html", {"form": form})


@page("employer.list")
def employer(request: ActorRequest, code: str) -> HttpResponse:
    """One employer: data, headcounts, unions."""
    found, today = _employer(request, code), localdate(now())
    links = queries.links_of(found)
    context = {
        "employer": found,
        "counts": queries.headcounts_of(found),
        "count": queries.headcount_on(found, today),
        "links": links,
        "union": next((link for link in links if link.until is None), None),
        "may_change": request.actor.may("employer.change", found.place.path),
        "may_count": request.actor.may("employer.count", found.place.path),
    }
    return render(request, "workplaces/employer.html", context)


@page("employer.change")
def change(request: ActorRequest, code: str) -> HttpResponse:
    """Put an employer's data right, or confirm them."""
    found = _employer(request, code, "employer.change")
    form = EmployerForm(
        request.POST or None,
        initial={
            "name": found.name, "reg_code": found.reg_code or "", "place": found.place.label, "sector": found.sector,
            "ownership": found.ownership, "opened": found.opened, "office": found.office,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda: services.change_employer(actor=request.actor, now=now(), code=code, **_given(form)))
        if made is not None:
            messages.success(request, _("Kept, and confirmed today."))
            return redirect("workplaces:employer", code)
    return render(request, "workplaces/change.html", {"form": form, "employer": found})


@page("employer.count")
def count(request: ActorRequest, code: str) -> HttpResponse:
    """Enter a headcount."""
    found = _employer(request, code, "employer.count")
    form = CountForm(request.POST or None, initial={"day": localdate(now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = _tried(
            form,
            lambda: services.enter_headcount(
                actor=request.actor, now=now(), code=code, day=given["day"], direct=given["direct"],
                agency=given["agency"], platform=given["platform"], source=CountSource(given["source"]),
            ),
        )  # fmt: skip
        if made is not None:
            return redirect("workplaces:employer", code)
    return render(request, "workplaces/count.html", {"form": form, "employer": found})


@page("employer.count")
def correct(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Put a headcount right by a counter-entry."""
    found = _employer(request, code, "employer.count")
    entry = next((entry for entry in queries.headcounts_of(found) if entry.pk == number), None)
    if entry is None:
        raise Http404
    form = CorrectForm(
        request.POST or None, initial={"direct": entry.direct, "agency": entry.agency, "platform": entry.platform}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = _tried(
            form, lambda: services.correct_headcount(actor=request.actor, now=now(), count_id=number, **given)
        )
        if made is not None:
            return redirect("workplaces:employer", code)
    return render(request, "workplaces/correct.html", {"form": form, "employer": found, "entry": entry})


@page("employer.change")
def link(request: ActorRequest, code: str) -> HttpResponse:
    """Link the union formed at an employer."""
    found = _employer(request, code, "employer.change")
    form = LinkForm(request.POST or None, initial={"since": localdate(now()), "unit": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = _tried(form, lambda: services.link_union(actor=request.actor, now=now(), code=code, **given))
        if made is not None:
            return redirect("workplaces:employer", code)
    return render(request, "workplaces/link.html", {"form": form, "employer": found})


@page("employer.change")
def end(request: ActorRequest, code: str, what: str) -> HttpResponse:
    """End the link to the union (``unlink``), or enter that the employer has closed down (``close``)."""
    if what not in ("unlink", "close"):
        raise Http404
    found = _employer(request, code, "employer.change")
    form = DayForm(request.POST or None, initial={"day": localdate(now())})
    if request.method == "POST" and form.is_valid():
        act = services.end_union_link if what == "unlink" else services.close_employer
        day = form.cleaned_data["day"]
        if _tried(form, lambda: act(actor=request.actor, now=now(), code=code, day=day) or True) is not None:
            return redirect("workplaces:employer", code)
    return render(request, "workplaces/end.html", {"form": form, "employer": found, "what": what})


def _asked(request: ActorRequest) -> tuple[Unit, dict[str, Any], FindForm]:
    """The place asked for (default: the actor's own), what is filtered, and the form."""
    form = FindForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    unit = given.get("place")
    if unit is None:
        paths = request.actor.paths("employer.list")
        unit = Unit.objects.filter(path__in=paths).order_by("path").first() or root_unit()
    if unit is None:
        raise Http404
    require(request.actor, "employer.list", unit.path)
    wanted = {
        "text": given.get("q", ""), "sector": given.get("sector", ""), "ownership": given.get("ownership", ""),
        "state": given.get("state", ""), "union": given.get("union", ""),
    }  # fmt: skip
    if not request.GET.get("place"):
        form = FindForm({**request.GET.dict(), "place": unit.label})
    return unit, wanted, form


def _names(kept: dict[str, Any]) -> dict[str, str]:
    return {"q" if key == "text" else key: value for key, value in kept.items()}


def _employer(request: ActorRequest, code: str, action: str = "employer.list") -> Employer:
    try:
        found = queries.employer_by_code(code)
    except Employer.DoesNotExist:
        raise Http404 from None
    own = action == "employer.list" and any(
        link.until is None and request.actor.may(action, link.unit.path) for link in queries.links_of(found)
    )
    if not own:
        require(request.actor, action, found.place.path)
    return found


def _given(form: EmployerForm) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    given["sector"], given["ownership"] = Sector(given["sector"]), Ownership(given["ownership"])
    return given


def _tried(form: forms.Form, act: Callable[[], object]) -> object | None:
    """What the service gives back; None where it refuses, which the form then says."""
    try:
        return act()
    except (Problem, Problems) as problem:
        form.add_error(None, problem_text(problem))
        return None


def existing_unit(label: str) -> Unit:
    """The unit with this label, or a page that is not there."""
    try:
        return unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None
