"""What retention erases of evaluations: the roll of those asked, once the result is out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qiao.judge.evaluations.choices import OUT_STATES, State
from qiao.judge.evaluations.models import RollEntry
from qiao.org.retention.rules import Erased, Held, Rule

_OVER = (*OUT_STATES, State.VOID)


def erase_roll(cutoff: datetime, limit: int, held: Held) -> Erased:  # noqa: ARG001 - every eraser is asked alike
    """Erase who was asked and who took a credential; how many were asked and answered stays."""
    due = RollEntry.objects.filter(evaluation__state__in=_OVER)
    rows = held.leave_out(due, code="evaluation__code", path="evaluation__unit__path")
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    RollEntry.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"evaluations.roll:{key}" for key in keys))


ROLL_RULE = Rule(
    "evaluation_roll", _("Who was asked to judge, and who took a credential"), erase_roll,
    event=_("to the publication of the result"), purpose=_("Asking each once"),
    remains=_("How many were asked and how many answered"),
)  # fmt: skip
