"""What requests are about, for the digest of needs: counts, and words without their askers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import override

from qiao.base.i18n import LANGUAGES, Localized
from qiao.hear.window.choices import State, Topic
from qiao.hear.window.models import Request
from qiao.hear.window.rules.masking import masked

#: Complaints are shown from this number on (handbook P7: health and complaints).
SMALLEST_CELL = 10
_SIGNS = 5


@dataclass(frozen=True, slots=True)
class TopicCount:
    """Requests of one topic in a span of days. ``n`` None: hidden, because it is small or would give a small one away.

    ``share``: of all requests of the span, 0 to 1; None where hidden. ``total``: all of them.
    """

    topic: str
    label: Localized
    n: int | None
    share: float | None
    total: int


@dataclass(frozen=True, slots=True)
class RequestText:
    """One request's words with names and numbers taken out. ``day`` is the first of its month: no order tells more."""

    code: str
    topic: str
    kind: str
    language: str
    text: str
    day: date


def topic_counts(path: str, since: date, until: date) -> list[TopicCount]:
    """Requests by topic from the first to the last day (both counted), most first, hidden ones last.

    ``path``: the subtree the asker works in or, where they named no place, the body's. Joined duplicates count once.
    One query.
    """
    counted = dict(_asked(path, since, until).values_list("topic").annotate(n=Count("pk")).order_by())
    total = sum(counted.values())
    hidden = {topic for topic, n in counted.items() if n < SMALLEST_CELL}
    # One hidden cell alone could be computed back from the total: the smallest of the rest goes with it.
    if len(hidden) == 1 and len(counted) > 1:
        hidden.add(min((topic for topic in counted if topic not in hidden), key=lambda topic: (counted[topic], topic)))
    rows = [
        TopicCount(
            topic,
            _label(topic),
            None if topic in hidden else n,
            None if topic in hidden or not total else n / total,
            total,
        )
        for topic, n in counted.items()
    ]
    return sorted(rows, key=lambda row: (row.n is None, -(row.n or 0), row.topic))


def texts_for_topics(path: str, since: date, until: date, *, limit: int = 100_000) -> Iterator[RequestText]:
    """The words of these requests, oldest first, as an iterator that opens a thousand at a time.

    De-identified by pattern only: what is quoted from them is read by a person first (handbook P7, P9). Requests with
    an open safety call are left out. Askers are not among what is read.
    """
    rows = _asked(path, since, until).filter(safety_call__isnull=True)
    rows = rows.only("code", "topic", "kind", "language", "text", "received").order_by("received", "pk")
    for row in rows[:limit].iterator(chunk_size=1000):
        day = localdate(row.received).replace(day=1)
        yield RequestText(row.code, row.topic, row.kind, row.language, masked(str(row.text)), day)


def _asked(path: str, since: date, until: date) -> QuerySet[Request]:
    zone = get_default_timezone()
    first, last = datetime.combine(since, time.min, zone), datetime.combine(until, time.max, zone)
    where = Q(place__path__startswith=path) | Q(place__isnull=True, body__path__startswith=path)
    rows = Request.objects.filter(where, received__gte=first, received__lte=last).exclude(state=State.LINKED)
    # What by-passes a union stands in no digest of that union, not even without names.
    return rows.exclude(kept_from__in=[path[:end] for end in range(_SIGNS, len(path) + 1, _SIGNS)])


def _label(topic: str) -> Localized:
    texts: Localized = {}
    for code in LANGUAGES:
        with override(code):
            texts[code] = str(Topic(topic).label)
    return texts
