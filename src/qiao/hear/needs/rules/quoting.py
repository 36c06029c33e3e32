"""Which words of members may be shown (handbook P7)."""

from __future__ import annotations

from difflib import SequenceMatcher

from qiao.hear.needs.models import TopicText
from qiao_stats.topics import normal

#: Words that share more than this with what somebody wrote are no rewriting.
ALIKE = 0.6
#: The longest quote.
LONGEST = 200


def may_quote_as_it_is(row: TopicText, floor: int) -> bool:
    """Whether the very words may be shown: everybody who wrote them consented, and the unit is large enough."""
    return row.may_quote and large_enough(row, floor)


def large_enough(row: TopicText, floor: int) -> bool:
    """Whether the smallest unit a text is known to come from has members enough to be quoted at all."""
    return row.members >= floor


def is_rewritten(words: str, original: str) -> bool:
    """Whether words say it anew: without a long run of the original's, and not mostly its own signs in its order."""
    ours, theirs = normal(words), normal(original)
    if not ours or not theirs:
        return bool(ours)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    longest = matcher.find_longest_match().size
    return matcher.ratio() <= ALIKE and longest < max(8, len(ours) * 0.6)
