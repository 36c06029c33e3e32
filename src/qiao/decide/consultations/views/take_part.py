"""Taking part: statements one by one, opinions, what became of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qiao.base.access import MEMBER, SIGNED_IN, ActorRequest, page, require_member
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules, services
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.choices import Hidden, Side
from qiao.decide.consultations.forms import OpinionForm
from qiao.decide.consultations.models import Clause, Opinion, Statement
from qiao.decide.consultations.queries.moderation import own_submissions
from qiao.decide.consultations.queries.wording import answer_text, state_text
from qiao.decide.consultations.views.finding import found, row_number


@page(MEMBER)
def statements(request: ActorRequest, code: str) -> HttpResponse:
    """The statements one by one: the next without a vote first, any of them to change."""
    consultation = found(request.actor, code)
    person_id = require_member(request.actor, consultation.unit.path)
    voted = row_number(request.POST.get("number"))
    if request.method == "POST":
        try:
            services.vote_statement(
                actor=request.actor, now=now(), statement_id=row_number(request.POST.get("statement")) or 0,
                vote=int(request.POST.get("vote", "9")) if request.POST.get("vote") in {"1", "0", "-1"} else 9,
            )  # fmt: skip
        except Statement.DoesNotExist:
            raise Http404 from None
        except Problem as problem:
            messages.error(request, problem_text(problem))
            voted = None
        after = f"?after={voted}" if voted else ""
        return redirect(f"{reverse('consultations:statements', args=[code])}{after}")
    if not rules.takes_part(consultation.state, consultation.closes, now()):
        return redirect("consultations:consultation", code)
    ballot = queries.ballot_of(
        consultation, person_id, row_number(request.GET.get("number")), row_number(request.GET.get("after"))
    )
    context = {
        "consultation": consultation,
        "ballot": ballot,
        "sides": [(side.value, side.label) for side in Side],
        "submissions": own_submissions(consultation, person_id),
    }
    return render(request, "consultations/statements.html", context)


@page(MEMBER)
def give_opinion(request: ActorRequest, code: str) -> HttpResponse:
    """Say something on a clause or on the whole."""
    consultation = found(request.actor, code)
    require_member(request.actor, consultation.unit.path)
    clause_id = row_number(request.POST.get("clause") or request.GET.get("clause"))
    clause = next((clause for clause in queries.clauses_of(consultation) if clause.pk == clause_id), None)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.submit_opinion(
                actor=request.actor, now=now(), code=code, clause_id=clause_id, text=form.cleaned_data["text"],
                language=get_language() or "", published=not form.cleaned_data["keep_back"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("We have your opinion. Your receipt: %(number)s") % {"number": receipt.number})
            return redirect("consultations:opinion", receipt.number)
    elif not rules.takes_part(consultation.state, consultation.closes, now()):
        return redirect("consultations:consultation", code)
    context = {"consultation": consultation, "clause": clause, "form": form}
    return render(request, "consultations/give_opinion.html", context)


@page(SIGNED_IN)
def opinion(request: ActorRequest, number: str) -> HttpResponse:
    """The author's own opinion: words, state, answer; where it was put together with others, the right to contest."""
    if request.actor.person_id is None:
        raise Http404
    try:
        own = queries.opinion_by_receipt(number, request.actor.person_id)
    except Opinion.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        try:
            services.contest_grouping(actor=request.actor, now=now(), opinion_id=own.pk)
        except Problem as problem:
            messages.error(request, problem_text(problem))
        else:
            messages.success(request, _("Your opinion stands for itself now and gets its own answer."))
        return redirect("consultations:opinion", number)
    context = {
        "opinion": own,
        "consultation": own.consultation,
        "clause": own.clause if isinstance(own.clause, Clause) else None,
        "state": state_text(own),
        "answer": answer_text(own),
        "hidden": [Hidden(kind).label for kind in own.hidden],
        "promised": rules.promised_day(own.consultation),
        "may_contest": own.group_id is not None and own.consultation.state == S.CLOSED,
    }
    return render(request, "consultations/opinion.html", context)
