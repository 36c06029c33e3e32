"""Digests: their lines as the public and as analysts see them, and the sources this app itself has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.figures import IntervalRow, described, interval_chart, share_text
from qiao.base.i18n import LANGUAGES, Localized, pick
from qiao.hear.needs.choices import DigestState, NeedKind, TopicState
from qiao.hear.needs.models import Digest, Need, Quote, Topic
from qiao.hear.needs.rules import PUBLIC, Line, all_sources
from qiao.hear.needs.rules.periods import last_period
from qiao.hear.needs.rules.settings import DIGEST_PERIOD
from qiao.hear.needs.rules.wording import close_text, rank_text, sure_word
from qiao.org.settings.queries import value_of

#: What the public version of a hidden line lacks.
_FIGURES = ("share", "lower", "upper", "n", "rate", "adjusted", "count", "texts", "rank")


def digest_by_code(code: str) -> Digest:
    """The digest with this code; raises Digest.DoesNotExist."""
    return Digest.objects.select_related("unit").get(code=code)


def digests(actor: Actor) -> QuerySet[Digest]:
    """Published digests, and drafts where the actor works on them; newest first."""
    visible = Q(state=DigestState.PUBLISHED)
    for path in actor.paths("need.publish"):
        visible |= Q(unit__path__startswith=path)
    return Digest.objects.filter(visible).select_related("unit").defer("lines").order_by("-until", "-pk")


def may_see_digest(actor: Actor, digest: Digest) -> bool:
    """Drafts are seen by analysts of the unit only."""
    return digest.state == DigestState.PUBLISHED or sees_full(actor, digest)


def sees_full(actor: Actor, digest: Digest) -> bool:
    """Whether the actor sees the full version, with the counts the public one hides."""
    return actor.may("need.publish", digest.unit.path)


def period_due(path: str, day: date) -> tuple[date, date]:
    """The last period that is over, by the unit's setting."""
    return last_period(day, value_of(DIGEST_PERIOD, path=path, on=day))


def public_lines(digest: Digest) -> list[dict[str, Any]]:
    """The lines as everybody may have them: small cells without their numbers, lines left out without their content."""
    made = []
    for line in digest.lines:
        if line["key"] in digest.left_out:
            continue
        if line["hidden"]:
            # Nor what so few people wrote, nor a p value, from which a share could be worked out.
            line = {**line, **dict.fromkeys(_FIGURES), "quotes": []}
        made.append(line)
    return made


def current_lines(digest: Digest, *, full: bool) -> list[dict[str, Any]]:
    """The lines as pages and tables show them today: without quotes that were withdrawn since they were gathered."""
    lines = digest.lines if full else public_lines(digest)
    gone = _withdrawn(line["key"] for line in lines if line["quotes"])
    return [
        {**line, "quotes": [words for words in line["quotes"] if words not in gone.get(line["key"].split("/")[0], ())]}
        for line in lines
    ]


