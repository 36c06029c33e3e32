"""A round from the draw to the close: drawing, slips, opening, extending, handing out calls, closing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.exports import Slips, code_sheet, qr_svg, slips_files
from qiao.hear.surveys.forms import CallsForm, ExtendForm, SlipsForm
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.services import CodeLine
from qiao.hear.surveys.views.questionnaires import XLSX

#: Slips that a PDF holds: more come as several, in a ZIP.
PDF_SLIPS = 500


@require_POST
@page("round.draw")
def draw(request: ActorRequest, code: str) -> HttpResponse:
    """Drawing the sample from the register as it was on a day."""
    try:
        day = date.fromisoformat(request.POST["day"]) if request.POST.get("day") else None
    except ValueError:
        day = None
    return _act(
        request,
        code,
        lambda: services.draw_round(actor=request.actor, now=now(), code=code, day=day),
        gettext("The sample is drawn."),
    )


@require_POST
@page("round.draw")
def codes(request: ActorRequest, code: str) -> HttpResponseBase:
    """Making slips with codes, to print, as PDF or as a spreadsheet: given out in this answer and never again."""
    survey = found(request, code)
    wanted = request.POST.get("form", "page")
    typed_at = full_address(reverse("surveys:code"))
    words = render_to_string("surveys/_slip_words.html", {"survey": survey, "typed_at": typed_at}, request=request)
    slips = Slips(escape(code), words, full_address(reverse("surveys:answer", args=["CODE"])))
    try:
        lines = services.make_code_sheet(
            actor=request.actor, now=now(), code=code, renew=request.POST.get("renew") == "yes"
        )
    except Problem as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    response = _as_file(code, survey, slips, lines, wanted)
    if response is None:
        shown = []
        for line in lines:
            link = slips.link.replace("CODE", line.code)
            shown.append({"slip": line.slip, "code": line.code, "link": link, "qr": qr_svg(link)})
        response = render(request, "surveys/slips.html", {"survey": survey, "slips": shown, "typed_at": typed_at})
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_file(code: str, survey: Round, slips: Slips, lines: list[CodeLine], wanted: str) -> HttpResponseBase | None:
    """Slips as the file wanted; None where the page is to be printed: asked for, or no page can be set here."""
    response: HttpResponseBase
    if wanted == "xlsx":
        path = reverse("surveys:answer", args=["CODE"])
        response, name = HttpResponse(code_sheet(survey, lines, path=path), content_type=XLSX), f"{code}-codes.xlsx"
    elif wanted == "pdf" and lines:
        made = slips_files(slips, lines, code=code, each=PDF_SLIPS, made=localtime(now()))
        if made is None:
            return None
        if isinstance(made, bytes):
            response, name = HttpResponse(made, content_type="application/pdf"), f"{code}-slips.pdf"
        else:
            # Made while it is sent: no file holds the codes, and the first piece leaves at once.
            response, name = StreamingHttpResponse(made, content_type="application/zip"), f"{code}-slips.zip"
    else:
        return None
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@page("round.draw")
def names(request: ActorRequest, code: str) -> HttpResponse:
    """Whom each numbered slip is for, as CSV: names without codes."""
    found(request, code)
    try:
        lines = services.name_list(actor=request.actor, now=now(), code=code)
    except Problem as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-names.csv"'
    response.headers["Cache-Control"] = "no-store"
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([gettext("Slip"), gettext("Unit"), gettext("Name"), gettext("Answered already")])
    for line in lines:
        safe = f"'{line.name}" if line.name[:1] in {"=", "+", "-", "@"} else line.name
        writer.writerow([line.slip, line.unit, safe, gettext("yes") if line.answered else ""])
    return response


@page("round.draw")
def fieldwork(request: ActorRequest, code: str) -> HttpResponse:
    """The drawer's desk of an open round: slips that came back, people to call."""
    survey = found(request, code)
    require(request.actor, "round.draw", survey.unit.path)
    accounts = queries.interviewers_at(survey.unit.path, now().date())
    back = SlipsForm(request.POST if "slips" in request.POST else None)
    calls = CallsForm(request.POST if "number" in request.POST else None, accounts=accounts)
    if request.method == "POST":
        try:
            if "slips" in request.POST and back.is_valid():
                number = services.note_undeliverable(
                    actor=request.actor, now=now(), code=code, slips=back.cleaned_data["slips"]
                )
                messages.success(request, gettext("%(number)d slips are noted as come back.") % {"number": number})
                return HttpResponseRedirect(reverse("surveys:fieldwork", args=[code]))
            if "number" in request.POST and calls.is_valid():
                number = services.hand_out_calls(
                    actor=request.actor, now=now(), code=code, number=calls.cleaned_data["number"],
                    interviewers=[calls.accounts[key] for key in calls.cleaned_data["interviewers"]],
                )  # fmt: skip
                messages.success(request, gettext("%(number)d people are handed out.") % {"number": number})
                return HttpResponseRedirect(reverse("surveys:fieldwork", args=[code]))
        except Problem as fault:
            (back if "slips" in request.POST else calls).add_error(None, problem_text(fault))
    context = {
        "survey": survey, "back": back, "calls": calls, "any": bool(accounts), "work": queries.fieldwork(survey),
        "waiting": queries.codes_waiting(survey), "monitor": queries.monitor(survey),
    }  # fmt: skip
    return render(request, "surveys/fieldwork.html", context, status=422 if back.errors or calls.errors else 200)


