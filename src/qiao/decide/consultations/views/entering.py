"""Officers' pages: codes to hand out, stacks of paper, writing for a member."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page, require
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.codes import normal_secret_code
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, rules
from qiao.decide.consultations.choices import StackState
from qiao.decide.consultations.exports import qr_svg
from qiao.decide.consultations.forms.channels import SheetForm, SlipsForm, StackForm, WordForm
from qiao.decide.consultations.models import Consultation, Opinion, Stack
from qiao.decide.consultations.queries import channels as read
from qiao.decide.consultations.services import slips, stacks
from qiao.decide.consultations.services.assist import speak_for
from qiao.decide.consultations.services.own import take_back_opinion
from qiao.decide.consultations.views.finding import found, row_number


@page("consultation.run")
def codes(request: ActorRequest, code: str) -> HttpResponse:
    """Codes for members without an account: sheets to print, this once, or links sent to them."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    form = SlipsForm(request.POST or None, units=read.printing_units(request.actor, consultation))
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        try:
            if "send" in request.POST:
                number = slips.send_slips(actor=request.actor, now=now(), code=code, unit=unit)
                messages.success(
                    request,
                    ngettext("%(number)d code is on its way.", "%(number)d codes are on their way.", number)
                    % {"number": number},
                )
                return redirect("consultations:codes", code)
            lines = slips.make_slips(
                actor=request.actor, now=now(), code=code, unit=unit, renew=form.cleaned_data["renew"]
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return _printed(request, consultation, lines)
    context = {"consultation": consultation, "form": form, "made": read.slip_facts(consultation)}
    return render(request, "consultations/codes.html", context)


def _printed(request: ActorRequest, consultation: Consultation, lines: list[slips.SlipLine]) -> HttpResponse:
    """Sheets on which one can answer by hand or with a telephone."""
    address = full_address("/decide/consultations/code/")
    context = {
        "consultation": consultation,
        "clauses": queries.clauses_of(consultation),
        "statements": queries.statements_of(consultation),
        "slips": [(line, qr_svg(f"{address}{normal_secret_code(line.code)}/")) for line in lines],
        "typed_at": address,
    }
    response = render(request, "consultations/slips.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@page("consultation.run")
def names(request: ActorRequest, code: str) -> HttpResponse:
    """By which list the sheets are handed out; each look is written down."""
    consultation = found(request.actor, code)
    require(request.actor, "consultation.run", consultation.unit.path)
    lines = slips.name_list(actor=request.actor, now=now(), code=code)
    response = render(request, "consultations/names.html", {"consultation": consultation, "lines": lines})
    response.headers["Cache-Control"] = "no-store"
    return response


@page("consultation.enter")
def paper(request: ActorRequest, code: str) -> HttpResponse:
    """Stacks of paper, and beginning one."""
    consultation = _entering(request, code)
    form = StackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = stacks.open_stack(actor=request.actor, now=now(), code=code, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("consultations:stack", code, made.code)
    context = {
        "consultation": consultation, "form": form, "stacks": read.stacks_of(consultation),
        "open": rules.takes_part(consultation.state, consultation.closes, now()),
    }  # fmt: skip
    return render(request, "consultations/paper.html", context)


@page("consultation.enter")
def stack(request: ActorRequest, code: str, stack_code: str) -> HttpResponse:
    """Typing one sheet after another, typing them again, taking them over."""
    consultation = _entering(request, code)
    held = read.stack_by_code(consultation, stack_code)
    if held is None:
        raise Http404
    asked = row_number(request.POST.get("sheet") or request.GET.get("sheet"))
    number = asked if asked and 1 <= asked <= held.expected else read.next_sheet(held, request.actor.account_id)
    form = SheetForm(
        request.POST if request.method == "POST" and "act" not in request.POST else None,
        clauses=queries.clauses_of(consultation), statements=queries.statements_of(consultation),
    )  # fmt: skip
    faults = ""
    if request.method == "POST" and ("act" in request.POST or form.is_valid()):
        try:
            messages.success(request, _done(request, held, number or 0, form))
        except Problem as problem:
            faults = problem_text(problem)
        else:
            return redirect("consultations:stack", code, stack_code)
    context = {
        "consultation": consultation, "stack": held, "form": form, "number": number, "faults": faults,
        "facts": read.sheet_facts(held), "typed_code": request.POST.get("typed_code", ""),
        "differing": _differing(held, number, form), "typing": held.state == StackState.TYPING,
    }  # fmt: skip
    response = render(request, "consultations/stack.html", context, status=422 if faults else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _done(request: ActorRequest, held: Stack, number: int, form: SheetForm) -> str:
    """Do what was asked for; what to say of it. Raises Problem."""
    actor, at = request.actor, now()
    if request.POST.get("act") == "complete":
        stacks.complete_stack(actor=actor, now=at, stack_code=held.code)
        return _("Every sheet is typed. Somebody else types them again.")
    if "act" in request.POST:
        stored = stacks.store_stack(actor=actor, now=at, stack_code=held.code)
        return _("%(number)d sheets are taken over.") % {"number": stored.report.get("stored", 0)}
    if held.state == StackState.VERIFYING:
        sheet = stacks.type_again(actor=actor, now=at, stack_code=held.code, number=number, said=form.said())
        if sheet.differs:
            return _("Sheet %(number)d was typed in two ways. A third person looks at the paper.") % {"number": number}
        return _("Sheet %(number)d agrees.") % {"number": number}
    stacks.type_sheet(
        actor=actor, now=at, stack_code=held.code, number=number, typed_code=request.POST.get("typed_code", ""),
        said=form.said(),
    )  # fmt: skip
    return _("Sheet %(number)d is kept.") % {"number": number}


def _differing(held: Stack, number: int | None, form: SheetForm) -> list[str]:
    """The boxes in which two typings of the sheet at hand differ, as the form names them."""
    sheet = read.sheet_of(held, number) if number else None
    if sheet is None:
        return []
    named = {f"s{statement.pk}": str(form[f"vote_{statement.pk}"].label) for statement in form.statements}
    named |= {clause.key: str(form[f"words_{clause.key}"].label) for clause in form.clauses} | {
        "": str(form.whole.label)
    }
    return [named[box] for box in sheet.differs if box in named]


@page("consultation.enter")
def assist(request: ActorRequest, code: str) -> HttpResponse:
    """Write for a member what the member says."""
    consultation = _entering(request, code)
    if not rules.takes_part(consultation.state, consultation.closes, now()):
        return redirect("consultations:consultation", code)
    word = WordForm(request.POST or None)
    form = SheetForm(
        request.POST or None, clauses=queries.clauses_of(consultation), statements=queries.statements_of(consultation)
    )
    if request.method == "POST" and word.is_valid() and form.is_valid():
        try:
            handed = speak_for(actor=request.actor, now=now(), code=code, said=form.said(), **word.cleaned_data)
        except Problem as problem:
            word.add_error(None, problem_text(problem))
        else:
            messages.success(
                request,
                _("Taken over. Tell the member the receipts: %(receipts)s") % {"receipts": ", ".join(handed.receipts)}
                if handed.receipts
                else _("Taken over."),
            )
            return redirect("consultations:assist", code)
    context = {"consultation": consultation, "form": form, "word": word, "for_other": True}
    response = render(request, "consultations/assist.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _entering(request: ActorRequest, code: str) -> Consultation:
    consultation = found(request.actor, code)
    if not read.may_enter(request.actor, consultation):
        raise Refused("consultation.enter is not yours here")
    return consultation


@page(SIGNED_IN)
def take_back(request: ActorRequest, number: str) -> HttpResponse:
    """Take one's own opinion back, after a second look."""
    if request.actor.person_id is None:
        raise Http404
    try:
        own = queries.opinion_by_receipt(number, request.actor.person_id)
    except Opinion.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        try:
            take_back_opinion(actor=request.actor, now=now(), opinion_id=own.pk)
        except Problem as problem:
            messages.error(request, problem_text(problem))
            return redirect("consultations:opinion", number)
        messages.success(request, _("Your opinion is taken back. Its words are deleted."))
        return redirect("consultations:consultation", own.consultation.code)
    return render(request, "consultations/take_back.html", {"opinion": own, "consultation": own.consultation})
