"""Forming a term, its elections, its certification; breaches."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.decide.congress import services
from qiao.decide.congress.choices import BreachGround, BreachState, SeatEnd, TermState
from qiao.decide.congress.forms import (
    ElectionForm,
    ExtendForm,
    FormForm,
    LetterForm,
    NameForm,
    OutcomeForm,
    PlaceForm,
    ReasonForm,
    SeatForm,
    SubjectForm,
)
from qiao.decide.congress.models import Breach, Congress, Constituency, Delegate
from qiao.decide.congress.services.steps import require_seat
from qiao.decide.congress.views.finding import asked, congress_of, pressed
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label

RUN, CERTIFY = "congress.run", "congress.certify"


@page(RUN)
def new(request: ActorRequest) -> HttpResponse:
    """Form a congress."""
    form = FormForm(
        request.POST or None, initial={"unit": request.GET.get("unit", "")[:40], "counted": localdate(now())}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.form_congress(
                actor=request.actor, now=now(), unit=_unit(given["unit"]), electorate=form.electorate(),
                counted=given["counted"], source=given["source"], seats=given["seats"],
            )  # fmt: skip
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect("congress:congress", made.code)
    return render(request, "congress/new.html", {"form": form}, status=422 if form.errors else 200)


def _unit(label: str) -> Unit:
    try:
        return unit_by_label(label.strip())
    except Unit.DoesNotExist:
        raise Problem("No unit has the label %(label)s.", label=label) from None


def _about(found: Congress) -> str:
    return f"{pick(found.unit.name)} · {found.code}"


@page(RUN)
def constituency(request: ActorRequest, code: str) -> HttpResponse:
    """Add a constituency."""
    found = congress_of(request, code, RUN)
    form = PlaceForm(request.POST or None)

    def act() -> None:
        services.add_constituency(actor=request.actor, now=now(), code=code, **form.cleaned_data)

    left = found.workers - sum(found.constituencies.values_list("electors", flat=True))
    return asked(
        request, form, act, title=_("Add a constituency"), button=_("Add"), about=_about(found),
        to=("congress:congress", code),
        hint=_("A workshop, department or employer that elects by itself. %(left)d workers are left.") % {"left": left},
    )  # fmt: skip


@page(RUN)
def worker(request: ActorRequest, code: str) -> HttpResponse:
    """Add somebody who is not in the register to an assembly."""
    found = congress_of(request, code, RUN)
    form = NameForm(request.POST or None)

    def act() -> None:
        services.add_worker(actor=request.actor, now=now(), code=code, name=form.cleaned_data["name"])

    return asked(
        request, form, act, title=_("Add a worker to the assembly"), button=_("Add"), about=_about(found),
        to=("congress:congress", code), hint=_("They take part as everybody, and vote on paper."),
    )  # fmt: skip


@require_POST
@page(RUN)
def divide(request: ActorRequest, code: str) -> HttpResponse:
    """Divide the seats and begin the elections."""
    congress_of(request, code, RUN)
    return pressed(
        request, lambda: services.divide_seats(actor=request.actor, now=now(), code=code),
        _("The seats are divided; the constituencies elect."), "congress:congress", code,
    )  # fmt: skip


@page(RUN)
def elect(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Enter the minutes of a constituency's election."""
    found = congress_of(request, code, RUN)
    place = Constituency.objects.filter(congress=found, pk=key).first()
    if place is None:
        raise Http404
    form = ElectionForm(request.POST or None, request.FILES or None, initial={"held_on": localdate(now())})

    def act() -> None:
        given = form.cleaned_data
        digest, name = form.minutes_hash()
        services.record_election(
            actor=request.actor, now=now(), constituency_id=key, held_on=given["held_on"], took_part=given["took_part"],
            elected=given["elected"], minutes_sha256=digest, minutes_name=name,
        )  # fmt: skip

    return asked(
        request, form, act, title=_("Enter the election of %(place)s") % {"place": pick(place.name)}, button=_("Enter"),
        about=_about(found), to=("congress:congress", code),
        hint=_("%(electors)d electors, %(seats)d seats. Whose name one member alone bears votes on the phone.")
        % {"electors": place.electors, "seats": place.seats},
    )  # fmt: skip


@require_POST
@page(RUN)
def file(request: ActorRequest, code: str) -> HttpResponse:
    """Hand the elections to the unit above."""
    congress_of(request, code, RUN)
    return pressed(
        request, lambda: services.file_congress(actor=request.actor, now=now(), code=code),
        _("The elections await certification by the unit above."), "congress:congress", code,
    )  # fmt: skip


