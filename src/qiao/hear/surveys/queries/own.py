"""What surveys hold about one person: that they were invited. Which answer is theirs stands nowhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.hear.surveys.models import Invitation
from qiao.org.people.rules import OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Rounds to which the person was invited, and whether an answer came."""
    rows = Invitation.objects.filter(person_id=person_id).select_related("round").order_by("-round_id")
    lines = tuple(
        OwnLine(f"{row.round.code} · {pick(row.round.title)}", _("invited; answered") if row.answered else _("invited"))
        for row in rows
    )
    return [
        OwnGroup(
            "surveys", _("Surveys I was invited to"), lines,
            _("To ask everybody once. Which answer is mine stands nowhere. Erased 90 days after the close."),
        )
    ]  # fmt: skip
