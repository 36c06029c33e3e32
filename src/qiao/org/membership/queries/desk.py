"""What waits for officers in the register."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem
from qiao.org.membership.choices import BatchState, ExportState, TwinState
from qiao.org.membership.models import ImportBatch, Membership
from qiao.org.membership.queries.exports import waiting_exports
from qiao.org.membership.queries.imports import ties_in, waiting_batches
from qiao.org.membership.queries.twins import holds_at, twins_at
from qiao.org.retention.rules.periods import STAGING
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit
from qiao.org.units.queries import root_unit


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Imports to match, hand over or confirm, members to receive, exports to decide or take."""
    admits = actor.paths("member.admit")
    items = [item for batch in waiting_batches(admits) if (item := _import_item(batch, actor, now))]
    items += _arrivals(admits, actor)
    items += [item for path in admits for item in _after_imports(path, actor)]
    for export in waiting_exports(actor.paths("member.export"), now):
        own = actor.did(export.asked_by_id)
        if actor.tied(export.unit.path, whole=True) or own == (export.state == ExportState.ASKED):
            continue
        items.append(
            DeskItem(
                due=export.expires,
                title=_("Export of the register: %(code)s") % {"code": export.code},
                stage=Stage.HEAR,
                unit=pick(export.unit.name),
                next_step=_("Take the file") if own else _("Approve or refuse"),
                url=reverse("membership:exports", args=[export.unit.label]),
            )
        )
    return items


def _after_imports(path: str, actor: Actor) -> list[DeskItem]:
    """Pairs to decide and persons who wait, one item each for a subtree."""
    unit = Unit.objects.filter(path=path).order_by("pk").first() or root_unit()
    if unit is None:
        return []
    # A pair of two units that this officer proposed waits for somebody else.
    mine = Q(state=TwinState.PROPOSED, proposed_by_id__in=actor.own_accounts)
    found = (
        twins_at(path)
        .exclude(mine)
        .exclude(actor.tied_to("left_unit__path"))
        .exclude(actor.tied_to("right_unit__path"))
    )
    waiting = holds_at(path).exclude(reason="twin").exclude(actor.tied_to("unit__path"))
    pairs, holds = found.count(), waiting.count()
    items = []
    if pairs:
        items.append(
            DeskItem(
                due=None,
                title=_("Perhaps the same person"),
                stage=Stage.HEAR,
                unit=pick(unit.name),
                next_step=ngettext("%(number)d pair to decide", "%(number)d pairs to decide", pairs)
                % {"number": pairs},
                url=reverse("membership:twins", args=[unit.label]),
            )
        )
    if holds:
        items.append(
            DeskItem(
                due=None,
                title=_("Waiting after an import"),
                stage=Stage.HEAR,
                unit=pick(unit.name),
                next_step=ngettext("%(number)d person to settle", "%(number)d persons to settle", holds)
                % {"number": holds},
                url=reverse("membership:held", args=[unit.label]),
            )
        )
    return items


def _import_item(batch: ImportBatch, actor: Actor, now: datetime) -> DeskItem | None:
    own = actor.did(batch.uploaded_by_id)
    if own == (batch.state == BatchState.WAITING) or (not own and ties_in(batch, actor)):
        return None
    steps = {
        BatchState.UPLOADED.value: _("Match the columns"),
        BatchState.MATCHED.value: _("Look through it and hand it over"),
        BatchState.WAITING.value: _("Confirm as second person"),
    }
    return DeskItem(
        due=batch.uploaded + timedelta(days=value_of(STAGING, path=batch.unit.path, on=localdate(now))),
        title=_("Import of members: %(code)s") % {"code": batch.code},
        stage=Stage.HEAR,
        unit=pick(batch.unit.name),
        next_step=steps[batch.state],
        url=reverse("membership:batch", args=[batch.unit.label, batch.code]),
    )


def _arrivals(paths: tuple[str, ...], actor: Actor) -> list[DeskItem]:
    """One item for each unit members wish to come to."""
    found = Membership.objects.none()
    for path in paths:
        found = found | Membership.objects.filter(bound_for__path__startswith=path)
    waiting = (
        found.filter(bound_for__isnull=False, until__isnull=True)
        .exclude(actor.tied_to("bound_for__path", "bound_employer_id"))
        .order_by()
        .values("bound_for__label", "bound_for__name")
        .annotate(number=Count("pk"), first=Min("transfer_due"))
        .order_by("first", "bound_for__label")[:50]
    )
    return [
        DeskItem(
            due=datetime.combine(row["first"], time(15, 59), UTC) if row["first"] else None,
            title=_("Members going over to %(unit)s") % {"unit": pick(row["bound_for__name"])},
            stage=Stage.HEAR,
            unit=pick(row["bound_for__name"]),
            next_step=ngettext("%(number)d member to receive", "%(number)d members to receive", row["number"])
            % {"number": row["number"]},
            url=reverse("membership:arrivals", args=[row["bound_for__label"]]),
        )
        for row in waiting
    ]
