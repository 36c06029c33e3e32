"""Membership: a dated right that follows the job; beside it the staging of imports and the requests for exports."""

from __future__ import annotations

from qiao.org.membership.models.exports import MemberExport
from qiao.org.membership.models.imports import ColumnMemory, ImportBatch, ImportRow
from qiao.org.membership.models.standing import Membership, StandingRuling, UnionGroup

__all__ = ["ColumnMemory", "ImportBatch", "ImportRow", "MemberExport", "Membership", "StandingRuling", "UnionGroup"]
