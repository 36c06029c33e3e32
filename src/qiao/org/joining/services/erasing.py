"""What retention erases of joining: applications that did not lead to membership."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qiao.org.appeals.models import Appeal
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.retention.rules.periods import REFUSED_APPLICATIONS


def erase_refused(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase applications refused or withdrawn before ``cutoff``, unless an objection to one is still open."""
    due = Application.objects.filter(state__in=[State.REFUSED, State.WITHDRAWN], decided__lt=cutoff)
    due = due.exclude(code__in=Appeal.objects.filter(decided__isnull=True).values("subject"))
    rows = held.leave_out(due, code="code", path="unit__path").order_by("decided", "pk")
    chosen = list(rows.values_list("pk", "code")[:limit])
    Application.objects.filter(pk__in=[key for key, _code in chosen]).delete()
    return Erased(tuple(f"joining.application:{code}" for _key, code in chosen))


REFUSED_RULE = Rule(
    "refused_applications",
    _("Applications that were refused or withdrawn"),
    erase_refused,
    period=REFUSED_APPLICATIONS,
    purpose=_("Answering an objection to the refusal"),
    remains=_("That a decision was taken, in the audit log; the receipt says that the rest is erased"),
)
