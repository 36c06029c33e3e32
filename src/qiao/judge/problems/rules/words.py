"""What does not belong into the ledger: a person's views or belief (handbook C26)."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base.denylist import DeniedClass, match_header
from qiao.base.problems import Problem

#: Words on the views, belief or origin of somebody. Traces (places, pictures) may be the very problem: not refused.
_REFUSED = frozenset(
    {DeniedClass.ETHNICITY, DeniedClass.RELIGION, DeniedClass.PARTY, DeniedClass.OPINION, DeniedClass.SECURITY}
)


def require_no_views(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Raise Problem where a text speaks of somebody's views, belief, party or origin."""
    for text in texts.values():
        for content in text.values():
            if match_header(content) in _REFUSED:
                raise Problem(
                    "The ledger takes no problem about what somebody thinks, believes or is by origin.",
                    hint="Write what the union did or left undone, and what it should do.",
                )
