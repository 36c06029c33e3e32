"""What comes after the close: weighting, publishing, the report and its files."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.choices import WITH_RESULTS, Asked, RoundState, WeightMethod
from qiao.hear.surveys.exports import pdf_of
from qiao.hear.surveys.exports.bundle import bundle_of
from qiao.hear.surveys.exports.documents import report_docx, report_xlsx
from qiao.hear.surveys.exports.report import PRINT, Report, fixed_colours, report_of, weighting_lines
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.views.fielding import found

#: Faults of one file shown at once.
MOST_FAULTS = 50
#: Files of a report and what they are.
TYPES = {
    "report.pdf": "application/pdf",
    "report.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "bundle.zip": "application/zip",
}


@page("round.weight")
def weights(request: ActorRequest, code: str) -> HttpResponse:
    """The weighting plan: what each way of weighting would cost, then the one that was taken."""
    survey = found(request, code)
    require(request.actor, "round.weight", survey.unit.path)
    faults: Sequence[Problem] = ()
    if "margins" in request.FILES or "drop" in request.POST:
        try:
            _margins(request, code)
        except (Problem, Problems) as fault:
            faults = fault.faults if isinstance(fault, Problems) else [fault]
        else:
            return HttpResponseRedirect(reverse("surveys:weights", args=[code]))
    elif request.method == "POST":
        try:
            services.weight_round(actor=request.actor, now=now(), code=code, method=request.POST.get("method", ""))
        except Problem as fault:
            messages.error(request, problem_text(fault))
        else:
            messages.success(request, gettext("The answers are weighted; the plan is frozen."))
        return HttpResponseRedirect(reverse("surveys:weights", args=[code]))
    waiting = survey.state == RoundState.CLOSED and survey.answered >= survey.publish_floor
    context = {
        "survey": survey,
        "steps": rules.steps(survey.state, survey.asked),
        "waiting": waiting,
        "ways": queries.ways_to_weight(survey) if waiting and survey.asked != Asked.VOLUNTEERS else [],
        "lines": weighting_lines(survey) if survey.weighting else [],
        "strata": queries.plan_strata(survey),
        "margins": queries.plan_margins(survey),
        "given": queries.margin_rows(survey) if waiting else [],
        "faults": [problem_text(fault) for fault in faults[:MOST_FAULTS]],
        "methods": dict(WeightMethod.choices),
        "may_publish": survey.state in {RoundState.CLOSED, RoundState.WEIGHTED}
        and request.actor.may("round.plan", survey.unit.path),
    }
    return render(request, "surveys/weights.html", context, status=422 if faults else 200)


def _margins(request: ActorRequest, code: str) -> None:
    """Take the totals of a file, or drop them. Raises Problem(s)."""
    if "drop" in request.POST:
        services.drop_margins(actor=request.actor, now=now(), code=code)
        return
    (sent, *_more) = request.FILES.getlist("margins")
    services.keep_margins(
        actor=request.actor, now=now(), code=code, file_name=sent.name or "margins.csv", content=sent.read()
    )


@require_POST
@page("round.plan")
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Publishing what came out, whatever it says."""
    found(request, code)
    try:
        services.publish_results(actor=request.actor, now=now(), code=code)
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, gettext("The answers are frozen and the results are published."))
    return HttpResponseRedirect(reverse("surveys:round", args=[code]))


@page(PUBLIC)
def report(request: ActorRequest, code: str) -> HttpResponse:
    """The report everybody may read."""
    survey = _published(request, code)
    return _page(request, survey, report_of(survey))


@page("round.read")
def full_report(request: ActorRequest, code: str) -> HttpResponse:
    """The report with how the weights came about. It hides what the public one hides."""
    survey = _published(request, code)
    require(request.actor, "round.read", survey.unit.path)
    return _page(request, survey, report_of(survey, full=True))


@page(PUBLIC)
def report_file(request: ActorRequest, code: str, name: str) -> HttpResponse:
    """The report as a file, or the open data."""
    return _file(request, _published(request, code), name, full=False)


@page("round.read")
def full_file(request: ActorRequest, code: str, name: str) -> HttpResponse:
    """The full report as a file, or the analyst's data."""
    survey = _published(request, code)
    require(request.actor, "round.read", survey.unit.path)
    return _file(request, survey, name, full=True)


def _page(request: ActorRequest, survey: Round, made: Report) -> HttpResponse:
    context = {
        "survey": survey, "report": made, "questions": made.questions,
        "may_full": request.actor.may("round.read", survey.unit.path),
    }  # fmt: skip
    return render(request, "surveys/report.html", context)


def _file(request: ActorRequest, survey: Round, name: str, *, full: bool) -> HttpResponse:
    if name not in TYPES:
        raise Http404
    try:
        content = _content(survey, name, full=full)
    except Problem as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("surveys:full_report" if full else "surveys:report", args=[survey.code]))
    response = HttpResponse(content, content_type=TYPES[name])
    stem, _dot, suffix = name.rpartition(".")
    called = f"{survey.code}-{stem}.{suffix}"
    if suffix == "zip":
        called = f"{survey.code}-{'full' if full else 'public'}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response


def _content(survey: Round, name: str, *, full: bool) -> bytes:
    if name == "bundle.zip":
        return bundle_of(survey, full=full)
    made = report_of(survey, full=full)
    if name == "report.docx":
        return report_docx(made)
    if name == "report.xlsx":
        return report_xlsx(made)
    # Drawn on the server by ourselves, with every text escaped.
    figures = [
        (
            question,
            mark_safe(fixed_colours(question.svg)),  # noqa: S308
            [(table.title, *queries.grid_of(table)) for table in question.tables],
        )
        for question in made.questions
    ]
    content = pdf_of(render_to_string("surveys/report_print.html", {"report": made, "figures": figures}), PRINT)
    if content is None:
        raise Problem(
            "This machine cannot make PDF files: the library Pango is missing.",
            hint="Take the DOCX file, or print the page.",
        )
    return content


def _published(request: ActorRequest, code: str) -> Round:
    survey = found(request, code)
    if survey.state not in WITH_RESULTS:
        raise Http404
    return survey
