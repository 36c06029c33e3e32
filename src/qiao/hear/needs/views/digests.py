"""Digests of needs: made, worded, checked by another, published, and as a table."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import services
from qiao.hear.needs.choices import DigestState
from qiao.hear.needs.exports import digest_workbook
from qiao.hear.needs.forms import DigestForm, DigestWordsForm
from qiao.hear.needs.models import Digest
from qiao.hear.needs.queries import digests as reads

_ORDER = (DigestState.DRAFTED, DigestState.CHECKED, DigestState.PUBLISHED)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(PUBLIC)
def digests(request: ActorRequest) -> HttpResponse:
    """Digests, newest first; analysts make a new one here."""
    form = None
    if request.actor.may("need.publish"):
        form = DigestForm(request.POST or None, actor=request.actor)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                made = services.draft_digest(
                    actor=request.actor, now=now(), unit=given["unit"], since=given["since"], until=given["until"]
                )
            except Problem as fault:
                form.add_error(None, problem_text(fault))
            else:
                return HttpResponseRedirect(reverse("needs:digest", args=[made.code]))
    return render(request, "needs/digests.html", {"digests": list(reads.digests(request.actor)[:60]), "form": form})


@page(PUBLIC)
def digest(request: ActorRequest, code: str) -> HttpResponse:
    """One digest: every source with its lines, ranks and how sure they are."""
    found = _found(request, code)
    full = reads.sees_full(request.actor, found)
    here = _ORDER.index(DigestState(found.state))
    context = {
        "digest": found,
        "full": full,
        "sources": reads.shown_digest(found, full=full),
        "left_out": len(found.left_out),
        "steps": [(str(step.label), place < here, place == here) for place, step in enumerate(_ORDER)],
        "own": request.actor.did(found.drafted_by),
    }
    return render(request, "needs/digest.html", context)


@page("need.publish")
def word(request: ActorRequest, code: str) -> HttpResponse:
    """What the period showed, and which lines are left out, with the reason."""
    found = _found(request, code)
    require(request.actor, "need.publish", found.unit.path)
    form = DigestWordsForm(request.POST or None, initial={"words": found.words})
    if request.method == "POST" and form.is_valid():
        reasons = {
            line["key"]: request.POST.get(f"why-{number}", "")[:200]
            for number, line in enumerate(found.lines)
            if request.POST.get(f"out-{number}")
        }
        try:
            services.word_digest(
                actor=request.actor, now=now(), code=code, words=form.cleaned_data["words"], left_out=reasons
            )
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("needs:digest", args=[code]))
    lines = [line for source in reads.shown_digest(found, full=True) for line in source.lines]
    return render(request, "needs/digest_word.html", {"digest": found, "form": form, "lines": lines})


@require_POST
@page("need.publish")
def advance(request: ActorRequest, code: str) -> HttpResponse:
    """Checking the cells as a second analyst, or publishing."""
    found = _found(request, code)
    try:
        if request.POST.get("act") == "publish":
            services.publish_digest(actor=request.actor, now=now(), code=found.code)
        else:
            services.check_digest(actor=request.actor, now=now(), code=found.code)
    except Problem as fault:
        messages.error(request, problem_text(fault))
    return HttpResponseRedirect(reverse("needs:digest", args=[code]))


@page(PUBLIC)
def table(request: ActorRequest, code: str) -> HttpResponse:
    """The digest as a workbook: the full one for analysts of the unit, the public one for everybody else."""
    found = _found(request, code)
    full = reads.sees_full(request.actor, found) and not request.GET.get("public")
    response = HttpResponse(digest_workbook(found, full=full), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{found.code}{"-full" if full else ""}.xlsx"'
    return response


def _found(request: ActorRequest, code: str) -> Digest:
    try:
        found = reads.digest_by_code(code)
    except Digest.DoesNotExist:
        raise Http404 from None
    if not reads.may_see_digest(request.actor, found):
        raise Http404
    return found
