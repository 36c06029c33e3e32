"""Pages of petitions: begun by a member, signed by members, watched by nobody."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import MEMBER, PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import PetitionState
from qiao.judge.ratings.forms import PetitionForm
from qiao.judge.ratings.models import MembersCall
from qiao.judge.ratings.views.shared import said


@page(MEMBER)
def new(request: ActorRequest) -> HttpResponse:
    """Begin a petition."""
    units = queries.can_petition(request.actor)
    form = PetitionForm(request.POST or None, units=[(unit.label, pick(unit.name)) for unit in units])
    if request.method == "POST" and form.is_valid():
        unit = next(one for one in units if one.label == form.cleaned_data["unit"])
        try:
            made = services.start_petition(
                actor=request.actor, now=now(), unit=unit, ground=form.cleaned_data["ground"]
            )
        except (Problem, Problems) as problem:
            said(form, problem)
        else:
            messages.success(request, _("You have signed. Tell others the number of the petition: %(code)s.")
                             % {"code": made.code})  # fmt: skip
            return redirect("ratings:petition", made.code)
    return render(request, "ratings/petition_new.html", {"form": form, "any": bool(units)})


@page(PUBLIC)
def petition(request: ActorRequest, code: str) -> HttpResponse:
    """One petition. How many signed is told to nobody before enough have; only its union's members see it till then."""
    one = _found(request, code)
    context = {
        "petition": one,
        "member": any(path.startswith(one.unit.path) for path in request.actor.member_paths),
        "signed": queries.has_signed(one, request.actor),
        "running": one.state == PetitionState.COLLECTING and now() < one.until,
    }
    return render(request, "ratings/petition.html", context)


@page(MEMBER)
def sign(request: ActorRequest, code: str) -> HttpResponse:
    """Sign, or take one's name back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _found(request, code)
    try:
        if "back" in request.POST:
            services.unsign_petition(actor=request.actor, code=code)
            messages.success(request, _("Your name is taken back."))
        else:
            done = services.sign_petition(actor=request.actor, now=now(), code=code)
            if done.state == PetitionState.REACHED:
                messages.success(request, _("Enough members have signed: the rating is called."))
            else:
                messages.success(request, _("You have signed."))
    except Problem as problem:
        messages.error(request, problem_text(problem))
    return redirect("ratings:petition", code)


def _found(request: ActorRequest, code: str) -> MembersCall:
    """The petition; Http404 too for those outside the union while it collects: officers do not watch it."""
    try:
        one = queries.petition_by_code(code)
    except MembersCall.DoesNotExist:
        raise Http404 from None
    inside = any(path.startswith(one.unit.path) for path in request.actor.member_paths)
    if one.state != PetitionState.REACHED and not inside:
        raise Http404
    return one
