"""Questionnaires: list, upload, preview."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from qiao.base import xlsform
from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.exports import template_form
from qiao.hear.surveys.forms import NewVersionForm, UploadForm
from qiao.hear.surveys.models import Questionnaire, QuestionnaireVersion
from qiao.org.units.queries import units_at, upper_units

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("questionnaire.upload")
def listing(request: ActorRequest) -> HttpResponse:
    """The questionnaires of one's units."""
    return render(request, "surveys/questionnaires.html", {"questionnaires": queries.questionnaires(request.actor)})


@page("questionnaire.upload")
def template(request: ActorRequest) -> HttpResponse:
    """A questionnaire to start from."""
    response = HttpResponse(template_form(), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="qiao-questionnaire.xlsx"'
    return response


@page("questionnaire.upload")
def upload(request: ActorRequest) -> HttpResponse:
    """Uploading a questionnaire; every fault is shown with its sheet and row."""
    paths = request.actor.paths("questionnaire.upload")
    units = upper_units(paths) or units_at(paths)
    form = UploadForm(request.POST or None, request.FILES or None, units=units)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version = services.upload_questionnaire(
                actor=request.actor,
                now=now(),
                unit=form.cleaned_data["unit"],
                title=form.cleaned_data["title"],
                file_name=file.name,
                content=file.read(),
            )
        except (Problem, Problems) as fault:
            faults = problem_text(fault).split("\n")
        else:
            messages.success(request, gettext("The questionnaire can be asked. Look through it in each language."))
            return HttpResponseRedirect(reverse("surveys:questionnaire", args=[version.questionnaire.code]))
    status = 422 if faults or form.errors else 200
    return render(request, "surveys/upload.html", {"form": form, "faults": faults}, status=status)


@page("questionnaire.upload")
def questionnaire(request: ActorRequest, code: str) -> HttpResponse:
    """One questionnaire: its versions, and the newest (or ``?version=``) as members will see it, in each language."""
    found = _found(request, code)
    form = NewVersionForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version = services.upload_questionnaire(
                actor=request.actor, now=now(), unit=found.unit, title=found.title, file_name=file.name,
                content=file.read(), code=code,
            )  # fmt: skip
        except (Problem, Problems) as fault:
            faults = problem_text(fault).split("\n")
        else:
            messages.success(request, gettext("Version %(number)d is stored.") % {"number": version.number})
            return HttpResponseRedirect(reverse("surveys:questionnaire", args=[code]))
    versions = list(found.versions.defer("content").order_by("-number"))
    wanted = request.GET.get("version", "")
    version = next((each for each in versions if str(each.number) == wanted), versions[0])
    runtime = queries.runtime_of(version.pk)
    languages = list(runtime.form.languages) or [runtime.form.default_language]
    asked = request.GET.get("language", "")
    language = asked if asked in languages else runtime.form.language_for(request.LANGUAGE_CODE)
    context = {
        "questionnaire": found,
        "version": version,
        "versions": versions,
        "languages": languages if len(languages) > 1 else [],
        "language": language,
        "questions": xlsform.render(runtime, language=language, now=localtime(now()), translate=gettext),
        "warnings": runtime.form.warnings,
        "codebook": xlsform.codebook(runtime.form),
        "form": form,
        "faults": faults,
        "title": pick(found.title),
    }
    return render(request, "surveys/questionnaire.html", context, status=422 if faults else 200)


@page("questionnaire.upload")
def download(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """The file of a version, byte for byte."""
    found = _found(request, code)
    try:
        version = found.versions.get(number=number)
    except QuestionnaireVersion.DoesNotExist:
        raise Http404 from None
    response = HttpResponse(bytes(version.content), content_type="application/octet-stream")
    suffix = version.file_name.rpartition(".")[2] or "xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}.{suffix}"'
    return response


def _found(request: ActorRequest, code: str) -> Questionnaire:
    try:
        found = queries.questionnaire_by_code(code)
    except Questionnaire.DoesNotExist:
        raise Http404 from None
    require(request.actor, "questionnaire.upload", found.unit.path)
    return found
