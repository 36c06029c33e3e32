"""How tasks come about: sheets, candidates, marks, the user panel, decisions; and the loop report."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qiao.base.access import MEMBER, PUBLIC, ActorRequest, Refused, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import queries, services
from qiao.hear.needs.forms import CandidateForm, MarksForm, ReasonForm, ScorersForm, SheetForm, SpeakForm, WeightsForm
from qiao.hear.needs.models import Candidate, Sheet
from qiao.hear.needs.queries import candidates as reads
from qiao.hear.needs.rules import forming


@page(PUBLIC)
def sheets(request: ActorRequest) -> HttpResponse:
    """Scoring sheets; who keeps them begins a new one here."""
    form = None
    if request.actor.may("sheet.keep"):
        form = SheetForm(request.POST or None, actor=request.actor)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                made = services.draft_sheet(actor=request.actor, now=now(), unit=given["unit"], title=given["title"])
            except Problem as fault:
                form.add_error(None, problem_text(fault))
            else:
                return HttpResponseRedirect(reverse("needs:sheet", args=[made.code]))
    return render(request, "needs/sheets.html", {"sheets": list(reads.sheets(request.actor)[:60]), "form": form})


@page(PUBLIC)
def sheet(request: ActorRequest, code: str) -> HttpResponse:
    """One sheet: criteria and weights, candidates by score, who scores, the panel."""
    found = _sheet(request, code)
    keeps = request.actor.may("sheet.keep", found.unit.path)
    draft = found.state == "drafted"
    context = {
        "sheet": found,
        "criteria": [(forming.criterion_text(key), found.weights[key]) for key in forming.CRITERIA],
        "candidates": reads.candidates_of(found),
        "scorers": [seat.account.display_name for seat in found.scorers.select_related("account")],
        "panel": found.users.count(),
        "void": reads.void_count(found),
        "keeps": keeps,
        "scorers_form": ScorersForm(sheet=found) if keeps and draft else None,
        "weights_form": WeightsForm(weights=found.weights) if keeps and found.state != "closed" else None,
        "may_raise": request.actor.may("candidate.raise", found.unit.path) and forming.takes_candidates(found),
    }
    return render(request, "needs/sheet.html", context)


@require_POST
@page("sheet.keep")
def keep_sheet(request: ActorRequest, code: str) -> HttpResponse:
    """One step on a sheet, told by the button pressed."""
    found = _sheet(request, code)
    require(request.actor, "sheet.keep", found.unit.path)
    act, actor, moment = request.POST.get("act", ""), request.actor, now()
    try:
        if act == "seat":
            chosen = [int(one) for one in request.POST.getlist("accounts") if one.isdecimal()]
            services.seat_scorers(actor=actor, now=moment, code=code, account_ids=chosen)
        elif act == "publish":
            services.publish_sheet(actor=actor, now=moment, code=code)
        elif act == "draw":
            services.draw_panel(actor=actor, now=moment, code=code)
        elif act == "close":
            services.close_sheet(actor=actor, now=moment, code=code)
        elif act == "weights":
            form = WeightsForm(request.POST)
            if not form.is_valid():
                raise Problem("Give every criterion a weight of 0 or more.")
            void = services.change_sheet(actor=actor, now=moment, code=code, weights=form.weights())
            messages.success(request, gettext("The weights are changed; %(void)d scores are void.") % {"void": void})
        else:
            raise Http404
    except Problem as fault:
        messages.error(request, problem_text(fault))
    return HttpResponseRedirect(reverse("needs:sheet", args=[code]))


@page("candidate.raise")
def raise_candidate(request: ActorRequest, code: str) -> HttpResponse:
    """Putting forward what the unit might do."""
    found = _sheet(request, code, early=True)
    require(request.actor, "candidate.raise", found.unit.path)
    wanted = [request.GET["need"]] if request.GET.get("need") else []
    form = CandidateForm(request.POST or None, sheet=found, initial={"needs": wanted})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.raise_candidate(
                actor=request.actor, now=now(), sheet_code=code, title=given["title"], text=given["text"],
                cost=given["cost"], need_codes=given["needs"], origin=given["origin"], ground=given["ground"],
            )  # fmt: skip
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("needs:candidate", args=[made.code]))
    return render(request, "needs/raise_candidate.html", {"form": form, "sheet": found})


@page(PUBLIC)
def candidate(request: ActorRequest, code: str) -> HttpResponse:
    """One candidate: what, for which needs, its score, what users said, what was decided."""
    found = _candidate(request, code)
    actor, path = request.actor, found.sheet.unit.path
    given, awaited = reads.given_count(found)
    context = {
        "candidate": found,
        "steps": forming.steps(found.state),
        "marks": reads.marks_of(found),
        "given": given,
        "awaited": awaited,
        "voices": reads.voices_shown(found),
        "words": reads.words_said(found),
        "spoken": reads.spoken_count(found),
        "may": {
            "score": forming.takes_scores(found.sheet, found)
            and reads.is_scorer(found.sheet, actor)
            and not actor.did(found.proposer_id),
            "speak": forming.takes_voices(found) and reads.has_seat(found.sheet, actor),
            "close": forming.takes_voices(found) and actor.may("sheet.keep", path),
            "decide": forming.may_decide(found) and actor.may("candidate.decide", path),
            "propose": found.state == "adopted" and not found.proposal_code and actor.may("proposal.raise", path),
        },
    }
    return render(request, "needs/candidate.html", context)


@page("desk.open")
def score(request: ActorRequest, code: str) -> HttpResponse:
    """Giving one's marks; nobody sees another's before all are in."""
    found = _candidate(request, code)
    if not reads.is_scorer(found.sheet, request.actor):
        raise Refused("only the scorers of this sheet score")
    marks = reads.own_marks(found, request.actor)
    form = MarksForm(request.POST or None, weights=found.sheet.weights, marks=marks)
    if request.method == "POST" and form.is_valid():
        try:
            services.score_candidate(actor=request.actor, now=now(), code=code, marks=form.marks())
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            messages.success(request, gettext("Your marks are in. The others' are seen once all are."))
            return HttpResponseRedirect(reverse("needs:candidate", args=[code]))
    return render(request, "needs/score.html", {"form": form, "candidate": found})


@page(MEMBER)
def speak(request: ActorRequest, code: str) -> HttpResponse:
    """Saying, as one drawn for the user panel, whether a candidate would help."""
    found = _candidate(request, code)
    if not reads.has_seat(found.sheet, request.actor):
        raise Refused("only members drawn for the panel speak here")
    own = reads.own_voice(found, request.actor)
    form = SpeakForm(request.POST or None, initial={"say": own.say, "words": own.words} if own else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.speak_on_candidate(
                actor=request.actor, now=now(), code=code, say=given["say"], words=given["words"]
            )
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            messages.success(request, gettext("Thank you. It is counted with the others when the panel is closed."))
            return HttpResponseRedirect(reverse("needs:candidate", args=[code]))
    return render(request, "needs/speak.html", {"form": form, "candidate": found})


@require_POST
@page("sheet.keep")
def close_panel(request: ActorRequest, code: str) -> HttpResponse:
    """Counting what the panel said."""
    found = _candidate(request, code)
    try:
        services.close_panel(actor=request.actor, now=now(), code=found.code)
    except Problem as fault:
        messages.error(request, problem_text(fault))
    return HttpResponseRedirect(reverse("needs:candidate", args=[code]))


@page("candidate.decide")
def decide(request: ActorRequest, code: str) -> HttpResponse:
    """Adopting a candidate, or saying why not."""
    found = _candidate(request, code)
    require(request.actor, "candidate.decide", found.sheet.unit.path)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if request.POST.get("then") == "adopt":
                services.adopt_candidate(actor=request.actor, now=now(), code=code, reason=reason)
            else:
                services.reject_candidate(actor=request.actor, now=now(), code=code, reason=reason)
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("needs:candidate", args=[code]))
    return render(request, "needs/decide.html", {"form": form, "candidate": found})


@page(PUBLIC)
def loop(request: ActorRequest) -> HttpResponse:
    """Who asked, who judged, what changed: the measures of the loop with the tasks behind them."""
    return render(request, "needs/loop.html", {"measures": queries.loop_report()})


def _sheet(request: ActorRequest, code: str, *, early: bool = False) -> Sheet:
    """``early``: who may raise candidates sees a draft too."""
    try:
        found = reads.sheet_by_code(code)
    except Sheet.DoesNotExist:
        raise Http404 from None
    if not reads.may_see_sheet(request.actor, found) and not (
        early and request.actor.may("candidate.raise", found.unit.path)
    ):
        raise Http404
    return found


def _candidate(request: ActorRequest, code: str) -> Candidate:
    try:
        found = reads.candidate_by_code(code)
    except Candidate.DoesNotExist:
        raise Http404 from None
    if not reads.may_see_candidate(request.actor, found):
        raise Http404
    return found
