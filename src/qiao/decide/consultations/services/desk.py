"""The answering desk: suggestions, merging and splitting, giving groups to offices, drafts, templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.problems import Problem
from qiao.base.sentences import encode
from qiao.base.telling import Message, tell
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.choices import OpinionState, Outcome, SuggestionState
from qiao.decide.consultations.models import (
    AnswerTemplate,
    Assignment,
    Consultation,
    Opinion,
    OpinionGroup,
    Suggestion,
    SuggestionRun,
)
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.queries.desk import drafters
from qiao.decide.consultations.rules import answer_due
from qiao.decide.consultations.rules.desk import DRAFT_WITHIN
from qiao.decide.consultations.services.answer import answer_opinions
from qiao.decide.consultations.services.locks import held
from qiao.decide.consultations.services.sort import group_opinions
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit
from qiao_stats.opinion import group_alike
from qiao_stats.topics import keywords, words_of

#: Words a suggestion is named by.
_WORDS = 5
#: More groups than these are not suggested at once: they are read one by one.
_MOST = 400


def suggest_groups(*, actor: Actor, now: datetime, code: str) -> SuggestionRun:
    """Ask for groups of opinions that seem to say the same; a job works them out. Asking again does so anew.

    Raises Refused without ``consultation.run`` there, Problem unless the consultation is being answered.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        _demand_answering(consultation)
        run, _new = SuggestionRun.objects.update_or_create(
            consultation=consultation, defaults={"asked": now, "ready": None}
        )
        jobs.defer("consultations.work_out_suggestions", consultation_id=consultation.pk)
        audit.record(actor=actor, now=now, action="opinion.suggest", code=code, unit_path=consultation.unit.path)
    return run


def work_out_suggestions(*, now: datetime, consultation_id: int) -> int:
    """Group what stands in no group yet by likeness, clause by clause; how many groups are suggested."""
    waiting = list(
        Opinion.objects.filter(consultation_id=consultation_id, answer__isnull=True, group__isnull=True)
        .exclude(text="")
        .order_by("pk")
        .values_list("pk", "text", "likeness", "clause_id")
    )
    # Identical words on one clause are one text, so that a copied text does not become the middle of everything.
    first: dict[tuple[str, int | None], int] = {}
    copies: list[list[int]] = []
    texts: list[str] = []
    clauses: list[int] = []
    for pk, text, mark, clause in waiting:
        place = first.setdefault((mark, clause), len(texts))
        if place == len(texts):
            texts.append(text)
            copies.append([])
            clauses.append(clause or 0)
        copies[place].append(pk)
    # The slow part stands outside the transaction.
    groups = group_alike(encode(texts), partition=np.array(clauses, dtype=np.int64)) if texts else []
    groups = groups[:_MOST]
    labels = np.full(len(texts), -1, dtype=np.int64)
    for number, group in enumerate(groups):
        labels[list(group.members)] = number
    named = keywords([words_of(text) for text in texts], labels, count=len(groups)) if groups else []
    made = [
        Suggestion(
            consultation_id=consultation_id, loosest=group.loosest, words=list(named[number])[:_WORDS],
            opinion_ids=[pk for member in group.members for pk in copies[member]],
        )
        for number, group in enumerate(groups)
    ]  # fmt: skip
    made.sort(key=lambda one: -len(one.opinion_ids))
    with atomic():
        SuggestionRun.objects.select_for_update().filter(consultation_id=consultation_id).update(ready=now)
        Suggestion.objects.filter(consultation_id=consultation_id, state=SuggestionState.OPEN).delete()
        Suggestion.objects.bulk_create(made)
    return len(made)


