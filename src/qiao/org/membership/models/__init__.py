"""Membership: a dated right that follows the job; beside it the staging of imports and the requests for exports."""

from __future__ import annotations

from qiao.org.membership.models.exports import MemberExport
from qiao.org.membership.models.imports import ColumnMemory, ImportBatch, ImportChunk, ImportRow
from qiao.org.membership.models.standing import Membership, StandingRuling, UnionGroup
from qiao.org.membership.models.tally import MemberTally
from qiao.org.membership.models.twins import Hold, Twin

__all__ = [
    "ColumnMemory",
    "Hold",
    "ImportBatch",
    "ImportChunk",
    "ImportRow",
    "MemberExport",
    "MemberTally",
    "Membership",
    "StandingRuling",
    "Twin",
    "UnionGroup",
]
