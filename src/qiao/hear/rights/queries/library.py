"""Which articles hold at a place, and which of them speak of what somebody writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.base.alike import ALIKE, most_alike
from qiao.base.i18n import Localized
from qiao.hear.rights.choices import Topic, VersionState
from qiao.hear.rights.models import Article, Version

_SIGNS = 5
#: A search by a word or two is content with less than a suggestion that nobody asked for.
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """A published version at a place; ``stale`` where its next check is overdue."""

    version: Version
    stale: bool

    @property
    def code(self) -> str:
        """The article's code."""
        return self.version.article.code


def articles_at(path: str, on: date, *, topic: str = "") -> list[Found]:
    """What holds at the unit with this path on a day: its own articles and those from above which nothing nearer
    replaces. Nearest first within a topic. One query."""
    line = [path[:end] for end in range(_SIGNS, len(path) + 1, _SIGNS)]
    rows = list(
        Version.objects.filter(
            Q(holds_until__isnull=True) | Q(holds_until__gte=on),
            state=VersionState.PUBLISHED, holds_since__lte=on, article__unit__path__in=line,
        )
        .select_related("article__unit")
        .order_by("article__topic", "article__pk")
    )  # fmt: skip
    replaced = {row.article.overrides_id for row in rows}
    return [
        Found(row, row.next_check is not None and row.next_check < on)
        for row in rows
        if row.article_id not in replaced and (not topic or row.article.topic == topic)
    ]


def search_articles(text: str, path: str, on: date, *, topic: str = "", most: int = 20) -> list[Found]:
    """What holds at a place and speaks of ``text``, best first; everything where nothing is written."""
    rows = articles_at(path, on, topic=topic)
    if not text.strip():
        return rows
    return _alike(text, rows, most, _LEAST)


def suggested(text: str, path: str, on: date, *, most: int = 3) -> list[Found]:
    """What may answer somebody who is about to file: only what is clearly alike, and never what is overdue."""
    return _alike(text, [row for row in articles_at(path, on) if not row.stale], most, ALIKE)


def article_by_code(code: str) -> Article:
    """The article; raises Article.DoesNotExist."""
    return Article.objects.select_related("unit", "overrides__unit").get(code=code)


def versions_of(article: Article) -> list[Version]:
    """All versions, newest first."""
    return list(article.versions.select_related("drafted_by", "checked_by").order_by("-number"))


def written_by(actor: Actor, *, topic: str = "") -> QuerySet[Version]:
    """Versions an officer may work on: what is being written, checked or published at their units."""
    paths = {path for action in ("rights.write", "rights.check", "rights.publish") for path in actor.paths(action)}
    own = Q(pk__in=[])
    for path in sorted(paths):
        own |= Q(article__unit__path__startswith=path)
    rows = Version.objects.filter(
        own, state__in=[VersionState.DRAFTED, VersionState.CHECKED, VersionState.PUBLISHED]
    ).select_related("article__unit")
    if topic in Topic.values:
        rows = rows.filter(article__topic=topic)
    return rows.order_by("next_check", "article__topic", "article__pk", "number")


def _alike(text: str, rows: Sequence[Found], most: int, least: float) -> list[Found]:
    hits = most_alike(text, [_words(row.version) for row in rows], most=most, least=least)
    return [rows[hit.place] for hit in hits]


def _words(version: Version) -> str:
    """What the search reads: the question twice, for it weighs most, other words people use, the answer."""
    question, answer = _all(version.question), _all(version.answer)
    return f"{question} {question} {version.words} {version.words} {answer}"


def _all(text: Localized) -> str:
    return " ".join(text.values())
