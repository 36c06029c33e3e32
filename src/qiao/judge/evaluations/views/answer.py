"""Answering, on a phone: signed in, or with a single-use code and no account."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from qiao.base import sealing, throttle
from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.choices import Mode
from qiao.judge.evaluations.forms import AnswerForm, CodeForm
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.queries import Standing
from qiao.judge.evaluations.rules.instrument import COMMENT_LENGTH, INSTRUMENTS
from qiao.judge.evaluations.rules.modes import ASSISTED
from qiao.judge.evaluations.rules.states import LONGEST_WAIT
from qiao.judge.evaluations.views.credential import bytes_of
from qiao.judge.evaluations.views.public import found

#: The receipt on its way to the page that shows it, and for how many seconds that page does.
_RECEIPT, _SHOWN_FOR = "evaluation_receipt", 3600


@page(SIGNED_IN)
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """The questions, for a member who is signed in."""
    evaluation = found(code)
    return ask(request, evaluation, queries.standing_of(request.actor, evaluation, now()))


@page(PUBLIC)
def answer_by_code(request: ActorRequest, code: str, secret_code: str) -> HttpResponse:
    """The questions, for whoever holds a single-use code."""
    evaluation, moment, address = found(code), now(), throttle.address_of(request)
    throttle.ensure("evaluation code", address, now=moment)
    standing = queries.standing_by_code(secret_code, evaluation, moment)
    if not standing.asked:
        throttle.failed("evaluation code", address, limit=20, per=timedelta(minutes=10), now=moment)
    return ask(request, evaluation, standing, secret_code)


def ask(
    request: ActorRequest, evaluation: Evaluation, standing: Standing, secret_code: str = "", mode: Mode = Mode.DEVICE
) -> HttpResponse:
    """The questions, and what was answered to them; in another mode for somebody of the evaluator's to ask or type."""
    assisted = mode if mode in ASSISTED else None
    device = {
        "evaluation": evaluation,
        "standing": standing,
        "secret_code": secret_code,
        "issuer": queries.issuer_of(evaluation),
        # Somebody of the evaluator's knows whose answer it is anyway: they wait for the next, not for chance.
        "wait": 0 if assisted else LONGEST_WAIT,
        "assisted": assisted,
    }
    if not (standing.open and standing.asked) or standing.issued:
        status = (409 if assisted else 200) if standing.issued else 403
        return render(request, "evaluations/not_now.html", device, status=status)
    instrument = INSTRUMENTS[evaluation.instrument]
    sealed = _sealed(request)
    form = AnswerForm(None if sealed is not None else request.POST or None, instrument=instrument)
    fault = ""
    if request.method == "POST" and (sealed is not None or form.is_valid()):
        try:
            receipt = services.submit_sealed(
                actor=request.actor,
                now=now(),
                code=evaluation.code,
                answers=None if sealed is not None else form.cleaned_data,
                sealed=sealed,
                secret_code=secret_code,
                mode=mode,
            )
        except Refused:
            raise
        except Problem as problem:
            fault = problem_text(problem)
        else:
            name = "evaluations:interview_kept" if assisted else "evaluations:thanks"
            address = reverse(name, args=[evaluation.code])
            response = HttpResponseRedirect(address)
            # Not in the address: it would stand in histories and logs.
            response.set_signed_cookie(
                _RECEIPT, receipt.number, max_age=_SHOWN_FOR, path=address, httponly=True, samesite="Lax",
                secure=request.is_secure(),
            )  # fmt: skip
            return response
    context = {
        **device,
        "form": form,
        "fault": fault,
        "users_only": " ".join(form.users_only),
        "pad": sealing.PAD,
        "most": COMMENT_LENGTH,
    }
    return render(request, "evaluations/answer.html", context, status=422 if form.errors or fault else 200)


def _sealed(request: ActorRequest) -> bytes | None:
    """What the member's device sealed; None where the answers came as they are. Bytes that are none become empty."""
    return bytes_of(request, "sealed") if request.POST.get("sealed") else None


@page(PUBLIC)
def thanks(request: ActorRequest, code: str) -> HttpResponse:
    """The receipt, right after answering."""
    evaluation = found(code)
    return render(
        request, "evaluations/thanks.html", {"evaluation": evaluation, "receipt": shown_receipt(request, evaluation)}
    )


def shown_receipt(request: ActorRequest, evaluation: Evaluation) -> Receipt:
    """The receipt this browser was just given. Raises Http404 where it was given none."""
    receipt = find_receipt(request.get_signed_cookie(_RECEIPT, default="", max_age=_SHOWN_FOR) or "")
    if receipt is None or receipt.code != evaluation.code or receipt.kind != "evaluation":
        raise Http404
    return receipt


@page(PUBLIC)
def enter_code(request: ActorRequest) -> HttpResponse:
    """Type the number and the code from a letter."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        target = reverse(
            "evaluations:answer_by_code", args=[form.cleaned_data["evaluation"], form.cleaned_data["secret_code"]]
        )
        return HttpResponseRedirect(target)
    return render(request, "evaluations/enter_code.html", {"form": form}, status=422 if form.errors else 200)
