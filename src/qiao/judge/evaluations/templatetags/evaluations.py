"""Figures of an evaluation in a list."""

from __future__ import annotations

from django import template

from qiao.judge.evaluations.choices import Indicator
from qiao.judge.evaluations.models import Evaluation, Figure

register = template.Library()


@register.filter
def satisfaction(evaluation: Evaluation) -> Figure | None:
    """The satisfaction figure of a published evaluation whose figures were fetched with it."""
    return next((row for row in evaluation.figures.all() if row.indicator == Indicator.SATISFACTION), None)


@register.filter
def response_rate(evaluation: Evaluation) -> float | None:
    """Answers as a share of those asked; None before the close."""
    if evaluation.received is None or not evaluation.asked:
        return None
    return evaluation.received / evaluation.asked
