"""The library as officers keep it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import Actor, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.rights import queries, services
from qiao.hear.rights.choices import COMING, VersionState
from qiao.hear.rights.forms.keeping import ArticleForm, WordingForm
from qiao.hear.rights.models import Article, Version
from qiao.hear.rights.rules.articles import basis_lines
from qiao.org.units.models import Unit

KEEP, WRITE, CHECK, PUBLISH = "rights.keep", "rights.write", "rights.check", "rights.publish"
_ACTS: dict[str, tuple[str, Callable[..., Version]]] = {
    "check": (CHECK, services.check_version),
    "send_back": (CHECK, services.send_back_version),
    "publish": (PUBLISH, services.publish_version),
    "confirm": (CHECK, services.confirm_version),
    "withdraw": (PUBLISH, services.withdraw_version),
}


@page(KEEP)
def desk(request: ActorRequest) -> HttpResponse:
    """Articles of one's units: what waits, what is overdue, what is published."""
    day = localdate(now())
    rows = list(queries.written_by(request.actor)[:300])
    current = [row for row in rows if row.state == VersionState.PUBLISHED]
    overdue = [row for row in current if row.next_check is not None and row.next_check < day]
    context = {
        "waiting": [row for row in rows if row.state != VersionState.PUBLISHED],
        "overdue": overdue,
        "holding": [row for row in current if row not in overdue],
        "may_write": request.actor.may(WRITE),
    }  # fmt: skip
    return render(request, "rights/desk.html", context)


@page(WRITE)
def write(request: ActorRequest) -> HttpResponse:
    """A new article."""
    form = ArticleForm(request.POST or None, initial={"holds_since": localdate(now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            overrides = queries.article_by_code(given["overrides"].strip().upper()) if given["overrides"] else None
            made = services.write_article(
                actor=request.actor, now=now(), unit=given["unit"], topic=given["topic"], wording=form.wording(),
                overrides=overrides,
            )  # fmt: skip
        except Article.DoesNotExist:
            form.add_error("overrides", _("There is no article with this code."))
        except Refused:
            form.add_error("unit", _("This unit is not yours."))
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Kept. Another person checks it now."))
            return redirect("rights:kept", made.article.code)
    return render(request, "rights/write.html", {"form": form, "article": None})


@page(KEEP)
def kept(request: ActorRequest, code: str) -> HttpResponse:
    """One article with its versions and what can be done now."""
    article = _own(request.actor, code)
    versions = queries.versions_of(article)
    coming = next((one for one in versions if one.state in COMING), None)
    current = next((one for one in versions if one.state == VersionState.PUBLISHED), None)
    context = {
        "article": article, "versions": versions, "coming": coming, "current": current,
        "shown": coming or current or (versions[0] if versions else None),
        "acts": _offered(request.actor, article.unit, coming, current),
        "may_write": request.actor.may(WRITE, article.unit.path)
        and (coming is None or coming.state == VersionState.DRAFTED),
    }  # fmt: skip
    return render(request, "rights/kept.html", context)


@page(WRITE)
def revise(request: ActorRequest, code: str) -> HttpResponse:
    """The next version, beginning with the words of the last."""
    article = _own(request.actor, code)
    if not request.actor.may(WRITE, article.unit.path):
        raise Http404
    last = queries.versions_of(article)[0]
    initial = {
        "question": last.question, "answer": last.answer, "steps": last.steps, "papers": last.papers,
        "basis": basis_lines(last.basis), "words": last.words, "holds_since": last.holds_since,
        "holds_until": last.holds_until,
    }  # fmt: skip
    form = WordingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_article(actor=request.actor, now=now(), code=code, wording=form.wording())
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.success(request, _("Kept. Another person checks it now."))
            return redirect("rights:kept", code)
    return render(request, "rights/write.html", {"form": form, "article": article})


@page(KEEP)
@require_POST
def act(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Check, send back, publish, confirm, take back."""
    article = _own(request.actor, code)
    if key not in _ACTS:
        raise Http404
    _action, service = _ACTS[key]
    try:
        service(actor=request.actor, now=now(), code=article.code)
    except Problem as problem:
        messages.error(request, problem_text(problem))
    else:
        messages.success(request, _("Done."))
    return redirect("rights:kept", code)


def _offered(actor: Actor, unit: Unit, coming: Version | None, current: Version | None) -> list[tuple[str, str, bool]]:
    """What can be done now: key, words, whether it is the main thing."""
    found = []
    checks, publishes = actor.may(CHECK, unit.path), actor.may(PUBLISH, unit.path)
    if coming is not None and coming.state == VersionState.DRAFTED and checks and not actor.did(coming.drafted_by_id):
        found.append(("check", _("I have checked it: it is right"), True))
    if coming is not None and coming.state == VersionState.CHECKED:
        if publishes:
            found.append(("publish", _("Publish it"), True))
        if checks:
            found.append(("send_back", _("Send it back to be written again"), False))
    if current is not None:
        if checks and not actor.did(current.drafted_by_id):
            found.append(("confirm", _("It still holds: confirm it today"), coming is None))
        if publishes:
            found.append(("withdraw", _("Take it back"), False))
    return found


def _own(actor: Actor, code: str) -> Article:
    try:
        article = queries.article_by_code(code)
    except Article.DoesNotExist:
        raise Http404 from None
    if not actor.may(KEEP, article.unit.path):
        raise Http404
    return article
