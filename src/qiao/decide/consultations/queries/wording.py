"""An opinion and its answer in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import OpinionState, Outcome
from qiao.decide.consultations.models import Opinion

#: How much of an opinion stands in a list.
EXCERPT = 40


def state_text(opinion: Opinion) -> str:
    """Where an opinion stands, with the outcome where it has one."""
    if opinion.answer is not None:
        return str(Outcome(opinion.answer.outcome).label)
    return str(OpinionState(opinion.state).label)


def answer_text(opinion: Opinion) -> str:
    """The answer as a text: outcome, reason, personal word; "" while there is none."""
    if opinion.answer is None:
        return ""
    parts = [
        _("%(outcome)s, because: %(reason)s")
        % {"outcome": Outcome(opinion.answer.outcome).label, "reason": pick(opinion.answer.reason)},
        pick(opinion.addendum),
    ]
    return "\n\n".join(part for part in parts if part)


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"
