"""The privacy check: somebody other than the owner looks at the plan before anybody is drawn (handbook C04)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require, require_other
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, CheckOutcome, RoundState
from qiao.hear.surveys.models import Invitation, PrivacyCheck, Round
from qiao.hear.surveys.queries.checking import POINTS, sheet_of
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.org.settings.queries import value_of

#: States from which a plan can still go back to its owner: nobody has been asked yet.
_BEFORE_FIELDING = frozenset({RoundState.PLANNED, RoundState.PRIVACY_CHECKED, RoundState.SAMPLED})


def pass_plan(
    *, actor: Actor, now: datetime, code: str, sensitive: Sequence[str] = (), points: Mapping[str, bool] | None = None
) -> Round:
    """Pass a plan: the seed of the draw is committed to in the ledger, before anybody knows the frame.

    ``points``: which points of the sheet the officer saw held; all must be. ``sensitive``: questions marked sensitive.
    Passing twice changes nothing. Raises Refused without ``round.check``, Problem for the owner, for a point not held,
    a plan without purpose or a questionnaire that asks for what is never held.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.check", survey.unit.path)
        if survey.state == RoundState.PRIVACY_CHECKED:
            return survey
        require_other(actor, survey.planned_by_id)
        if not rules.may_check(survey):
            raise Problem("The plan has been passed already.")
        held = dict(points or {})
        sheet = sheet_of(survey)
        missing = [str(label) for key, label in POINTS if not held.get(key)]
        if missing:
            raise Problem(
                "Not every point is held: send the plan back, or look again at “%(point)s”.", point=missing[0]
            )
        if not survey.purpose:
            raise Problem("The plan does not say what the answers are needed for: send it back.")
        if sheet.faults:
            raise Problems(list(sheet.faults))
        unknown = sorted(set(sensitive) - {question.name for question in sheet.questions})
        if unknown:
            raise Problem("The questionnaire has no question “%(name)s”.", name=unknown[0])
        _note(survey, actor, now, CheckOutcome.PASSED, sensitive=sensitive, points=held)
        survey.state = RoundState.PRIVACY_CHECKED
        if survey.asked != Asked.VOLUNTEERS:
            commit_seed(survey, now)
        survey.save(update_fields=["state", "nonce", "commitment"])
        audit.record(
            actor=actor, now=now, action="round.check", code=code, unit_path=survey.unit.path,
            detail={"sensitive": len(sensitive)},
        )  # fmt: skip
    return survey


def refuse_plan(
    *, actor: Actor, now: datetime, code: str, reason: str, sensitive: Sequence[str] = (),
    points: Mapping[str, bool] | None = None,
) -> Round:  # fmt: skip
    """Send a plan back to its owner, with the reason; a draw made already is void. Until the round opens.

    Raises Refused without ``round.check``, Problem without a reason, for the owner, or when people have been asked.
    """
    reason = " ".join(reason.split())[:2000]
    if not reason:
        raise Problem("Say why the plan goes back: its owner has to mend it.")
    with atomic():
        survey = locked(code)
        require(actor, "round.check", survey.unit.path)
        require_other(actor, survey.planned_by_id)
        if survey.state not in _BEFORE_FIELDING:
            raise Problem("People have been asked already: the plan cannot go back.")
        newest = survey.checks.first()
        if survey.state == RoundState.PLANNED and newest is not None and newest.reason == reason:
            return survey
        _note(survey, actor, now, CheckOutcome.REFUSED, sensitive=sensitive, points=dict(points or {}), reason=reason)
        if survey.seed:
            log.append(
                kind="round.draw_void", code=code, now=now, content={"seed": survey.seed, "frame": survey.frame_hash}
            )
        Invitation.objects.filter(round=survey).delete()
        survey.state, survey.drawn, survey.drawn_by, survey.codes_made = RoundState.PLANNED, None, None, None
        survey.seed = survey.nonce = survey.commitment = survey.frame_hash = ""
        survey.strata, survey.clusters, survey.frame_day, survey.invited = [], [], None, 0
        survey.save()
        audit.record(actor=actor, now=now, action="round.refuse", code=code, unit_path=survey.unit.path)
    return survey


def commit_seed(survey: Round, now: datetime) -> None:
    """A secret number whose hash stands in the ledger before the frame is frozen; the caller saves both."""
    survey.nonce = secrets.token_hex(32)
    survey.commitment = hashlib.sha256(survey.nonce.encode()).hexdigest()
    log.append(kind="round.committed", code=survey.code, now=now, content={"commitment": survey.commitment})


def _note(
    survey: Round, actor: Actor, now: datetime, outcome: CheckOutcome, *, sensitive: Sequence[str],
    points: dict[str, bool], reason: str = "",
) -> None:  # fmt: skip
    PrivacyCheck.objects.create(
        round=survey, outcome=outcome, sensitive=sorted(set(sensitive)),
        points={key: bool(points.get(key)) for key, _label in POINTS}, reason=reason, at=now, by_id=actor.account_id,
        retention_days=value_of(rules.RAW_RETENTION, path=survey.unit.path, on=localdate(now)),
    )  # fmt: skip
