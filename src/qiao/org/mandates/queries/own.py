"""Posts one person holds or has held."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, pick
from qiao.org.mandates.models import Mandate
from qiao.org.people.choices import RefusalGround
from qiao.org.people.rules import Bar, OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Posts, with dates and the public channel."""
    lines = tuple(
        OwnLine(
            f"{row.get_post_display()} · {pick(row.unit.name)}",
            f"{row.name} · {row.channel}" if row.channel else row.name,
            f"{day_text(row.since)} – {day_text(row.until) if row.until else _('today')}",
        )
        for row in Mandate.objects.filter(_of(person_id)).select_related("unit").order_by("-since", "-pk")
    )
    return [
        OwnGroup(
            "posts", _("Posts I hold or have held"), lines,
            _("Who held which post of the union stays on record, with name and dates; channels go with the post."),
        )
    ]  # fmt: skip


def own_bars(person_id: int, now: datetime) -> list[Bar]:
    """Posts that are still held."""
    today = localdate(now)
    running = Mandate.objects.filter(_of(person_id), Q(until__isnull=True) | Q(until__gt=today)).select_related("unit")
    return [
        Bar(
            RefusalGround.LEGAL_DUTY,
            _("The post “%(post)s” in %(unit)s is still held: lay it down first.")
            % {"post": row.get_post_display(), "unit": pick(row.unit.name)},
        )
        for row in running
    ]


def _of(person_id: int) -> Q:
    return Q(person_id=person_id) | Q(account__person_id=person_id)
