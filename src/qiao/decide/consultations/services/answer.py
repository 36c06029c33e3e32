"""Answering: every opinion gets an outcome and a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.ledger import log
from qiao.base.ledger.text import canonical
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.choices import OpinionState, Outcome
from qiao.decide.consultations.models import Answer, Consultation, Opinion
from qiao.decide.consultations.queries import consultation_by_code, opinion_fate, unanswered_count
from qiao.decide.consultations.services.locks import demand, held
from qiao.publish.services import announce


def answer_opinions(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    opinion_ids: Sequence[int],
    outcome: Outcome | str,
    reason: Localized,
    addendum: Localized | None = None,
) -> int:
    """Give one answer to one or more opinions; whoever stands in a group with one of them gets it too.

    Opinions that have an answer keep it: sending a form twice, or two deciders at once, changes nothing. Authors are
    told by a job. Returns how many opinions were answered now.

    Raises Refused without ``opinion.answer`` there, Problem before the close or after the end of the answers, without
    a reason, or for an opinion of another consultation.
    """
    require(actor, "opinion.answer", consultation_by_code(code).unit.path)
    if outcome not in Outcome.values:
        raise Problem("Choose what becomes of the opinion: adopted, partly adopted or not adopted.")
    if not reason:
        raise Problem("Give the reason: every answer has one, an adopted opinion too.")
    wanted = set(opinion_ids)
    if not wanted:
        raise Problem("Tick at least one opinion.")
    with atomic():
        consultation = held(code)
        _demand_answering(consultation)
        own = Opinion.objects.filter(consultation=consultation)
        named = list(own.filter(pk__in=wanted).values_list("pk", "group_id"))
        if len(named) != len(wanted):
            raise Problem("One of the opinions belongs to another consultation.")
        groups = [group for _pk, group in named if group is not None]
        waiting = list(
            own.select_for_update(of=("self",))
            .filter(Q(pk__in=wanted) | Q(group_id__in=groups), answer__isnull=True)
            .order_by("pk")
        )
        if not waiting:
            return 0
        answer = Answer.objects.create(
            consultation=consultation, outcome=outcome, reason=reason, given=now, given_by=actor.account_id
        )
        Opinion.objects.filter(pk__in=[opinion.pk for opinion in waiting]).update(
            answer=answer, state=OpinionState.ANSWERED, addendum=addendum or {}
        )
        for opinion in waiting:
            jobs.defer("consultations.tell_opinion", opinion_id=opinion.pk)
        audit.record(
            actor=actor, now=now, action="opinion.answer", code=code, unit_path=consultation.unit.path,
            detail={"answer": answer.pk, "outcome": str(outcome), "opinions": [opinion.pk for opinion in waiting]},
        )  # fmt: skip
    return len(waiting)


def add_addendum(*, actor: Actor, now: datetime, code: str, opinion_id: int, addendum: Localized) -> Opinion:
    """Add a personal word to an answered opinion; its author is told again.

    Raises Refused without ``opinion.answer`` there, Problem without an answer or after the end of the answers.
    """
    require(actor, "opinion.answer", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        _demand_answering(consultation)
        opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion_id, consultation=consultation)
        if opinion.answer_id is None:
            raise Problem("Answer the opinion first.")
        opinion.addendum, opinion.state, opinion.told = addendum, OpinionState.ANSWERED, None
        opinion.save(update_fields=["addendum", "state", "told"])
        jobs.defer("consultations.tell_opinion", opinion_id=opinion.pk)
        audit.record(
            actor=actor, now=now, action="opinion.addendum", code=code, unit_path=consultation.unit.path,
            detail={"opinion": opinion_id},
        )  # fmt: skip
    return opinion


def finish_answers(*, actor: Actor, now: datetime, code: str) -> Consultation:
    """Finish: every opinion has its answer, the answers stand in the ledger, a decision may follow. Twice is harmless.

    Raises Refused without ``opinion.answer`` there, Problem while any opinion lacks an answer.
    """
    require(actor, "opinion.answer", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        if consultation.state == S.ANSWERED:
            return consultation
        demand(consultation, S.ANSWERED)
        waiting = unanswered_count(code)
        if waiting:
            raise Problem("%(waiting)d opinions have no answer yet: answer them first.", waiting=waiting)
        consultation.state, consultation.answered = S.ANSWERED, now
        consultation.save(update_fields=["state", "answered"])
        rows = [
            {"opinion": likeness, "outcome": outcome, "reason": reason}
            for likeness, outcome, reason in consultation.opinions.order_by("likeness", "pk").values_list(
                "likeness", "answer__outcome", "answer__reason"
            )
        ]
        fate = opinion_fate(code)
        log.append(
            kind="consultation.answered", code=code, now=now,
            content={
                "outcomes": {outcome: fate[outcome] for outcome in Outcome.values},
                "sha256": hashlib.sha256(canonical({"answers": rows}).encode()).hexdigest(),
            },
        )  # fmt: skip
        announce(
            actor=actor, now=now, unit=consultation.unit, code=code,
            title=in_every_language(noop("All opinions answered: %(title)s"), title=consultation.title),
            body=in_every_language(
                noop("%(adopted)d adopted, %(partly)d partly adopted, %(not_adopted)d not adopted, each with reasons."),
                **{outcome: fate[outcome] for outcome in Outcome.values},
            ),
            url=reverse("consultations:consultation", args=[code]),
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="consultation.answered", code=code, unit_path=consultation.unit.path,
            detail={outcome: fate[outcome] for outcome in Outcome.values},
        )  # fmt: skip
    return consultation


def _demand_answering(consultation: Consultation) -> None:
    if consultation.state != S.CLOSED:
        raise Problem("Opinions are answered between the close and the end of the answers.")
