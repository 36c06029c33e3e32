"""Pages of appeals: the officers' board, one appeal, and the appellant's page by receipt."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base import throttle
from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.org.appeals import queries, services
from qiao.org.appeals.choices import OPEN, AppealState, Try
from qiao.org.appeals.forms import DecideForm, ReceiptForm, SecondForm
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.rules import may_decide


@page("desk.open")
def board(request: ActorRequest) -> HttpResponse:
    """Appeals before this officer's units."""
    moment = now()
    rows = [
        {
            "appeal": appeal,
            "label": queries.label_of(appeal),
            "open": appeal.state in OPEN,
            "late": appeal.state in OPEN and appeal.due < moment,
            "mine": may_decide(request.actor, appeal),
        }
        for appeal in queries.board(request.actor)
    ]
    return render(request, "appeals/board.html", {"rows": rows})


@page(SIGNED_IN)
def appeal(request: ActorRequest, code: str) -> HttpResponse:
    """One appeal, for the appellant and for those who may decide."""
    found = _found(code)
    if not queries.may_see(request.actor, found):
        raise Http404
    form = DecideForm(request.POST or None)
    decides = may_decide(request.actor, found)
    if request.method == "POST":
        if not decides:
            raise Refused("an appeal is decided by a person who did not decide before")
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.decide_appeal(
                    actor=request.actor, now=now(), code=code, upheld=given["upheld"] == "yes", reason=given["reason"]
                )
            except Problem as problem:
                form.add_error(None, problem_text(problem))
            else:
                return redirect("appeals:appeal", code)
    own = queries.is_appellant(request.actor, found)
    context = {**_context(found), "form": form if decides else None, "own": own, "number": ""}
    return render(request, "appeals/appeal.html", context)


@page("desk.open")
@require_POST
def take_up(request: ActorRequest, code: str) -> HttpResponse:
    """Begin to review."""
    _found(code)
    services.take_up_appeal(actor=request.actor, now=now(), code=code)
    return redirect("appeals:appeal", code)


@page(PUBLIC)
def by_receipt(request: ActorRequest) -> HttpResponse:
    """The appellant's page without signing in: whoever has the receipt's number sees the appeal and may go on."""
    number = request.POST.get("number") or request.GET.get("number", "")
    address, moment = throttle.address_of(request), now()
    if number:
        throttle.ensure("receipt", address, now=moment)
    found = _by_number(number) if number else None
    form = ReceiptForm({"number": number} if number else None)
    if found is None:
        if number:
            throttle.failed("receipt", address, limit=20, per=timedelta(minutes=10), now=moment)
            form.is_valid()
            form.add_error("number", _("No appeal has this receipt number. Look at it once more."))
        return render(request, "appeals/find.html", {"form": form})
    return render(request, "appeals/appeal.html", {**_context(found), "form": None, "own": True, "number": number})


@page(PUBLIC)
@require_POST
def second(request: ActorRequest, code: str) -> HttpResponse:
    """The second and last try, by the appellant: signed in, or with the receipt."""
    found = _own(request, code)
    form = SecondForm(request.POST)
    if form.is_valid():
        try:
            made = services.file_second(
                now=now(), code=found.code, ground=form.cleaned_data["ground"], actor=request.actor
            )
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("Filed. Your receipt: %(receipt)s. Keep it.") % {"receipt": made.receipt})
            return _back(request, made)
    else:
        messages.error(request, _("Write why the dismissal should not stand."))
    return _back(request, found)


@page(PUBLIC)
@require_POST
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Take an appeal back, by the appellant."""
    found = _own(request, code)
    try:
        services.withdraw_appeal(now=now(), code=found.code, actor=request.actor)
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return _back(request, found)


def _found(code: str) -> Appeal:
    try:
        return queries.appeal_by_code(code)
    except Appeal.DoesNotExist:
        raise Http404 from None


def _by_number(number: str) -> Appeal | None:
    receipt = find_receipt(number)
    if receipt is None or receipt.kind != "appeal":
        return None
    return Appeal.objects.select_related("earlier").filter(code=receipt.code).first()


def _own(request: ActorRequest, code: str) -> Appeal:
    """The appeal, for whoever filed it: by sign-in, or by the number of its receipt."""
    found = _found(code)
    by_receipt_ = _by_number(request.POST.get("number", ""))
    if not queries.is_appellant(request.actor, found) and (by_receipt_ is None or by_receipt_.pk != found.pk):
        raise Http404
    return found


def _back(request: ActorRequest, found: Appeal) -> HttpResponse:
    if queries.is_appellant(request.actor, found):
        return redirect("appeals:appeal", found.code)
    response = redirect("appeals:by_receipt")
    response["Location"] += f"?number={found.receipt}"
    return response


def _context(found: Appeal) -> dict[str, object]:
    later = Appeal.objects.filter(earlier=found).first()
    moment = now()
    again = (
        found.state == AppealState.DISMISSED
        and found.attempt == Try.FIRST
        and later is None
        and (found.again_until is None or moment <= found.again_until)
    )
    return {
        "appeal": found,
        "label": queries.label_of(found),
        "subject_url": queries.subject_url(found),
        "steps": queries.state_steps(found),
        "open": found.state in OPEN,
        "late": found.state in OPEN and found.due < moment,
        "later": later,
        "again": again,
        "second_form": SecondForm(),
    }