def _withdrawn(keys: Iterable[str]) -> dict[str, list[Localized]]:
    """Words withdrawn from the sets of these lines, unless they stand elsewhere in the set."""
    sets = {key.split("/")[0] for key in keys}
    gone: dict[str, list[Localized]] = {}
    held: dict[str, list[Localized]] = {}
    quotes = Quote.objects.filter(topic__topic_set__code__in=sets).select_related("topic__topic_set").order_by("pk")
    for quote in quotes:
        place = gone if quote.withdrawn else held
        place.setdefault(quote.topic.topic_set.code, []).append(quote.words)
    return {code: [one for one in words if one not in held.get(code, ())] for code, words in gone.items()}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a digest in words."""

    key: str
    title: str
    where: str
    url: str
    figure: str
    base: str
    rank: str
    sure: str
    close: str
    quotes: tuple[str, ...]
    note: str
    hidden: bool
    left_out: str


@dataclass(frozen=True, slots=True)
class ShownSource:
    """One source of a digest with its lines and its figure (SVG, "" without intervals)."""

    key: str
    label: str
    svg: str
    lines: tuple[ShownLine, ...]


def shown_digest(digest: Digest, *, full: bool) -> list[ShownSource]:
    """A digest by source; ``full`` with everything the public version hides."""
    lines = current_lines(digest, full=full)
    labels = {source.key: str(source.label) for source in all_sources()}
    found = []
    for key in dict.fromkeys(line["source"] for line in lines):
        own = [line for line in lines if line["source"] == key]
        found.append(
            ShownSource(
                key, labels.get(key, key), _svg(own, labels.get(key, key)),
                tuple(_shown(line, digest, full=full) for line in own),
            )
        )  # fmt: skip
    return found


def _shown(line: dict[str, Any], digest: Digest, *, full: bool) -> ShownLine:
    hidden = bool(line["hidden"])
    figure = ""
    if hidden and not full:
        figure = _("fewer than can be shown")
    elif line["share"] is not None:
        figure = share_text(line["share"], line["lower"], line["upper"])
    elif line["count"] is not None:
        figure = _("%(count)d people") % {"count": line["count"]}
    base = ""
    if line["n"] is not None:
        base = _("%(n)d answers") % {"n": round(line["n"])}
    if line["texts"] is not None and line["texts"] != line["count"]:
        base = _("%(texts)d texts") % {"texts": line["texts"]}
    return ShownLine(
        key=line["key"],
        title=pick(line["title"]),
        where=" · ".join(filter(None, (pick(line["unit"]), pick(line["group"])))),
        url=line["url"],
        figure=figure,
        base=base,
        rank=rank_text(*line["rank"]) if line["rank"] else "",
        sure=sure_word(line["adjusted"]),
        close=close_text(line["lower"], line["upper"]),
        quotes=tuple(pick(quote) for quote in line["quotes"]),
        note=pick(line["note"]),
        hidden=hidden,
        left_out=digest.left_out.get(line["key"], ""),
    )


def _svg(lines: Sequence[dict[str, Any]], label: str) -> str:
    rows = [
        IntervalRow(
            " · ".join(filter(None, (pick(line["title"]), pick(line["group"])))), line["share"], line["lower"],
            line["upper"], strong=not line["group"],
        )
        for line in lines
        if line["share"] is not None
    ]  # fmt: skip
    return interval_chart(rows[:12], title=label, description=described(rows[:12])) if rows else ""


def _between(since: date, until: date) -> tuple[datetime, datetime]:
    zone = get_default_timezone()
    return datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)


def need_lines(*, path: str, since: date, until: date) -> list[Line]:
    """Needs of surveys that were published in these days."""
    return [_need_line(need) for need in _needs(path, since, until).exclude(kind__in=["finding", "topic"])]


def finding_lines(*, path: str, since: date, until: date) -> list[Line]:
    """What evaluations found in these days."""
    return [_need_line(need) for need in _needs(path, since, until).filter(kind=NeedKind.FINDING)]


def _needs(path: str, since: date, until: date) -> QuerySet[Need]:
    first, last = _between(since, until)
    return (
        Need.objects.filter(state__in=PUBLIC, unit__path__startswith=path, published__gte=first, published__lt=last)
        .select_related("unit")
        .order_by("pk")
    )


def _need_line(need: Need) -> Line:
    return Line(
        key=need.code,
        title=need.title,
        url=reverse("needs:need", args=[need.code]),
        unit=need.unit.name,
        group=need.group,
        share=need.share,
        lower=need.lower,
        upper=need.upper,
        n=need.n,
        rate=need.rate,
        adjusted=need.adjusted_p,
    )


def topic_lines(*, path: str, since: date, until: date) -> list[Line]:
    """Topics of sets that were ready in these days and that an analyst has named, with their quotes."""
    first, last = _between(since, until)
    topics = (
        Topic.objects.filter(
            state=TopicState.OPEN, topic_set__unit__path__startswith=path, topic_set__ready__gte=first,
            topic_set__ready__lt=last,
        )
        .exclude(name={})
        .select_related("topic_set__unit")
        .order_by("topic_set_id", "number")
    )  # fmt: skip
    quotes: dict[int, list[Localized]] = {}
    for quote in Quote.objects.filter(topic__in=topics, withdrawn__isnull=True).order_by("pk"):
        quotes.setdefault(quote.topic_id, []).append(quote.words)
    needs = set(
        Need.objects.filter(code__in=[topic.need_code for topic in topics if topic.need_code], state__in=PUBLIC)
        .values_list("code", flat=True)
    )  # fmt: skip
    return [
        Line(
            key=f"{topic.topic_set.code}/{topic.number}",
            title=topic.name,
            url=reverse("needs:need", args=[topic.need_code]) if topic.need_code in needs else "",
            unit=topic.topic_set.unit.name,
            count=topic.people,
            texts=topic.texts,
            quotes=tuple(quotes.get(topic.pk, ())),
            note={code: text for code, text in topic.topic_set.title.items() if code in LANGUAGES},
        )
        for topic in topics
    ]
