"""Pages of the union above: calling, roll, objections, opening, void and run again, the sheet beside, recheck."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page, require
from qiao.base.clock import now
from qiao.base.problems import Problem, Problems
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import ObjectionState
from qiao.judge.ratings.forms import BesideForm, CallForm, DecideForm, OfficersForm, RecheckForm, TextForm
from qiao.judge.ratings.models import RollObjection
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.rules.form import POINTS
from qiao.judge.ratings.services.steps import day_after, free_officers, judged_paths
from qiao.judge.ratings.views.shared import DECIDE, above, act, found, may_above, press, require_above, said
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit


@page("rating.call")
def new(request: ActorRequest) -> HttpResponse:
    """Call a rating of one union, or of all base unions below one; ?unit= names it, ?below=1 asks for all below."""
    label, below = request.GET.get("unit", ""), bool(request.GET.get("below"))
    unit = Unit.objects.filter(label=label).first()
    if unit is None:
        units = _callable_units(request)
        return render(request, "ratings/choose.html", {"units": units})
    path = unit.path if below else unit.path[:-5]
    require(request.actor, "rating.call", path or "-")
    moment = now()
    judged = [one for group in services.groups_below(unit) for one in group.paths] if below else [unit.path]
    officers = free_officers(judged, path=path, today=localdate(moment))
    opens = (day_after(unit.path, rule.OBJECTION_DAYS, moment) + timedelta(days=2)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    length = value_of(rule.OPEN_DAYS, path=unit.path, on=localdate(moment))
    form = CallForm(
        request.POST or None, officers=officers,
        initial={
            "title": services.default_title(unit, moment.year), "opens": opens,
            "closes": opens + timedelta(days=length), "points": list(POINTS),
            "officers": [str(one.pk) for one in officers[:3]],
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        terms = {
            "title": given["title"], "points": given["points"], "officers": form.chosen, "opens": given["opens"],
            "closes": given["closes"],
        }  # fmt: skip
        try:
            if below:
                made = services.call_below(actor=request.actor, now=moment, unit=unit, **terms)
                messages.success(request, _("%(number)d ratings are called.") % {"number": len(made)})
                return redirect("ratings:board")
            one = services.call_rating(actor=request.actor, now=moment, unit=unit, **terms)
        except (Problem, Problems) as problem:
            said(form, problem)
        else:
            messages.success(request, _("The rating is called; its terms stand in the ledger."))
            return redirect("ratings:rating", one.code)
    groups = services.groups_below(unit) if below else []
    context = {
        "unit": unit, "form": form, "below": below, "groups": len(groups),
        "joint": sum(group.joint for group in groups),
    }  # fmt: skip
    return render(request, "ratings/new.html", context)


def _callable_units(request: ActorRequest) -> list[Unit]:
    """Unions directly below the reader's grants, and those whose base unions can be rated together."""
    found_units: list[Unit] = []
    for path in request.actor.paths("rating.call"):
        found_units += (
            Unit.objects.filter(path__startswith=path, state="active").exclude(path=path).order_by("path")[:200]
        )
    return found_units


@page("rating.call")
def freeze(request: ActorRequest, code: str) -> HttpResponse:
    """Freeze the roll."""
    return press(
        request, code, lambda: services.freeze_roll(actor=request.actor, now=now(), code=code),
        _("The roll is frozen; members may object to it now."),
    )  # fmt: skip


@page("rating.call")
def officers(request: ActorRequest, code: str) -> HttpResponse:
    """Name the count officers."""
    rating = found(code)
    require_above(request, rating)
    free = free_officers(judged_paths(rating), path=above(rating), today=localdate(now()))
    form = OfficersForm(
        request.POST or None, officers=free,
        initial={"officers": [str(seat.account_id) for seat in queries.seats_of(rating)]},
    )  # fmt: skip
    return act(
        request, rating, form,
        lambda: services.name_officers(actor=request.actor, now=now(), code=code, officers=form.chosen),
        title=_("Count officers"), button=_("Name them"), done=_("The count officers are named."),
        note=_("Only those who stand outside the judged union are shown."),
    )  # fmt: skip


