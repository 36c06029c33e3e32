"""What everybody may see: the board, one evaluation, the proof that one sealed answer is counted."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.judge.evaluations import queries
from qiao.judge.evaluations.forms import CloseForm, SeedForm
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS, SATISFACTION_FLOOR, SMALLEST_CELL

_DIGEST = re.compile(r"[0-9a-f]{64}")


def found(code: str) -> Evaluation:
    """The evaluation of an address, or 404."""
    try:
        return queries.evaluation_by_code(code)
    except Evaluation.DoesNotExist:
        raise Http404 from None


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """All evaluations."""
    context = {
        "board": queries.board(),
        "may_commission": request.actor.may("evaluation.commission"),
        "waiting": queries.projects_to_judge(request.actor) if request.actor.may("evaluation.commission") else [],
    }
    return render(request, "evaluations/board.html", context)


@page(PUBLIC)
def detail(request: ActorRequest, code: str) -> HttpResponse:
    """One evaluation: terms while it runs, figures afterwards."""
    moment = now()
    evaluation = found(code)
    context = {
        "page": queries.evaluation_page(evaluation, actor=request.actor, now=moment),
        "evaluation": evaluation,
        "early": evaluation.closes > moment,
        "ready": evaluation.opens <= moment,
        "close_form": CloseForm(),
        "seed_form": SeedForm(),
        "fewest": FEWEST_ANSWERS,
        "smallest": SMALLEST_CELL,
        "floor": SATISFACTION_FLOOR,
    }
    return render(request, "evaluations/detail.html", context)


@page(PUBLIC)
def proof(request: ActorRequest, code: str, digest: str) -> HttpResponse:
    """That a sealed answer is kept and, after the close, stands under the root in the ledger."""
    evaluation = found(code)
    inclusion = queries.inclusion_of(evaluation, digest) if _DIGEST.fullmatch(digest) else None
    if inclusion is None:
        raise Http404
    return render(request, "evaluations/proof.html", {"evaluation": evaluation, "proof": inclusion})
