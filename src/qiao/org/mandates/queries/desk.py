"""What waits for officers: channels to test, own mandates; and the doors to the pages."""

from __future__ import annotations

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem, Door
from qiao.org.mandates.choices import Post
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.queries.posts import holding
from qiao.org.mandates.queries.testing import open_tests
from qiao.org.units.models import Unit


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """One line for each tester unit with tests that are not made yet."""
    near = {grant.unit_id for grant in actor.grants}
    paths = tuple(grant.path for grant in actor.grants if "channel.test" in grant.actions)
    waiting: dict[str, list[int]] = {}
    units: dict[str, Unit] = {}
    for contact in open_tests(paths):
        # An officer of a whole district leaves the calls to those below: only the unit's own stand on a desk.
        if contact.tester_unit_id in near and contact.unit_id not in near:
            units[contact.tester_unit.label] = contact.tester_unit
            waiting.setdefault(contact.tester_unit.label, []).append(contact.pk)
    return [
        DeskItem(
            due=datetime(now.year, 12, 31, 12, tzinfo=UTC),
            title=ngettext("%(number)d channel to test", "%(number)d channels to test", len(keys))
            % {"number": len(keys)},
            stage=Stage.HEAR,
            unit=pick(units[label].name),
            next_step=_("Call, and record what it came to"),
            url=reverse("mandates:tests", args=[label]),
        )
        for label, keys in waiting.items()
    ]


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks all alike
    """Posts and channels of the unit, tests of channels."""
    doors = []
    if actor.may("mandate.keep", unit.path):
        doors.append(
            Door(
                "",
                _("Posts and channels"),
                reverse("mandates:people", args=[unit.label]),
                _("Who can be reached, and how"),
            )
        )
    if actor.may("channel.test", unit.path) and unit.kind not in ("base", "joint_base"):
        doors.append(
            Door(
                "", _("Test calls"), reverse("mandates:tests", args=[unit.label]), _("Whether officers can be reached")
            )
        )
    return doors


def own_doors(*, actor: Actor) -> list[Door]:
    """Offices the account holds: their public channel is the holder's to open and to take back."""
    if actor.account_id is None:
        return []
    rows = Mandate.objects.filter(holding(None), account_id=actor.account_id).select_related("unit").order_by("pk")
    return [
        Door(
            "",
            _("My office: %(post)s, %(unit)s") % {"post": Post(row.post).label, "unit": pick(row.unit.name)},
            reverse("mandates:own", args=[row.unit.label, row.pk]),
            row.channel or _("No public channel yet"),
        )
        for row in rows
    ]
