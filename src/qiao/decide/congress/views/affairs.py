"""Open affairs: what is due and shown, questions, answers on paper or by a one-time link."""

from __future__ import annotations

from datetime import datetime, time

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import AffairState, Matter
from qiao.decide.congress.forms import AffairForm, AnswerForm, QuestionForm, ReplyForm, ShowForm
from qiao.decide.congress.models import Question, ReplyLink
from qiao.decide.congress.rules.states import affair_steps
from qiao.decide.congress.services.affairs import hash_of
from qiao.decide.congress.views.finding import affair_of, asked, congress_of
from qiao.org.elections.forms import file_hash

RUN = "congress.run"
_ASKED = "congress_question"


def _end_of(day: object) -> datetime | None:
    """The last second of a day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=get_current_timezone()) if day else None  # type: ignore[arg-type]


@page(PUBLIC)
def board(request: ActorRequest, code: str) -> HttpResponse:
    """What the employer has to show, what is shown, what is late."""
    found = congress_of(request, code)
    who = queries.standing(found, request.actor)
    context = {"congress": found, "who": who, "rows": queries.affairs_of(found)[:200], "now": now()}
    return render(request, "congress/affairs.html", context)


@page(PUBLIC)
def affair(request: ActorRequest, code: str) -> HttpResponse:
    """One item: its text and its questions for the unit, its clock for everybody."""
    found = affair_of(request, code)
    who = queries.standing(found.congress, request.actor)
    moment = now()
    context = {
        "affair": found,
        "congress": found.congress,
        "who": who,
        "steps": affair_steps(found.state),
        "questions": queries.questions_of(found) if who.inside else [],
        "may_ask": (who.member or who.seat is not None)
        and found.shown_until is not None
        and moment <= found.shown_until,
        "receipt": request.session.pop(_ASKED, ""),
        "entries": queries.ledger_entries(found.code),
        "now": moment,
    }
    return render(request, "congress/affair.html", context)


@page(RUN)
def new(request: ActorRequest, code: str) -> HttpResponse:
    """Register what has to be shown."""
    found = congress_of(request, code, RUN)
    form = AffairForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.register_affair(
            actor=request.actor, now=now(), congress_code=code, matter=Matter(given["matter"]), title=given["title"],
            due=_end_of(given["due"]) or now(),
        )  # fmt: skip

    return asked(request, form, act, title=_("What the employer has to show"), button=_("Register it"),
                 about=f"{pick(found.unit.name)} · {code}", to=("congress:affairs", code))  # fmt: skip


@page(RUN)
def show(request: ActorRequest, code: str) -> HttpResponse:
    """Enter what the employer handed over."""
    found = affair_of(request, code, RUN)
    if found.state != AffairState.DUE:
        raise Http404
    form = ShowForm(request.POST or None, request.FILES or None)

    def act() -> None:
        given = form.cleaned_data
        services.show_affair(
            actor=request.actor, now=now(), code=code, text=given["text"], shown_by=given["shown_by"],
            shown_until=_end_of(given["until"]), paper_sha256=file_hash(given["paper"])[0],
        )  # fmt: skip

    return asked(request, form, act, title=_("Show it"), button=_("Show it to the workers"), about=pick(found.title),
                 to=("congress:affair", code))  # fmt: skip


@page(SIGNED_IN)
def ask(request: ActorRequest, code: str) -> HttpResponse:
    """Ask a question."""
    found = affair_of(request, code)
    who = queries.standing(found.congress, request.actor)
    if not (who.member or who.seat):
        raise Http404
    form = QuestionForm(request.POST or None)

    def act() -> None:
        receipt = services.ask_question(actor=request.actor, now=now(), code=code, text=form.cleaned_data["text"])
        request.session[_ASKED] = receipt.number

    return asked(request, form, act, title=_("Ask a question"), button=_("Ask"), about=pick(found.title),
                 to=("congress:affair", code))  # fmt: skip


@page(RUN)
def answer(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Enter the employer's answer."""
    found = affair_of(request, code, RUN)
    question = Question.objects.filter(affair=found, pk=key).first()
    if question is None:
        raise Http404
    form = AnswerForm(request.POST or None)

    def act() -> None:
        services.answer_question(actor=request.actor, now=now(), question_id=key, **form.cleaned_data)

    return asked(request, form, act, title=_("Enter the employer's answer"), button=_("Enter"), about=question.text,
                 to=("congress:affair", code))  # fmt: skip


@require_POST
@page(RUN)
def link(request: ActorRequest, kind: str, key: str) -> HttpResponse:
    """Make a one-time link for the employer's office; it is shown once."""
    try:
        if kind == "proposal":
            secret = services.make_link(actor=request.actor, now=now(), proposal=key)
        elif kind == "affair":
            secret = services.make_link(actor=request.actor, now=now(), affair=key)
        elif kind == "question" and key.isdecimal() and len(key) < 12:
            secret = services.make_link(actor=request.actor, now=now(), question_id=int(key))
        else:
            raise Http404
    except Problem as fault:
        return render(request, "congress/link.html", {"fault": problem_text(fault)}, status=422)
    path = request.build_absolute_uri(reverse("congress:reply-link", args=[secret]))
    return render(request, "congress/link.html", {"path": path, "days": 30})


@never_cache
@page(PUBLIC)
def reply(request: ActorRequest, secret: str) -> HttpResponse:
    """The page of a one-time link: one matter, one answer, no account."""
    found = (
        ReplyLink.objects.select_related("proposal", "affair", "question__affair")
        .filter(secret_hash=hash_of(secret), used__isnull=True, expires__gt=now())
        .first()
    )
    done = request.GET.get("done") == "1"
    if found is None:
        return render(request, "congress/reply.html", {"gone": True, "done": done}, status=200 if done else 404)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.use_link(now=now(), secret=secret, **form.cleaned_data)
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect(reverse("congress:reply-link", args=[secret]) + "?done=1")
    context = {"form": form, "link": found, "matter": _matter(found), "due": _due(found)}
    response = render(request, "congress/reply.html", context, status=422 if form.errors else 200)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _matter(found: ReplyLink) -> tuple[str, str]:
    if found.proposal is not None:
        return found.proposal.title, found.proposal.text
    if found.question is not None:
        return pick(found.question.affair.title), found.question.text
    return pick(found.affair.title) if found.affair else "", _("What has to be shown to the workers.")


def _due(found: ReplyLink) -> datetime | None:
    for row in (found.proposal, found.question, found.affair):
        if row is not None:
            return row.due
    return None
