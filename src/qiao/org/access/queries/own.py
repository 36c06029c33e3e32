"""Roles and ties of one person, for their own page and download, and what of it stands against erasing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext

from qiao.base.i18n import day_text, pick
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.people.choices import RefusalGround
from qiao.org.people.rules import Bar, OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Roles of the account of a person, now and before, and the ties to employers it declared."""
    rows = RoleGrant.objects.filter(account__person_id=person_id).select_related("unit").order_by("-since", "-pk")
    lines = tuple(
        OwnLine(
            str(row.get_role_display()), pick(row.unit.name),
            f"{day_text(row.since)} – {day_text(row.until) if row.until else gettext('today')}",
        )
        for row in rows
    )  # fmt: skip
    return [
        OwnGroup("roles", gettext("Roles I have on the platform"), lines, gettext("Who may do what, and since when.")),
        _ties(person_id),
    ]


def _ties(person_id: int) -> OwnGroup:
    rows = TieDeclaration.objects.filter(account__person_id=person_id).select_related("employer").order_by("-since")
    lines = tuple(
        OwnLine(
            row.employer.name, str(row.get_kind_display()),
            f"{day_text(row.since)} – {day_text(row.until) if row.until else gettext('today')}",
        )
        for row in rows
    )  # fmt: skip
    return OwnGroup(
        "ties", gettext("Ties to employers I declared"), lines,
        gettext("So that others decide what concerns these employers. Who the kin are is not kept."),
    )  # fmt: skip


def own_bars(person_id: int, now: datetime) -> list[Bar]:
    """Roles that are still held."""
    rows = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=localdate(now)), account__person_id=person_id
    ).select_related("unit")
    return [
        Bar(
            RefusalGround.LEGAL_DUTY,
            gettext("The role “%(role)s” in %(unit)s is still held: have it ended first.")
            % {"role": row.get_role_display(), "unit": pick(row.unit.name)},
        )
        for row in rows.order_by("pk")
    ]
