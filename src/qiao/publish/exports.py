"""The Atom feed of the news (RFC 4287)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from qiao.base.i18n import Localized, pick
from qiao.publish.models import Article


def atom(articles: Iterable[tuple[Article, str]], *, title: str, home: str, address: str, language: str) -> bytes:
    """The feed's bytes. ``articles`` come with their absolute addresses."""
    feed = Atom1Feed(title=title, link=home, feed_url=address, description="", language=language)
    for article, url in articles:
        feed.add_item(
            title=_plain(pick(article.title)),
            link=url,
            description="".join(f"<p>{escape(_plain(paragraph))}</p>" for paragraph in paragraphs(article.body)),
            unique_id=url,
            pubdate=article.published,
            updateddate=article.changed if article.state == Article.State.CORRECTED else article.published,
            author_name=_plain(pick(article.unit.name)),
        )
    return str(feed.writeString("utf-8")).encode()


def _plain(text: str) -> str:
    """Without the control signs XML has no way to write: one of them would break the feed for everybody."""
    return "".join(sign for sign in text if sign in "\t\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def paragraphs(body: Localized) -> Sequence[str]:
    """The text in the reader's language as paragraphs; blank lines are only divisions."""
    return [part.strip() for part in pick(body).splitlines() if part.strip()]