def take_suggestion(
    *, actor: Actor, now: datetime, code: str, suggestion_id: int, opinion_ids: Sequence[int], title: Localized
) -> OpinionGroup:
    """Put together what the officer left ticked of a suggestion. Raises as `group_opinions`, Problem if it is settled.

    Opinions that are not of the suggestion are refused: they were not looked at.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        suggestion = _open_suggestion(code, suggestion_id)
        if not set(opinion_ids) <= set(suggestion.opinion_ids):
            raise Problem("Tick only opinions of this suggestion.")
        group = group_opinions(actor=actor, now=now, code=code, opinion_ids=opinion_ids, title=title)
        _settle(suggestion, SuggestionState.TAKEN, actor, now)
    return group


def refuse_suggestion(*, actor: Actor, now: datetime, code: str, suggestion_id: int) -> None:
    """Leave these opinions apart. Raises Refused without ``consultation.run`` there, Problem if it is settled."""
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        _settle(_open_suggestion(code, suggestion_id), SuggestionState.REFUSED, actor, now)


def assign_group(
    *, actor: Actor, now: datetime, code: str, group_id: int, account_id: int, unit: Unit, due: date | None = None
) -> Assignment:
    """Give a group to an officer of an office, who prepares its answer by ``due`` (else by the setting).

    Raises Refused without ``consultation.run`` there; Problem for an officer who may not prepare answers there, a day
    that is over or after the answers are due, or a group that has its answer.
    """
    path = consultation_by_code(code).unit.path
    require(actor, "consultation.run", path)
    today = localdate(now)
    with atomic():
        consultation = held(code)
        _demand_answering(consultation)
        group = OpinionGroup.objects.select_for_update().filter(pk=group_id, consultation=consultation).first()
        if group is None or not group.opinions.filter(answer__isnull=True).exists():
            raise Problem("This group has been answered or taken apart meanwhile: look at the list again.")
        if (account_id, unit.pk) not in {(account, at) for account, at, _name in drafters(path, today)}:
            raise Problem("Choose an officer who may prepare answers in this office.")
        last = max(localdate(answer_due(consultation)), today)
        if due is None:
            due = min(today + timedelta(days=value_of(DRAFT_WITHIN, path=path, on=today)), last)
        if not today <= due <= last:
            raise Problem("Choose a day from today to %(last)s, when the answers are due.", last=last)
        assignment, _new = Assignment.objects.update_or_create(
            group=group, defaults={"unit": unit, "account_id": account_id, "due": due, "given": now,
                                   "given_by": actor.account_id},
        )  # fmt: skip
        jobs.defer("consultations.tell_assigned", assignment_id=assignment.pk)
        audit.record(
            actor=actor, now=now, action="opinion.assign", code=code, unit_path=path,
            detail={"group": group_id, "unit": unit.label, "due": due.isoformat()},
        )  # fmt: skip
    return assignment


def draft_answer(
    *, actor: Actor, now: datetime, code: str, group_id: int, outcome: str, reason: Localized, revision: int
) -> Assignment:
    """Prepare the answer to a group given to one; the deciders give it. ``revision``: the draft one has read.

    Raises Refused for anybody but the officer it was given to and the deciders; Problem without outcome or reason, with
    blanks left in it, where another draft came between, or once the group has its answer.
    """
    assignment = Assignment.objects.select_related("group__consultation__unit").get(
        group_id=group_id, group__consultation__code=code
    )
    path = assignment.group.consultation.unit.path
    if not actor.did(assignment.account_id) and not actor.may("opinion.answer", path):
        raise Refused("this group was not given to you")
    check_answer(outcome, reason)
    with atomic():
        consultation = held(code)
        _demand_answering(consultation)
        assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if not Opinion.objects.filter(group_id=group_id, answer__isnull=True).exists():
            raise Problem("This group has been answered or taken apart meanwhile: look at the list again.")
        if assignment.revision != revision:
            raise Problem("Somebody else has changed this draft meanwhile: read theirs, then write yours.")
        assignment.outcome, assignment.reason = outcome, reason
        assignment.drafted, assignment.drafted_by = now, actor.account_id
        assignment.revision += 1
        assignment.save(update_fields=["outcome", "reason", "drafted", "drafted_by", "revision"])
        audit.record(
            actor=actor, now=now, action="opinion.draft", code=code, unit_path=path, detail={"group": group_id}
        )
    return assignment


def sign_draft(*, actor: Actor, now: datetime, code: str, group_id: int, revision: int) -> int:
    """Give the drafted answer as it stands; how many opinions it answers. Raises as `answer_opinions` does.

    Problem where the draft was changed since it was read, so that nobody signs what they have not seen.
    """
    require(actor, "opinion.answer", consultation_by_code(code).unit.path)
    with atomic():
        held(code)
        assignment = Assignment.objects.select_for_update(of=("self",)).get(
            group_id=group_id, group__consultation__code=code
        )
        if assignment.drafted is None:
            raise Problem("No answer to this group is drafted yet.")
        if assignment.revision != revision:
            raise Problem("Somebody else has changed this draft meanwhile: read it again, then give it.")
        ids = list(Opinion.objects.filter(group_id=group_id, answer__isnull=True).values_list("pk", flat=True))
        if not ids:
            return 0
        return answer_opinions(
            actor=actor, now=now, code=code, opinion_ids=ids, outcome=assignment.outcome, reason=assignment.reason
        )


def keep_template(
    *, actor: Actor, now: datetime, unit: Unit, outcome: str, title: Localized, text: Localized
) -> AnswerTemplate:
    """Keep words an answer may begin with, for the unit and all below it.

    Raises Refused without ``opinion.answer`` at the unit, Problem without outcome, title or text.
    """
    require(actor, "opinion.answer", unit.path)
    if outcome not in Outcome.values:
        raise Problem("Choose what becomes of the opinion: adopted, partly adopted or not adopted.")
    if not title or not text:
        raise Problem("A template needs a name and its words.")
    with atomic():
        made = AnswerTemplate.objects.create(
            unit=unit, outcome=outcome, title=title, text=text, made=now, made_by=actor.account_id
        )
        audit.record(actor=actor, now=now, action="template.keep", code="", unit_path=unit.path,
                     detail={"template": made.pk})  # fmt: skip
    return made


def retire_template(*, actor: Actor, now: datetime, template_id: int) -> None:
    """Offer a template no more; answers given with it stay. Twice is harmless. Raises Refused as `keep_template`."""
    made = AnswerTemplate.objects.select_related("unit").get(pk=template_id)
    require(actor, "opinion.answer", made.unit.path)
    with atomic():
        if AnswerTemplate.objects.filter(pk=template_id, retired__isnull=True).update(retired=now):
            audit.record(actor=actor, now=now, action="template.retire", code="", unit_path=made.unit.path,
                         detail={"template": template_id})  # fmt: skip


def tell_assigned(*, now: datetime, assignment_id: int) -> bool:
    """Tell an officer that a group was given to them; whether anybody was told."""
    row = Assignment.objects.select_related("group__consultation").filter(pk=assignment_id).first()
    if row is None:
        return False
    return tell(
        Message(
            subject=in_every_language(noop("An answer to prepare: %(title)s"), title=row.group.title),
            text=in_every_language(noop("Please prepare the answer by %(day)s."), day=row.due),
            url=reverse("consultations:draft_answer", args=[row.group.consultation.code, row.group_id]),
            account_id=row.account_id,
        ),
        now,
    )


def check_answer(outcome: str, reason: Localized) -> None:
    """Raise Problem unless this is a whole answer: an outcome, a reason, and no blank of a template left open."""
    if outcome not in Outcome.values:
        raise Problem("Choose what becomes of the opinion: adopted, partly adopted or not adopted.")
    if not reason:
        raise Problem("Give the reason: every answer has one, an adopted opinion too.")
    if any("［" in text and "］" in text for text in reason.values()):
        raise Problem("Fill in the blanks of the template, the places in ［ ］, or take them out.")


def split_group(
    *, actor: Actor, now: datetime, code: str, group_id: int, opinion_ids: Sequence[int], title: Localized
) -> OpinionGroup | None:
    """Take some opinions out of a group: two or more become a group of their own, a single one stands for itself.

    Every opinion stays, with its author and receipt, in exactly one place. Returns the new group, if there is one.
    Raises Refused without ``consultation.run`` there; Problem for opinions that are not of the group, for all of them
    at once, or without a title for the new group.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    wanted = set(opinion_ids)
    with atomic():
        consultation = held(code)
        _demand_answering(consultation)
        inside = set(
            Opinion.objects.filter(consultation=consultation, group_id=group_id, answer__isnull=True)
            .values_list("pk", flat=True)
        )  # fmt: skip
        if not wanted or not wanted <= inside:
            raise Problem("Tick opinions of this group.")
        if wanted == inside:
            raise Problem("These are all of the group: leave at least one in it.")
        if len(wanted) > 1:
            made = group_opinions(actor=actor, now=now, code=code, opinion_ids=sorted(wanted), title=title)
        else:
            made = None
            Opinion.objects.filter(pk__in=wanted).update(group=None, state=OpinionState.RECEIVED)
            audit.record(
                actor=actor, now=now, action="opinion.ungroup", code=code, unit_path=consultation.unit.path,
                detail={"group": group_id, "opinions": sorted(wanted)},
            )  # fmt: skip
        if len(inside - wanted) == 1:
            Opinion.objects.filter(pk__in=inside - wanted).update(group=None, state=OpinionState.RECEIVED)
            OpinionGroup.objects.filter(pk=group_id, opinions__isnull=True).delete()
    return made


def _open_suggestion(code: str, suggestion_id: int) -> Suggestion:
    found = (
        Suggestion.objects.select_for_update()
        .filter(pk=suggestion_id, consultation__code=code, state=SuggestionState.OPEN)
        .first()
    )
    if found is None:
        raise Problem("Somebody else has settled this suggestion meanwhile.")
    return found


def _settle(suggestion: Suggestion, state: SuggestionState, actor: Actor, now: datetime) -> None:
    suggestion.state, suggestion.settled, suggestion.settled_by = state, now, actor.account_id
    suggestion.save(update_fields=["state", "settled", "settled_by"])


def _demand_answering(consultation: Consultation) -> None:
    if consultation.state != S.CLOSED:
        raise Problem("Opinions are sorted between the close and the end of the answers.")
