"""The certificate of an independent assurer on the register."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.yearbook import services
from qiao.org.yearbook.choices import Verdict
from qiao.org.yearbook.forms import AssureForm
from qiao.org.yearbook.views.table import find_edition, find_unit


@page("register.assure")
def assure(request: ActorRequest, label: str, year: int) -> HttpResponse:
    """Publish what the assurer found of a unit's register."""
    unit, edition = find_unit(label), find_edition(year)
    require(request.actor, "register.assure", unit.path)
    form = AssureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        verdict = Verdict(given.pop("verdict"))
        try:
            services.assure_register(actor=request.actor, now=now(), unit=unit, year=year, verdict=verdict, **given)
        except Problems as problems:
            form.add_error("reasons", problem_text(problems))
        except Problem as problem:
            form.add_error(problem.place.column or None, problem_text(problem))
        else:
            messages.success(request, _("The certificate is published, and stands in the ledger."))
            return redirect("yearbook:table", label, year)
    context = {"form": form, "unit": unit, "edition": edition}
    return render(request, "yearbook/assure.html", context, status=422 if form.errors else 200)
