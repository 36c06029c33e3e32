"""States and rules of ballots (handbook C08)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BallotState(models.TextChoices):
    """Where a ballot stands. Its rules are fixed from the first state on."""

    PLANNED = "planned", pgettext_lazy("ballot", "Planned")
    OPEN = "open", pgettext_lazy("ballot", "Open")
    CLOSED = "closed", pgettext_lazy("ballot", "Closed")
    COUNTED = "counted", pgettext_lazy("ballot", "Counted")
    WITHDRAWN = "withdrawn", pgettext_lazy("ballot", "Withdrawn")


class Rule(models.TextChoices):
    """How votes become a list of projects."""

    APPROVAL = "approval", _("Approval")
    LIMITED = "limited", _("A limited number of choices")
    INSTANT_RUNOFF = "instant-runoff", _("Ranking, weakest out round by round")
    SCHULZE = "schulze", _("Ranking, each against each")
    EQUAL_SHARES = "equal-shares", _("Equal shares")
    GREEDY = "greedy", _("Budget, most votes first")


#: Rules that share out money, and rules whose papers are in order of preference.
BUDGET_RULES = frozenset({Rule.EQUAL_SHARES, Rule.GREEDY})
RANKED_RULES = frozenset({Rule.INSTANT_RUNOFF, Rule.SCHULZE})


class Channel(models.TextChoices):
    """How a vote reached the box."""

    ONLINE = "online", pgettext_lazy("ballot", "Online")
    PAPER = "paper", pgettext_lazy("ballot", "On paper")
    BOOTH = "booth", pgettext_lazy("ballot", "In the booth")


class CountStage(models.IntegerChoices):
    """How far a count that was asked for has come."""

    NONE = 0, _("Not asked for")
    ASKED = 1, _("Waits for its turn")
    READING = 2, _("The papers are held against the sealed box")
    COUNTING = 3, _("The papers are counted")
    CHECKING = 4, _("The count is checked by another way")
    FAILED = 5, _("Stopped: a check failed")


class TieRule(models.TextChoices):
    """What decides between projects that stand equal."""

    LIST_ORDER = "list-order", _("Of equal projects the one higher on the ballot paper is bought")


class Leftover(models.TextChoices):
    """What becomes of money that no group of supporters can pay a further project with."""

    KEEP = "keep", _("It is not spent")
    MOST_VOTES = "most-votes", _("It buys, of the projects that still fit, the one with the most votes, and so on")


class DeedState(models.TextChoices):
    """Where a round of practical deeds stands."""

    PLANNED = "planned", pgettext_lazy("deeds", "Planned")
    CALL = "call", pgettext_lazy("deeds", "Ideas wanted")
    CHECK = "check", pgettext_lazy("deeds", "Merged and checked")
    VOTE = "vote", pgettext_lazy("deeds", "Vote")
    LISTED = "listed", pgettext_lazy("deeds", "List published")
    RUNNING = "running", pgettext_lazy("deeds", "Being done")
    RATED = "rated", pgettext_lazy("deeds", "Rated by users")
    CLOSED = "closed", pgettext_lazy("deeds", "Closed")


class IdeaState(models.TextChoices):
    """Where an idea went."""

    FILED = "filed", pgettext_lazy("idea", "Filed")
    MERGED = "merged", pgettext_lazy("idea", "Merged")
    CHECKED = "checked", pgettext_lazy("idea", "Feasible")
    NOT_FEASIBLE = "not_feasible", pgettext_lazy("idea", "Not feasible")
    ON_BALLOT = "on_ballot", pgettext_lazy("idea", "On the ballot paper")
    LISTED = "listed", pgettext_lazy("idea", "Chosen")
    NOT_CHOSEN = "not_chosen", pgettext_lazy("idea", "Not chosen")
    CARRIED = "carried", pgettext_lazy("idea", "Carried over")
