"""Questionnaires: list, upload, preview."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from qiao.base import xlsform
from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import write_xlsx
from qiao.base.xlsform.compare import changes
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.exports import template_form
from qiao.hear.surveys.forms import NewVersionForm, UploadForm
from qiao.hear.surveys.models import FormFile, Questionnaire, QuestionnaireVersion
from qiao.hear.surveys.queries.bank import document_of_version
from qiao.hear.surveys.queries.forms import form_file
from qiao.hear.surveys.services.media import add_form_files
from qiao.hear.surveys.views.questionnaire_forms import FilesForm
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
                files=[(each.name or "", each.read()) for each in request.FILES.getlist("pictures")[:50]],
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
    if not versions:
        # Begun here and not stored yet.
        return HttpResponseRedirect(reverse("surveys:editor", args=[code]))
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
        "left_out": [problem_text(fault) for fault in runtime.left_out],
        "missing_files": sorted(set(document_of_version(version).used_files()) - set(runtime.media)),
        "files": found.files.defer("content"),
        "files_form": FilesForm(),
        "draft": hasattr(found, "draft"),
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
    version = _version(found, number)
    response = HttpResponse(bytes(version.content), content_type="application/octet-stream")
    suffix = version.file_name.rpartition(".")[2] or "xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}.{suffix}"'
    return response


@page("questionnaire.upload")
def xlsform_file(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Any version as an XLSForm workbook, however it was made."""
    version = _version(_found(request, code), number)
    response = HttpResponse(write_xlsx(document_of_version(version)), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}.xlsx"'
    return response


@page("questionnaire.upload")
def compare(request: ActorRequest, code: str) -> HttpResponse:
    """What changed from one version to another: ``?from=1&to=2``, at first the last two."""
    found = _found(request, code)
    versions = list(found.versions.defer("content").order_by("-number"))
    if len(versions) < 2:
        return HttpResponseRedirect(reverse("surveys:questionnaire", args=[code]))
    by_number = {str(version.number): version for version in versions}
    new = by_number.get(request.GET.get("to", ""), versions[0])
    old = by_number.get(request.GET.get("from", ""), versions[1])
    context = {
        "questionnaire": found,
        "versions": versions,
        "old": old,
        "new": new,
        "changes": changes(document_of_version(old), document_of_version(new)),
        "title": pick(found.title),
    }
    return render(request, "surveys/questionnaire_compare.html", context)


@page("questionnaire.upload")
def files(request: ActorRequest, code: str) -> HttpResponse:
    """Adding pictures and sounds. A version shows those that were there when it was stored."""
    found = _found(request, code)
    form = FilesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = add_form_files(actor=request.actor, now=now(), code=code, files=form.contents())
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            messages.success(request, gettext("%(number)d files are kept.") % {"number": len(kept)})
            return HttpResponseRedirect(reverse("surveys:form_files", args=[code]))
    context = {"questionnaire": found, "form": form, "files": found.files.defer("content"), "title": pick(found.title)}
    return render(request, "surveys/questionnaire_files.html", context, status=422 if form.errors else 200)


@page(PUBLIC)
def media(request: ActorRequest, sha256: str, name: str) -> HttpResponse:
    """A picture or sound of a questionnaire. Its address holds its hash: only pages that show it give it away."""
    del request
    try:
        found = form_file(sha256, name)
    except FormFile.DoesNotExist:
        raise Http404 from None
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _version(found: Questionnaire, number: int) -> QuestionnaireVersion:
    try:
        return found.versions.get(number=number)
    except QuestionnaireVersion.DoesNotExist:
        raise Http404 from None


def _found(request: ActorRequest, code: str) -> Questionnaire:
    try:
        found = queries.questionnaire_by_code(code)
    except Questionnaire.DoesNotExist:
        raise Http404 from None
    require(request.actor, "questionnaire.upload", found.unit.path)
    return found
