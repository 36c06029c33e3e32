"""Rounds: list, plan, draw, open, watch, close, results."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import codebook
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.exports import code_sheet
from qiao.hear.surveys.forms import EnterForm, RoundForm
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.views.questionnaires import XLSX
from qiao.org.units.queries import units_at, upper_units

PAGE = 30


@page(PUBLIC)
def rounds(request: ActorRequest) -> HttpResponse:
    """Every round the visitor may see, newest first."""
    listed = Paginator(queries.visible_rounds(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"rounds": listed, "may_plan": request.actor.may("round.plan")}
    return render(request, "surveys/rounds.html", context)


@page("round.plan")
def plan(request: ActorRequest) -> HttpResponse:
    """Planning a round."""
    paths = request.actor.paths("round.plan")
    units = upper_units(paths) or units_at(paths)
    versions = queries.usable_versions(request.actor)
    form = RoundForm(
        request.POST or None, units=units, versions=versions, initial={"version": request.GET.get("version")}
    )
    if request.method == "POST" and form.is_valid():
        opens, closes = form.period
        wanted = {
            key: form.cleaned_data[key] for key in ("unit", "title", "version", "asked", "sample_size", "stratum_by")
        }
        try:
            survey = services.plan_round(actor=request.actor, now=now(), opens=opens, closes=closes, **wanted)
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:round", args=[survey.code]))
    return render(request, "surveys/plan.html", {"form": form, "any": versions.exists()})


@page(PUBLIC)
def survey_round(request: ActorRequest, code: str) -> HttpResponse:
    """One round: for the public what it asks and what came out, for those who run it the next step."""
    survey, actor, moment = _found(request, code), request.actor, now()
    path = survey.unit.path
    may = {
        "draw": rules.may_draw(survey) and actor.may("round.draw", path),
        "codes": rules.may_make_codes(survey) and actor.may("round.draw", path),
        "open": rules.may_open(survey, moment) and actor.may("round.plan", path),
        "close": survey.state == "fielding" and actor.may("round.plan", path),
        "publish": survey.state == "closed" and actor.may("round.plan", path),
        "enter": rules.takes_answers(survey, moment) and queries.may_enter(actor, survey),
        "derive": survey.state == "published"
        and survey.invited > 0
        and not survey.erased
        and actor.may("need.publish", path),
    }
    watched = actor.may("round.read", path) or actor.may("round.plan", path) or actor.may("round.draw", path)
    answered = queries.answered_now(survey)
    context = {
        "survey": survey,
        "may": may,
        "steps": rules.steps(survey.state),
        "open": rules.takes_answers(survey, moment),
        "early": survey.state == "fielding" and moment < survey.closes,
        "answered": answered,
        "rate": answered / survey.invited if survey.invited else None,
        "monitor": queries.monitor(survey) if survey.invited and (watched or survey.published) else [],
        "waiting": queries.codes_waiting(survey) if may["codes"] else 0,
        "questions": queries.shown_results(survey),
        "groups": survey.results.get("groups", []),
        "floor": survey.publish_floor,
        "small": survey.small_cell,
    }
    return render(request, "surveys/round.html", context)


@require_POST
@page("round.draw")
def draw(request: ActorRequest, code: str) -> HttpResponse:
    """Drawing the sample."""
    return _act(
        request,
        code,
        lambda: services.draw_round(actor=request.actor, now=now(), code=code),
        gettext("The sample is drawn."),
    )


@require_POST
@page("round.draw")
def codes(request: ActorRequest, code: str) -> HttpResponse:
    """Making the sheet of codes: it is given out in this answer and never again."""
    survey = _found(request, code)
    try:
        lines = services.make_code_sheet(
            actor=request.actor, now=now(), code=code, renew=request.POST.get("renew") == "yes"
        )
    except Problem as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    content = code_sheet(
        survey, lines, site=request.build_absolute_uri("/"), path=reverse("surveys:answer", args=["CODE"])
    )
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-codes.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@page("round.plan")
def open_round(request: ActorRequest, code: str) -> HttpResponse:
    """Putting the round into the field."""
    return _act(
        request,
        code,
        lambda: services.open_round(actor=request.actor, now=now(), code=code, site=request.build_absolute_uri("/")),
        gettext("The round is open. Links are being mailed to those invited who have an account."),
    )


@require_POST
@page("round.plan")
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Ending the round for good, freezing the answers and publishing what came out."""

    def both() -> None:
        services.close_round(actor=request.actor, now=now(), code=code, reason=request.POST.get("reason", ""))
        services.publish_results(actor=request.actor, now=now(), code=code)

    return _act(
        request, code, both, gettext("The round is closed, its answers are frozen and the results are published.")
    )


def _act(request: ActorRequest, code: str, act: Callable[[], object], said: str) -> HttpResponse:
    _found(request, code)
    try:
        act()
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("surveys:round", args=[code]))


@page("round.enter")
def enter(request: ActorRequest, code: str) -> HttpResponse:
    """Answers from paper or file."""
    survey = _found(request, code)
    require(request.actor, "round.enter", survey.unit.path)
    form = EnterForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            stored = services.enter_file(
                actor=request.actor, now=now(), code=code, file_name=file.name, content=file.read(),
                translate=gettext, language=get_language() or "zh-hans",
            )  # fmt: skip
        except (Problem, Problems) as fault:
            faults = problem_text(fault).split("\n")
        else:
            messages.success(request, gettext("%(number)d answers are stored.") % {"number": stored})
            return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    form_of = queries.runtime_of(survey.version_id).form
    context = {"survey": survey, "form": form, "faults": faults, "codebook": codebook(form_of)}
    return render(request, "surveys/enter.html", context, status=422 if faults or form.errors else 200)


#: What of a frozen round anybody may take away: figures and what they mean, never single answers.
PUBLIC_FILES = {"figures.csv": "text/csv", "codebook.csv": "text/csv", "codebook.json": "application/json",
                "round.json": "application/json", "manifest.json": "application/json"}  # fmt: skip


@page(PUBLIC)
def download(request: ActorRequest, code: str, name: str) -> HttpResponse:
    """A public file of a round's frozen data."""
    survey = _found(request, code)
    path = queries.frozen_folder(survey.code) / name
    if name not in PUBLIC_FILES or not survey.published or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=f"{PUBLIC_FILES[name]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{survey.code}-{name}"'
    return response


def _found(request: ActorRequest, code: str) -> Round:
    """The round, unless it is still being prepared and the visitor has no part in that."""
    survey = queries.find_round(code)
    if survey is None or not queries.may_see(request.actor, survey):
        raise Http404
    return survey
