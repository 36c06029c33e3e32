"""Sharing a budget by ballots: elections, the rules, and Pabulib's file format."""

from __future__ import annotations

from qiao_stats.share.model import Ballot, Completion, Election, Project, Result, Rule, Satisfaction, VoteType
from qiao_stats.share.pabulib import Fault, PabulibError, read_pabulib
from qiao_stats.share.pabulib_write import number_text, to_pabulib
from qiao_stats.share.rules import default_satisfaction, share_budget

__all__ = [
    "Ballot",
    "Completion",
    "Election",
    "Fault",
    "PabulibError",
    "Project",
    "Result",
    "Rule",
    "Satisfaction",
    "VoteType",
    "default_satisfaction",
    "number_text",
    "read_pabulib",
    "share_budget",
    "to_pabulib",
]
