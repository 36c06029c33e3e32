"""The clock of the answers: which rule a consultation keeps, and until when every opinion is owed its answer."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.deadlines import due
from qiao.decide.consultations.models import Consultation
from qiao.decide.consultations.rules import ANSWER_WITHIN, OPEN_DAYS, PAPERS
from qiao.org.settings.queries import calendar_of, rulings


def take_rules(consultation: Consultation, now: datetime) -> tuple[str, ...]:
    """Take the periods in force today over; until the notice they may change, after it they stand. Fields set."""
    found = rulings([OPEN_DAYS, ANSWER_WITHIN, PAPERS], path=consultation.unit.path, on=localdate(now))
    consultation.customary_days = found[OPEN_DAYS.key].value
    consultation.answer_days = found[ANSWER_WITHIN.key].value
    consultation.papers_days = found[PAPERS.key].value
    return ("customary_days", "answer_days", "papers_days", *set_due(consultation, now))


def set_due(consultation: Consultation, now: datetime) -> tuple[str, ...]:
    """Compute anew until when the answers are due: after the notice, whenever the close moves. Fields set."""
    calendar = calendar_of(consultation.unit.path, localdate(now))
    consultation.answer_due = due(consultation.closes, ANSWER_WITHIN.span(consultation.answer_days), calendar)
    return ("answer_due",)
