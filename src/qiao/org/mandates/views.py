"""Pages of posts, channels and tests."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, Refused, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.mandates import queries, services
from qiao.org.mandates.choices import EmployerPost, EndReason, Engagement, Post, TestOutcome
from qiao.org.mandates.forms import ChannelForm, EndForm, EnterForm, OwnChannelForm, TestForm
from qiao.org.mandates.models import Mandate
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


@page(PUBLIC)
def people(request: ActorRequest, label: str) -> HttpResponse:
    """Who holds which post in the unit, its committees and their terms, and who held them before."""
    unit = _unit(label)
    today = localdate(now())
    context = {
        "unit": unit,
        "today": today,
        "mandates": queries.mandates_of(unit, today),
        "former": queries.former_mandates(unit, today),
        "terms": queries.terms_of(unit),
        "representative": queries.representative_of(unit, today),
        "fulltime_chair": queries.fulltime_chair(unit, today),
        "last_test": queries.last_tests([unit.pk], today).get(unit.pk),
        "may_keep": request.actor.may("mandate.keep", unit.path),
        "account_id": request.actor.account_id,
    }
    return render(request, "mandates/people.html", context)


@page("mandate.keep")
def enter(request: ActorRequest, label: str) -> HttpResponse:
    """Enter somebody in a post to which nobody is elected here."""
    unit = _unit(label)
    require(request.actor, "mandate.keep", unit.path)
    form = EnterForm(request.POST or None, initial={"since": localdate(now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.enter_mandate(
                actor=request.actor, now=now(), unit=unit, post=Post(given["post"]), name=given["name"],
                since=given["since"], engagement=Engagement(given["engagement"]), group_name=given["group_name"],
                employer_post=EmployerPost(given["employer_post"]), account=given["account"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": made.name})
            return redirect("mandates:channel", label, made.pk)
    return render(request, "mandates/enter.html", {"unit": unit, "form": form})


@page("mandate.keep")
def channel(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """The public channel of an office."""
    unit, mandate = _mandate(label, key)
    require(request.actor, "mandate.keep", unit.path)
    form = ChannelForm(
        request.POST or None,
        initial={
            "phone": mandate.office_phone,
            "mail": mandate.office_mail,
            "place": mandate.office_place,
            "hours": mandate.office_hours,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_channel(actor=request.actor, now=now(), mandate_id=mandate.pk, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The channel is public now."))
            return redirect("mandates:people", label)
    return render(request, "mandates/channel.html", {"unit": unit, "mandate": mandate, "form": form})


@page(SIGNED_IN)
def own(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """One's own telephone or address as the office's channel, and taking it back."""
    unit, mandate = _mandate(label, key)
    if not request.actor.did(mandate.account_id):
        raise Refused("only whoever holds the office makes their own channel public")
    taking_back = request.method == "POST" and "withdraw" in request.POST
    form = OwnChannelForm(None if taking_back else request.POST or None, initial={"mail": "", "phone": ""})
    if taking_back:
        services.withdraw_own_channel(actor=request.actor, now=now(), mandate_id=mandate.pk)
        messages.success(request, _("Your own channel is off the page."))
        return redirect("mandates:people", label)
    if request.method == "POST" and form.is_valid():
        try:
            services.agree_own_channel(
                actor=request.actor, now=now(), mandate_id=mandate.pk,
                phone=form.cleaned_data["phone"], mail=form.cleaned_data["mail"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The channel is public now."))
            return redirect("mandates:people", label)
    return render(request, "mandates/own.html", {"unit": unit, "mandate": mandate, "form": form})


@page("mandate.keep")
def end(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """End a mandate."""
    unit, mandate = _mandate(label, key)
    require(request.actor, "mandate.keep", unit.path)
    form = EndForm(request.POST or None, initial={"day": localdate(now())})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_mandate(
                actor=request.actor, now=now(), mandate_id=mandate.pk,
                day=form.cleaned_data["day"], reason=EndReason(form.cleaned_data["reason"]),
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("The mandate has ended."))
            return redirect("mandates:people", label)
    return render(request, "mandates/end.html", {"unit": unit, "mandate": mandate, "form": form})


@page("channel.test")
def tests(request: ActorRequest, label: str) -> HttpResponse:
    """The year's sample of channels to test below a unit, or those given to this unit as tester."""
    unit = _unit(label)
    may_draw = request.actor.may("channel.draw", unit.path)
    if not may_draw:
        require(request.actor, "channel.test", unit.path)
    if request.method == "POST":
        require(request.actor, "channel.draw", unit.path)
        try:
            made = services.draw_tests(actor=request.actor, now=now(), unit=unit)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("Sample %(code)s is drawn.") % {"code": made.code})
        return redirect("mandates:tests", label)
    year = localdate(now()).year
    context = {
        "unit": unit,
        "may_draw": may_draw,
        "round": queries.test_round(unit, year),
        "contacts": queries.test_contacts(unit, year),
        "figures": queries.test_figures(unit, year),
        "year": year,
    }
    return render(request, "mandates/tests.html", context)


@page("channel.test")
def test(request: ActorRequest, label: str, key: int) -> HttpResponse:
    """Make one test and record what it came to."""
    unit = _unit(label)
    contact = queries.test_contact(key)
    if contact is None or contact.tester_unit_id != unit.pk:
        raise Http404
    require(request.actor, "channel.test", unit.path)
    form = TestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_test(
            actor=request.actor, now=now(), contact_id=contact.pk,
            outcome=TestOutcome(form.cleaned_data["outcome"]), channel=form.cleaned_data["channel"],
        )  # fmt: skip
        messages.success(request, _("The test is recorded."))
        return redirect("mandates:tests", label)
    context = {
        "unit": unit,
        "contact": contact,
        "representative": queries.representative_of(contact.unit, localdate(now())),
        "form": form,
    }
    return render(request, "mandates/test.html", context)


def _unit(label: str) -> Unit:
    try:
        return unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None


def _mandate(label: str, key: int) -> tuple[Unit, Mandate]:
    unit = _unit(label)
    try:
        return unit, queries.mandate_of(unit, key)
    except Mandate.DoesNotExist:
        raise Http404 from None
