"""Counting the papers of a vote by its rule, checked by a second way; no database beneath here is written."""

from qiao.decide.ballots.services.tally.made import tally
from qiao.decide.ballots.services.tally.outcome import Outcome

__all__ = ["Outcome", "tally"]