@require_POST
@page("round.plan")
def open_round(request: ActorRequest, code: str) -> HttpResponse:
    """Putting the round into the field."""
    return _act(
        request,
        code,
        lambda: services.open_round(actor=request.actor, now=now(), code=code, send=True),
        gettext("The round is open. Links are on their way to those invited whom mail or SMS reaches."),
    )


@page("round.plan")
def extend(request: ActorRequest, code: str) -> HttpResponse:
    """Letting the round close later."""
    survey = found(request, code)
    require(request.actor, "round.plan", survey.unit.path)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_round(
                actor=request.actor, now=now(), code=code, closes=form.moment, reason=form.cleaned_data["reason"]
            )
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    return render(request, "surveys/extend.html", {"survey": survey, "form": form}, status=422 if form.errors else 200)


@require_POST
@page("round.plan")
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Ending the round for good; weighting and publishing come after."""

    def end() -> None:
        services.close_round(actor=request.actor, now=now(), code=code, reason=request.POST.get("reason", ""))

    return _act(request, code, end, gettext("The round is closed."))


@page("round.answer_union")
def union(request: ActorRequest, code: str) -> HttpResponse:
    """Answering for one's base union: choosing it, then the page everybody answers on."""
    survey = found(request, code)
    rows = queries.own_unions(request.actor, survey)
    if not rows:
        # Another unit's round is none of theirs: not its name, not that it is there.
        raise Http404
    if request.method == "POST":
        given = request.POST.get("unit", "")
        unit = next((row.unit for row in rows if str(row.unit.pk) == given), None)
        if unit is None:
            raise Http404
        try:
            secret = services.union_code(actor=request.actor, now=now(), code=code, unit=unit)
        except Problem as fault:
            messages.error(request, problem_text(fault))
            return HttpResponseRedirect(reverse("surveys:round", args=[code]))
        return HttpResponseRedirect(reverse("surveys:answer", args=[secret]))
    return render(request, "surveys/union.html", {"survey": survey, "rows": rows})


def _act(request: ActorRequest, code: str, act: Callable[[], object], said: str) -> HttpResponse:
    found(request, code)
    try:
        act()
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("surveys:round", args=[code]))


def found(request: ActorRequest, code: str) -> Round:
    """The round, unless it is still being prepared and the visitor has no part in that."""
    survey = queries.find_round(code)
    if survey is None or not queries.may_see(request.actor, survey):
        raise Http404
    return survey
