"""Working out topics from free texts: texts are gathered, turned into vectors and clustered in a job."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.sentences import encode
from qiao.base.vault.cipher import seal_many
from qiao.base.vault.fields import Sealed
from qiao.hear.needs.choices import SetState
from qiao.hear.needs.models import Topic, TopicSet, TopicText
from qiao.hear.needs.queries.texts import FreeText, texts_of
from qiao.org.units.models import Unit
from qiao_stats.topics import Folded, Topics, find_topics, fold

#: Topics of fewer people are no topics; fewer different texts are read one by one.
LEAST, MOST = 5, 15
#: More texts than these are not taken at once.
LIMIT = 200_000


def gather_topics(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    source_codes: Sequence[str],
    wanted: int | None = None,
    seed: int | None = None,
) -> TopicSet:
    """Ask for topics of the free texts of some sources (closed survey rounds, requests of a period).

    ``wanted``: how many topics, else as many as hold. The work is done by a job; the set is public to nobody.
    Raises Refused without ``need.publish`` at the unit, Problem without sources or for one without free texts.
    """
    require(actor, "need.publish", unit.path)
    codes = list(dict.fromkeys(source_codes))
    if not codes:
        raise Problem("Choose at least one source of free texts.")
    if wanted is not None and not 2 <= wanted <= 40:
        raise Problem("Ask for 2 to 40 topics, or leave the number open.")
    texts = texts_of(codes, path=unit.path)
    if not texts:
        raise Problem("These sources hold no free texts, or they are erased already.")
    if len(texts) > LIMIT:
        raise Problem("These are %(texts)d texts: take fewer sources at once.", texts=len(texts))
    with atomic():
        made = TopicSet.objects.create(
            code=next_code("TS"), unit=unit, title=title, wanted=wanted, asked=now, asked_by=actor.account_id,
            seed=secrets.randbelow(2**32) if seed is None else seed, texts=len(texts),
            sources=[{"code": code, "texts": sum(one.source_code == code for one in texts)} for code in codes],
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="topic.gather", code=made.code, unit_path=unit.path,
            detail={"sources": codes, "texts": len(texts)},
        )  # fmt: skip
        jobs.defer("needs.topics", topic_set_id=made.pk)
    return made


def cluster_topics(*, actor: Actor, now: datetime, topic_set_id: int) -> TopicSet:
    """Work the topics out. Doing it again for a set that is ready changes nothing."""
    made = TopicSet.objects.select_related("unit").get(pk=topic_set_id)
    if made.state != SetState.WAITING:
        return made
    try:
        texts = texts_of([source["code"] for source in made.sources], path=made.unit.path)
    except Problem:
        # A source was erased or changed since it was asked for: the page says that there are no topics.
        texts = []
    words = [one.text for one in texts]
    people = [one.person for one in texts]
    folded = fold(words, people)
    # The slow part stands outside the transaction.
    vectors = encode([words[int(place)] for place in folded.first])
    found = find_topics(
        words, vectors, seed=made.seed, sources=people, folded=folded, k=made.wanted, most=MOST, least=LEAST,
        shown=folded.count,
    )  # fmt: skip
    with atomic():
        made = TopicSet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=topic_set_id)
        if made.state != SetState.WAITING:
            return made
        made.texts, made.empty, made.people = len(texts), found.empty, int(folded.sources.sum())
        if not found.topics:
            made.state = SetState.FAILED
        else:
            made.state, made.ready = SetState.READY, now
            made.chosen = _chosen(found)
            _store(made, texts, folded, found)
        made.save()
        audit.record(
            actor=actor, now=now, action="topic.cluster", code=made.code, unit_path=made.unit.path,
            detail={"topics": len(found.topics), "texts": len(texts)},
        )  # fmt: skip
    return made


def _chosen(found: Topics) -> dict[str, object]:
    if found.chosen is None:
        return {}
    return {
        "k": found.chosen.k,
        "silhouette": round(found.chosen.silhouette, 4),
        "stability": round(found.chosen.stability, 4),
        "tried": [[one.k, round(one.silhouette, 4), round(one.stability, 4)] for one in found.tried],
    }


def _store(made: TopicSet, texts: Sequence[FreeText], folded: Folded, found: Topics) -> None:
    topics = Topic.objects.bulk_create(
        [
            Topic(topic_set=made, number=number, words=list(topic.words), people=topic.sources, texts=topic.texts)
            for number, topic in enumerate(found.topics, 1)
        ]
    )
    place = {first: rank for topic in found.topics for rank, first in enumerate(topic.central, 1)}
    alike: dict[int, list[FreeText]] = {}
    for one, code in zip(texts, folded.code, strict=True):
        if code >= 0:
            alike.setdefault(int(code), []).append(one)
    rows = []
    for code, copies in alike.items():
        first = int(folded.first[code])
        label = int(found.labels[first])
        rows.append(
            TopicText(
                topic_set=made,
                topic=topics[label] if label >= 0 else None,
                source_code=copies[0].source_code,
                people=int(folded.sources[code]),
                copies=len(copies),
                # Of several who wrote the same, each must have consented.
                may_quote=all(one.may_quote for one in copies),
                members=min(one.members for one in copies),
                central=place.get(first, 0),
            )
        )
    contexts = [TopicText._meta.get_field("text").context_of(row) for row in rows]
    sealed = seal_many([copies[0].text for copies in alike.values()], contexts)
    for row, value in zip(rows, sealed, strict=True):
        row.text = Sealed(value)
    # By their random keys: not in the order of the answers they came with.
    TopicText.objects.bulk_create(sorted(rows, key=lambda row: row.id), batch_size=2_000)
