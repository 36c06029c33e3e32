"""Statements members write, their moderation, its policy, log and appeals."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qiao.base.access import MEMBER, PUBLIC, SIGNED_IN, ActorRequest, page, require, require_member
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules
from qiao.decide.consultations.choices import Hidden, ModerationGround
from qiao.decide.consultations.exports import log_csv
from qiao.decide.consultations.forms.desk import AppealForm, ModerationForm, StatementForm
from qiao.decide.consultations.models import Opinion, Statement, Submission
from qiao.decide.consultations.queries import moderation as found_there
from qiao.decide.consultations.rules.desk import MODERATE_WITHIN, MOST_SUBMISSIONS
from qiao.decide.consultations.services import moderation
from qiao.decide.consultations.views.finding import found, reaches, row_number


@page(PUBLIC)
def policy(request: ActorRequest) -> HttpResponse:
    """By which reasons statements and words may be refused, who decides, and how to appeal."""
    context = {
        "grounds": list(ModerationGround.choices),
        "days": MODERATE_WITHIN.default,
        "most": MOST_SUBMISSIONS,
    }
    return render(request, "consultations/policy.html", context)


@page(MEMBER)
def new_statement(request: ActorRequest, code: str) -> HttpResponse:
    """Write a statement: what says nearly the same is shown before it is handed in."""
    consultation = found(request.actor, code)
    require_member(request.actor, consultation.unit.path)
    if not rules.takes_part(consultation.state, consultation.closes, now()):
        return redirect("consultations:consultation", code)
    form = StatementForm(request.POST or None)
    alike: list[Statement] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        alike = [] if "anyway" in request.POST else found_there.alike_statements(consultation, text)
        if not alike:
            try:
                receipt = moderation.submit_statement(
                    actor=request.actor, now=now(), code=code, text=text, language=get_language() or ""
                )
            except Problem as problem:
                form.add_error(None, problem_text(problem))
            else:
                messages.success(
                    request, _("We have your statement. Your receipt: %(number)s") % {"number": receipt.number}
                )
                return redirect("consultations:submission", receipt.number)
    context = {"consultation": consultation, "form": form, "alike": alike, "days": MODERATE_WITHIN.default}
    return render(request, "consultations/new_statement.html", context)


@page(SIGNED_IN)
def submission(request: ActorRequest, number: str) -> HttpResponse:
    """The author's own statement: where it stands, and an appeal where moderation took it."""
    actor = request.actor
    own_ids = [one for one in (actor.person_id, *actor.persons) if one is not None]
    try:
        own = found_there.submission_by_receipt(number, own_ids)
    except Submission.DoesNotExist:
        raise Http404 from None
    takings = found_there.takings(own)
    last = takings[0] if takings else None
    taken = last if last is not None and (own.statement is None or not own.statement.shown) else None
    form = AppealForm(request.POST or None)
    if request.method == "POST" and taken is not None and form.is_valid():
        try:
            appeal = moderation.appeal_moderation(
                actor=actor, now=now(), act_code=taken.code, ground=form.cleaned_data["ground"]
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("appeals:appeal", appeal.code)
    context = {
        "submission": own,
        "consultation": own.consultation,
        "state": found_there.state_of(own),
        "waiting": own.state == "waiting",
        "taken": taken,
        "form": form,
        "hidden": [Hidden(kind).label for kind in own.hidden],
    }
    return render(request, "consultations/submission.html", context)


@page(SIGNED_IN)
def appeal_words(request: ActorRequest, number: str) -> HttpResponse:
    """The author's appeal against words of an opinion that were withheld."""
    try:
        own = queries.opinion_by_receipt(number, request.actor.person_id or 0)
    except Opinion.DoesNotExist:
        raise Http404 from None
    taken = found_there.withholding(own)
    if taken is None:
        return redirect("consultations:opinion", number)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal = moderation.appeal_moderation(
                actor=request.actor, now=now(), act_code=taken.code, ground=form.cleaned_data["ground"]
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("appeals:appeal", appeal.code)
    context = {"consultation": own.consultation, "opinion": own, "taken": taken, "form": form}
    return render(request, "consultations/appeal_words.html", context)


@page("statement.moderate")
def moderate(request: ActorRequest, code: str) -> HttpResponse:
    """What waits for moderation, the first due first; and statements that stand, to be taken out."""
    consultation = found(request.actor, code)
    require(request.actor, "statement.moderate", consultation.unit.path)
    if request.method == "POST":
        chosen = row_number(request.POST.get("submission"))
        try:
            if chosen is not None and "accept" in request.POST:
                moderation.moderate_statement(actor=request.actor, now=now(), submission_id=chosen)
                messages.success(request, _("The statement is put to the vote."))
        except Submission.DoesNotExist:
            raise Http404 from None
        except Problem as problem:
            messages.error(request, problem_text(problem))
        return redirect("consultations:moderate", code)
    waiting = found_there.waiting_submissions(consultation)
    context = {
        "consultation": consultation,
        "waiting": [(row, found_there.alike_statements(consultation, row.text)) for row in waiting],
        "statements": queries.statements_of(consultation),
        "open": rules.takes_part(consultation.state, consultation.closes, now()),
        "moment": now(),
    }
    return render(request, "consultations/moderate.html", context)


@page("statement.moderate")
def refuse(request: ActorRequest, code: str, submission_id: int) -> HttpResponse:
    """Refuse a member's statement with a reason of the policy."""
    consultation = found(request.actor, code)
    require(request.actor, "statement.moderate", consultation.unit.path)
    waiting = next((one for one in found_there.waiting_submissions(consultation) if one.pk == submission_id), None)
    if waiting is None:
        return redirect("consultations:moderate", code)
    form = ModerationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moderation.moderate_statement(
                actor=request.actor, now=now(), submission_id=submission_id, ground=form.cleaned_data["ground"],
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:moderate", code)
    context = {"consultation": consultation, "form": form, "text": waiting.text}
    return render(request, "consultations/refuse.html", context)


@page("statement.moderate")
def remove(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Take a statement out of the vote."""
    consultation = found(request.actor, code)
    require(request.actor, "statement.moderate", consultation.unit.path)
    statement = next((one for one in queries.statements_of(consultation) if one.number == number), None)
    if statement is None:
        return redirect("consultations:moderate", code)
    form = ModerationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moderation.remove_statement(
                actor=request.actor, now=now(), statement_id=statement.pk, ground=form.cleaned_data["ground"],
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:moderate", code)
    context = {"consultation": consultation, "form": form, "statement": statement}
    return render(request, "consultations/refuse.html", context)


@page(PUBLIC)
def moderation_log(request: ActorRequest, code: str) -> HttpResponse:
    """Everything moderation did in one consultation, without author and without moderator; also as a file."""
    consultation = found(request.actor, code)
    lines = found_there.moderation_log(consultation)
    if request.GET.get("as") == "csv":
        response = HttpResponse(log_csv(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{code}-moderation.csv"'
        return response
    context = {
        "consultation": consultation,
        "lines": lines,
        "waiting": len(found_there.waiting_submissions(consultation)),
        "member": reaches(request.actor, consultation),
    }
    return render(request, "consultations/moderation_log.html", context)
