"""Rounds: the list, one round with its next step and its figures, answers from a file, files to take away."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import codebook
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.choices import WITH_RESULTS, RoundState
from qiao.hear.surveys.forms import EnterForm
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.views.fielding import PDF_SLIPS

PAGE = 30
#: States in which a plan can still go back to its owner.
BEFORE_FIELDING = (RoundState.PLANNED, RoundState.PRIVACY_CHECKED, RoundState.SAMPLED)


@page(PUBLIC)
def rounds(request: ActorRequest) -> HttpResponse:
    """Every round the visitor may see, newest first."""
    listed = Paginator(queries.visible_rounds(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"rounds": listed, "may_plan": request.actor.may("round.plan")}
    return render(request, "surveys/rounds.html", context)


@page(PUBLIC)
def survey_round(request: ActorRequest, code: str) -> HttpResponse:
    """One round: for the public what it asks and what came out, for those who run it the next step."""
    survey, actor, moment = _found(request, code), request.actor, now()
    path = survey.unit.path
    may = {
        "check": survey.state in BEFORE_FIELDING and actor.may("round.check", path),
        "change": rules.may_check(survey) and actor.may("round.plan", path),
        "draw": rules.may_draw(survey) and actor.may("round.draw", path),
        "codes": rules.may_make_codes(survey) and actor.may("round.draw", path),
        "open": rules.may_open(survey, moment) and actor.may("round.plan", path),
        "close": survey.state == "fielding" and actor.may("round.plan", path),
        "weight": survey.state in {"closed", "weighted"} and actor.may("round.weight", path),
        "enter": rules.takes_answers(survey, moment) and queries.may_enter(actor, survey),
        "collect": survey.state in {*BEFORE_FIELDING, "fielding"} and actor.may("round.collect", path),
        "extend": rules.takes_answers(survey, moment) and actor.may("round.plan", path),
        "interview": rules.takes_answers(survey, moment) and actor.may("round.interview", path),
        "union": rules.takes_answers(survey, moment)
        and survey.asked == "base_unions"
        and actor.may("round.answer_union"),
        "derive": survey.state in WITH_RESULTS
        and survey.invited > 0
        and not survey.erased
        and actor.may("need.publish", path),
    }
    watched = actor.may("round.read", path) or actor.may("round.plan", path) or actor.may("round.draw", path)
    answered = queries.answered_now(survey)
    context = {
        "survey": survey,
        "may": may,
        "steps": rules.steps(survey.state, survey.asked),
        "open": rules.takes_answers(survey, moment),
        "early": survey.state == "fielding" and moment < survey.closes,
        "answered": answered,
        "rate": queries.response_rate(survey) if survey.invited else None,
        "margin": queries.margin_now(survey) if survey.invited and watched else None,
        "fieldwork": queries.fieldwork(survey) if watched and survey.opened else None,
        "check": survey.checks.first() if watched or may["check"] else None,
        "today": moment.date(),
        "monitor": queries.monitor(survey) if survey.invited and (watched or survey.published) else [],
        "waiting": queries.codes_waiting(survey) if may["codes"] else 0,
        "pdf_slips": PDF_SLIPS,
        "questions": queries.shown_results(survey),
        "groups": survey.results.get("groups", []),
        "floor": survey.publish_floor,
        "publishes": queries.publishes_by(survey),
        "small": survey.small_cell,
    }
    return render(request, "surveys/round.html", context)


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
