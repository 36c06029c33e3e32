"""After the result: the union responds and promises, the evaluator looks again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.forms import PromiseForm, RecheckForm, ResponseForm
from qiao.judge.evaluations.views.public import found

#: Promises one page offers to write.
_SHOWN = 3


@page("evaluation.commission")
def respond(request: ActorRequest, code: str) -> HttpResponse:
    """Publish the union's response and what it promises."""
    evaluation, moment = found(code), now()
    require(request.actor, "evaluation.commission", evaluation.unit.path)
    form = ResponseForm(request.POST or None)
    owners = queries.possible_owners(evaluation, localdate(moment))
    lines = [PromiseForm(request.POST or None, prefix=str(place), owners=owners) for place in range(_SHOWN)]
    valid = request.method == "POST" and all([form.is_valid(), *(line.is_valid() for line in lines)])
    if valid:
        promises = [
            services.Promised(line.cleaned_data["text"], line.chosen, line.cleaned_data["until"])
            for line in lines
            if line.cleaned_data["text"]
        ]
        try:
            services.respond(
                actor=request.actor, now=moment, code=code, text=form.cleaned_data["text"], promises=promises
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
            valid = False
        else:
            messages.success(request, _("The response is published below the result."))
            return redirect("evaluations:detail", code)
    late = evaluation.response_due is not None and evaluation.response_due < localdate(moment)
    context = {
        "page": queries.evaluation_page(evaluation, actor=request.actor, now=moment),
        "form": form,
        "lines": lines,
        "looks": services.recheck_days(evaluation, now=moment)[0] if late else evaluation.recheck_from,
    }
    return render(request, "evaluations/respond.html", context, status=422 if request.method == "POST" else 200)


@page("evaluation.run")
def recheck(request: ActorRequest, code: str) -> HttpResponse:
    """Publish what was found on looking again."""
    evaluation, moment = found(code), now()
    services.require_evaluator(request.actor, evaluation)
    form = RecheckForm(request.POST or None, promises=queries.open_promises(evaluation))
    if request.method == "POST" and form.is_valid():
        try:
            services.recheck(
                actor=request.actor, now=moment, code=code, text=form.cleaned_data["text"], found=form.found
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("What you found is published."))
            return redirect("evaluations:detail", code)
    context = {"page": queries.evaluation_page(evaluation, actor=request.actor, now=moment), "form": form}
    return render(request, "evaluations/recheck.html", context, status=422 if form.errors else 200)
