"""Reading news."""

from __future__ import annotations

from django.db.models import QuerySet

from qiao.publish.models import Article


def latest(number: int) -> QuerySet[Article]:
    """The newest published articles."""
    return (
        Article.objects.filter(state=Article.State.PUBLISHED).select_related("unit").order_by("-published", "-pk")[:number]
    )