@page(DECIDE)
def objections(request: ActorRequest, code: str) -> HttpResponse:
    """Objections to the roll, for those who decide on them."""
    rating = found(code)
    require_above(request, rating, DECIDE)
    context = {"rating": rating, "objections": queries.objections_of(rating)}
    return render(request, "ratings/objections.html", context)


@page(DECIDE)
def objection(request: ActorRequest, code: str) -> HttpResponse:
    """One objection and its decision."""
    try:
        one = queries.objection_by_code(code)
    except RollObjection.DoesNotExist:
        raise Http404 from None
    require_above(request, one.rating, DECIDE)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.decide_objection(
                actor=request.actor, now=now(), code=code, upheld=given["outcome"] == "upheld", reason=given["reason"]
            )
        except (Problem, Problems) as problem:
            said(form, problem)
        else:
            messages.success(request, _("The objection is decided."))
            return redirect("ratings:objections", one.rating.code)
    context = {"rating": one.rating, "one": one, "form": form, "waits": one.state == ObjectionState.FILED}
    return render(request, "ratings/objection.html", context)


@page("rating.call")
def open_vote(request: ActorRequest, code: str) -> HttpResponse:
    """Open the vote."""
    return press(
        request, code, lambda: services.open_rating(actor=request.actor, now=now(), code=code), _("The vote is open.")
    )


@page("rating.call")
def close_vote(request: ActorRequest, code: str) -> HttpResponse:
    """Close the vote, still sealed."""
    return press(
        request, code, lambda: services.close_rating(actor=request.actor, now=now(), code=code),
        _("The vote is closed. The count officers join their keys now."),
    )  # fmt: skip


@page(SIGNED_IN)
def void(request: ActorRequest, code: str) -> HttpResponse:
    """Declare a rating void after an incident."""
    rating = found(code)
    if not (may_above(request, rating) or may_above(request, rating, "audit.read")):
        raise Refused("rating.call is not yours here")
    form = TextForm(request.POST or None, label=_("What happened here"))
    return act(
        request, rating, form,
        lambda: services.declare_void(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["text"]),
        title=_("Declare the rating void"), button=_("Declare it void"), done=_("The rating is void."),
        note=_("A rating is void where an envelope was opened or a count was seen early, above all by an officer of "
               "the judged union. The reason is published, and the rating is run again."),
    )  # fmt: skip


@page("rating.call")
def rerun(request: ActorRequest, code: str) -> HttpResponse:
    """Run a void rating again."""
    return press(
        request, code, lambda: services.rerun_rating(actor=request.actor, now=now(), code=code),
        _("The rating is called again."),
    )  # fmt: skip


@page("rating.call")
def beside(request: ActorRequest, code: str) -> HttpResponse:
    """The upper union's own sheet."""
    rating = found(code)
    require_above(request, rating)
    form = BesideForm(
        request.POST or None,
        initial={
            "source": rating.beside.get("source", ""),
            **{line["key"]: round(100 * line["share"], 2) for line in rating.beside.get("lines", [])},
        },
    )
    return act(
        request, rating, form,
        lambda: services.enter_beside(
            actor=request.actor, now=now(), code=code, shares=form.shares, source=form.cleaned_data["source"]
        ),
        title=_("What the union above counts itself"), button=_("Enter"),
        done=_("The figures stand beside the rating."),
        note=_("Shown beside what members say, never mixed into it."),
    )  # fmt: skip


@page("rating.call")
def recheck(request: ActorRequest, code: str) -> HttpResponse:
    """Whether the remedies were kept."""
    rating = found(code)
    require_above(request, rating)
    form = RecheckForm(request.POST or None, remedies=list(rating.remedies.all()))
    return act(
        request, rating, form,
        lambda: services.recheck(
            actor=request.actor, now=now(), code=code, verdicts=form.verdicts,
            later_code=form.cleaned_data["later"].strip(),
        ),
        title=_("Recheck the remedies"), button=_("Publish what was found"), done=_("The recheck is published."),
        note=_("Whoever planned or reported a remedy does not recheck it."),
    )  # fmt: skip


@page("rating.call")
def end(request: ActorRequest, code: str) -> HttpResponse:
    """End a rating."""
    return press(
        request, code, lambda: services.end_rating(actor=request.actor, now=now(), code=code), _("The rating is ended.")
    )
