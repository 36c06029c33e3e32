"""The library as everybody reads it."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.hear.rights import queries, services
from qiao.hear.rights.choices import Topic, VersionState
from qiao.hear.rights.models import Article, Version
from qiao.hear.rights.queries.figures import notice_at
from qiao.hear.rights.views.places import path_of, place_of, places


@page(PUBLIC)
def library(request: ActorRequest) -> HttpResponse:
    """Search and browse what holds at a place."""
    place, day = place_of(request), localdate(now())
    text, topic = request.GET.get("text", "")[:300], request.GET.get("topic", "")
    found = queries.search_articles(text, path_of(place), day, topic=topic if topic in Topic.values else "")
    context = {
        "place": place, "places": places(place), "text": text, "topic": topic, "topics": Topic.choices,
        "found": found, "searched": bool(text.strip()),
    }  # fmt: skip
    return render(request, "rights/library.html", context)


@page(PUBLIC)
def article(request: ActorRequest, code: str) -> HttpResponse:
    """One answer: short first, then steps, papers, law, where and since when it holds, who checked it."""
    found = _article(code)
    version = found.versions.filter(state=VersionState.PUBLISHED).first()
    day = localdate(now())
    last = version or found.versions.filter(published__isnull=False).order_by("-number").first()
    if last is None or (version is None and last.state == VersionState.WITHDRAWN):
        raise Http404
    context = {
        "article": found, "version": last, "holds": version is not None and _holds(last, day),
        "stale": version is not None and last.next_check is not None and last.next_check < day,
        "nonce": secrets.token_hex(16), "thanked": "thanks" in request.GET,
        "notice": notice_at(found.unit.path, day),
        "others": list(
            Article.objects.filter(overrides=found, versions__state=VersionState.PUBLISHED).select_related("unit")[:20]
        ),
    }  # fmt: skip
    return render(request, "rights/article.html", context)


@page(PUBLIC)
@require_POST
def helpful(request: ActorRequest, code: str) -> HttpResponse:
    """Did it help? A count of nobody: the same form twice is once."""
    _article(code)
    nonce = request.POST.get("nonce", "")[:64]
    back = f"{reverse('rights:article', args=[code])}?thanks"
    if request.POST.get("helped") not in ("yes", "no") or len(nonce) < 8:
        return redirect(back)
    try:
        throttle.check("rights.helpful", throttle.address_of(request), limit=60, per=timedelta(hours=1), now=now())
        throttle.check("rights.once", f"{code} {nonce}", limit=1, per=timedelta(days=1), now=now())
    except throttle.TooMany:
        return redirect(back)
    services.note_helpful(code=code, helped=request.POST["helped"] == "yes")
    return redirect(back)


def _article(code: str) -> Article:
    try:
        return queries.article_by_code(code)
    except Article.DoesNotExist:
        raise Http404 from None


def _holds(version: Version, day: date) -> bool:
    return version.holds_since <= day and (version.holds_until is None or version.holds_until >= day)
