"""Needs with their figures, topics of free texts, digests, and candidates for tasks."""

from __future__ import annotations

from qiao.hear.needs.models.candidates import Candidate, CandidateNeed, Score, ScorerSeat, Sheet, UserSeat, Voice
from qiao.hear.needs.models.digests import Digest
from qiao.hear.needs.models.needs import Follower, Need
from qiao.hear.needs.models.topics import Quote, Topic, TopicSet, TopicStep, TopicText

__all__ = [
    "Candidate",
    "CandidateNeed",
    "Digest",
    "Follower",
    "Need",
    "Quote",
    "Score",
    "ScorerSeat",
    "Sheet",
    "Topic",
    "TopicSet",
    "TopicStep",
    "TopicText",
    "UserSeat",
    "Voice",
]
