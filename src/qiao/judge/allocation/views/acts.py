"""Officers' acts on a sheet, each on its own page or by one press on the sheet's."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import Localized, problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.allocation import queries, services
from qiao.judge.allocation.choices import Level, State
from qiao.judge.allocation.forms import ConsultForm, DraftForm, GroundForm, PaidForm
from qiao.judge.allocation.models import Sheet
from qiao.judge.allocation.rules.states import FOLLOWING
from qiao.judge.allocation.views.reading import found


@page("allocation.compute")
def new(request: ActorRequest) -> HttpResponse:
    """Begin a sheet."""
    units = queries.units_to_divide(request.actor)
    form = DraftForm(
        request.POST or None,
        units=units,
        levels=[(level.value, str(level.label)) for level in Level],
        initial={"unit": request.GET.get("unit", "")[:40], "year": localdate(now()).year},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        unit = next(one for one in units if one.label == given["unit"])
        try:
            made = services.draft_sheet(
                actor=request.actor, now=now(), unit=unit, level=Level(given["level"]), year=given["year"],
                title=given["title"], budget=form.cents,
            )  # fmt: skip
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect("allocation:sheet", made.code)
    context = {"form": form, "any": bool(units)}
    return render(request, "allocation/new.html", context, status=422 if form.errors else 200)


@require_POST
@page("allocation.compute")
def compute(request: ActorRequest, code: str) -> HttpResponse:
    """Compute from the inputs as they stand."""
    return _press(request, code, services.compute_sheet, _("The sheet is computed."))


@require_POST
@page("allocation.compute")
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Publish the computed sheet."""
    return _press(request, code, services.publish_sheet, _("The sheet is public; its hash stands in the ledger."))


@require_POST
@page("allocation.compute")
def compare(request: ActorRequest, code: str) -> HttpResponse:
    """Compare what was paid with the year before."""
    return _press(request, code, services.compare_sheet, _("The comparison is done; an auditor closes the sheet."))


@page("allocation.compute")
def consult(request: ActorRequest, code: str) -> HttpResponse:
    """Name the consultation that asked the members."""
    sheet = _open(request, code, "allocation.compute", State.CONSULTED)
    form = ConsultForm(request.POST or None)

    def act() -> None:
        services.consult_sheet(
            actor=request.actor, now=now(), code=sheet.code, consultation_code=form.cleaned_data["consultation"]
        )

    return _asked(request, sheet, form, act, title=_("Members were asked"), button=_("Name it"))


@page("allocation.decide")
def decide(request: ActorRequest, code: str) -> HttpResponse:
    """Decide on the sheet."""
    sheet = _open(request, code, "allocation.decide", State.DECIDED)
    form = GroundForm(request.POST or None, label=_("What the decision rests on"))

    def act() -> None:
        services.decide_sheet(actor=request.actor, now=now(), code=sheet.code, ground=_text(form))

    return _asked(request, sheet, form, act, title=_("Decide on the sheet"), button=_("Take the decision"))


@page("allocation.compute")
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Withdraw the sheet."""
    sheet = _open(request, code, "allocation.compute", State.WITHDRAWN)
    form = GroundForm(request.POST or None, label=_("Why it is withdrawn"))

    def act() -> None:
        services.withdraw_sheet(actor=request.actor, now=now(), code=sheet.code, reason=_text(form))

    return _asked(request, sheet, form, act, title=_("Withdraw the sheet"), button=_("Withdraw"))


@page("allocation.compute")
def pay(request: ActorRequest, code: str) -> HttpResponse:
    """Enter what was paid."""
    sheet = _open(request, code, "allocation.compute", State.PAID)
    form = PaidForm(request.POST or None, initial={"day": localdate(now())})

    def act() -> None:
        given = form.cleaned_data
        services.pay_sheet(
            actor=request.actor, now=now(), code=sheet.code, day=given["day"], different=given["different"]
        )

    return _asked(request, sheet, form, act, title=_("Enter what was paid"), button=_("Enter"))


@page("allocation.audit")
def audit(request: ActorRequest, code: str) -> HttpResponse:
    """Close the sheet."""
    sheet = _open(request, code, "allocation.audit", State.AUDITED)
    form = GroundForm(request.POST or None, label=_("What you checked and found"))

    def act() -> None:
        services.audit_sheet(actor=request.actor, now=now(), code=sheet.code, finding=_text(form))

    return _asked(
        request, sheet, form, act, title=_("Check and close the sheet"), button=_("Close the allocation sheet")
    )


def _text(form: GroundForm) -> Localized:
    text: Localized = form.cleaned_data["text"]
    return text


def _open(request: ActorRequest, code: str, action: str, after: State) -> Sheet:
    """The sheet of a form; 404 where its state knows no such step."""
    sheet = found(request, code)
    require(request.actor, action, sheet.unit.path)
    if after not in FOLLOWING[State(sheet.state)]:
        raise Http404
    return sheet


def _press(request: ActorRequest, code: str, act: Callable[..., object], said: str) -> HttpResponse:
    sheet = found(request, code)
    try:
        act(actor=request.actor, now=now(), code=sheet.code)
    except Problem as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, said)
    return redirect("allocation:sheet", sheet.code)


def _asked(
    request: ActorRequest,
    sheet: Sheet,
    form: ConsultForm | GroundForm | PaidForm,
    act: Callable[[], None],
    *,
    title: str,
    button: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return redirect("allocation:sheet", sheet.code)
    context = {"sheet": sheet, "form": form, "title": title, "button": button}
    return render(request, "allocation/act.html", context, status=422 if form.errors else 200)
