"""What the shell asks of this app."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, ReceiptState
from qiao.org.people.choices import RequestKind, RequestState
from qiao.org.people.models import DataRequest
from qiao.org.people.queries.messages import unread_count
from qiao.org.people.queries.numbers import to_confirm, with_homes
from qiao.org.people.queries.requests import waiting
from qiao.org.units.models import Unit


def own_doors(*, actor: Actor) -> list[Door]:
    """Pages about the person: messages for every account, the rest for persons of the register."""
    if not actor.signed_in:
        return []
    unread = unread_count(actor)
    note = (
        ngettext("%(number)d not opened yet", "%(number)d not opened yet", unread) % {"number": unread}
        if unread
        else _("What the union told me")
    )
    doors = [Door("", _("Messages"), reverse("people:messages"), note)]
    if actor.person_id is not None:
        doors += [
            Door("", _("My data"), reverse("people:data"), _("See everything, correct it, download it")),
            Door("", _("Who looked at me"), reverse("people:looks"), _("Who, when, in what office and why")),
            Door("", _("My consents"), reverse("people:consents"), _("One switch for each purpose")),
            Door("", _("How I am told"), reverse("people:channels"), _("Which channel first")),
        ]
    return doors


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001
    """Requests about data that wait for this officer, each with its clock."""
    if not actor.may("data_request.decide") and not actor.may("person.keep"):
        return []
    numbers = [
        DeskItem(
            due=row.holds_from,
            title=_("Lost number of %(name)s · %(code)s") % {"name": row.person.name, "code": row.code},
            stage=Stage.HEAR,
            unit="",
            next_step=_("Confirm as the second person, or refuse"),
            url=reverse("persons:number", args=[home.label, row.code]),
        )
        for row, home in with_homes(to_confirm(actor))
    ]
    return numbers + [
        DeskItem(
            due=row.due,
            title=f"{row.get_kind_display()} · {row.code}",
            stage=Stage.HEAR,
            unit="",
            next_step=_("Decide, with the reason"),
            url=decide_url(row),
        )
        for row in waiting(actor)
    ]


def decide_url(row: DataRequest) -> str:
    """Where a request is decided."""
    page = "privacy:correction" if row.kind == RequestKind.CORRECTION else "privacy:decide"
    return reverse(page, args=[row.code])


def desk_doors(*, actor: Actor) -> list[Door]:
    """The desk of data protection."""
    doors = []
    if actor.may("data_request.decide"):
        doors.append(
            Door("", _("Requests about data"), reverse("privacy:requests"), _("Erasure, access by next of kin"))
        )
    if actor.may("person.keep"):
        doors.append(Door("", _("Corrections"), reverse("privacy:corrections"), _("Names and identities to check")))
    return doors


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001
    """Officers' pages of a unit about its members' contacts."""
    doors = []
    if actor.may("contact.look", unit.path):
        doors.append(
            Door("", _("Find a member by number"), reverse("persons:find", args=[unit.label]), _("With a reason"))
        )
    if actor.may("datacheck.run", unit.path):
        doors.append(
            Door("", _("Data check"), reverse("persons:campaigns", args=[unit.label]), _("Do the contacts still hold?"))
        )
    return doors


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What became of a request about data, told by its receipt without signing in."""
    if receipt.kind != "data_request":
        return None
    row = DataRequest.objects.filter(code=receipt.code).first()
    if row is None:
        return None
    steps = (
        (str(RequestState.FILED.label), row.state == RequestState.FILED),
        (
            str(row.get_state_display()) if row.state != RequestState.FILED else _("Decided"),
            row.state != RequestState.FILED,
        ),
    )
    return ReceiptState(
        title=str(row.get_kind_display()),
        stage=Stage.HEAR,
        state=str(row.get_state_display()),
        url=reverse("people:request", args=[row.code]),
        steps=steps,
    )
