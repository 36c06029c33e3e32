"""Reading requests."""

from __future__ import annotations

from qiao.hear.window.queries.topics import RequestText, TopicCount, texts_for_topics, topic_counts

__all__ = ["RequestText", "TopicCount", "texts_for_topics", "topic_counts"]
