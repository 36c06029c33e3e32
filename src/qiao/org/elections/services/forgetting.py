"""What elections forget: names of those not elected, and whoever is erased."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiao.org.elections.choices import ElectionState
from qiao.org.elections.models import Candidate, Signature
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

#: What stands for a name that was taken away, in every language.
NAMELESS = "—"
CHALLENGE = Setting[int](
    "keep.losing_candidates", _("Names of candidates who were not elected"), Kind.DAYS,
    default=30, lowest=1, highest=366, setter=Setter.FEDERATION, action="setting.protect",
    note=_("The time in which an election may be challenged, counted from its confirmation or withdrawal."),
)  # fmt: skip


def erase_losers(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Take the name from those not elected once the election cannot be challenged; post and votes stay."""
    due = Candidate.objects.filter(
        Q(election__state=ElectionState.CONFIRMED, elected=False) | Q(election__state=ElectionState.WITHDRAWN),
        Q(election__decided_at__lt=cutoff) | Q(election__decided_at__isnull=True, election__planned_at__lt=cutoff),
    ).exclude(name__startswith=NAMELESS)
    rows = held.leave_out(due, code="election__code", path="election__unit__path").order_by("pk")[:limit]
    done = []
    for row in rows:
        # The number keeps two nameless candidates for one post apart.
        row.name, row.account = f"{NAMELESS} {row.pk}", None
        row.save(update_fields=["name", "account"])
        done.append(f"elections.candidate:{row.pk}")
    return Erased(tuple(done))


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Drop signatures; leave of candidacies what was published, without the account. How many rows."""
    number = Signature.objects.filter(person_id=person_id).delete()[0]
    return number + Candidate.objects.filter(account__person_id=person_id).update(account=None)


RULE = Rule(
    "losing_candidates", _("Names of candidates who were not elected"), erase_losers, period=CHALLENGE,
    purpose=_("Free choice of the electors, and checking it"), remains=_("Posts and votes"),
)  # fmt: skip
