"""Pages of the judged union: its answer, its plan, what was done."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import pick
from qiao.base.problems import Problem, Problems
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.forms import RemedyForm, TextForm
from qiao.judge.ratings.models import Remedy
from qiao.judge.ratings.rules.form import keys_of
from qiao.judge.ratings.views.shared import ANSWER, act, found, may_above, may_answer, said

#: Remedies a plan has at most on one page.
MOST = 6


@page(ANSWER)
def respond(request: ActorRequest, code: str) -> HttpResponse:
    """The union's answer to its result."""
    rating = found(code)
    if not may_answer(request, rating):
        raise Refused(f"{ANSWER} is not yours here")
    form = TextForm(request.POST or None, label=_("What the union makes of the result"))
    return act(
        request, rating, form,
        lambda: services.respond(actor=request.actor, now=now(), code=code, text=form.cleaned_data["text"]),
        title=_("Answer the rating"), button=_("Publish the answer"), done=_("The answer is published."),
        note=_("The result is public already and does not change. An answer is given once."),
    )  # fmt: skip


@page(SIGNED_IN)
def plan(request: ActorRequest, code: str) -> HttpResponse:
    """The remedy plan: of the judged union, or, once its time is over, of the union above."""
    rating, moment = found(code), now()
    late = rating.plan_due is not None and rating.plan_due < localdate(moment)
    if not may_answer(request, rating) and not (late and may_above(request, rating)):
        raise Refused(f"{ANSWER} is not yours here")
    poor = queries.poor_points(rating)
    points = keys_of(rating.form)
    forms = [
        RemedyForm(
            request.POST or None, prefix=str(place), points=points,
            initial={"point": poor[place] if place < len(poor) else ""},
        )
        for place in range(max(min(len(points), MOST), len(poor)))
    ]  # fmt: skip
    if request.method == "POST" and sum(not form.is_valid() for form in forms) == 0:
        promises = [
            services.Promise(form.cleaned_data["point"], form.cleaned_data["text"], form.cleaned_data["due"])
            for form in forms
            if form.cleaned_data["text"]
        ]
        try:
            services.plan_remedies(actor=request.actor, now=moment, code=code, promises=promises)
        except (Problem, Problems) as problem:
            said(forms[0], problem)
        else:
            messages.success(request, _("The plan is published with its days."))
            return redirect("ratings:rating", code)
    context = {"rating": rating, "forms": forms, "poor": len(poor)}
    return render(request, "ratings/plan.html", context)


@page(ANSWER)
def report(request: ActorRequest, key: int) -> HttpResponse:
    """What was done about one remedy."""
    remedy = Remedy.objects.select_related("rating__unit").filter(pk=key).first()
    if remedy is None:
        raise Http404
    rating = remedy.rating
    if not may_answer(request, rating):
        raise Refused(f"{ANSWER} is not yours here")
    form = TextForm(request.POST or None, label=_("What was done"))
    return act(
        request, rating, form,
        lambda: services.report_remedy(actor=request.actor, now=now(), remedy_id=key, text=form.cleaned_data["text"]),
        title=_("Report on a remedy"), button=_("Publish the report"), done=_("The report is published."),
        note=pick(remedy.text),
    )  # fmt: skip
