"""My membership without an account: by the receipt of my application and a code sent to my contact."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from qiao.base import throttle
from qiao.base.access import PUBLIC, Actor, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.joining import services
from qiao.org.joining.forms import ConfirmForm, MoveForm
from qiao.org.joining.queries.routing import route
from qiao.org.joining.views.state import found_application
from qiao.org.membership import services as membership
from qiao.org.membership.queries import standing_of
from qiao.org.membership.rules import may_leave, may_start_transfer

_KEY = "qiao_member_by_receipt"
#: How long a code that was entered opens the page.
_HOLDS = timedelta(minutes=20)


@never_cache
@page(PUBLIC)
def member(request: ActorRequest, receipt: str) -> HttpResponse:
    """First the code, then: go over to another unit, stay, leave. Shows no name and no contact."""
    application = found_application(request, receipt)
    actor = _shown(request, application.receipt)
    if actor is None:
        return _ask(request, application.receipt)
    standing = standing_of(actor.person_id or 0)
    if standing is None:
        return redirect("joining:state", application.receipt)
    form = MoveForm(request.POST if "place" in request.POST or "text" in request.POST else None,
                    employment=standing.employment)  # fmt: skip
    found = None
    try:
        if "leave" in request.POST:
            _left, given = membership.leave_union(actor=actor, now=now(), membership_id=standing.pk)
            request.session.pop(_KEY, None)
            return render(request, "joining/left.html", {"unit": standing.unit, "receipt": given})
        if "stay" in request.POST:
            membership.withdraw_transfer(actor=actor, now=now(), membership_id=standing.pk)
            messages.success(request, _("You stay where you are."))
            return redirect("joining:member", application.receipt)
        if form.is_bound and form.is_valid():
            found = route(
                employment=standing.employment, employer=form.found_employer(), place=form.found_place(),
                bypass=bool(form.cleaned_data.get("bypass")), on=localdate(now()),
            )  # fmt: skip
            if found is not None and "send" in request.POST and request.POST.get("unit") == found.unit.label:
                membership.start_transfer(
                    actor=actor, now=now(), membership_id=standing.pk, to=found.unit, employer=form.found_employer()
                )
                messages.success(
                    request, _("Sent. Every right stays in your present unit until the other receives you.")
                )
                return redirect("joining:member", application.receipt)
        elif form.is_bound and "send" not in request.POST and form.searched and not form.chose():
            form.errors.clear()
    except Problem as problem:
        messages.error(request, problem_text(problem))
    context = {
        "receipt": application.receipt,
        "standing": standing,
        "form": form,
        "route": found,
        "may_transfer": may_start_transfer(standing.state) and standing.bound_for_id is None,
        "may_leave": may_leave(standing.state),
    }
    return render(request, "joining/by_receipt.html", context)


def _ask(request: ActorRequest, receipt: str) -> HttpResponse:
    """Send the code, and take it."""
    form = ConfirmForm(request.POST if "code" in request.POST else None)
    sent = form.is_bound
    try:
        if request.method == "POST":
            throttle.check("joining.member", receipt, limit=10, per=timedelta(minutes=10), now=now())
        if form.is_bound and form.is_valid():
            services.member_by_code(now=now(), receipt=receipt, code=form.cleaned_data["code"])
            # A new session for what is now somebody's own.
            request.session.cycle_key()
            request.session[_KEY] = {"receipt": receipt, "until": (now() + _HOLDS).timestamp()}
            return redirect("joining:member", receipt)
        if "ask" in request.POST:
            services.send_member_code(now=now(), receipt=receipt)
            sent = True
    except Problem as problem:
        form.add_error(None, problem_text(problem)) if form.is_bound else messages.error(request, problem_text(problem))
    return render(
        request, "joining/by_receipt_code.html", {"form": form if sent else None, "receipt": receipt},
    )  # fmt: skip


def _shown(request: ActorRequest, receipt: str) -> Actor | None:
    """The member, where the code was entered in this browser a short while ago."""
    kept = request.session.get(_KEY)
    if not kept or kept["receipt"] != receipt or kept["until"] < now().timestamp():
        return None
    try:
        return services.member_of(receipt)
    except Problem:
        return None
