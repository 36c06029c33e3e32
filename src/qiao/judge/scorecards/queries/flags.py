"""Anomalies in the figures of a subtree, in plain words: reasons to look closer, never an accusation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.i18n import percent_text, pick
from qiao.deliver.programmes.models import Evidence
from qiao.hear.window.choices import Grade
from qiao.hear.window.models import LineDay, Rating
from qiao.judge.evaluations.choices import Indicator
from qiao.judge.evaluations.models import Figure
from qiao.judge.scorecards.queries.ratings import Rated, rated
from qiao_stats.anomaly import Flag, burst, high_share, identical_counts, last_digits, runs

_DAYS = 365
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to look at more closely: what it is about and what is odd, in words."""

    what: str
    words: str
    flag: Flag | None = None


def notes(path: str, *, now: datetime) -> list[Note]:
    """Everything odd in the last year below ``path``, in few queries."""
    members = rated(path)
    found = [*_ratings(path, now), *_evaluations(path), *_members(members), *_counts(path, now)]
    return [Note(what, _words(flag), flag) for what, flag in found if flag is not None] + _together(members)


def _members(rows: list[Rated]) -> list[tuple[str, Flag | None]]:
    """Members' ratings of their unions in which nearly all are of one mind."""
    return [
        (_about(row), high_share(round(row.whole.satisfied * row.whole.base), row.whole.base))
        for row in rows
        if row.whole is not None and row.whole.satisfied is not None and row.whole.base is not None
    ]


def _together(rows: list[Rated]) -> list[Note]:
    """Votes that came in together, as the close of a rating found them; when is told on its own page."""
    found = []
    for row in rows:
        for peak in sorted(row.rating.bursts, key=lambda one: -int(one["votes"]))[:1]:
            words = _(
                "%(most)d of %(n)d votes came in within ten minutes, where about %(mean)s were to be expected. "
                "That can be a meeting or a reminder: ask the members."
            ) % {"most": peak["votes"], "n": row.rating.voted or 0, "mean": f"{peak['expected']:.1f}"}
            found.append(Note(_about(row), words))
    return found


def _about(row: Rated) -> str:
    return _("Members' rating of %(unit)s") % {"unit": pick(row.rating.unit.name)}


def _ratings(path: str, now: datetime) -> list[tuple[str, Flag | None]]:
    """Five-grade ratings of the windows: too many of one mind, too many on one day, too regular an order."""
    since = localdate(now) - timedelta(days=_DAYS)
    rows = Rating.objects.filter(request__body__path__startswith=path, day__gte=since)
    good = Q(grade__gte=Grade.FAIR)
    total = rows.aggregate(n=Count("pk"), good=Count("pk", filter=good))
    days = dict(rows.values_list("day").annotate(n=Count("pk")).order_by("day"))
    marks = [grade >= Grade.FAIR for grade in rows.order_by("day", "pk").values_list("grade", flat=True)[:_MOST]]
    what = _("Ratings of the service windows")
    return [
        (what, high_share(total["good"], total["n"])),
        (what, burst(list(days.values()))),
        (what, runs(marks)),
    ]


def _evaluations(path: str) -> list[tuple[str, Flag | None]]:
    """Published satisfaction of users at 98 % and more."""
    rows = Figure.objects.filter(
        evaluation__unit__path__startswith=path, indicator=Indicator.SATISFACTION, estimate__isnull=False
    ).select_related("evaluation")
    return [
        (
            _("Evaluation “%(title)s”") % {"title": pick(row.evaluation.title)},
            high_share(round((row.estimate or 0.0) * (row.base or 0)), row.base or 0),
        )
        for row in rows.order_by("pk")[:200]
    ]


def _counts(path: str, now: datetime) -> list[tuple[str, Flag | None]]:
    """Numbers typed by hand: calls of the line by day, users asked about milestones."""
    since = localdate(now) - timedelta(days=_DAYS)
    calls = list(
        LineDay.objects.filter(unit__path__startswith=path, day__gte=since).values_list("offered", flat=True)[:_MOST]
    )
    asked = list(
        Evidence.objects.filter(
            report__milestone__project__unit__path__startswith=path, asked__isnull=False
        ).values_list("asked", flat=True)[:_MOST]
    )
    numbers = [int(one) for one in asked if one is not None]
    line, users = _("Calls entered by day"), _("Users asked, as reported by projects")
    return [
        (line, last_digits(calls)),
        (line, identical_counts(calls)),
        (users, last_digits(numbers)),
        (users, identical_counts(numbers)),
    ]


def _words(flag: Flag) -> str:
    most, mean = int(flag.value), f"{flag.expected:.1f}"
    if flag.kind == "high":
        return _(
            "%(share)s of %(n)d are satisfied: seldom are so many people of one mind. Look at who was asked, and how."
        ) % {"share": percent_text(flag.value, 1), "n": flag.n}
    if flag.kind == "burst":
        return _(
            "%(most)d of %(n)d came on one day; an even spread has about %(mean)s a day. Look at what happened then."
        ) % {"most": most, "n": flag.n, "mean": mean}
    if flag.kind == "digits":
        return _(
            "Of %(n)d numbers %(share)s end in the same digit; in counted numbers it is about one in ten. "
            "Look at how they are counted."
        ) % {"n": flag.n, "share": percent_text(flag.value)}
    if flag.kind == "runs":
        return _(
            "Good and bad change %(seen)d times where about %(mean)d are expected: the order is too regular or too "
            "clumped. Look at how they are collected."
        ) % {"seen": most, "mean": round(flag.expected)}
    return _(
        "The same number was reported %(most)d times among %(n)d; about %(mean)s are expected. "
        "Look at where it comes from."
    ) % {"most": most, "n": flag.n, "mean": mean}
