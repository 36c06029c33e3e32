"""Doors to the yearly table and the inputs, and what they say on a unit's page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import day_text, percent_text, pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem, Door, Panel, PanelLine
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import InputKind, InputState, TableAxis
from qiao.org.yearbook.models import AllocationInput, Edition, YearRow
from qiao.org.yearbook.queries.assurance import owed
from qiao.org.yearbook.queries.inputs import base_share


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - the shell asks all apps alike
    """Inputs a unit contests, for those who decide and did not enter them; certificates an auditor owes."""
    condition = Q(pk__in=[])
    for path in actor.paths("allocation.enter"):
        condition |= Q(unit__path__startswith=path) & ~Q(unit__path=path)
    rows = (
        AllocationInput.objects.filter(condition, state=InputState.CONTESTED)
        .exclude(entered_by_id__in=actor.own_accounts)
        .exclude(contested_by_id__in=actor.own_accounts)
        .exclude(actor.tied_to("unit__path"))
        .select_related("unit")
        .order_by("contested")[:50]
    )
    certificates = [
        DeskItem(
            due=until,
            title=_("Register behind the yearly table %(year)d") % {"year": year},
            stage=Stage.JUDGE,
            unit=pick(unit.name),
            next_step=_("Publish the assurer's certificate"),
            url=reverse("yearbook:assure", args=[unit.label, year]),
        )
        for unit, year, until in owed(actor)
    ]
    return certificates + [
        DeskItem(
            due=None,
            title=_("Contested: %(input)s") % {"input": InputKind(row.kind).label},
            stage=Stage.DELIVER,
            unit=pick(row.unit.name),
            next_step=_("Decide with a reason"),
            url=reverse("yearbook:decide", args=[row.unit.label, row.pk]),
        )
        for row in rows
    ]


def desk_doors(*, actor: Actor) -> list[Door]:
    """The yearly table, for officers."""
    if not actor.is_officer:
        return []
    return [Door("", _("Yearly table"), reverse("yearbook:latest"), _("Computed, never typed"))]


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks all apps alike
    """Inputs of allocation of this unit."""
    above = unit.path[:-5] or unit.path
    if not (actor.may("allocation.enter", above) or actor.may("allocation.contest", unit.path)):
        return []
    return [
        Door(
            "",
            _("Inputs of allocation"),
            reverse("yearbook:inputs", args=[unit.label]),
            _("What need is computed from"),
        )
    ]


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - the shell asks all alike
    """The yearly table in three lines, and how much of the money reaches the base."""
    edition = Edition.objects.order_by("-year").first()
    row = (
        YearRow.objects.filter(edition=edition, unit=unit, axis=TableAxis.PLACE).order_by("pk").first()
        if edition
        else None
    )
    lines: list[PanelLine] = []
    if row is not None:
        for key, label in (
            ("members", _("Members")),
            ("unions", _("Base unions")),
            ("full_time", _("Full-time officers")),
        ):
            if row.figures.get(key):
                lines.append(PanelLine(label, _("hidden") if key in row.hidden else f"{row.figures[key]:,}"))
    share = base_share(unit)
    if share is not None:
        lines.append(
            PanelLine(
                _("Share of the budget reaching the base"),
                _("%(share)s of %(total)s yuan (%(year)d)")
                % {"share": percent_text(share.share, 1), "total": f"{share.total:,.0f}", "year": share.day.year},
            )
        )
    if not lines or edition is None:
        return []
    more = Door("", _("The whole yearly table"), reverse("yearbook:table", args=[unit.label, edition.year]))
    return [Panel(_("Yearly table"), tuple(lines), more, _("As of %(day)s.") % {"day": day_text(edition.as_of)})]
