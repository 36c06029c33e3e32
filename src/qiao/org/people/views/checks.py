"""Answering a data check on a phone, without signing in."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.org.people import queries, services
from qiao.org.people.choices import CampaignState, ContactKind, ContactState
from qiao.org.people.forms import CheckForm
from qiao.org.people.models import Contact
from qiao.org.people.queries.campaigns import link_by_hash
from qiao.org.people.queries.own import opened
from qiao.org.people.rules import masked
from qiao.org.people.services.campaigns import secret_hash

#: So many links that do not hold may one address try.
_TRIES, _PER = 10, timedelta(minutes=10)


@page(PUBLIC)
def check(request: ActorRequest, secret: str) -> HttpResponse:
    """Confirm or correct by a link that works once. Opening it changes nothing: mail programs open links too."""
    moment = now()
    link = link_by_hash(secret_hash(secret))
    if link is None or link.campaign.state != CampaignState.OPEN or link.campaign.closes < moment:
        try:
            throttle.check("people.check", throttle.address_of(request), limit=_TRIES, per=_PER, now=moment)
        except throttle.TooMany as many:
            return _shown(request, {"gone": problem_text(many)}, 429)
        return _shown(request, {"gone": ""}, 410)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_check(
                now=moment,
                secret=secret,
                corrections={
                    ContactKind.MOBILE.value: form.cleaned_data["mobile"],
                    ContactKind.MAIL.value: form.cleaned_data["mail"],
                },
            )
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            return _shown(request, {"done": True}, 200)
    return _shown(request, {"form": form, "link": link, "contacts": _known(queries.contacts_of(link.person_id))}, 200)


def _known(contacts: list[Contact]) -> list[dict[str, str]]:
    """Contacts by which their owner knows them again."""
    return [
        {"label": str(row.get_kind_display()), "value": masked(row.kind, opened(row))}
        for row in contacts
        if row.state != ContactState.STALE
    ]


def _shown(request: ActorRequest, context: dict[str, object], status: int) -> HttpResponse:
    answer = render(request, "people/check.html", context, status=status)
    # The secret stands in the address: it goes to no other site and into no cache. To our own it must: a form of a page
    # without referrer names no origin, and is refused.
    answer["Referrer-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store"
    return answer
