"""Services: which body gives what, where and when, what to bring; and how officers keep them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.uploads import on_disk
from qiao.hear.rights import queries, services
from qiao.hear.rights.choices import Topic
from qiao.hear.rights.exports import offers_workbook
from qiao.hear.rights.forms.keeping import BodyForm, OfferForm, UploadForm
from qiao.hear.rights.models import Offer
from qiao.hear.rights.queries.catalogue import own_offers
from qiao.hear.rights.views.places import place_of, places
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label

KEEP = "service.keep"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(PUBLIC)
def services_page(request: ActorRequest) -> HttpResponse:
    """The catalogue."""
    place, topic = place_of(request), request.GET.get("topic", "")
    whole = place is None or place.parent_id is None
    context = {
        "place": place, "places": places(place), "topic": topic, "topics": Topic.choices,
        "lines": queries.catalogue(now(), path="" if whole or place is None else place.path, topic=topic),
    }  # fmt: skip
    return render(request, "rights/services.html", context)


@page(KEEP)
def keep_services(request: ActorRequest) -> HttpResponse:
    """One's own services with the whole load, a form for a new one, the workbook in and out."""
    form, upload = OfferForm(auto_id="offer_%s"), UploadForm(auto_id="upload_%s")
    if request.method == "POST" and request.POST.get("act") == "upload":
        upload = UploadForm(request.POST, request.FILES, auto_id="upload_%s")
        if upload.is_valid():
            try:
                with on_disk(upload.cleaned_data["file"]) as file:
                    rows = services.import_offers(actor=request.actor, now=now(), file=file)
            except Refused:
                upload.add_error("file", _("This unit is not yours."))
            except (Problem, Problems) as problem:
                upload.add_error("file", problem_text(problem))
            else:
                messages.success(request, _("%(rows)d rows kept.") % {"rows": rows})
                return redirect("rights:keep_services")
    elif request.method == "POST":
        form = OfferForm(request.POST, auto_id="offer_%s")
        if form.is_valid():
            try:
                made = services.keep_offer(actor=request.actor, now=now(), **form.cleaned_data)
            except Refused:
                form.add_error("unit", _("This unit is not yours."))
            except (Problem, Problems) as problem:
                form.add_error(None, problem_text(problem))
            else:
                messages.success(request, _("Kept."))
                return redirect("rights:keep_service", made.code)
    own = {offer.pk for offer in own_offers(request.actor)}
    lines = [line for line in queries.catalogue(now(), every=True) if line.offer.pk in own]
    return render(request, "rights/keep_services.html", {"lines": lines, "form": form, "upload": upload})


@page(KEEP)
def workbook(request: ActorRequest) -> HttpResponse:
    """One's own services as a workbook."""
    own = {offer.pk for offer in own_offers(request.actor)}
    lines = [line for line in queries.catalogue(now(), every=True) if line.offer.pk in own]
    response = HttpResponse(offers_workbook(lines), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="services.xlsx"'
    return response


@page(KEEP)
def keep_service(request: ActorRequest, code: str) -> HttpResponse:
    """One service: its words, its bodies."""
    offer = _own(request, code)
    form, body = OfferForm(auto_id="offer_%s", initial=_initial(offer)), BodyForm(auto_id="body_%s")
    if request.method == "POST":
        is_body = request.POST.get("act") == "body"
        sent: OfferForm | BodyForm
        if is_body:
            sent = body = BodyForm(request.POST, auto_id="body_%s")
        else:
            sent = form = OfferForm(request.POST, auto_id="offer_%s")
        if sent.is_valid():
            try:
                if is_body:
                    services.keep_offer_body(actor=request.actor, now=now(), code=code, **sent.cleaned_data)
                else:
                    services.keep_offer(actor=request.actor, now=now(), code=code, **sent.cleaned_data)
            except Refused:
                sent.add_error("unit", _("This unit is not yours."))
            except (Problem, Problems) as problem:
                sent.add_error(None, problem_text(problem))
            else:
                messages.success(request, _("Kept."))
                return redirect("rights:keep_service", code)
    line = next((one for one in queries.catalogue(now(), every=True) if one.offer.pk == offer.pk), None)
    return render(request, "rights/keep_service.html", {"offer": offer, "line": line, "form": form, "body": body})


@page(KEEP)
@require_POST
def end_service(request: ActorRequest, code: str) -> HttpResponse:
    """A service is given no more, or no longer by one body."""
    _own(request, code)
    label = request.POST.get("body", "")
    try:
        if label:
            services.end_offer_body(actor=request.actor, now=now(), code=code, unit=unit_by_label(label))
        else:
            services.end_offer(actor=request.actor, now=now(), code=code)
    except Unit.DoesNotExist:
        raise Http404 from None
    if label:
        return redirect("rights:keep_service", code)
    return redirect("rights:keep_services")


def _own(request: ActorRequest, code: str) -> Offer:
    try:
        offer = queries.offer_by_code(code)
    except Offer.DoesNotExist:
        raise Http404 from None
    if not request.actor.may(KEEP, offer.unit.path):
        raise Http404
    return offer


def _initial(offer: Offer) -> dict[str, object]:
    return {
        "unit": offer.unit.label, "topic": offer.topic, "name": offer.name, "text": offer.text,
        "papers": offer.papers, "takes_reports": offer.takes_reports,
    }  # fmt: skip
