"""The answering desk: suggestions, groups, offices, drafts, templates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules
from qiao.decide.consultations.forms import GroupForm
from qiao.decide.consultations.forms.desk import AssignForm, DraftAnswerForm, SuggestionForm, TemplateForm
from qiao.decide.consultations.models import AnswerTemplate, Assignment, Consultation
from qiao.decide.consultations.queries import desk as there
from qiao.decide.consultations.services import desk as services
from qiao.decide.consultations.views.finding import found, row_number, ticked
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units


def _watched(request: ActorRequest, code: str) -> Consultation:
    """The consultation, for those who sort it or answer for it."""
    consultation = found(request.actor, code)
    path = consultation.unit.path
    if not (request.actor.may("consultation.run", path) or request.actor.may("opinion.answer", path)):
        raise Refused("consultation.run")
    return consultation


@page(SIGNED_IN)
def desk(request: ActorRequest, code: str) -> HttpResponse:
    """How far the answers are: groups, who prepares which, what is late, what waits for the deciders' word."""
    consultation = _watched(request, code)
    today = localdate(now())
    path = consultation.unit.path
    rows = there.group_rows(consultation, today)
    fate = queries.opinion_fate(code)
    context = {
        "consultation": consultation,
        "rows": rows,
        "received": sum(fate.values()),
        "unanswered": fate["unanswered"],
        "alone": fate["unanswered"] - sum(row.opinions for row in rows),
        "due": rules.answer_due(consultation),
        "split": there.work_split(consultation, today),
        "left": there.suggestions_left(consultation),
        "run": there.suggestion_run(consultation),
        "may_run": request.actor.may("consultation.run", path),
        "may_answer": request.actor.may("opinion.answer", path),
        "answering": consultation.state == "closed",
    }
    return render(request, "consultations/desk.html", context)


