"""What a job works out of the votes while a consultation is open: what to ask next, and the live map."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from qiao.base.db import atomic
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, MapPicture, StatementWeights, Vote
from qiao.decide.consultations.queries import statements_of
from qiao.decide.consultations.queries.pictures import last_centres, shows_live
from qiao.decide.consultations.rules.desk import LIVE_GROUP, LIVE_MORE, LIVE_VOTERS
from qiao.decide.consultations.services.results import live_picture
from qiao_stats.opinion import collect_votes, statement_priorities


def work_out_votes(*, now: datetime) -> int:
    """Weigh the statements of every open consultation anew, and draw its map where it is shown live; how many.

    Nothing of it is shown but the map, and that without a number. Twice is harmless.
    """
    opened = list(
        Consultation.objects.filter(state=S.OPEN, opened__lte=now, closes__gt=now).select_related("unit").order_by("pk")
    )
    for consultation in opened:
        _work_out(consultation, now)
    return len(opened)


def _work_out(consultation: Consultation, now: datetime) -> None:
    statements = statements_of(consultation)
    if not statements:
        return
    numbers = [statement.number for statement in statements]
    place = {number: position for position, number in enumerate(numbers)}
    votes = list(
        Vote.objects.filter(statement__consultation=consultation, statement__shown=True)
        .order_by("voter", "statement__number")
        .values_list("voter", "statement__number", "value")
    )
    codes = {voter: code for code, voter in enumerate(dict.fromkeys(voter for voter, _number, _value in votes))}
    table = None
    if votes:
        table = collect_votes(
            np.array([codes[voter] for voter, _number, _value in votes]),
            np.array([place[number] for _voter, number, _value in votes]),
            np.array([value for _voter, _number, value in votes]),
            participants=len(codes),
            statements=len(numbers),
        )
    found = statement_priorities(table, np.ones(len(numbers), dtype=bool))
    weights = {str(number): round(float(weight), 6) for number, weight in zip(numbers, found, strict=True)}
    with atomic():
        StatementWeights.objects.update_or_create(
            consultation=consultation, defaults={"worked": now, "weights": weights}
        )
        if shows_live(consultation):
            _draw(consultation, now, numbers, votes, len(codes))


def _draw(
    consultation: Consultation, now: datetime, numbers: list[int], votes: list[tuple[str, int, int]], voters: int
) -> None:
    """Add a picture once enough have voted since the last one, so that no two of them tell of few people."""
    last = MapPicture.objects.filter(consultation=consultation).order_by("-taken").first()
    if voters < LIVE_VOTERS or (last is not None and voters < last.voters + LIVE_MORE):
        return
    content: dict[str, Any] | None = live_picture(
        numbers, votes, before=last_centres(consultation), smallest=LIVE_GROUP
    )
    if content is not None:
        MapPicture.objects.create(consultation=consultation, taken=now, voters=voters, content=content)
