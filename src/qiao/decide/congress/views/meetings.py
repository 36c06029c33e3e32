"""Running a meeting: called, papers, attendance, its end and report."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import ItemKind, SessionState
from qiao.decide.congress.forms import (
    AttendanceForm,
    CallForm,
    EndForm,
    FileForm,
    FollowForm,
    HereForm,
    ItemForm,
    MoveForm,
    PublicReasonForm,
    ReportForm,
)
from qiao.decide.congress.models import Session
from qiao.decide.congress.rules.states import SESSION_NEXT
from qiao.decide.congress.services.steps import require_seat
from qiao.decide.congress.views.finding import asked, congress_of, item_of, pressed, session_of

RUN = "congress.run"


def _about(found: Session) -> str:
    return f"{pick(found.title)} · {found.code}"


def _ready(found: Session, then: SessionState) -> None:
    if then not in SESSION_NEXT[found.state]:
        raise Http404


@page(RUN)
def new(request: ActorRequest, code: str) -> HttpResponse:
    """Call a meeting."""
    found = congress_of(request, code, RUN)
    key = request.GET.get("call", "")
    call = found.calls.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.call_session(
                actor=request.actor,
                now=now(),
                congress_code=code,
                call_id=call.pk if call else None,
                **form.cleaned_data,
            )
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect("congress:session", made.code)
    context = {
        "form": form, "title": _("Call a meeting of the congress"), "button": _("Call the meeting"),
        "about": f"{pick(found.unit.name)} · {code}", "back": ("congress:congress", code),
        "hint": _("Delegates call it: %(subject)s") % {"subject": call.subject} if call
        else _("Delegates are told at once, and proposals are called for."),
    }  # fmt: skip
    return render(request, "congress/act.html", context, status=422 if form.errors else 200)


@page(RUN)
def move(request: ActorRequest, code: str) -> HttpResponse:
    """Move a meeting."""
    found = session_of(request, code, RUN)
    form = MoveForm(request.POST or None)

    def act() -> None:
        services.move_session(actor=request.actor, now=now(), code=code, **form.cleaned_data)

    return asked(request, form, act, title=_("Move the meeting"), button=_("Move it"), about=_about(found),
                 to=("congress:session", code))  # fmt: skip


@page(RUN)
def cancel(request: ActorRequest, code: str) -> HttpResponse:
    """Call a meeting off."""
    found = session_of(request, code, RUN)
    _ready(found, SessionState.CANCELLED)
    form = PublicReasonForm(request.POST or None)

    def act() -> None:
        services.cancel_session(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])

    return asked(request, form, act, title=_("Call the meeting off"), button=_("Call the meeting off"),
                 about=_about(found), to=("congress:session", code))  # fmt: skip


@page(RUN)
def add_item(request: ActorRequest, code: str) -> HttpResponse:
    """Put an item on the agenda."""
    found = session_of(request, code, RUN)
    form = ItemForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.add_item(
            actor=request.actor, now=now(), session_code=code, kind=ItemKind(given["kind"]), title=given["title"],
            text=given["text"], candidates=given["candidates"], places=given["places"] or 1,
            consultation_code=given["consultation"].strip().upper(),
        )  # fmt: skip

    hint = _("After the papers were sent a new item opens them again: all are sent anew, in time.")
    return asked(request, form, act, title=_("Put an item on the agenda"), button=_("Add the item"),
                 about=_about(found), to=("congress:session", code), hint=hint)  # fmt: skip


@require_POST
@page(RUN)
def drop_item(request: ActorRequest, code: str) -> HttpResponse:
    """Take an item off the agenda."""
    found = item_of(request, code, RUN)
    return pressed(request, lambda: services.drop_item(actor=request.actor, now=now(), code=code),
                   _("The item is off the agenda."), "congress:session", found.session.code)  # fmt: skip


@page(RUN)
def add_file(request: ActorRequest, code: str) -> HttpResponse:
    """Add a file to the papers."""
    found = session_of(request, code, RUN)
    items = [(row.code, pick(row.title)) for row in queries.items_of(found)]
    form = FileForm(request.POST or None, request.FILES or None, items=items)

    def act() -> None:
        upload = form.cleaned_data["file"]
        services.add_paper(
            actor=request.actor, now=now(), session_code=code, name=upload.name, content=upload.read(),
            item_code=form.cleaned_data["item"],
        )  # fmt: skip

    return asked(request, form, act, title=_("Add a file to the papers"), button=_("Add the file"),
                 about=_about(found), to=("congress:session", code))  # fmt: skip


@require_POST
@page(RUN)
def send(request: ActorRequest, code: str) -> HttpResponse:
    """Send the papers."""
    session_of(request, code, RUN)
    return pressed(request, lambda: services.send_papers(actor=request.actor, now=now(), code=code),
                   _("The papers are sent; their hashes stand in the ledger."), "congress:session", code)  # fmt: skip


@page(RUN)
def attendance(request: ActorRequest, code: str) -> HttpResponse:
    """Who is there, and the presidium."""
    found = session_of(request, code, RUN)
    rows = queries.roll_call(found)
    form = AttendanceForm(request.POST if request.method == "POST" else None, seats=[row for row, _there, _p in rows])
    if request.method == "POST" and form.is_valid():
        try:
            services.set_attendance(
                actor=request.actor, now=now(), code=code, present=form.cleaned_data["present"],
                presidium=form.cleaned_data["presidium"],
            )  # fmt: skip
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect("congress:session", code)
    context = {"form": form, "session": found, "rows": rows, "hall": queries.hall_of(found)}
    return render(request, "congress/attendance.html", context, status=422 if form.errors else 200)


@page(SIGNED_IN)
def here(request: ActorRequest, code: str) -> HttpResponse:
    """A delegate says that they are there."""
    found = session_of(request, code)
    require_seat(found.congress, request.actor)
    form = HereForm(request.POST or None)

    def act() -> None:
        services.say_here(actor=request.actor, now=now(), code=code, hall_code=form.cleaned_data["hall_code"])

    return asked(request, form, act, title=_("I am here"), button=_("Count me as present"), about=_about(found),
                 to=("congress:session", code))  # fmt: skip


@require_POST
@page(RUN)
def open_meeting(request: ActorRequest, code: str) -> HttpResponse:
    """Open the meeting."""
    session_of(request, code, RUN)
    return pressed(request, lambda: services.open_meeting(actor=request.actor, now=now(), code=code),
                   _("There is a quorum: the meeting is open."), "congress:session", code)  # fmt: skip


@page(RUN)
def resolve(request: ActorRequest, code: str) -> HttpResponse:
    """End the meeting."""
    found = session_of(request, code, RUN)
    _ready(found, SessionState.RESOLVED)
    form = EndForm(request.POST or None, request.FILES or None)

    def act() -> None:
        digest, name = form.minutes_hash()
        services.resolve_session(actor=request.actor, now=now(), code=code, minutes_sha256=digest, minutes_name=name)

    return asked(request, form, act, title=_("End the meeting and publish its resolutions"), button=_("Publish"),
                 about=_about(found), to=("congress:session", code))  # fmt: skip


@page(RUN)
def report(request: ActorRequest, code: str) -> HttpResponse:
    """Report upward."""
    found = session_of(request, code, RUN)
    _ready(found, SessionState.REPORTED)
    form = ReportForm(request.POST or None)

    def act() -> None:
        services.report_session(actor=request.actor, now=now(), code=code, report_note=form.cleaned_data["report_note"])

    return asked(request, form, act, title=_("Reported to the unit above"), button=_("Write it down"),
                 about=_about(found), to=("congress:session", code))  # fmt: skip


@page(RUN)
def follow(request: ActorRequest, code: str) -> HttpResponse:
    """Publish what became of the resolutions."""
    found = session_of(request, code, RUN)
    _ready(found, SessionState.FOLLOWED)
    form = FollowForm(request.POST or None)

    def act() -> None:
        services.follow_session(actor=request.actor, now=now(), code=code, text=form.cleaned_data["text"])

    return asked(request, form, act, title=_("What became of the resolutions"), button=_("Publish"),
                 about=_about(found), to=("congress:session", code))  # fmt: skip
