"""What retention erases of ratings once they can no longer be challenged: ballots, and the roll."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from qiao.judge.ratings.models import Paper, Rating, RollEntry, RollObjection
from qiao.org.retention.rules import Erased, Held, Rule


def erase_papers(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Destroy the sealed ballots of ratings whose challenge time is over; published counts stay."""
    rating = _over(cutoff, held).filter(papers_erased__isnull=True).order_by("challenge_ends", "pk").first()
    if rating is None:
        return Erased()
    chosen = list(Paper.objects.filter(rating=rating).order_by("pk").values_list("pk", flat=True)[:limit])
    Paper.objects.filter(pk__in=chosen).delete()
    if len(chosen) < limit:
        rating.papers_erased = held.at
        rating.save(update_fields=["papers_erased"])
    return Erased(tuple(f"ratings.paper:{key}" for key in chosen) or (f"ratings.box:{rating.code}",))


def erase_roll(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase who stood on the roll and whether they voted, objections and the salt of the roll's hash."""
    ratings = _over(cutoff, held).filter(Exists(RollEntry.objects.filter(rating=OuterRef("pk"))))
    rating = ratings.order_by("challenge_ends", "pk").first()
    if rating is None:
        return Erased()
    chosen = list(RollEntry.objects.filter(rating=rating).order_by("pk").values_list("pk", flat=True)[:limit])
    RollEntry.objects.filter(pk__in=chosen).delete()
    if len(chosen) < limit:
        RollObjection.objects.filter(rating=rating).delete()
        rating.roll_salt = ""
        rating.save(update_fields=["roll_salt"])
    return Erased(tuple(f"ratings.roll:{key}" for key in chosen))


def _over(cutoff: datetime, held: Held) -> QuerySet[Rating]:
    return held.leave_out(Rating.objects.filter(challenge_ends__lt=cutoff), code="code", path="unit__path")


PAPERS_RULE = Rule(
    "rating_papers", _("Sealed ballots of members' ratings"), erase_papers,
    event=_("to the end of the challenge time"),
    purpose=_("Counting, and counting again where the result is challenged"),
    remains=_("Published counts, and the root of the box in the ledger"),
)  # fmt: skip
ROLL_RULE = Rule(
    "rating_roll", _("Who stood on the roll of a rating, and whether they voted; objections to it"), erase_roll,
    event=_("to the end of the challenge time"), purpose=_("One member, one vote"),
    remains=_("The size of the roll and the turnout"),
)  # fmt: skip
