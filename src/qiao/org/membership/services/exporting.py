"""Exports of the register (handbook P10): off unless asked for with a purpose, approved by another, short-lived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db.models import F

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import ExportState
from qiao.org.membership.models import MemberExport, Membership
from qiao.org.membership.queries.register import register_rows
from qiao.org.membership.rules import EXPORT_LASTS
from qiao.org.people.models import Contact
from qiao.org.units.models import Unit

_CHUNK = 2_000


def ask_export(*, actor: Actor, now: datetime, unit: Unit, purpose: str, contacts: bool = False) -> MemberExport:
    """Ask to take the register of a unit out of the platform, for a purpose in words; with ``contacts`` these too.

    Asking again for the same purpose while the first request is open gives the same request.
    Raises Refused without ``member.export`` at the unit, Problem where the purpose says nothing, or for whoever
    declared a tie to an employer whose union stands in it: no list of members goes to an employer's side (P1).
    """
    require(actor, "member.export", unit.path)
    require_untied(actor, unit.path, whole=True)
    purpose = " ".join(purpose.split())
    if len(purpose) < 10:
        raise Problem("Say in a sentence what the file is for.")
    with atomic():
        unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        same = MemberExport.objects.filter(
            unit=unit,
            asked_by_id=actor.account_id,
            purpose=purpose,
            state=ExportState.ASKED,
            contacts=contacts,
        ).first()
        if same is not None:
            return same
        export = MemberExport.objects.create(
            code=next_code("X"),
            unit=unit,
            purpose=purpose,
            asked_by_id=actor.account_id,
            asked=now,
            contacts=contacts,
        )
        _record(actor, now, "export.ask", export)
    return export


def decide_export(*, actor: Actor, now: datetime, code: str, approve: bool) -> MemberExport:
    """Approve or refuse another officer's request; an approved one can be recalled, by its asker too.

    Deciding the same way twice changes nothing.
    Raises Refused without ``member.export`` at the unit, Problem for the asker's own request and for ties.
    """
    with atomic():
        export = _locked(actor, code)
        if approve:
            if export.state == ExportState.APPROVED:
                return export
            if export.state != ExportState.ASKED:
                raise Problem("This request has ended: ask again.")
            require_other(
                actor, export.asked_by_id, person=True, said=Problem("You asked for it: a second person approves.")
            )
            require_untied(actor, export.unit.path, whole=True)
            export.state, export.expires = ExportState.APPROVED, now + EXPORT_LASTS
        elif export.state in (ExportState.REFUSED, ExportState.RECALLED):
            return export
        else:
            # Whoever asked may always take it back; another's "no" before it was approved is a refusal.
            own = actor.did(export.asked_by_id)
            recalled = own or export.state == ExportState.APPROVED
            export.state = ExportState.RECALLED if recalled else ExportState.REFUSED
        export.decided_by_id, export.decided = actor.account_id, now
        export.save(update_fields=["state", "expires", "decided_by", "decided"])
        _record(actor, now, f"export.{export.state}", export)
    return export


@dataclass(frozen=True, slots=True)
class Taken:
    """An export being taken: the request, who takes it, the rows, and for the rows at hand the contacts asked for."""

    export: MemberExport
    taker: str
    rows: Iterator[Membership]
    contacts: dict[tuple[int, str], str] = field(default_factory=dict)


def take_export(*, actor: Actor, now: datetime, code: str) -> Taken:
    """The rows of an approved export, for the one who asked, until it expires; each time is counted and logged.

    Raises Refused for everybody else, Problem where it is not approved, or expired.
    """
    with atomic():
        export = _locked(actor, code)
        if not actor.did(export.asked_by_id):
            raise Refused("only whoever asked for an export takes it")
        if export.state != ExportState.APPROVED or export.expires is None or export.expires <= now:
            raise Problem("This export is not approved, or has expired: ask again.")
        # A tie declared since the request: the list would hold members of the employer one is tied to (P1).
        require_untied(actor, export.unit.path, whole=True)
        MemberExport.objects.filter(pk=export.pk).update(taken=F("taken") + 1)
        _record(actor, now, "export.take", export)
    contacts: dict[tuple[int, str], str] = {}
    rows = register_rows(export.unit.path)
    return Taken(export, actor.name, _with_contacts(rows, contacts) if export.contacts else rows, contacts)


def _with_contacts(rows: Iterator[Membership], contacts: dict[tuple[int, str], str]) -> Iterator[Membership]:
    """The rows, and beside them the opened contacts of some thousand at a time, never of all."""
    while chunk := list(islice(rows, _CHUNK)):
        contacts.clear()
        for one in Contact.objects.filter(person_id__in=[row.person_id for row in chunk]).order_by("pk"):
            contacts[one.person_id, one.kind] = str(one.value)
        yield from chunk
    contacts.clear()


def _locked(actor: Actor, code: str) -> MemberExport:
    export = (
        MemberExport.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).order_by("pk")
    ).first()
    if export is None:
        raise Problem("There is no export with this code: %(code)s.", code=code)
    require(actor, "member.export", export.unit.path)
    return export


def _record(actor: Actor, now: datetime, action: str, export: MemberExport) -> None:
    audit.record(
        actor=actor, now=now, action=action, code=export.code, unit_path=export.unit.path,
        detail={"unit": export.unit.label, "purpose": export.purpose, "contacts": export.contacts},
    )  # fmt: skip
