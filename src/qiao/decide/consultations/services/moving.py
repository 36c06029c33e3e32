"""Authors are told whenever what came of their consultation moves: decided, begun, done, judged (mechanism S8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as noop
from django.utils.translation import override

from qiao.base import jobs
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, in_every_language
from qiao.base.lineage import Station, chain
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, Move, Opinion
from qiao.decide.consultations.queries.following import stations_after
from qiao.org.people.services.telling import tell

#: So long after the answers a thread is watched.
WATCHED = timedelta(days=5 * 365)
#: So many people are told in one transaction.
_AT_ONCE = 500


def note_moves(*, actor: Actor, now: datetime) -> int:
    """Note what has moved on the threads of answered consultations, and have their authors told; how many moves.

    What stood there before the answers were finished is no news. Twice is harmless: every state of every object is
    told once. Raises Refused for anybody but the system.
    """
    require(actor, "people.carry")
    made = 0
    rows = Consultation.objects.filter(state=S.ANSWERED, answered__gte=now - WATCHED).order_by("pk")
    for consultation in rows:
        codes = sorted(chain(consultation.code, limit=200).after)
        if not codes:
            continue
        by_language = {language: _stations(codes, language) for language in LANGUAGES}
        for code in codes:
            told = {language: found[code] for language, found in by_language.items() if code in found}
            if len(told) == len(LANGUAGES):
                made += _note(consultation, code, told, now)
    return made


def tell_move(*, actor: Actor, now: datetime, move_id: int) -> int:
    """Tell the next authors of a move, by the channels they agreed to; how many. Begins where it stopped."""
    require(actor, "people.carry")
    with atomic():
        move = Move.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=move_id)
        if move.done:
            return 0
        people = list(
            Opinion.objects.filter(consultation=move.consultation, person_id__gt=move.reached)
            .order_by("person_id")
            .values_list("person_id", flat=True)
            .distinct()[:_AT_ONCE]
        )
        for person in people:
            tell(now=now, person_id=person, subject=move.subject, text=move.text, url=move.url,
                 once=f"consultation move {move.pk} {person}")  # fmt: skip
        move.reached = people[-1] if people else move.reached
        move.done = len(people) < _AT_ONCE
        move.save(update_fields=["reached", "done"])
        if not move.done:
            jobs.defer("consultations.tell_move", move_id=move.pk)
    return len(people)


def _stations(codes: list[str], language: str) -> dict[str, Station]:
    with override(language):
        return {station.code: station for station in stations_after(codes)}


def _note(consultation: Consultation, code: str, told: dict[str, Station], now: datetime) -> int:
    plain = told[LANGUAGES[-1]]
    if consultation.answered is None or plain.at is None or plain.at < consultation.answered:
        return 0
    with atomic():
        move, new = Move.objects.get_or_create(
            consultation=consultation, code=code, state=plain.state[:80],
            defaults={
                "at": now, "url": plain.url,
                "subject": in_every_language(
                    noop("What you spoke on moves: %(title)s"),
                    title={language: station.title for language, station in told.items()},
                ),
                "text": in_every_language(
                    noop("%(kind)s %(code)s: %(state)s. You gave an opinion on “%(about)s”."),
                    kind={language: station.kind for language, station in told.items()},
                    state={language: station.state for language, station in told.items()},
                    code=code, about=consultation.title,
                ),
            },
        )  # fmt: skip
        if new:
            jobs.defer("consultations.tell_move", move_id=move.pk)
    return int(new)
