"""News for everybody, and the newsroom."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import PUBLIC, ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.org.units.queries import units_at
from qiao.publish import exports, queries, rules, services
from qiao.publish.forms import ArticleForm, CorrectionForm, ReleaseForm, ReturnForm
from qiao.publish.models import Article

PER_PAGE = 20


@page(PUBLIC)
def news(request: ActorRequest) -> HttpResponse:
    """The newest articles, page by page."""
    found = Paginator(queries.published(now=now()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "publish/news.html", {"page": found})


@page(PUBLIC)
def feed(request: ActorRequest) -> HttpResponse:
    """The newest articles as an Atom feed."""
    articles = [
        (article, request.build_absolute_uri(reverse("publish:article", args=[article.pk])))
        for article in queries.latest(30, now=now())
    ]
    content = exports.atom(
        articles,
        title=_("News of the union"),
        home=request.build_absolute_uri(reverse("publish:news")),
        address=request.build_absolute_uri(),
        language=get_language() or "zh-hans",
    )
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


@page(PUBLIC)
def article(request: ActorRequest, article_id: int) -> HttpResponse:
    """One article; before its release only for those who write and release it."""
    found = _article(article_id)
    moment = now()
    path = found.unit.path
    newsroom = request.actor.may("article.write", path) or request.actor.may("article.release", path)
    if not newsroom and not rules.visible(found, moment):
        if rules.expired(found, moment) and found.state in (Article.State.PUBLISHED, Article.State.CORRECTED):
            return render(request, "publish/expired.html", status=410)
        raise Http404
    context: dict[str, object] = {
        "article": found,
        "paragraphs": exports.paragraphs(found.body),
        "corrections": [(each, exports.paragraphs(each.old_body)) for each in queries.corrections_of(found)],
        "public": rules.visible(found, moment),
    }
    if newsroom:
        context |= _newsroom(request, found)
    return render(request, "publish/article.html", context)


@page("article.write")
def write(request: ActorRequest) -> HttpResponse:
    """Write a new text."""
    form = ArticleForm(request.POST or None, units=units_at(request.actor.paths("article.write")))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.write_article(
                actor=request.actor,
                now=now(),
                unit=data["unit"],
                kind=data["kind"],
                title=data["title"],
                body=data["body"],
                expires=form.expiry(),
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("publish:article", made.pk)
    return render(request, "publish/write.html", {"form": form}, status=422 if form.errors else 200)


@page("article.write")
def edit(request: ActorRequest, article_id: int) -> HttpResponse:
    """Change a draft."""
    found = _article(article_id)
    require(request.actor, "article.write", found.unit.path)
    initial = {
        "unit": found.unit_id,
        "kind": found.kind,
        "title": found.title,
        "body": found.body,
        "expires": localdate(found.expires) if found.expires else None,
        "version": found.version,
    }
    own_unit = units_at([found.unit.path]).filter(pk=found.unit_id)
    form = ArticleForm(request.POST or None, initial=initial, units=own_unit)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_article(
                actor=request.actor,
                now=now(),
                article_id=found.pk,
                seen_version=data["version"] or 0,
                kind=data["kind"],
                title=data["title"],
                body=data["body"],
                expires=form.expiry(),
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            return redirect("publish:article", found.pk)
    context = {"form": form, "article": found}
    return render(request, "publish/write.html", context, status=422 if form.errors else 200)


@page("article.write")
@require_POST
def submit(request: ActorRequest, article_id: int) -> HttpResponse:
    """Hand a draft over for release."""
    services.submit_article(actor=request.actor, now=now(), article_id=_article(article_id).pk)
    messages.info(request, _("Handed over: the publisher reads it next."))
    return redirect("publish:article", article_id)


@page("article.release")
@require_POST
def release(request: ActorRequest, article_id: int) -> HttpResponse:
    """Release a text somebody else wrote."""
    found = _article(article_id)
    require(request.actor, "article.release", found.unit.path)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            services.release_article(
                actor=request.actor, now=now(), article_id=found.pk, publish_at=form.cleaned_data["publish_at"]
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.info(request, _("Released."))
            return redirect("publish:article", found.pk)
    return _again(request, found, release_form=form)


@page("article.release")
@require_POST
def give_back(request: ActorRequest, article_id: int) -> HttpResponse:
    """Send a text back to its writer."""
    found = _article(article_id)
    require(request.actor, "article.release", found.unit.path)
    form = ReturnForm(request.POST)
    if form.is_valid():
        services.return_article(actor=request.actor, now=now(), article_id=found.pk, remark=form.cleaned_data["remark"])
        return redirect("publish:workshop")
    return _again(request, found, return_form=form)


@page("article.write")
def correct(request: ActorRequest, article_id: int) -> HttpResponse:
    """Write a correction of a published text."""
    found = _article(article_id)
    require(request.actor, "article.write", found.unit.path)
    form = CorrectionForm(request.POST or None, initial={"title": found.title, "body": found.body})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.propose_correction(
                actor=request.actor,
                now=now(),
                article_id=found.pk,
                title=data["title"],
                body=data["body"],
                reason=data["reason"],
            )
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        else:
            messages.info(request, _("Handed over: the correction shows once the publisher has released it."))
            return redirect("publish:article", found.pk)
    context = {"form": form, "article": found, "correction": True}
    return render(request, "publish/write.html", context, status=422 if form.errors else 200)


@page("article.release")
@require_POST
def release_correction(request: ActorRequest, article_id: int) -> HttpResponse:
    """Put a correction in force."""
    services.release_correction(actor=request.actor, now=now(), article_id=_article(article_id).pk)
    messages.info(request, _("Released: the text before it stays to be read below."))
    return redirect("publish:article", article_id)


@page("desk.open")
def workshop(request: ActorRequest) -> HttpResponse:
    """The newsroom: what is being written, what awaits release."""
    found = Paginator(queries.workshop(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": found, "now": now(), "may_write": request.actor.may("article.write")}
    return render(request, "publish/workshop.html", context)


def _article(article_id: int) -> Article:
    try:
        return queries.article_by_id(article_id)
    except Article.DoesNotExist:
        raise Http404 from None


def _newsroom(request: ActorRequest, found: Article) -> dict[str, object]:
    """What those who write and release it see beside the text."""
    actor, path = request.actor, found.unit.path
    correction = queries.open_correction(found)
    releasable = found.state == Article.State.SUBMITTED and actor.may("article.release", path)
    released = found.state in (Article.State.PUBLISHED, Article.State.CORRECTED)
    return {
        "newsroom": True,
        "may_edit": found.state == Article.State.DRAFT and actor.may("article.write", path),
        "may_correct": released and correction is None and actor.may("article.write", path),
        "own_text": actor.did(found.written_by),
        "release_form": ReleaseForm() if releasable else None,
        "return_form": ReturnForm() if releasable else None,
        "correction": correction,
        "correction_paragraphs": exports.paragraphs(correction.body) if correction else [],
        "may_release_correction": correction is not None
        and not actor.did(correction.written_by)
        and actor.may("article.release", path),
        "steps": _steps(found),
    }


def _steps(found: Article) -> list[tuple[str, bool, bool]]:
    line = [Article.State.DRAFT, Article.State.SUBMITTED, Article.State.PUBLISHED]
    if found.state == Article.State.CORRECTED:
        line.append(Article.State.CORRECTED)
    place = line.index(Article.State(found.state)) if found.state in line else 0
    return [(str(state.label), number < place, number == place) for number, state in enumerate(line)]


def _again(request: ActorRequest, found: Article, **forms: object) -> HttpResponse:
    context = {
        "article": found,
        "paragraphs": exports.paragraphs(found.body),
        "corrections": [],
        "public": False,
        **_newsroom(request, found),
        **forms,
    }
    return render(request, "publish/article.html", context, status=422)
