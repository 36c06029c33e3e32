"""What needs keep about one person: seats on user panels and what is followed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, pick
from qiao.hear.needs.models import Follower, UserSeat
from qiao.org.people.rules import OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Panels the person was drawn for, and needs followed by the person's account."""
    seats = [
        OwnLine(_("Drawn for a user panel"), f"{pick(seat.sheet.title)} {seat.sheet.code}")
        for seat in UserSeat.objects.filter(person_id=person_id).select_related("sheet").order_by("pk")
    ]
    followed = [
        OwnLine(_("Need I follow"), pick(row.need.title), str(day_text(row.since)))
        for row in Follower.objects.filter(account__person_id=person_id).select_related("need").order_by("pk")
    ]
    return [
        OwnGroup(
            "needs",
            _("Needs I follow, panels I was drawn for"),
            (*followed, *seats),
            _("To tell me what becomes of a need, and to hear me on tasks. What I said is shown in counts only."),
        )
    ]
