"""Opinions and what became of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from qiao.base.i18n import Localized
from qiao.decide.consultations.choices import ConsultationState, Outcome
from qiao.decide.consultations.models import Answer, Consultation, Opinion
from qiao.org.membership.queries import member_count

#: Free text of a unit with fewer members is not quoted (handbook P7).
FEWEST_MEMBERS = 30


def unanswered_count(code: str) -> int:
    """How many opinions of the consultation have no answer yet."""
    return Opinion.objects.filter(consultation__code=code, answer__isnull=True).count()


def is_answered(code: str) -> bool:
    """Whether the answers are finished: every opinion has one, and nothing can be added."""
    return Consultation.objects.filter(code=code, state=ConsultationState.ANSWERED).exists()


def opinion_fate(code: str) -> dict[str, int]:
    """Opinions by outcome, all outcomes named, and "unanswered"."""
    counts = dict.fromkeys([*Outcome.values, "unanswered"], 0)
    rows = (
        Opinion.objects.filter(consultation__code=code)
        .order_by()
        .values_list("answer__outcome")
        .annotate(number=Count("pk"))
    )
    for outcome, number in rows:
        counts[outcome or "unanswered"] = number
    return counts


def fate_labels(code: str) -> list[tuple[str, int]]:
    """`opinion_fate` with labels, without the unanswered."""
    fate = opinion_fate(code)
    return [(str(outcome.label), fate[outcome.value]) for outcome in Outcome]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Opinions that wait for one answer: put together by the secretary, or of identical text on the same clause."""

    ids: tuple[int, ...]
    text: str
    title: Localized
    others: tuple[str, ...]
    members: int
    group_id: int | None

    @property
    def value(self) -> str:
        """What a form sends for the cluster."""
        return ",".join(map(str, self.ids))


@dataclass(frozen=True, slots=True)
class ClauseClusters:
    """The clusters on one clause (None: on the whole)."""

    number: int | None
    text: Localized
    version: int | None
    clusters: tuple[Cluster, ...]


def clusters(consultation: Consultation) -> list[ClauseClusters]:
    """What has no answer yet, by clause (the whole first) and by group or identical text; each person counts once.

    A group stands at the clause of its first opinion.
    """
    waiting = list(
        Opinion.objects.filter(consultation=consultation, answer__isnull=True)
        .select_related("clause__version", "group")
        .order_by("pk")
    )
    members: dict[tuple[object, ...], list[Opinion]] = defaultdict(list)
    for opinion in waiting:
        key: tuple[object, ...] = (
            ("group", opinion.group_id) if opinion.group_id else ("text", opinion.clause_id, opinion.likeness)
        )
        members[key].append(opinion)
    by_clause: dict[tuple[int, int], list[list[Opinion]]] = defaultdict(list)
    for found in members.values():
        clause = found[0].clause
        by_clause[(clause.number, clause.version.number) if clause else (0, 0)].append(found)
    return [_clause_clusters(by_clause[place]) for place in sorted(by_clause)]


def _clause_clusters(parts: list[list[Opinion]]) -> ClauseClusters:
    clause = parts[0][0].clause
    made = [_cluster(part) for part in parts]
    made.sort(key=lambda cluster: (-cluster.members, cluster.ids))
    if clause is None:
        return ClauseClusters(None, {}, None, tuple(made))
    return ClauseClusters(clause.number, clause.text, clause.version.number, tuple(made))


def _cluster(found: list[Opinion]) -> Cluster:
    first = found[0]
    texts = list(dict.fromkeys(opinion.text for opinion in found))
    return Cluster(
        ids=tuple(opinion.pk for opinion in found),
        text=first.text,
        title=first.group.title if first.group else {},
        others=tuple(texts[1:]),
        members=len({opinion.person_id or -opinion.pk for opinion in found}),
        group_id=first.group_id,
    )


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer and the opinions it was given to."""

    answer: Answer
    opinions: tuple[Opinion, ...]
    members: int


def answered_rows(consultation: Consultation) -> list[AnswerRow]:
    """Answers given so far, newest first, with their opinions."""
    by_answer: dict[int, list[Opinion]] = defaultdict(list)
    opinions = _with_answers(Opinion.objects.filter(consultation=consultation, answer__isnull=False))
    for opinion in opinions:
        if opinion.answer_id is not None:
            by_answer[opinion.answer_id].append(opinion)
    return [
        AnswerRow(found[0].answer, tuple(found), len({opinion.person_id or -opinion.pk for opinion in found}))
        for _key, found in sorted(by_answer.items(), reverse=True)
        if found[0].answer is not None
    ]


def _with_answers(found: QuerySet[Opinion]) -> QuerySet[Opinion]:
    return found.select_related("clause__version", "answer", "group").order_by("pk")


@dataclass(frozen=True, slots=True)
class PublishedOpinion:
    """One opinion as everybody reads it after the close: no name, identical texts once, with the answer."""

    clause: int | None
    version: int | None
    text: str
    withheld: Localized
    kept_back: bool
    members: int
    answer: Answer | None

    @property
    def quoted(self) -> bool:
        """Whether the words themselves are shown."""
        return not self.kept_back and not self.withheld


def published_opinions(consultation: Consultation) -> list[PublishedOpinion]:
    """Opinions after the close, by clause; [] before it.

    Identical texts on one clause with one answer are shown once with the number of members. The words are kept back
    where their author asked for it, where a moderator withheld them (with the reason), and in small units.
    """
    if consultation.state not in (ConsultationState.CLOSED, ConsultationState.ANSWERED):
        return []
    small = member_count(consultation.unit.path) < FEWEST_MEMBERS
    merged: dict[tuple[object, ...], list[Opinion]] = defaultdict(list)
    for opinion in _with_answers(Opinion.objects.filter(consultation=consultation)):
        hidden = not opinion.published or bool(opinion.withheld)
        merged[(opinion.clause_id, opinion.pk if hidden else opinion.likeness, opinion.answer_id)].append(opinion)
    rows = [
        PublishedOpinion(
            clause=found[0].clause.number if found[0].clause else None,
            version=found[0].clause.version.number if found[0].clause else None,
            text=found[0].text if found[0].published and not found[0].withheld and not small else "",
            withheld=found[0].withheld,
            kept_back=not found[0].published or small,
            members=len({opinion.person_id for opinion in found}),
            answer=found[0].answer,
        )
        for found in merged.values()
    ]
    return sorted(rows, key=lambda row: (row.clause or 0, row.version or 0, -row.members))


def opinion_here(consultation: Consultation, opinion_id: int) -> Opinion | None:
    """One opinion of the consultation with its answer, or None."""
    return _with_answers(Opinion.objects.filter(consultation=consultation, pk=opinion_id)).first()


def opinion_by_receipt(number: str, person_id: int) -> Opinion:
    """The person's own opinion behind a receipt; raises Opinion.DoesNotExist for anybody else's."""
    own = Opinion.objects.filter(Q(receipt=number) & ~Q(receipt=""), person_id=person_id)
    return own.select_related("consultation__unit", "clause__version", "answer", "group").get()
