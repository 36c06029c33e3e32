"""The end of a unit: asked by it, decided and carried out by the unit above."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import SIGNED_IN, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import pick
from qiao.org.units import queries, services
from qiao.org.units.choices import ClosingState, Ending
from qiao.org.units.forms import CarryOutForm, DecideForm, EndForm
from qiao.org.units.rules import may_decide_closing
from qiao.org.units.views.common import attempt, unit_or_404


@page(SIGNED_IN)
def end(request: ActorRequest, label: str) -> HttpResponse:
    """Where the end of a unit stands, and the one step that is this officer's."""
    unit = unit_or_404(label)
    actor = request.actor
    if not (actor.may("unit.end", unit.path) or actor.may("unit.approve", unit.path[:-5])):
        raise Refused("the unit's chair asks, officers above decide")
    closing = queries.closing_of(unit)
    running = closing if closing and closing.state in (ClosingState.ASKED, ClosingState.AGREED) else None
    context: dict[str, object] = {"unit": unit, "closing": closing, "running": running, "step": ""}
    form: EndForm | DecideForm | CarryOutForm | None = None
    if running is None and actor.may("unit.end", unit.path):
        form, context["step"] = EndForm(request.POST or None, initial={"planned": localdate(now())}), "ask"
    elif running is not None and may_decide_closing(actor, running):
        if running.state == ClosingState.ASKED:
            form, context["step"] = DecideForm(request.POST or None), "decide"
        else:
            form, context["step"] = CarryOutForm(request.POST or None, initial={"day": localdate(now())}), "close"

    def act() -> None:
        given = form.cleaned_data if form else {}
        if isinstance(form, EndForm):
            services.ask_closing(
                actor=actor, now=now(), unit=unit, ending=Ending(given["ending"]), ground=given["ground"],
                congress=form.congress(), planned=given["planned"], receiver=given["receiver"],
            )  # fmt: skip
        elif running is not None and isinstance(form, DecideForm):
            services.decide_closing(
                actor=actor, now=now(), code=running.code, agreed=given["agreed"] == "yes", reason=given["reason"]
            )
        elif running is not None:
            services.carry_out_closing(actor=actor, now=now(), code=running.code, day=given["day"])

    if request.method == "POST" and form is not None and attempt(form, act):
        if context["step"] == "close":
            messages.success(request, _("%(unit)s is closed.") % {"unit": pick(unit.name)})
            return redirect("units:unit", unit.label)
        return redirect("units:end", unit.label)
    return render(request, "units/end.html", {**context, "form": form})
