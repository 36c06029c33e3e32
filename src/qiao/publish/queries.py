"""Reading news."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import day_text, pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem
from qiao.org.people.models import Account
from qiao.org.people.rules import OwnGroup, OwnLine
from qiao.publish.choices import State
from qiao.publish.models import Article, Correction


def latest(number: int, *, now: datetime | None = None) -> QuerySet[Article]:
    """The newest articles to be read now (by the database's clock where no ``now`` is given)."""
    return published(now=now)[:number]


def published(*, now: datetime | None = None) -> QuerySet[Article]:
    """All articles to be read now, newest first: released, their time come, not expired."""
    moment = Now() if now is None else now
    return (
        Article.objects.filter(
            Q(expires__isnull=True) | Q(expires__gt=moment),
            state__in=[State.PUBLISHED, State.CORRECTED],
            published__lte=moment,
        )
        .select_related("unit")
        .order_by("-published", "-pk")
    )


def article_by_id(article_id: int) -> Article:
    """The article with its unit; raises Article.DoesNotExist."""
    return Article.objects.select_related("unit").get(pk=article_id)


def corrections_of(article: Article) -> list[Correction]:
    """Corrections that were released, newest first: each keeps the text before it."""
    return list(article.corrections.filter(released__isnull=False).order_by("-released", "-pk"))


def open_correction(article: Article) -> Correction | None:
    """The correction that awaits release, if one does."""
    return article.corrections.filter(released__isnull=True).first()


def workshop(actor: Actor) -> QuerySet[Article]:
    """Articles in the subtrees where the actor writes or releases, newest change first; announcements left out."""
    return (
        Article.objects.filter(_in_paths(actor), changed__isnull=False)
        .select_related("unit")
        .order_by("-changed", "-pk")
    )


def awaiting_release(actor: Actor) -> QuerySet[Article]:
    """Articles somebody else wrote that the actor may release, oldest first."""
    return (
        Article.objects.filter(_under(actor.paths("article.release")), state=State.SUBMITTED)
        .exclude(written_by__in=actor.own_accounts)
        .select_related("unit")
        .order_by("changed", "pk")
    )


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What waits for a publisher: texts and corrections to release. A notice already expired waits for nobody."""
    if not actor.may("article.release"):
        return []
    corrections = (
        Correction.objects.filter(_under(actor.paths("article.release"), "article__"), released__isnull=True)
        .exclude(written_by__in=actor.own_accounts)
        .select_related("article__unit")
        .order_by("written", "pk")
    )
    found = [(article, _("Read and release")) for article in awaiting_release(actor)[:50]]
    found += [(correction.article, _("Read and release the correction")) for correction in corrections[:50]]
    return [
        DeskItem(
            due=article.expires,
            title=pick(article.title),
            stage=Stage.HEAR,
            unit=pick(article.unit.name),
            next_step=step,
            url=reverse("publish:article", args=[article.pk]),
        )
        for article, step in found
        if article.expires is None or article.expires > now
    ]


def _in_paths(actor: Actor) -> Q:
    return _under((*actor.paths("article.write"), *actor.paths("article.release")))


def _under(paths: tuple[str, ...], prefix: str = "") -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{prefix}unit__path__startswith": path})
    return condition


def own_groups(person_id: int) -> list[OwnGroup]:
    """Articles the person wrote or released, and corrections of them."""
    account = Account.objects.filter(person_id=person_id).order_by("pk").values_list("pk", flat=True).first()
    if account is None:
        return []
    articles = Article.objects.filter(Q(written_by=account) | Q(released_by=account)).order_by("-pk")[:500]
    lines = [
        OwnLine(
            pick(row.title),
            _("written by me") if row.written_by == account else _("released by me"),
            str(day_text(row.published)) if row.published else "",
        )
        for row in articles
    ]
    mended = Correction.objects.filter(Q(written_by=account) | Q(released_by=account)).select_related("article")
    lines += [
        OwnLine(
            _("Correction: %(title)s") % {"title": pick(row.article.title)},
            _("written by me") if row.written_by == account else _("released by me"),
            str(day_text(row.written)),
        )
        for row in mended.order_by("-pk")[:500]
    ]
    return [OwnGroup("articles", _("News I wrote or released"), tuple(lines), _("Who answers for a text."))]
