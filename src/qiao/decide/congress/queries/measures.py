"""The card's measures for one congress or a subtree: replied on time, satisfied, handled twice, shown, quotas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from qiao.decide.congress.choices import AffairState, Rating, TermState
from qiao.decide.congress.models import Affair, Congress, DelegateProposal, Question, Session
from qiao.decide.congress.queries.terms import quota_tables
from qiao.decide.congress.rules.settings import MEETINGS
from qiao.org.settings.queries import values_at

#: Terms whose quotas are added up at most.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; no share where the whole is nothing."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Measures:
    """What the measures page shows; every share with what it is a share of."""

    terms: int
    replied: Share
    satisfied: Share
    unrated: int
    handled_twice: Share
    shown: Share
    answered: Share
    met: Share
    women: Share
    front_line: Share
    managers: Share


def measures(now: datetime, path: str = "") -> Measures:
    """Measures of all congresses in term in the subtree at ``path``."""
    terms = list(
        Congress.objects.filter(unit__path__startswith=path, state=TermState.IN_TERM)
        .select_related("unit").order_by("pk")[:_MOST]
    )  # fmt: skip
    proposals = DelegateProposal.objects.filter(
        congress__unit__path__startswith=path, assigned__isnull=False
    ).aggregate(
        owed=Count("pk", filter=Q(replied__isnull=False) | Q(due__lt=now)),
        in_time=Count("pk", filter=Q(replied__isnull=False, late=False)),
        rated=Count("pk", filter=~Q(rating="") | ~Q(first_rating="")),
        content=Count("pk", filter=Q(rating=Rating.SATISFIED, handled_twice=False)),
        unrated=Count("pk", filter=Q(closed__isnull=False, rating="")),
        twice=Count("pk", filter=Q(handled_twice=True)),
        all=Count("pk"),
    )
    affairs = Affair.objects.filter(congress__unit__path__startswith=path, due__lte=now).aggregate(
        owed=Count("pk"), shown=Count("pk", filter=~Q(state=AffairState.DUE) & Q(shown__lte=F("due")))
    )
    questions = Question.objects.filter(affair__congress__unit__path__startswith=path).aggregate(
        owed=Count("pk", filter=Q(answered__isnull=False) | Q(due__lt=now)),
        in_time=Count("pk", filter=Q(answered__lte=F("due"))),
    )
    tables = list(quota_tables([row for row in terms if not row.assembly]).values())
    reached = {
        key: sum(not line.missing for table in tables for line in table if line.key == key)
        for key in ("women", "front_line", "managers")
    }
    old = [row for row in terms if row.certified is not None and row.certified <= now - timedelta(days=365)]
    held = dict(
        Session.objects.filter(congress__in=old, opened__gt=now - timedelta(days=365))
        .values_list("congress").annotate(number=Count("pk")).order_by("congress")
    )  # fmt: skip
    wanted = values_at(MEETINGS, paths=[row.unit.path for row in old], on=now.date())
    return Measures(
        terms=len(terms),
        replied=Share(proposals["in_time"], proposals["owed"]),
        satisfied=Share(proposals["content"], proposals["rated"]),
        unrated=proposals["unrated"],
        handled_twice=Share(proposals["twice"], proposals["all"]),
        shown=Share(affairs["shown"], affairs["owed"]),
        answered=Share(questions["in_time"], questions["owed"]),
        met=Share(sum(held.get(row.pk, 0) >= wanted[row.unit.path] for row in old), len(old)),
        women=Share(reached["women"], len(tables)),
        front_line=Share(reached["front_line"], len(tables)),
        managers=Share(reached["managers"], len(tables)),
    )
