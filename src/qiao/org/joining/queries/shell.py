"""What the shell asks for: the desk, one's own things, receipts, a unit's page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.counts import SMALL
from qiao.base.i18n import percent_text, pick
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OwnItem, Panel, PanelLine, ReceiptState
from qiao.org.access.queries import handled_nearer
from qiao.org.joining.choices import OPEN, State
from qiao.org.joining.models import Application
from qiao.org.joining.queries.reading import application_by_receipt, deciding
from qiao.org.joining.rules import steps_of
from qiao.org.membership.queries import groups_led, keeping, waiting_rulings
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

_YEAR = timedelta(days=365)


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Applications at one's own units; of units below where the promised day has passed or nobody nearer may decide.

    Rulings to confirm.
    """
    own = [grant.unit_id for grant in actor.grants if "joining.review" in grant.actions]
    where = Q(unit_id__in=own)
    for path in actor.paths("joining.review"):
        nearer = handled_nearer("joining.review", path, on=localdate(now), employer="employer_id")
        where = where | Q(Q(due__lt=now) | ~nearer, unit__path__startswith=path)
    items = []
    if own:
        # Whoever declared a tie to an employer, or entered it, is not asked: it goes to the others.
        rows = (
            Application.objects.filter(where, state__in=OPEN)
            .exclude(actor.tied_to("unit__path", "employer_id"))
            .exclude(entered_by_id__in=actor.own_accounts)
            .order_by()
            .values("unit_id", "unit__label", "unit__name")
            .annotate(number=Count("pk"), first=Min("due"))
            .order_by("first", "unit__label")[:50]
        )
        items = [
            DeskItem(
                due=row["first"],
                title=_("Applications to join %(unit)s") % {"unit": pick(row["unit__name"])},
                stage=Stage.HEAR,
                unit=pick(row["unit__name"]),
                next_step=ngettext(
                    "%(number)d application to decide", "%(number)d applications to decide", row["number"]
                )
                % {"number": row["number"]},
                url=reverse("applications:list", args=[row["unit__label"]]),
            )
            for row in rows
        ]
    for ruling in waiting_rulings(actor.paths("standing.rule")):
        if actor.did(ruling.proposed_by_id) or actor.tied(ruling.unit.path):
            continue
        items.append(
            DeskItem(
                due=None,
                title=_("%(kind)s to confirm: %(code)s") % {"kind": ruling.get_kind_display(), "code": ruling.code},
                stage=Stage.HEAR,
                unit=pick(ruling.unit.name),
                next_step=_("Confirm as second person"),
                url=reverse("applications:ruling", args=[ruling.unit.label, ruling.code]),
            )
        )
    return items


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:  # noqa: ARG001
    """Applications handed in from one's own account stand under “My membership”; the list of things said has none."""
    return []


def own_doors(*, actor: Actor) -> list[Door]:
    """My membership; for somebody without standing, joining."""
    if actor.person_id is None:
        return [Door("", _("Join the union"), reverse("joining:join"))]
    note = _("Who represents you, going over to another unit, card, leaving")
    return [Door("", _("My membership"), reverse("standing:own"), note)]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """The state of an application or of having left, for whoever holds the receipt; never a name or a contact."""
    if receipt.kind == "leaving":
        steps = ((_("You have left"), True),)
        return ReceiptState(_("Leaving the union"), Stage.HEAR, _("Done at once"), reverse("joining:join"), steps)
    if receipt.kind != "joining":
        return None
    application = application_by_receipt(receipt.number)
    if application is None:
        # The receipt outlives what it was given for: retention has erased a refused or withdrawn application.
        return ReceiptState(_("Application to join"), Stage.HEAR, _("Erased in due time"), reverse("retention:table"))
    return ReceiptState(
        title=_("Application to join"),
        stage=Stage.HEAR,
        state=str(State(application.state).label),
        url=reverse("joining:state", args=[receipt.number]),
        steps=tuple((label, done or here) for label, done, here in steps_of(application.state)),
        answer=application.reason if application.state == State.REFUSED else "",
    )


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001
    """Applications, assisted entry, poster, groups."""
    doors = []
    if actor.may("joining.review", unit.path):
        number = Application.objects.filter(unit=unit, state__in=OPEN).count()
        note = ngettext("%(number)d waits", "%(number)d wait", number) % {"number": number} if number else ""
        doors.append(Door("", _("Applications to join"), reverse("applications:list", args=[unit.label]), note))
    if actor.may("joining.assist", unit.path) and takes_in(unit):
        doors.append(
            Door(
                "", _("Enter an application for a worker"), reverse("applications:assist", args=[unit.label]),
                _("At the counter, from paper, by telephone"),
            )
        )  # fmt: skip
        doors.append(Door("", _("Poster with the way to join"), reverse("applications:poster", args=[unit.label])))
    if actor.may("member.admit", unit.path) and unit.kind in ("base", "joint_base"):
        doors.append(Door("", _("Union groups"), reverse("membership:groups", args=[unit.label])))
    if actor.may("group.read", unit.path) and actor.account_id is not None:
        doors += [
            Door("", group.name, reverse("membership:group", args=[group.unit.label, group.pk]), _("Your union group"))
            for group in groups_led(actor.account_id)
            if group.unit_id == unit.pk
        ]
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:
    """The way to join, for everybody; how joining and standing keep, for the unit's officers."""
    panels = []
    if takes_in(unit):
        door = Door("", _("Join here"), f"{reverse('joining:join')}?at={unit.label}")
        panels.append(Panel(_("Not a member yet?"), (), door, _("Two minutes, on any phone, without an account.")))
    if actor.may("joining.review", unit.path):
        panels.append(_measures(unit, now))
    return panels


def _measures(unit: Unit, now: datetime) -> Panel:
    today = localdate(now)
    kept, spent = keeping(unit.path, today), deciding(unit.path, today - _YEAR)
    lines = []
    if spent.number and spent.days is not None:
        lines.append(
            PanelLine(
                _("Days to decide on an application, median of %(number)d in a year") % {"number": spent.number},
                f"{spent.days:.0f}",
            )
        )
        lines.append(PanelLine(_("Decided after the promised day"), str(spent.late), late=spent.late > 0))
    lines.append(PanelLine(_("Going over to another unit, of these over the limit"), f"{kept.on_the_way} / {kept.late}",
                           late=kept.late > 0))  # fmt: skip
    if kept.joined >= SMALL:
        lines.append(
            PanelLine(
                _("Still members six months after joining, of %(number)d") % {"number": kept.joined},
                percent_text(kept.stayed / kept.joined),
            )
        )
    if kept.members >= SMALL:
        lines.append(
            PanelLine(
                _("Said themselves that they know they are members, of %(number)d") % {"number": kept.members},
                percent_text(kept.confirmed / kept.members),
            )
        )
    return Panel(_("Joining and standing"), tuple(lines), None, _("For officers only."))
