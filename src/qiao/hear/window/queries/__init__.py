"""Reading requests."""

from __future__ import annotations

from qiao.hear.window.queries.reading import (
    Filter,
    public_requests,
    request_by_code,
    request_by_receipt,
    request_for,
    similar_public,
)
from qiao.hear.window.queries.shell import (
    desk_doors,
    desk_items,
    open_items,
    own_items,
    receipt_state,
    stations,
    unit_panels,
)
from qiao.hear.window.queries.topics import RequestText, TopicCount, texts_for_topics, topic_counts

__all__ = [
    "Filter",
    "RequestText",
    "TopicCount",
    "desk_doors",
    "desk_items",
    "open_items",
    "own_items",
    "public_requests",
    "receipt_state",
    "request_by_code",
    "request_by_receipt",
    "request_for",
    "similar_public",
    "stations",
    "texts_for_topics",
    "topic_counts",
    "unit_panels",
]
