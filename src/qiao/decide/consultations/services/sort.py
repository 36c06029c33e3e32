"""Putting opinions together, taking them apart, withholding words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.choices import ModerationGround, OpinionState
from qiao.decide.consultations.models import Consultation, Opinion, OpinionGroup
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.services.locks import held
from qiao.decide.consultations.services.moderation import log_withheld


def group_opinions(
    *, actor: Actor, now: datetime, code: str, opinion_ids: Sequence[int], title: Localized
) -> OpinionGroup:
    """Put opinions that say the same together; each keeps its author, its receipt and its right to contest.

    Raises Refused without ``consultation.run`` there, Problem before the close, without a title, for fewer than two
    opinions, or for one that is not of this consultation or answered already.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    if not title:
        raise Problem("Say in a line what these opinions have in common.")
    with atomic():
        consultation = held(code)
        _demand_sorting(consultation)
        opinions = list(
            Opinion.objects.select_for_update()
            .filter(consultation=consultation, pk__in=opinion_ids, answer__isnull=True)
            .order_by("pk")
        )
        if len(opinions) != len(set(opinion_ids)):
            raise Problem("One of these opinions has been answered meanwhile: look at the list again.")
        if len(opinions) < 2:
            raise Problem("Tick at least two opinions.")
        group = OpinionGroup.objects.create(consultation=consultation, title=title, made=now)
        Opinion.objects.filter(pk__in=[opinion.pk for opinion in opinions]).update(
            group=group, state=OpinionState.GROUPED
        )
        # A group emptied by this is gone.
        OpinionGroup.objects.filter(consultation=consultation, opinions__isnull=True).delete()
        audit.record(
            actor=actor, now=now, action="opinion.group", code=code, unit_path=consultation.unit.path,
            detail={"group": group.pk, "opinions": [opinion.pk for opinion in opinions]},
        )  # fmt: skip
    return group


def dissolve_group(*, actor: Actor, now: datetime, code: str, group_id: int) -> None:
    """Take a group apart that has no answer yet. Twice is harmless. Raises as `group_opinions`."""
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        _demand_sorting(consultation)
        members = Opinion.objects.filter(consultation=consultation, group_id=group_id)
        if members.filter(answer__isnull=False).exists():
            raise Problem("The group has its answer: its authors may contest it, nobody else.")
        members.update(group=None, state=OpinionState.RECEIVED)
        OpinionGroup.objects.filter(consultation=consultation, pk=group_id).delete()
        audit.record(
            actor=actor, now=now, action="opinion.ungroup", code=code, unit_path=consultation.unit.path,
            detail={"group": group_id},
        )  # fmt: skip


def contest_grouping(*, actor: Actor, now: datetime, opinion_id: int) -> Opinion:
    """The author says: mine is another opinion. It leaves its group, and an answer given to the group is not its own.

    Possible until the answers are finished. Raises Refused for anybody but the author, Problem after that or where
    the opinion stands in no group.
    """
    opinion = Opinion.objects.select_related("consultation").get(pk=opinion_id)
    if actor.person_id is None or opinion.person_id != actor.person_id:
        raise Refused("this opinion is not yours")
    with atomic():
        consultation = held(opinion.consultation.code)
        _demand_sorting(consultation)
        opinion = Opinion.objects.select_for_update().get(pk=opinion_id)
        if opinion.group_id is None:
            raise Problem("Your opinion stands for itself already.")
        left = list(
            Opinion.objects.filter(group_id=opinion.group_id).exclude(pk=opinion.pk).values_list("pk", "answer")
        )
        opinion.group, opinion.answer, opinion.told, opinion.state = None, None, None, OpinionState.RECEIVED
        opinion.addendum = {}
        opinion.save(update_fields=["group", "answer", "told", "state", "addendum"])
        if len(left) == 1 and left[0][1] is None:
            # One alone is no group; where it has the group's answer, that stays as it was told.
            Opinion.objects.filter(pk=left[0][0]).update(group=None, state=OpinionState.RECEIVED)
        OpinionGroup.objects.filter(consultation=consultation, opinions__isnull=True).delete()
        audit.record(
            actor=actor, now=now, action="opinion.contest", code=consultation.code, unit_path=consultation.unit.path,
            detail={"opinion": opinion_id},
        )  # fmt: skip
    return opinion


def withhold_opinion(
    *, actor: Actor, now: datetime, code: str, opinion_id: int, reason: Localized, ground: str = ""
) -> Opinion:
    """Keep the words of an opinion from the public page, with a reason code and a public reason; it is answered anyway.

    An empty reason shows them again. Either goes to the moderation log; the author may appeal.
    Raises Refused without ``consultation.run`` there, Problem before the close or for a reason without its code.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    if bool(reason) != (ground in ModerationGround.values):
        raise Problem("Choose one of the reasons of the policy.")
    with atomic():
        consultation = held(code)
        if consultation.state not in (S.CLOSED, S.ANSWERED):
            raise Problem("Opinions are read after the close.")
        opinion = Opinion.objects.select_for_update().get(pk=opinion_id, consultation=consultation)
        opinion.withheld = reason
        opinion.save(update_fields=["withheld"])
        log_withheld(actor=actor, now=now, consultation=consultation, opinion=opinion, ground=ground, note=reason)
        audit.record(
            actor=actor, now=now, action="opinion.withhold" if reason else "opinion.show", code=code,
            unit_path=consultation.unit.path, detail={"opinion": opinion_id},
        )  # fmt: skip
    return opinion


def _demand_sorting(consultation: Consultation) -> None:
    if consultation.state != S.CLOSED:
        raise Problem("Opinions are sorted between the close and the end of the answers.")
