"""Base unions' own questionnaire: one answer for each union, given by its officers."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.models import Invitation
from qiao.hear.surveys.services.answers import code_hash
from qiao.hear.surveys.services.rounds.codes import link_code
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.org.units.models import Unit


def union_code(*, actor: Actor, now: datetime, code: str, unit: Unit) -> str:
    """The single-use code by which an officer answers for a base union; the same each time until it has answered.

    The answer is cut from it as every other: it knows the stratum, not the union. Raises Refused without
    ``round.answer_union`` at the union, Problem where it was not asked, has answered, or the round is not open.
    """
    require(actor, "round.answer_union", unit.path)
    with atomic():
        survey = locked(code)
        if survey.asked != Asked.BASE_UNIONS or not rules.takes_answers(survey, now):
            raise Problem("This survey does not ask base unions now.")
        invitation = Invitation.objects.filter(round=survey, unit_id=unit.pk).first()
        if invitation is None:
            raise Problem("This union was not asked.")
        if invitation.answered:
            raise Problem("This union has answered already: the first answer stays.")
        secret = link_code(survey, invitation.pk)
        Invitation.objects.filter(pk=invitation.pk).update(code_hash=code_hash(secret))
    return secret
