"""The board of needs and the page of each."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import queries, rules, services
from qiao.hear.needs.choices import NeedKind
from qiao.hear.needs.forms import AnswerForm, WordForm
from qiao.hear.needs.models import Need
from qiao.hear.needs.rules.wording import close_text, sure_text
from qiao.hear.surveys.queries import find_round
from qiao.org.units.queries import upper_units

PAGE = 30


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """Needs with their figures, filtered by kind, source and unit."""
    chosen = {key: request.GET.get(key, "") for key in ("kind", "source", "unit", "overdue")}
    if "/" in chosen["source"]:
        # No code has one, and an address cannot be made of it.
        chosen["source"] = ""
    units = list(upper_units([""])[:400])
    path = next((unit.path for unit in units if unit.label == chosen["unit"]), "")
    moment = now()
    found = queries.board(
        actor=request.actor, kind=chosen["kind"], source=chosen["source"], path=path,
        overdue_at=moment if chosen["overdue"] else None,
    )  # fmt: skip
    needs = Paginator(found, PAGE).get_page(request.GET.get("page"))
    became = queries.became(list(needs))
    context = {
        "rows": [
            (need, queries.figure_text(need), became[need.code], rules.is_overdue(need, moment)) for need in needs
        ],
        "overdue": queries.overdue_count(moment, path),
        "needs": needs,
        "chosen": chosen,
        "kinds": NeedKind.choices,
        "units": units,
        "query": "&".join(
            f"{key}={value}" for key, value in chosen.items() if value and value.replace("-", "").isalnum()
        ),
    }
    return render(request, "needs/board.html", context)


@page(PUBLIC)
def need(request: ActorRequest, code: str) -> HttpResponse:
    """One need: its figure, the group against the rest, what it waits for."""
    found = _found(request, code)
    path, actor = found.unit.path, request.actor
    context = {
        "need": found,
        "steps": rules.steps(found.state),
        "figure": queries.figure(found),
        "figure_text": queries.figure_text(found),
        "table": queries.figure_table(found),
        "range": queries.range_text(found),
        "awaits": queries.awaits(found),
        "sure": sure_text(found.adjusted_p),
        "close": "" if found.kind == NeedKind.TOPIC else close_text(found.lower, found.upper),
        "quotes": queries.quotes_of_need(found),
        "late": rules.is_overdue(found, now()),
        "trend": queries.trend_of(found),
        "follows": queries.follows(actor, found),
        "source": find_round(found.source_code),
        "became": queries.became([found])[found.code],
        "may": {
            "word": rules.may_word(found) and actor.may("need.publish", path),
            "check": rules.may_check(found)
            and rules.is_worded(found)
            and not actor.did(found.worded_by)
            and actor.may("need.publish", path),
            "follow": actor.signed_in and found.state in rules.PUBLIC,
            "publish": rules.may_publish(found) and actor.may("need.publish", path),
            "answer": rules.may_answer(found) and actor.may("need.answer", path),
            "propose": found.state in {"published", "taken_up"} and actor.may("proposal.raise", path),
        },
    }
    return render(request, "needs/need.html", context)


@page("need.publish")
def word(request: ActorRequest, code: str) -> HttpResponse:
    """Wording a drafted need; another analyst checks it."""
    found = _found(request, code)
    require(request.actor, "need.publish", found.unit.path)
    form = WordForm(request.POST or None, initial={"title": found.title, "detail": found.detail})
    if request.method == "POST" and form.is_valid():
        try:
            services.word_need(
                actor=request.actor, now=now(), code=code, title=form.cleaned_data["title"],
                detail=form.cleaned_data["detail"],
            )  # fmt: skip
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            messages.success(request, gettext("Stored. A second analyst checks the figures now."))
            return HttpResponseRedirect(reverse("needs:need", args=[code]))
    return render(request, "needs/word.html", {"form": form, "need": found, "figure": queries.figure(found)})


@require_POST
@page("need.publish")
def check(request: ActorRequest, code: str) -> HttpResponse:
    """Confirming a worded need as a second analyst, and publishing it in the same step if wished."""
    found = _found(request, code)
    try:
        services.check_need(actor=request.actor, now=now(), code=found.code)
        if request.POST.get("then") == "publish":
            services.publish_need(actor=request.actor, now=now(), code=found.code)
    except Problem as fault:
        messages.error(request, problem_text(fault))
    return HttpResponseRedirect(reverse("needs:need", args=[code]))


@require_POST
@page(SIGNED_IN)
def follow(request: ActorRequest, code: str) -> HttpResponse:
    """Being told what becomes of a need, or no more."""
    found = _found(request, code)
    act = services.unfollow_need if request.POST.get("stop") else services.follow_need
    act(actor=request.actor, now=now(), code=found.code)
    return HttpResponseRedirect(reverse("needs:need", args=[code]))


@require_POST
@page("need.publish")
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Publishing a checked need."""
    found = _found(request, code)
    try:
        services.publish_need(actor=request.actor, now=now(), code=found.code)
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
    return HttpResponseRedirect(reverse("needs:need", args=[code]))


@require_POST
@page("need.publish")
def drop(request: ActorRequest, code: str) -> HttpResponse:
    """Taking a draft off the list."""
    found = _found(request, code)
    try:
        services.drop_need(actor=request.actor, now=now(), code=code)
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("needs:need", args=[code]))
    messages.success(request, gettext("The draft is gone."))
    return HttpResponseRedirect(f"{reverse('needs:board')}?source={found.source_code}")


@page("need.answer")
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """Saying no, because."""
    found = _found(request, code)
    require(request.actor, "need.answer", found.unit.path)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_need(actor=request.actor, now=now(), code=code, answer=form.cleaned_data["answer"])
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("needs:need", args=[code]))
    return render(request, "needs/answer.html", {"form": form, "need": found})


@require_POST
@page("need.publish")
def derive(request: ActorRequest, code: str) -> HttpResponse:
    """Drafting needs from a round's figures."""
    survey = find_round(code)
    if survey is None:
        raise Http404
    require(request.actor, "need.publish", survey.unit.path)
    try:
        made = services.derive_needs(actor=request.actor, now=now(), round_code=code)
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
        return HttpResponseRedirect(reverse("surveys:round", args=[code]))
    messages.success(request, gettext("%(number)d needs come out of these figures.") % {"number": len(made)})
    return HttpResponseRedirect(f"{reverse('needs:board')}?source={code}")


def _found(request: ActorRequest, code: str) -> Need:
    try:
        found = queries.need_by_code(code)
    except Need.DoesNotExist:
        raise Http404 from None
    if not queries.may_see(request.actor, found):
        raise Http404
    return found
