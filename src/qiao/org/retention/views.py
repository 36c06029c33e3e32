"""The retention table and its proofs, public; setting and ending holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.retention import services
from qiao.org.retention.choices import Ground
from qiao.org.retention.forms import EndHoldForm, HoldForm
from qiao.org.retention.models import Hold
from qiao.org.retention.queries import pages
from qiao.org.retention.rules import all_rules
from qiao.org.settings.queries import federation_path
from qiao.org.settings.queries.places import unit_by_label


@page(PUBLIC)
def table(request: ActorRequest) -> HttpResponse:
    """How long what is kept, and what was erased last."""
    moment = now()
    may_hold = request.actor.may("retention.hold")
    context = {
        "lines": pages.table(moment),
        "may_hold": may_hold,
        "may_set": request.actor.may("setting.protect"),
        "holds": list(pages.open_holds(localdate(moment), request.actor)[:200]) if may_hold else [],
        "ended": pages.ended_holds(localdate(moment), request.actor) if may_hold else [],
        "labels": {rule.key: rule.label for rule in all_rules()},
    }
    return render(request, "retention/table.html", context)


@page(PUBLIC)
def proofs(request: ActorRequest) -> HttpResponse:
    """What was erased: how many, under which rule, with the hash and its line in the ledger."""
    labels = {rule.key: rule.label for rule in all_rules()}
    key = request.GET.get("class", "")
    before = request.GET.get("before", "")
    found, older = pages.proofs_page(
        key if key in labels else "", int(before) if before.isdecimal() and len(before) < 19 else None
    )
    context = {"proofs": found, "older": older, "labels": labels, "key": key if key in labels else ""}
    return render(request, "retention/proofs.html", context)


@page("retention.hold")
def hold(request: ActorRequest) -> HttpResponse:
    """Hold records back."""
    form = HoldForm(request.POST or None, initial={"object_class": request.GET.get("class", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        unit = unit_by_label(given["unit"]) if given["unit"] else None
        try:
            if given["unit"] and unit is None:
                raise Problem("There is no unit with this label.")
            services.set_hold(
                actor=request.actor, now=now(), object_class=given["object_class"], ground=Ground(given["ground"]),
                reason=given["reason"], until=given["until"], code=given["code"], unit=unit,
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Held back: no erasure touches these records until then."))
            return redirect("retention:table")
    return render(request, "retention/hold.html", {"form": form})


@page("retention.hold")
def end_hold(request: ActorRequest, hold_id: int) -> HttpResponse:
    """End a hold before its day."""
    found = Hold.objects.select_related("unit").filter(pk=hold_id).first()
    if found is None:
        raise Http404
    require(request.actor, "retention.hold", found.unit.path if found.unit else federation_path())
    form = EndHoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_hold(actor=request.actor, now=now(), hold_id=hold_id, reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("retention:table")
    labels = {rule.key: rule.label for rule in all_rules()}
    return render(
        request, "retention/end_hold.html", {"hold": found, "label": labels.get(found.object_class), "form": form}
    )
