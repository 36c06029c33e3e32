"""My membership: where I stand, who represents me, going over, keeping my standing, leaving, my card."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.joining.exports import qr_svg
from qiao.org.joining.forms import AppealForm, MoveForm
from qiao.org.joining.queries.routing import route
from qiao.org.joining.services.cards import CARD_HOLDS, card_holds, card_token, end_cards
from qiao.org.mandates.queries import representative_of
from qiao.org.membership import services
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import former_rulings, membership_of, ruling_by_code, standing_of, standings_of
from qiao.org.membership.rules import may_be_retained, may_leave, may_start_transfer


@page(SIGNED_IN)
def own(request: ActorRequest) -> HttpResponse:
    """Where I am a member, since when, who represents me, and what I can do."""
    if request.actor.person_id is None:
        return render(request, "joining/no_member.html", {})
    standing = standing_of(request.actor.person_id)
    context = {
        "standing": standing,
        "representative": representative_of(standing.unit, localdate(now())) if standing else None,
        "history": standings_of(request.actor.person_id),
        "rulings": former_rulings(request.actor.person_id),
        "may_transfer": standing is not None and may_start_transfer(standing.state) and standing.bound_for_id is None,
        "may_keep": standing is not None and may_be_retained(standing.state),
        "may_leave": standing is not None and may_leave(standing.state),
    }
    return render(request, "joining/own.html", context)


@page(SIGNED_IN)
@require_POST
def knew(request: ActorRequest) -> HttpResponse:
    """I know that I am a member."""
    services.confirm_own(actor=request.actor, now=now(), membership_id=_standing(request).pk)
    messages.success(request, _("Thank you. It counts for your union."))
    return redirect("standing:own")


@page(SIGNED_IN)
def move(request: ActorRequest) -> HttpResponse:
    """Go over to another unit: say where you work now, see which union that is, send."""
    standing = _standing(request)
    form = MoveForm(request.POST or None, employment=standing.employment)
    found = None
    if request.method == "POST" and form.is_valid():
        found = route(
            employment=standing.employment, employer=form.found_employer(), place=form.found_place(),
            bypass=bool(form.cleaned_data.get("bypass")), on=localdate(now()),
        )  # fmt: skip
        if found is not None and "send" in request.POST and request.POST.get("unit") == found.unit.label:
            try:
                services.start_transfer(
                    actor=request.actor, now=now(), membership_id=standing.pk, to=found.unit,
                    employer=form.found_employer(),
                )  # fmt: skip
            except Problem as problem:
                form.add_error(None, problem_text(problem))
            else:
                messages.success(
                    request, _("Sent. Every right stays in your present unit until the other receives you.")
                )
                return redirect("standing:own")
    elif request.method == "POST" and "send" not in request.POST and form.searched and not form.chose():
        form.errors.clear()
    return render(request, "joining/move.html", {"form": form, "standing": standing, "route": found})


@page(SIGNED_IN)
@require_POST
def stay(request: ActorRequest) -> HttpResponse:
    """Take the wish to go over back."""
    services.withdraw_transfer(actor=request.actor, now=now(), membership_id=_standing(request).pk)
    messages.success(request, _("You stay where you are."))
    return redirect("standing:own")


@page(SIGNED_IN)
def keep(request: ActorRequest) -> HttpResponse:
    """Have my standing kept at the union above."""
    standing = _standing(request)
    if request.method == "POST":
        try:
            services.keep_standing(actor=request.actor, now=now(), membership_id=standing.pk)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        return redirect("standing:own")
    return render(request, "joining/keep.html", {"standing": standing})


@page(SIGNED_IN)
def leave(request: ActorRequest) -> HttpResponse:
    """Leave: one page, one button, no reason asked, at once."""
    if request.actor.person_id is None:
        raise Http404
    standing = membership_of(request.actor.person_id)
    if request.method == "POST" and standing is not None:
        try:
            _left, receipt = services.leave_union(actor=request.actor, now=now(), membership_id=standing.pk)
        except Problem as problem:
            messages.error(request, problem_text(problem))
            return redirect("standing:own")
        return render(request, "joining/left.html", {"unit": standing.unit, "receipt": receipt})
    if standing is None:
        return redirect("standing:own")
    return render(request, "joining/leave.html", {"standing": standing})


@page(SIGNED_IN)
def card(request: ActorRequest) -> HttpResponse:
    """My card, to print or to show: the code on it says valid or not, and nothing else. A lost one I end here."""
    standing = _standing(request)
    if request.method == "POST":
        end_cards(actor=request.actor, now=now())
        messages.success(request, _("The cards you had are invalid now. This is your new one."))
        return redirect("standing:card")
    address = full_address(reverse("joining:card", args=[card_token(person=standing.person, now=now())]))
    context = {
        "standing": standing,
        "code": qr_svg(address),
        "address": address,
        "until": localdate(now() + CARD_HOLDS),
    }
    return render(request, "joining/card.html", context)


@page(SIGNED_IN)
def appeal(request: ActorRequest, code: str) -> HttpResponse:
    """Appeal against a ruling on my membership: another person decides, at a second try another unit."""
    found = ruling_by_code(code)
    if found is None or found.person_id != request.actor.person_id or found.state != "in_force":
        raise Http404
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            filed = services.appeal_ruling(
                actor=request.actor, now=now(), code=code, ground=form.cleaned_data["ground"]
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Your appeal is filed. Its receipt: %(receipt)s") % {"receipt": filed.receipt})
            return redirect("standing:own")
    return render(request, "joining/appeal.html", {"ruling": found, "form": form})


@page(PUBLIC)
def check_card(request: ActorRequest, token: str) -> HttpResponse:
    """Whether a card is valid today. Shows neither name nor unit."""
    valid = card_holds(token, now=now())
    context = {"valid": valid, "day": localdate(now())}
    return render(request, "joining/check_card.html", context, status=200 if valid else 404)


def _standing(request: ActorRequest) -> Membership:
    found = standing_of(request.actor.person_id) if request.actor.person_id else None
    if found is None:
        raise Http404
    return found
