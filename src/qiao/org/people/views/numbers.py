"""Officers' pages about a lost number: written down with the member there, shown by a code, confirmed by another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import services
from qiao.org.people.choices import NumberState
from qiao.org.people.forms import LostForm, ProofForm, WordsForm
from qiao.org.people.models import NumberChange
from qiao.org.people.queries.numbers import confirming_path, number_change, open_change, steps_of
from qiao.org.people.views.finding import found_unit, member_of


@page("person.keep")
def ask(request: ActorRequest, label: str, number: int) -> HttpResponse:
    """Write down the new number of a member who has lost the old one; one that is under way is shown."""
    unit = found_unit(request.actor, "person.keep", label)
    member = member_of(unit, number)
    running = open_change(member.pk)
    again = running is not None and running.state == NumberState.ASKED and request.GET.get("again") == "1"
    if running is not None and not again and request.method != "POST":
        return redirect("persons:number", unit.label, running.code)
    form = LostForm(request.POST or None, initial={"seen": running.seen} if running else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_number(
                actor=request.actor, now=now(), person=member, number=form.cleaned_data["number"],
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("persons:number", unit.label, made.code)
    return render(request, "people/lost.html", {"unit": unit, "member": member, "form": form})


@page("person.keep")
def change(request: ActorRequest, label: str, code: str) -> HttpResponse:
    """One change with its steps and what this officer can do next."""
    unit = found_unit(request.actor, "person.keep", label)
    try:
        row = number_change(code)
    except NumberChange.DoesNotExist:
        raise Http404 from None
    if not row.unit_path.startswith(unit.path):
        raise Http404
    actor, path = request.actor, confirming_path(row)
    second = not actor.did(row.asked_by_id) and not actor.concerns(row.person_id)
    proof_form = ProofForm(request.POST if request.POST.get("to") == "show" else None)
    refuse_form = WordsForm(
        request.POST if request.POST.get("to") == "refuse" else None, label=_("Reason, as the person reads it")
    )
    if request.method == "POST":
        try:
            if _done(request, row, proof_form, refuse_form):
                return redirect("persons:number", unit.label, row.code)
        except Problem as problem:
            messages.error(request, problem_text(problem))
            return redirect("persons:number", unit.label, row.code)
    context = {
        "unit": unit,
        "row": row,
        "steps": steps_of(row),
        "proof_form": proof_form if row.state == NumberState.ASKED else None,
        "refuse_form": refuse_form if second and row.ended is None else None,
        "may_confirm": second and row.state == NumberState.SHOWN and actor.may("person.keep", path),
        "above": path != row.unit_path and row.state == NumberState.SHOWN,
    }
    answer = render(request, "people/number.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _done(request: ActorRequest, row: NumberChange, proof_form: ProofForm, refuse_form: WordsForm) -> bool:
    """Take the step that was asked for; False where a form says what is wrong."""
    to, actor, moment = request.POST.get("to"), request.actor, now()
    if to == "show" and proof_form.is_valid():
        if not services.show_number(actor=actor, now=moment, code=row.code, proof=proof_form.cleaned_data["proof"]):
            proof_form.add_error("proof", _("This is not the code."))
            return False
        messages.success(request, _("The number is the member's. The old contacts are being warned."))
        return True
    if to == "confirm":
        require(actor, "person.keep", confirming_path(row))
        services.confirm_number(actor=actor, now=moment, code=row.code)
        messages.success(request, _("Confirmed."))
        return True
    if to == "refuse" and refuse_form.is_valid():
        services.refuse_number(actor=actor, now=moment, code=row.code, reason=refuse_form.cleaned_data["text"])
        messages.success(request, _("Refused. The member is told the reason."))
        return True
    return False
