"""Opening a round, closing it later than planned, and saying that every finding is answered."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, RoundState
from qiao.hear.surveys.models import Questionnaire, QuestionnaireVersion, Round
from qiao.hear.surveys.queries.forms import runtime_of
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.org.settings.queries import value_of
from qiao.publish.services import announce


def open_round(*, actor: Actor, now: datetime, code: str, send: bool = False) -> Round:
    """Put the round into the field. The questionnaire is frozen from here on; both stand in the ledger.

    With ``send`` links go out, by a job, to those invited whom a channel reaches. Opening twice changes nothing.
    Raises Refused without ``round.plan`` at the unit, Problem before the draw or too late.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.plan", survey.unit.path)
        if survey.state == RoundState.FIELDING:
            return survey
        if not rules.may_open(survey, now):
            raise Problem("A round opens after its sample is drawn and before its last day is over.")
        runtime_of(survey.version_id)
        version = QuestionnaireVersion.objects.select_for_update().defer("content").get(pk=survey.version_id)
        questionnaire = Questionnaire.objects.get(pk=version.questionnaire_id)
        if version.frozen is None:
            version.frozen = now
            version.save(update_fields=["frozen"])
            log.append(
                kind="questionnaire.frozen", code=questionnaire.code, now=now,
                content={"version": version.number, "sha256": version.sha256},
            )  # fmt: skip
        today = localdate(now)
        survey.state, survey.opened = RoundState.FIELDING, now
        survey.reminders_most = value_of(rules.REMINDER_MOST, path=survey.unit.path, on=today)
        survey.reminders_after = value_of(rules.REMINDER_AFTER, path=survey.unit.path, on=today)
        survey.save(update_fields=["state", "opened", "reminders_most", "reminders_after"])
        log.append(
            kind="round.opened", code=code, now=now,
            content={
                "questionnaire": questionnaire.code, "version": version.number, "asked": survey.asked,
                "population": survey.population, "invited": survey.invited, "seed": survey.seed,
                "frame": survey.frame_hash,
                "strata": [[row["key"], row["population"], row["invited"]] for row in survey.strata],
                "closes": survey.closes.isoformat(),
            },
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="round.open", code=code, unit_path=survey.unit.path)
        announce(
            actor=actor, now=now, unit=survey.unit, code=code, url=f"/hear/surveys/{code}/",
            title=localized(
                f"调查开始：{survey.title.get('zh-hans', '')}",
                f"A survey is open: {survey.title.get('en', '') or code}",
            ),
            body=localized(
                "受邀会员可用邀请码或登录后作答，任何人都无法把答卷与本人对应。",
                "Invited members answer with their code or after signing in. Nobody can tell which answer is whose.",
            ),
        )  # fmt: skip
        if send and survey.asked in {Asked.CENSUS, Asked.SAMPLE}:
            jobs.defer("surveys.send_links", code=code)
    return survey


def extend_round(*, actor: Actor, now: datetime, code: str, closes: datetime, reason: str) -> Round:
    """Let an open round close later, with a reason that stands in the ledger. The same day again changes nothing.

    Raises Refused without ``round.plan`` at the unit, Problem without a reason, for an earlier day, or when it is over.
    """
    reason = " ".join(reason.split())[:600]
    with atomic():
        survey = locked(code)
        require(actor, "round.plan", survey.unit.path)
        if not rules.takes_answers(survey, now):
            raise Problem("Only an open round can be extended.")
        if closes == survey.closes:
            return survey
        if closes < survey.closes:
            raise Problem("A round is never shortened in silence: close it, and say why.")
        if not reason:
            raise Problem("Say why the round closes later: the reason stands in the ledger.")
        step = {"from": survey.closes.isoformat(), "to": closes.isoformat(), "reason": reason}
        survey.extensions = [*survey.extensions, {**step, "on": localdate(now).isoformat()}]
        survey.closes = closes
        survey.save(update_fields=["extensions", "closes"])
        log.append(kind="round.extended", code=code, now=now, content=step)
        audit.record(actor=actor, now=now, action="round.extend", code=code, unit_path=survey.unit.path)
    return survey


def link_round(*, now: datetime, code: str, answered: int, needs: int) -> Round:
    """Say that every finding of a published round is answered, by an action or by "no, because".

    Called by the needs in the transaction that answers one of them, whoever did: it asks for no permission of its own.
    Nothing changes before ``answered`` is as many as the published ``needs``, nor the second time.
    """
    with atomic():
        survey = locked(code)
        if survey.state == RoundState.PUBLISHED and rules.is_linked(answered, needs):
            survey.state, survey.linked = RoundState.LINKED, now
            survey.save(update_fields=["state", "linked"])
            log.append(kind="round.linked", code=code, now=now, content={"findings": needs})
    return survey
