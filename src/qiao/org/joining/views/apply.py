"""Joining in at most three short steps: with or without an account, with or without script."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.joining import queries, services
from qiao.org.joining.forms import SendForm, WorkForm, YouForm
from qiao.org.joining.queries.routing import Route, route
from qiao.org.membership.choices import Employment
from qiao.org.people.choices import ContactKind
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import Employer

#: What was written in the steps before travels in the form, signed: nothing is kept on the server until it is sent.
_SALT = "qiao.joining"
_LASTS = timedelta(hours=2)
Kept = dict[str, Any]


@page(PUBLIC)
def join(request: ActorRequest) -> HttpResponse:
    """The three steps."""
    if request.method != "POST":
        at = _unit(request.GET.get("at", ""))
        own = queries.own_standing(request.actor)
        return _first(
            request, YouForm(initial={"name": request.actor.name if request.actor.person_id else ""}), at, own
        )
    kept = _kept(request.POST.get("kept", ""))
    step = request.POST.get("step", "1")
    if kept is None:
        return _first(request, YouForm(), _unit(request.POST.get("at", "")), None, expired=step != "1")
    back = "back" in request.POST
    if step == "1" or "you" not in kept:
        return _from_you(request, kept)
    if step == "2":
        return _back_to_you(request, kept) if back else _from_work(request, kept)
    return _work(request, kept, _work_form(kept, kept.get("work"))) if back else _from_send(request, kept)


def _from_you(request: ActorRequest, kept: Kept) -> HttpResponse:
    form = YouForm(request.POST)
    at = _unit(kept.get("at", ""))
    if not form.is_valid():
        return _first(request, form, at, None, kept=kept)
    kept["you"] = form.cleaned_data
    return _work(request, kept, _work_form(kept, kept.get("work")))


def _back_to_you(request: ActorRequest, kept: Kept) -> HttpResponse:
    return _first(request, YouForm(initial=kept["you"]), _unit(kept.get("at", "")), None, kept=kept)


def _from_work(request: ActorRequest, kept: Kept) -> HttpResponse:
    form = _work_form(kept, request.POST)
    if "find" in request.POST or not form.is_valid():
        # A search only shows what it found: what is not chosen yet is no mistake.
        quiet = "find" in request.POST or (form.searched and form.searched != kept.get("searched", ""))
        kept["searched"] = form.searched
        return _work(request, kept, form, quiet=bool(quiet))
    kept["work"] = {key: request.POST.get(key, "") for key in form.fields}
    return _send(request, kept, form, SendForm(**_send_options(kept)))


def _from_send(request: ActorRequest, kept: Kept) -> HttpResponse:
    work = _work_form(kept, kept.get("work"))
    if not work.is_valid():
        return _work(request, kept, work)
    form = SendForm(request.POST, **_send_options(kept))
    if not form.is_valid():
        return _send(request, kept, work, form)
    given = form.cleaned_data
    you = kept["you"]
    consents = [services.JOIN]
    if given.get("identity_check"):
        consents.append(services.IDENTITY_CHECK)
    if given.get("channel"):
        kind = ContactKind.MAIL if "@" in you["contact"] else ContactKind.MOBILE
        consents.append("channel_mail" if kind == ContactKind.MAIL else "channel_sms")
    try:
        _slow(request, kept["nonce"], you["contact"])
        application = services.submit_application(
            actor=request.actor,
            now=now(),
            given=services.Given(
                nonce=kept["nonce"],
                name=you["name"],
                contact=you["contact"],
                employment=Employment(you["employment"]),
                agency_side=work.cleaned_data.get("agency_side", ""),
                employer=None if work.from_here else work.found_employer(),
                employer_written=work.searched,
                place=work.found_place(),
                at=work.at if work.from_here else None,
                bypass=bool(work.cleaned_data.get("bypass")),
                identity_number=given.get("identity_number", ""),
                consents=consents,
                language=get_language() or "",
            ),
        )
    except Problem as problem:
        form.add_error(None, problem_text(problem))
        return _send(request, kept, work, form)
    return redirect("joining:state", application.receipt)


def _slow(request: ActorRequest, nonce: str, contact: str) -> None:
    """Each application sends a message: nobody floods a stranger's telephone, nor a unit. The same form is not counted.

    Raises TooMany. A workplace may share one address: many join there in an hour.
    """
    if queries.is_handed_in(nonce):
        return
    moment, hour = now(), timedelta(hours=1)
    throttle.check("joining.address", throttle.address_of(request), limit=60, per=hour, now=moment)
    if contact:
        throttle.check("joining.contact", contact, limit=4, per=hour, now=moment)


def _first(
    request: ActorRequest,
    form: YouForm,
    at: Unit | None,
    own: object,
    *,
    kept: Kept | None = None,
    expired: bool = False,
) -> HttpResponse:
    kept = kept or {"nonce": secrets.token_hex(16), "at": at.label if at else ""}
    context = {"form": form, "at": at, "own": own, "kept": _signed(kept), "expired": expired}
    return render(request, "joining/you.html", context)


def _work(request: ActorRequest, kept: Kept, form: WorkForm, *, quiet: bool = False) -> HttpResponse:
    if quiet:
        form.errors.clear()
    context = {"form": form, "kept": _signed(kept), "employment": kept["you"]["employment"], "found": bool(form.hits)}
    return render(request, "joining/work.html", context)


def _send(request: ActorRequest, kept: Kept, work: WorkForm, form: SendForm) -> HttpResponse:
    context = {"form": form, "kept": _signed(kept), "route": _route(kept, work), "you": kept["you"],
               "employer": _employer_shown(work), "promised": queries.promised(_route(kept, work), now())}  # fmt: skip
    return render(request, "joining/send.html", context)


def _route(kept: Kept, work: WorkForm) -> Route | None:
    return route(
        employment=kept["you"]["employment"],
        employer=None if work.from_here else work.found_employer(),
        place=work.found_place(),
        bypass=bool(work.cleaned_data.get("bypass")),
        on=localdate(now()),
        at=work.at if work.from_here else None,
    )


def _employer_shown(work: WorkForm) -> str:
    found: Employer | None = None if work.from_here else work.found_employer()
    return found.name if found else ("" if work.from_here else work.searched)


def _work_form(kept: Kept, data: Any) -> WorkForm:
    at = _unit(kept.get("at", ""))
    return WorkForm(data or None, employment=kept["you"]["employment"], at=at)


def _send_options(kept: Kept) -> dict[str, Any]:
    return {"contact": kept["you"]["contact"], "check": queries.asks_identity(_unit(kept.get("at", "")), now())}


def _unit(label: str) -> Unit | None:
    """The unit a poster or a link names, where it takes members in."""
    found = Unit.objects.filter(label__iexact=label).order_by("pk").first() if label else None
    return found if found is not None and takes_in(found) else None


def _signed(kept: Kept) -> str:
    return signing.dumps(kept, salt=_SALT, compress=True)


def _kept(text: str) -> Kept | None:
    try:
        found = signing.loads(text, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) and "nonce" in found else None
