"""What the congress forgets: papers and marks of votes, names of former delegates, who asked a question."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiao.decide.congress.choices import ItemState, TermState
from qiao.decide.congress.models import Delegate, Item, Question, VoteMark, VotePaper
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

#: What stands for a name that was taken away, in every language.
NAMELESS = "—"
NAMES_KEPT = Setting[int](
    "keep.congress_names", _("Names of former congress delegates"), Kind.MONTHS,
    default=24, lowest=6, highest=120, setter=Setter.FEDERATION, action="setting.protect",
    note=_("Counted from the end of the seat."),
)  # fmt: skip
ASKERS_KEPT = Setting[int](
    "keep.congress_askers", _("Who asked a question on open affairs"), Kind.DAYS,
    default=90, lowest=15, highest=366, setter=Setter.FEDERATION, action="setting.protect",
    note=_("Counted from the answer, in which time the asker is told."),
)  # fmt: skip


def erase_votes(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Destroy papers and marks of votes that can no longer be challenged; counts and the root in the ledger stay."""
    due = Item.objects.filter(state=ItemState.DONE, challenge_ends__lt=cutoff, erased__isnull=True)
    item = held.leave_out(due, code="code", path="session__congress__unit__path").order_by("pk").first()
    if item is None:
        return Erased()
    papers = list(VotePaper.objects.filter(item=item).order_by("pk").values_list("pk", flat=True)[:limit])
    VotePaper.objects.filter(pk__in=papers).delete()
    if len(papers) < limit:
        VoteMark.objects.filter(item=item).delete()
        item.erased = held.at
        item.save(update_fields=["erased"])
    return Erased(tuple(f"congress.paper:{key}" for key in papers) or (f"congress.box:{item.code}",))


def erase_names(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Take names and persons from seats that ended long ago; constituency, votes and quota marks stay."""
    due = Delegate.objects.filter(until__lt=cutoff.date()).exclude(name=NAMELESS, person__isnull=True)
    rows = list(held.leave_out(due, code="congress__code", path="congress__unit__path").order_by("pk")[:limit])
    Delegate.objects.filter(pk__in=[row.pk for row in rows]).update(name=NAMELESS, person=None)
    return Erased(tuple(f"congress.delegate:{row.pk}" for row in rows))


def erase_askers(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Forget who asked an answered question; question and answer stay."""
    due = Question.objects.filter(answered__lt=cutoff, person__isnull=False)
    rows = list(
        held.leave_out(due, code="affair__code", path="affair__congress__unit__path").order_by("pk")[:limit]
    )  # fmt: skip
    Question.objects.filter(pk__in=[row.pk for row in rows]).update(person=None)
    return Erased(tuple(f"congress.question:{row.pk}" for row in rows))


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Take a person from their seats and questions; how many rows."""
    asked = Question.objects.filter(person_id=person_id).update(person=None)
    running = Q(congress__state=TermState.IN_TERM, until__isnull=True)
    held_seats = Delegate.objects.filter(person_id=person_id)
    number = held_seats.exclude(running).update(person=None, name=NAMELESS)
    return asked + number + held_seats.filter(running).update(person=None)


VOTES_RULE = Rule(
    "congress_votes", _("Papers and marks of votes of the workers' congress"), erase_votes,
    event=_("to the end of the challenge time"),
    purpose=_("Counting, and counting again where the result is challenged"),
    remains=_("Counts, and the root of the box in the ledger"),
)  # fmt: skip
NAMES_RULE = Rule(
    "congress_names", _("Names of former congress delegates"), erase_names, period=NAMES_KEPT,
    purpose=_("Workers know who speaks for them"), remains=_("Constituency, votes, quota marks"),
)  # fmt: skip
ASKERS_RULE = Rule(
    "congress_askers", _("Who asked a question on open affairs"), erase_askers, period=ASKERS_KEPT,
    purpose=_("Telling the answer"), remains=_("Question and answer"),
)  # fmt: skip
