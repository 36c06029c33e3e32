"""What retention erases of budget votes once they can no longer be challenged: papers, and the roll."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.decide.ballots.choices import BallotState
from qiao.decide.ballots.models import Ballot, Idea, Paper, RollEntry
from qiao.org.retention.rules import Erased, Held, Rule


def erase_papers(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Destroy the papers of votes whose challenge time is over; counts and the published file stay."""
    ballot = _over(cutoff, held).filter(papers_erased__isnull=True).order_by("challenge_ends", "pk").first()
    if ballot is None:
        return Erased()
    chosen = list(Paper.objects.filter(ballot=ballot).order_by("pk").values_list("pk", flat=True)[:limit])
    Paper.objects.filter(pk__in=chosen).delete()
    if len(chosen) < limit:
        ballot.papers_erased = held.at
        ballot.save(update_fields=["papers_erased"])
    # A vote without papers leaves a key too: the box was looked into and is empty.
    return Erased(tuple(f"ballots.paper:{key}" for key in chosen) or (f"ballots.box:{ballot.code}",))


def erase_roll(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase who stood on the roll and whether they voted; the size of the roll and the turnout stay."""
    ballots = _over(cutoff, held).filter(Exists(RollEntry.objects.filter(ballot=OuterRef("pk"))))
    ballot = ballots.order_by("challenge_ends", "pk").first()
    if ballot is None:
        return Erased()
    chosen = list(RollEntry.objects.filter(ballot=ballot).order_by("pk").values_list("pk", flat=True)[:limit])
    RollEntry.objects.filter(pk__in=chosen).delete()
    return Erased(tuple(f"ballots.roll:{key}" for key in chosen))


def erase_authors(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Take the authors from the ideas of rounds that ended long ago; the ideas stay, as words of nobody."""
    ideas = Idea.objects.filter(author__isnull=False, round__ended__lt=cutoff)
    ideas = held.leave_out(ideas, code="round__code", path="round__unit__path")
    chosen = list(ideas.order_by("pk").values_list("pk", flat=True)[:limit])
    Idea.objects.filter(pk__in=chosen).update(author=None)
    return Erased(tuple(f"ballots.idea:{key}" for key in chosen))


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Leave a person's ideas as words of nobody: they were shown without a name and stay so. How many."""
    return Idea.objects.filter(author_id=person_id).update(author=None)


def _over(cutoff: datetime, held: Held) -> QuerySet[Ballot]:
    ballots = Ballot.objects.filter(state=BallotState.COUNTED, challenge_ends__lt=cutoff)
    return held.leave_out(ballots, code="code", path="unit__path")


PAPERS_RULE = Rule(
    "ballot_papers",
    _("Papers of budget votes"),
    erase_papers,
    event=_("to the end of the challenge time"),
    purpose=_("Counting, and counting again where the result is challenged"),
    remains=_("Counts, the published file of papers, the root of the box in the ledger"),
)
ROLL_RULE = Rule(
    "ballot_roll",
    _("Who stood on the roll of a vote, and whether they voted"),
    erase_roll,
    event=_("to the end of the challenge time"),
    purpose=_("One member, one vote"),
    remains=_("The size of the roll and the turnout"),
)
AUTHORS_RULE = Rule(
    "idea_authors",
    _("Who filed ideas for practical deeds"),
    erase_authors,
    event=_("when the round has ended"),
    purpose=_("Telling authors where their idea went"),
    remains=_("The idea, its receipt and where it went"),
)
