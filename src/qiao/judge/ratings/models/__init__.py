"""Tables of the members' rating of their union."""

from __future__ import annotations

from qiao.judge.ratings.models.after import BundleFile, Cell, Remedy
from qiao.judge.ratings.models.box import Cast, CountKey, Paper, RollEntry, Sheet, WrappedKey
from qiao.judge.ratings.models.members_call import MembersCall, Signature
from qiao.judge.ratings.models.rating import RatedUnit, Rating, RollObjection, Step

__all__ = [
    "BundleFile",
    "Cast",
    "Cell",
    "CountKey",
    "MembersCall",
    "Paper",
    "RatedUnit",
    "Rating",
    "Remedy",
    "RollEntry",
    "RollObjection",
    "Sheet",
    "Signature",
    "Step",
    "WrappedKey",
]
