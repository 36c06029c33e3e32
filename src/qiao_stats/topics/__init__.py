"""What short free texts are about: equal ones folded, their vectors clustered, clusters named by words and centres."""

from __future__ import annotations

from qiao_stats.topics.clusters import Clusters, Tried, cluster
from qiao_stats.topics.folding import Folded, fold, normal
from qiao_stats.topics.naming import central_order, keywords
from qiao_stats.topics.result import Topic, Topics, find_topics
from qiao_stats.topics.words import words_of

__all__ = [
    "Clusters",
    "Folded",
    "Topic",
    "Topics",
    "Tried",
    "central_order",
    "cluster",
    "find_topics",
    "fold",
    "keywords",
    "normal",
    "words_of",
]
