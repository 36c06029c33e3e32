"""Candidacies of one person, and petitions they signed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, pick
from qiao.org.elections.models import Candidate, Signature
from qiao.org.elections.rules import OPEN
from qiao.org.people.choices import RefusalGround
from qiao.org.people.rules import Bar, OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Where the person stood for election, and which running petitions they signed; nobody else sees the latter."""
    stood = Candidate.objects.filter(account__person_id=person_id).select_related("election__unit").order_by("-pk")
    signed = Signature.objects.filter(person_id=person_id).select_related("motion__unit").order_by("-pk")
    return [
        OwnGroup(
            "candidacies", _("Where I stood for election"),
            tuple(
                OwnLine(
                    f"{row.election.code} · {pick(row.election.unit.name)}",
                    f"{row.name} · {row.get_post_display()}",
                    str(day_text(row.election.day)),
                )
                for row in stood
            ),
            _("Names of those not elected are erased when the election can no longer be challenged."),
        ),
        OwnGroup(
            "signatures", _("Petitions I signed"),
            tuple(
                OwnLine(f"{row.motion.code} · {pick(row.motion.unit.name)}", str(row.motion.get_kind_display()))
                for row in signed
            ),
            _("Only I see this. Erased when the petition is over."),
        ),
    ]  # fmt: skip


def own_bars(person_id: int, now: datetime) -> list[Bar]:  # noqa: ARG001 - all are asked alike
    """Elections under way in which the person stands."""
    codes = Candidate.objects.filter(account__person_id=person_id, withdrawn=False, election__state__in=OPEN)
    return [
        Bar(RefusalGround.HOLD, _("The election %(code)s, in which the person stands, is under way.") % {"code": code})
        for code in codes.order_by("pk").values_list("election__code", flat=True).distinct()
    ]