@page(CERTIFY)
def certify(request: ActorRequest, code: str) -> HttpResponse:
    """Certify the elections."""
    found = congress_of(request, code, CERTIFY)
    if found.state != TermState.FILED:
        raise Http404
    form = ReasonForm(request.POST or None)

    def act() -> None:
        services.certify_congress(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])

    return asked(
        request, form, act, title=_("Certify the elections"), button=_("Certify"), about=_about(found),
        to=("congress:congress", code),
        hint=_("A reason is owed where women or front-line workers are too few. Too many managers: send it back."),
    )  # fmt: skip


@page(CERTIFY)
def send_back(request: ActorRequest, code: str) -> HttpResponse:
    """Send the elections back."""
    found = congress_of(request, code, CERTIFY)
    if found.state != TermState.FILED:
        raise Http404
    form = ReasonForm(request.POST or None)

    def act() -> None:
        services.return_congress(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])

    return asked(request, form, act, title=_("Send the elections back"), button=_("Send back"), about=_about(found),
                 to=("congress:congress", code))  # fmt: skip


@page(CERTIFY)
def extend(request: ActorRequest, code: str) -> HttpResponse:
    """Extend the term."""
    found = congress_of(request, code, CERTIFY)
    form = ExtendForm(request.POST or None)

    def act() -> None:
        services.extend_term(actor=request.actor, now=now(), code=code, **form.cleaned_data)

    return asked(request, form, act, title=_("Extend the term"), button=_("Extend"), about=_about(found),
                 to=("congress:congress", code))  # fmt: skip


@page(RUN)
def vacate(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """End a delegate's seat."""
    found = congress_of(request, code, RUN)
    seat = Delegate.objects.filter(congress=found, pk=key).first()
    if seat is None:
        raise Http404
    form = SeatForm(request.POST or None, initial={"day": localdate(now())})

    def act() -> None:
        given = form.cleaned_data
        services.end_seat(
            actor=request.actor, now=now(), delegate_id=key, ended=SeatEnd(given["ended"]), day=given["day"]
        )

    return asked(request, form, act, title=_("The seat of %(name)s falls vacant") % {"name": seat.name},
                 button=_("Write it down"), about=_about(found), to=("congress:congress", code),
                 hint=_("The constituency elects another delegate for the rest of the term."))  # fmt: skip


@page(SIGNED_IN)
def call(request: ActorRequest, code: str) -> HttpResponse:
    """A delegate asks for a meeting."""
    found = congress_of(request, code)
    require_seat(found, request.actor)
    form = SubjectForm(request.POST or None)

    def act() -> None:
        services.start_call(actor=request.actor, now=now(), congress_code=code, subject=form.cleaned_data["subject"])

    return asked(request, form, act, title=_("Call a meeting"), button=_("Ask and sign"), about=_about(found),
                 to=("congress:congress", code),
                 hint=_("With a third of the delegates the union must call it. Nobody is shown who signed."),
                 )  # fmt: skip


@require_POST
@page(SIGNED_IN)
def sign(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Sign a call."""
    found = congress_of(request, code)
    if not found.calls.filter(pk=key).exists():
        raise Http404
    return pressed(request, lambda: services.sign_call(actor=request.actor, now=now(), call_id=key),
                   _("You have signed."), "congress:congress", code)  # fmt: skip


@page(RUN)
def letter(request: ActorRequest, code: str) -> HttpResponse:
    """Put down a breach and the union's letter."""
    found = congress_of(request, code, RUN)
    form = LetterForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.write_letter(
            actor=request.actor, now=now(), congress_code=code, ground=BreachGround(given["ground"]), text=given["text"]
        )

    return asked(request, form, act, title=_("A right of the congress was not kept"), button=_("The letter is sent"),
                 about=_about(found), to=("congress:congress", code),
                 hint=_("The union's letter comes first; its time to mend starts now."))  # fmt: skip


@page(RUN)
def breach(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Say how a breach goes on: before the authorities by a button, ended by the form."""
    found = congress_of(request, code, RUN)
    row = Breach.objects.filter(congress=found, code=key).first()
    if row is None:
        raise Http404
    form = OutcomeForm(request.POST or None)
    then = {"passed_on": BreachState.PASSED_ON, "closed": BreachState.CLOSED}.get(
        request.GET.get("then", ""), BreachState.MENDED
    )
    if then == BreachState.PASSED_ON:
        form.fields["outcome"].required = False

    def act() -> None:
        services.move_breach(actor=request.actor, now=now(), code=key, then=then, outcome=form.cleaned_data["outcome"])

    titles = {
        BreachState.MENDED: _("It is mended"),
        BreachState.PASSED_ON: _("Bring it before the authorities"),
        BreachState.CLOSED: _("The authorities have answered"),
    }
    return asked(request, form, act, title=titles[then], button=_("Write it down"),
                 about=f"{row.get_ground_display()} · {row.code}", to=("congress:congress", code))  # fmt: skip
