"""Filing in two short pages: without an account, without script; what others asked is shown before it is sent."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language

from qiao.base import throttle
from qiao.base.access import ANONYMOUS, PUBLIC, ActorRequest, page
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import LANGUAGES, problem_text
from qiao.base.problems import Problem
from qiao.hear.rights.queries import suggested
from qiao.hear.window import services
from qiao.hear.window.choices import Identity
from qiao.hear.window.forms.asker import WhatForm, WhereForm
from qiao.hear.window.models import Request
from qiao.hear.window.queries.counter import units_with_slots
from qiao.hear.window.queries.reading import public_requests, similar_public
from qiao.hear.window.rules.danger import sounds_like_self_harm, sounds_urgent
from qiao.hear.window.rules.settings import CRISIS_LINE, HOURS, LINE
from qiao.hear.window.services.steps import MOST_SIGNS, print_of
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

#: What was written on the first page travels in the form, signed: nothing is kept on the server until it is sent.
_SALT = "qiao.window"
_LASTS = timedelta(hours=6)
Kept = dict[str, Any]


@page(PUBLIC)
def window(request: ActorRequest) -> HttpResponse:
    """Where one asks, and where one sees what became of it."""
    return render(
        request, "window/window.html",
        {"line": _line(), "answered": list(public_requests()[:5]), "with_slots": units_with_slots(now())},
    )  # fmt: skip


@page(PUBLIC)
def ask(request: ActorRequest) -> HttpResponse:
    """The two pages."""
    if request.method != "POST":
        opened: Kept = {"nonce": secrets.token_hex(16), "at": _label(request.GET.get("at", ""))}
        return _what(request, opened, WhatForm())
    kept = _kept(request.POST.get("kept", "")) or {}
    if "draft" in request.POST:
        # From a calculator: the computation goes along as words, which the asker may change or take out.
        opened = {"nonce": secrets.token_hex(16), "at": _label(request.POST.get("at", ""))}
        draft = {"text": "\n\n" + request.POST["draft"][:MOST_SIGNS], "topic": request.POST.get("topic", "")}
        return _what(request, opened, WhatForm(initial=draft))
    if "nonce" not in kept:
        fresh = {"nonce": secrets.token_hex(16), "at": ""}
        return _what(request, fresh, WhatForm(initial=request.POST.dict()), expired=True)
    if request.POST.get("step") == "2" and "what" in kept:
        if "back" in request.POST:
            return _what(request, kept, WhatForm(initial=kept["what"]))
        return _from_where(request, kept)
    form = WhatForm(request.POST)
    if not form.is_valid():
        return _what(request, kept, form)
    kept["what"] = form.cleaned_data
    return _where(request, kept, _blank(request, kept))


def _blank(request: ActorRequest, kept: Kept) -> WhereForm:
    named = request.actor.person_id is not None
    form = WhereForm(initial={"identity": Identity.CONFIDENTIAL if named else Identity.ANONYMOUS})
    form.at = _unit(kept.get("at", ""))
    form.offer("")
    return form


def _from_where(request: ActorRequest, kept: Kept) -> HttpResponse:
    form = WhereForm(request.POST, request.FILES)
    form.at = _unit(kept.get("at", ""))
    form.offer(request.POST.get("workplace", ""))
    if not form.is_valid():
        return _where(request, kept, form)
    if form.must_choose():
        return _where(request, kept, form, choosing=True)
    what, given = kept["what"], form.cleaned_data
    place, employer, written = form.chosen()
    moment = now()
    try:
        _slow(request, kept["nonce"])
        filed = services.file_request(
            actor=request.actor,
            now=moment,
            given=services.Given(
                nonce=kept["nonce"], text=what["text"], kind=what["kind"], topic=what["topic"],
                identity=given["identity"], name=given["name"] or _own_name(request, given["identity"]),
                contact=given["contact"], place=place, employer=employer, employer_written=written,
                about=given["about"], by_pass=given["by_pass"], language=get_language() or LANGUAGES[0],
            ),
        )  # fmt: skip
        for upload in given["papers"]:
            services.add_file(actor=ANONYMOUS, now=moment, request=filed.request, upload=upload, by_asker=True)
    except Problem as problem:
        form.add_error(None, problem_text(problem))
        return _where(request, kept, form)
    return sent(request, filed)


def sent(request: ActorRequest, filed: services.Filed, *, answer: str = "") -> HttpResponse:
    """The receipt: number, secret, hash, promised day. Shown as the answer to the form, so that no address holds it."""
    text = str(filed.request.text)
    context = {
        "filed": filed.request, "secret": filed.secret, "answer": answer,
        "crisis": _crisis() if sounds_like_self_harm(text) else "",
        "by_officer": filed.request.entered_by_id is not None, "page": full_address(reverse("window:state")),
    }  # fmt: skip
    response = render(request, "window/sent.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _own_name(request: ActorRequest, identity: str) -> str:
    return request.actor.name if request.actor.person_id is not None and identity != Identity.ANONYMOUS else ""


def _slow(request: ActorRequest, nonce: str) -> None:
    """A workplace may share one address, so the limit is wide; the same form again is not counted. Raises TooMany."""
    if Request.objects.filter(nonce=print_of(nonce)).exists():
        return
    throttle.check("window.file", throttle.address_of(request), limit=40, per=timedelta(hours=1), now=now())


def _what(request: ActorRequest, kept: Kept, form: WhatForm, *, expired: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "kept": _signed(kept),
        "at": _unit(kept.get("at", "")),
        "expired": expired,
        "line": _line(),
    }
    return render(request, "window/what.html", context)


def _where(request: ActorRequest, kept: Kept, form: WhereForm, *, choosing: bool = False) -> HttpResponse:
    text = kept["what"]["text"]
    context = {
        "form": form, "kept": _signed(kept), "similar": similar_public(text), "at": form.at, "choosing": choosing,
        "rights": suggested(text, form.at.path if form.at else federation_path(), localdate(now())),
        "urgent": sounds_urgent(text), "crisis": _crisis() if sounds_like_self_harm(text) else "", "line": _line(),
    }  # fmt: skip
    return render(request, "window/where.html", context)


def _line() -> dict[str, str]:
    path, day = federation_path(), localdate(now())
    return {"number": value_of(LINE, path=path, on=day), "hours": value_of(HOURS, path=path, on=day)}


def _crisis() -> str:
    return value_of(CRISIS_LINE, path=federation_path(), on=localdate(now()))


def _label(text: str) -> str:
    found = _unit(text)
    return found.label if found else ""


def _unit(label: str) -> Unit | None:
    """The unit a poster or a link names, where it takes anything in."""
    found = Unit.objects.filter(label__iexact=label[:40]).order_by("pk").first() if label else None
    return found if found is not None and takes_in(found) else None


def _signed(kept: Kept) -> str:
    return signing.dumps(kept, salt=_SALT, compress=True)


def _kept(text: str) -> Kept | None:
    try:
        found = signing.loads(text, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None