@page("consultation.run")
def suggestions(request: ActorRequest, code: str) -> HttpResponse:
    """Groups that are suggested, one after another: put together what is left ticked, or leave apart."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    rows = there.open_suggestions(consultation, most=there.SHOWN)
    shown = rows[0] if rows else None
    form = SuggestionForm(request.POST if "take" in request.POST else None, initial=_named(shown))
    if request.method == "POST":
        chosen = row_number(request.POST.get("suggestion")) or 0
        try:
            if "ask" in request.POST:
                services.suggest_groups(actor=request.actor, now=now(), code=code)
                return redirect("consultations:suggestions", code)
            if "leave" in request.POST:
                services.refuse_suggestion(actor=request.actor, now=now(), code=code, suggestion_id=chosen)
                return redirect("consultations:suggestions", code)
            if form.is_valid():
                services.take_suggestion(
                    actor=request.actor, now=now(), code=code, suggestion_id=chosen,
                    opinion_ids=ticked(request.POST.getlist("opinion")), title=form.cleaned_data["title"],
                )  # fmt: skip
                messages.success(request, _("Put together. Each author keeps the receipt and may contest this."))
                return redirect("consultations:suggestions", code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
    context = {
        "consultation": consultation,
        "shown": shown,
        "left": there.suggestions_left(consultation),
        "run": there.suggestion_run(consultation),
        "form": form,
        "answering": consultation.state == "closed",
    }
    return render(request, "consultations/suggestions.html", context)


def _named(shown: there.SuggestionRow | None) -> dict[str, object]:
    """A first title: the words of a suggestion."""
    return {"title": {"zh-hans": "、".join(shown.suggestion.words)}} if shown else {}


@page("consultation.run")
def group(request: ActorRequest, code: str, group_id: int) -> HttpResponse:
    """One group: give it to an office, take opinions out of it."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    shown = there.group_here(consultation, group_id)
    if shown is None:
        raise Http404
    today = localdate(now())
    officers = there.drafters(consultation.unit.path, today)
    form = AssignForm(request.POST if "assign" in request.POST else None, officers=officers)
    splitting = GroupForm(request.POST if "split" in request.POST else None)
    splitting.fields["title"].required = False
    if request.method == "POST":
        try:
            if "assign" in request.POST and form.is_valid():
                account, unit = form.cleaned_data["officer"].split(":")
                services.assign_group(
                    actor=request.actor, now=now(), code=code, group_id=group_id, account_id=int(account),
                    unit=Unit.objects.get(pk=int(unit)), due=form.cleaned_data["due"],
                )  # fmt: skip
                messages.success(request, _("Given to the office; its officer is told."))
                return redirect("consultations:desk", code)
            if "split" in request.POST and splitting.is_valid():
                services.split_group(
                    actor=request.actor, now=now(), code=code, group_id=group_id,
                    opinion_ids=ticked(request.POST.getlist("opinion")), title=splitting.cleaned_data["title"],
                )  # fmt: skip
                return redirect("consultations:desk", code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
    opinions = there.opinions_of_group(group_id)
    context = {
        "consultation": consultation,
        "group": shown,
        "opinions": opinions,
        "members": there.supporters(opinions),
        "form": form,
        "splitting": splitting,
        "assignment": getattr(shown, "assignment", None),
        "holder": _holder(shown),
    }
    return render(request, "consultations/group.html", context)


def _holder(shown: object) -> str:
    assignment = getattr(shown, "assignment", None)
    if assignment is None:
        return ""
    return there.account_names([assignment.account_id]).get(assignment.account_id, "")


@page("opinion.draft")
def draft_answer(request: ActorRequest, code: str, group_id: int) -> HttpResponse:
    """Prepare the answer to a group; the deciders read it here and give it."""
    try:
        assignment = there.assignment_of(group_id, code)
    except Assignment.DoesNotExist:
        raise Http404 from None
    consultation = assignment.group.consultation
    actor = request.actor
    decides = actor.may("opinion.answer", consultation.unit.path)
    writes = decides or actor.did(assignment.account_id)
    if not writes and not actor.may("opinion.draft", consultation.unit.path):
        raise Refused("opinion.draft")
    templates = list(there.templates_for(consultation.unit.path))
    template = next((one for one in templates if str(one.pk) == request.GET.get("template")), None)
    initial = {"outcome": assignment.outcome, "reason": assignment.reason, "revision": assignment.revision}
    if template is not None:
        initial |= {"outcome": template.outcome, "reason": template.text}
    form = DraftAnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        try:
            if "sign" in request.POST:
                number = services.sign_draft(
                    actor=actor, now=now(), code=code, group_id=group_id,
                    revision=row_number(request.POST.get("revision")) or 0,
                )  # fmt: skip
                messages.success(
                    request,
                    ngettext("%(number)d opinion answered.", "%(number)d opinions answered.", number)
                    % {"number": number},
                )
                return redirect("consultations:desk", code)
            if form.is_valid():
                services.draft_answer(
                    actor=actor, now=now(), code=code, group_id=group_id, outcome=form.cleaned_data["outcome"],
                    reason=form.cleaned_data["reason"], revision=form.cleaned_data["revision"],
                )  # fmt: skip
                messages.success(request, _("The draft is kept; the deciders give the answer."))
                return redirect("consultations:draft_answer", code, group_id)
        except Problem as problem:
            messages.error(request, problem_text(problem))
    opinions = there.opinions_of_group(group_id)
    context = {
        "consultation": consultation,
        "assignment": assignment,
        "group": assignment.group,
        "opinions": opinions,
        "members": there.supporters(opinions),
        "templates": templates,
        "form": form,
        "decides": decides,
        "writes": writes,
        "answered": all(opinion.answer_id for opinion in opinions),
        "late": assignment.drafted is None and assignment.due < localdate(now()),
    }
    return render(request, "consultations/draft_answer.html", context)


@page("opinion.answer")
def templates(request: ActorRequest) -> HttpResponse:
    """Words answers may begin with, by outcome; new ones, and those no longer offered."""
    units = upper_units(request.actor.paths("opinion.answer"))
    form = TemplateForm(request.POST if "keep" in request.POST else None, units=units)
    if request.method == "POST":
        try:
            retired = row_number(request.POST.get("retire"))
            if retired is not None:
                services.retire_template(actor=request.actor, now=now(), template_id=retired)
                return redirect("consultations:templates")
            if form.is_valid():
                given = form.cleaned_data
                services.keep_template(
                    actor=request.actor, now=now(), unit=given["unit"], outcome=given["outcome"], title=given["title"],
                    text=given["text"],
                )  # fmt: skip
                return redirect("consultations:templates")
        except AnswerTemplate.DoesNotExist:
            raise Http404 from None
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    rows = there.templates_under(request.actor.paths("opinion.answer"))
    return render(request, "consultations/templates.html", {"rows": rows, "form": form})
