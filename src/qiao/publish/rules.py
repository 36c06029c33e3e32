"""When an article is to be seen."""

from __future__ import annotations

from datetime import datetime

from qiao.publish.choices import Kind, State
from qiao.publish.models import Article


def visible(article: Article, now: datetime) -> bool:
    """Whether everybody may read it now: released, its time come, not expired."""
    return (
        article.state in (State.PUBLISHED, State.CORRECTED)
        and article.published is not None
        and article.published <= now
        and not expired(article, now)
    )


def expired(article: Article, now: datetime) -> bool:
    """Whether its day of expiry is over."""
    return article.expires is not None and article.expires <= now


def needs_expiry(kind: str) -> bool:
    """Notices leave again; everything else may stay."""
    return kind == Kind.NOTICE
