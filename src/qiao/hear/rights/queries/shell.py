"""What the library tells the shell."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem, Door, Panel, PanelLine
from qiao.hear.rights.choices import VersionState
from qiao.hear.rights.models import Version
from qiao.org.units.models import Unit


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Articles to check, to publish, and those whose check is overdue. One query."""
    wanted = Q(pk__in=[])
    for action, state in (
        ("rights.check", Q(state=VersionState.DRAFTED) & ~Q(drafted_by=actor.account_id)),
        ("rights.publish", Q(state=VersionState.CHECKED)),
        ("rights.check", Q(state=VersionState.PUBLISHED, next_check__lt=localdate(now))
         & ~Q(drafted_by=actor.account_id)),
    ):  # fmt: skip
        for grant in actor.grants:
            if action in grant.actions:
                wanted |= state & Q(article__unit__path__startswith=grant.path)
    rows = Version.objects.filter(wanted).select_related("article__unit")
    return [_item(row) for row in rows.order_by("next_check", "drafted", "pk")[:20]]


def _item(row: Version) -> DeskItem:
    if row.state == VersionState.PUBLISHED:
        step = _("Check whether it still holds")
    elif row.state == VersionState.CHECKED:
        step = _("Publish it")
    else:
        step = _("Check it")
    zone = get_default_timezone()
    return DeskItem(
        due=datetime.combine(row.next_check, time.max, zone) if row.next_check else None,
        title=_("Rights library: %(question)s") % {"question": pick(row.question)},
        stage=Stage.HEAR,
        unit=pick(row.article.unit.name),
        next_step=step,
        url=reverse("rights:kept", args=[row.article.code]),
    )


def desk_doors(*, actor: Actor) -> list[Door]:
    """The library and the catalogue, for those who keep them."""
    doors = []
    if actor.may("rights.keep"):
        doors.append(Door("hear", _("Rights library: write, check, publish"), reverse("rights:desk")))
    if actor.may("service.keep"):
        doors.append(Door("hear", _("Catalogue of services"), reverse("rights:keep_services")))
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - as every app
    """Where a unit's page leads: rights and pay as they hold here, services near by."""
    at = f"?at={unit.label}"
    return [
        Panel(
            _("Rights and services"),
            (
                PanelLine(_("Your rights in plain words"), "", reverse("rights:library") + at),
                PanelLine(_("Overtime and severance pay: calculate"), "", reverse("rights:overtime") + at),
                PanelLine(_("Services, papers, addresses"), "", reverse("rights:services") + at),
            ),
        )
    ]
