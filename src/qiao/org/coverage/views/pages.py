"""The coverage page of a unit, its unions, its downloads, its scope."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base import figures, jobs
from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import listed, percent_text, pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.coverage import queries, services
from qiao.org.coverage.exports import coverage_csv, coverage_workbook, unions_workbook
from qiao.org.coverage.forms import ScopeForm
from qiao.org.coverage.queries import CoveragePage
from qiao.org.coverage.rules import Rate, Withheld, activities
from qiao.org.coverage.rules.treemap import Tile, treemap_svg
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above, root_unit, unit_by_label

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TESTS = ("in_term", "reachable", "active", "told")


@page(PUBLIC)
def top(request: ActorRequest) -> HttpResponse:
    """Coverage of the whole federation."""
    root = root_unit()
    if root is None:
        raise Http404
    return _show(request, root)


@page(PUBLIC)
def unit(request: ActorRequest, label: str) -> HttpResponse:
    """Coverage of a unit: both rates with scope, n and day, by place, sector, ownership, employment, and over years."""
    return _show(request, found_unit(label))


def _show(request: ActorRequest, unit: Unit) -> HttpResponse:
    full = request.actor.may("coverage.read", unit.path)
    shown = queries.coverage_page(unit, full=full, after=request.GET.get("after", ""))
    context = {
        "unit": unit,
        "page": shown,
        "full": full,
        "above": line_above(unit),
        "map": _map(shown),
        "trend": _trend(unit, full=full),
        "tests": _tests(shown),
        "rates": _rates(shown),
        "whys": whys(),
        "activities": listed([str(label) for label in activities().values()]),
        "over": queries.over_page(unit.path) if full else [],
        "targets": [view for view in queries.targets_at(unit.path) if view.now],
        "may_state": request.actor.may("target.set", unit.path),
        "may_outreach": request.actor.may("outreach.run", unit.path),
    }
    return render(request, "coverage/unit.html", context)


def whys() -> dict[str, str]:
    """Why a rate is not printed, in words."""
    return {
        Withheld.NO_SCOPE.value: _("not printed: no scope"),
        Withheld.NOBODY.value: _("nothing to count yet"),
        Withheld.OVER.value: _("blocked: above 100 %"),
        Withheld.SMALL.value: _("hidden: small cell"),
    }


def _rates(shown: CoveragePage) -> list[tuple[str, Rate, str]]:
    """Label, rate and what it is of, for the head of the page."""
    if shown.totals is None:
        return []
    line, totals = shown.totals.line, shown.totals
    rates = [
        (_("Union-forming rate"), line.formed, _("employers with a union, of those in scope")),
        (_("Membership rate in unionised units"), line.joined_in, _("members, of employees of employers with a union")),
        (_("Membership rate of all employees"), line.joined_all, _("members, of employees of all employers in scope")),
    ]
    for label, found, words in (
        (_("Density"), totals.density, _("members in work, of employees of all employers in scope")),
        (_("Members in effective unions"), totals.members_effective, _("of all members")),
        (_("Still a member after six months"), totals.retention, _("of those who joined in a year")),
    ):
        if found is not None:
            rates.append((label, found, words))
    return rates


def _tests(shown: CoveragePage) -> list[tuple[str, str, int, int, float]]:
    """Key, words, how many pass, of how many, their share, for the four tests and all together."""
    if shown.totals is None or not shown.totals.line.count.unions:
        return []
    count = shown.totals.line.count
    found = [
        ("in_term", _("The committee stands within its elected term"), count.in_term, count.unions),
        ("reachable", _("A named officer can be reached, and answered the last test"), count.reachable, count.unions),
        ("active", _("There was an activity or a case in the last twelve months"), count.active, count.unions),
        ("told", _("The members have been told that they are members"), count.told, count.unions),
        ("", _("All four: effective coverage"), count.effective, count.unions),
    ]
    return [(key, words, part, whole, part / whole) for key, words, part, whole in found]


def _map(shown: CoveragePage) -> str:
    """The units below as areas by employees in scope, shaded by the membership rate of all employees."""
    lines = [line for line in shown.children if line.count.employees]
    if len(lines) < 2:
        return ""
    tiles = [Tile(line.label, _said(line.joined_all), line.count.employees, line.joined_all.value) for line in lines]
    return treemap_svg(
        tiles,
        title=_("Coverage of the units below %(unit)s") % {"unit": pick(shown.unit.name)},
        description="; ".join(f"{tile.label}: {tile.text}" for tile in tiles),
    )


def _said(found: Rate) -> str:
    return percent_text(found.value) if found.value is not None else "–"


def _trend(unit: Unit, *, full: bool) -> str:
    """Both membership rates over the years, where there are two days at least."""
    points = []
    for point in queries.trend_of(unit, full=full):
        for name, found in (
            (_("in unionised units"), point.line.joined_in),
            (_("of all employees"), point.line.joined_all),
            (_("employers with a union"), point.line.formed),
        ):
            if found.value is not None:
                points.append((point.day.isoformat(), name, found.value))
    if len({day for day, _name, _value in points}) < 2:
        return ""
    said = "; ".join(f"{day} {name}: {percent_text(value)}" for day, name, value in points)
    return figures.line_chart(points, title=_("Coverage over the years"), description=said, stage="hear", share=True)


@page(PUBLIC)
def download(request: ActorRequest, label: str, form: str) -> HttpResponse:
    """What the page shows, as a workbook or CSV."""
    unit = found_unit(label)
    shown = queries.coverage_page(unit, full=request.actor.may("coverage.read", unit.path))
    if form == "xlsx":
        response = HttpResponse(coverage_workbook(shown), content_type=_XLSX)
    elif form == "csv":
        response = HttpResponse(coverage_csv(shown), content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    response.headers["Content-Disposition"] = f'attachment; filename="coverage-{unit.label}.{form}"'
    return response


@page(PUBLIC)
def unions(request: ActorRequest, label: str) -> HttpResponse:
    """The base unions of a unit with the four tests."""
    unit = found_unit(label)
    lacking = request.GET.get("lacking", "")
    rows, following = queries.union_tests_page(unit.path, lacking=lacking, after=request.GET.get("after", ""))
    tests = [(_("in term"), "in_term"), (_("reachable"), "reachable"), (_("active"), "active"), (_("told"), "told")]
    context = {
        "unit": unit,
        "rows": [(row, [(name, getattr(row, key)) for name, key in tests]) for row in rows],
        "following": following,
        "lacking": lacking if lacking in _TESTS else "",
        "tests": tests,
        "may_export": request.actor.may("coverage.read", unit.path),
    }
    return render(request, "coverage/unions.html", context)


@page("coverage.read")
def unions_file(request: ActorRequest, label: str) -> HttpResponse:
    """All the unions that the page shows, as a workbook."""
    unit = found_unit(label)
    require(request.actor, "coverage.read", unit.path)
    rows = queries.all_union_tests(unit.path, lacking=request.GET.get("lacking", ""))
    response = HttpResponse(unions_workbook(rows), content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="unions-{unit.label}.xlsx"'
    return response


@page("target.set")
def scope(request: ActorRequest, label: str) -> HttpResponse:
    """State which employers the rates refer to."""
    unit = found_unit(label)
    require(request.actor, "target.set", unit.path)
    moment = now()
    form = ScopeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.state_scope(actor=request.actor, now=moment, unit=unit, **form.cleaned_data)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            jobs.defer("coverage.refresh")
            messages.success(request, _("Stated. The rates are computed anew within minutes."))
            return redirect("coverage:unit", unit.label)
    return render(request, "coverage/scope.html", {"unit": unit, "form": form})


def found_unit(label: str) -> Unit:
    """The unit with this label, or a page that is not there."""
    try:
        return unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None
