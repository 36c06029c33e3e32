"""Deciding that two records are one person, or two; merging them, and undoing that."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.vault import EncryptedTextField
from qiao.org.membership.choices import HoldReason, HoldState, Standing, TwinState
from qiao.org.membership.models import Hold, Membership, Twin
from qiao.org.membership.rules.twins import UNDO_LASTS
from qiao.org.membership.services.relinking import Reference, references_to_person
from qiao.org.people.models import Person

_DAY = timedelta(days=1)
#: Rows that speak of the pair itself stay where they are.
_OWN = {Twin._meta.db_table, Hold._meta.db_table}


def decide_twin(*, actor: Actor, now: datetime, twin_id: int, same: bool, reason: str = "", keep: str = "left") -> Twin:
    """Say that two records are one person, or two. Deciding the same way twice changes nothing.

    Records of one unit are merged at once. Of two units, one side proposes and somebody else, with rights at the other
    side, confirms. "Two persons" is remembered, and whoever waited for the answer is admitted. ``keep`` ("left" or
    "right") says which of two standings goes on; the other ends today.

    Raises Refused without ``member.admit`` at either unit, Problem where the pair is decided otherwise already, the
    identity numbers differ, or the second person is the first.
    """
    with atomic():
        twin = _locked(twin_id)
        paths = [unit.path for unit in (twin.left_unit, twin.right_unit) if unit is not None]
        mine = [actor.may("member.admit", path) for path in paths] or [actor.may("member.admit", "")]
        if not any(mine):
            raise Refused("member.admit is not yours here")
        for path in paths:
            require_untied(actor, path)
        if not same:
            if twin.state == TwinState.DIFFERENT:
                return twin
            if twin.state == TwinState.MERGED:
                raise Problem("These records are merged: undo that first.")
            twin.state, twin.reason = TwinState.DIFFERENT, reason[:300]
            _decided(actor, now, twin)
            _admit_waiting(actor, now, twin)
            return twin
        if twin.state == TwinState.MERGED:
            return twin
        if twin.signs.get("identity") == "different":
            raise Problem("The identity numbers differ: these are two persons.")
        if twin.left_unit_id != twin.right_unit_id:
            if twin.state != TwinState.PROPOSED:
                twin.state, twin.proposed_by_id, twin.proposed = TwinState.PROPOSED, actor.account_id, now
                twin.reason, twin.trace = reason[:300], {"sides": _sides(actor, twin)}
                twin.save(update_fields=["state", "proposed_by", "proposed", "reason", "trace"])
                _record(actor, now, "twin.propose", twin)
                return twin
            require_other(
                actor,
                twin.proposed_by_id,
                person=True,
                said=Problem(
                    "You proposed it: the records belong to two units, a second person confirms.",
                    hint="It stands on the desk of the other unit's officers.",
                ),
            )
            if set(_sides(actor, twin)) | set(twin.trace.get("sides", [])) != {"left", "right"}:
                raise Problem("The other unit has not been asked yet: one of its officers confirms.")
        _merge(actor, now, twin, keep)
    return twin


def _sides(actor: Actor, twin: Twin) -> list[str]:
    """For which of the two units somebody may speak."""
    units = {"left": twin.left_unit, "right": twin.right_unit}
    return [side for side, unit in units.items() if unit is None or actor.may("member.admit", unit.path)]


def _merge(actor: Actor, now: datetime, twin: Twin, keep: str) -> None:
    today = timezone.localdate(now)
    list(Person.objects.select_for_update().filter(pk__in=[twin.left_id, twin.right_id]).order_by("pk"))
    trace: dict[str, Any] = {"moved": [], "stays": [], "ended": None, "holds": []}
    standings = {
        standing.person_id: standing
        for standing in Membership.objects.select_for_update(of=("self",)).filter(
            person_id__in=[twin.left_id, twin.right_id], until__isnull=True
        )
    }
    if len(standings) == 2:
        ending = standings[twin.right_id if keep == "left" else twin.left_id]
        trace["ended"] = {
            "pk": ending.pk, "state": ending.state, "bound_for": ending.bound_for_id,
            "in_transfer_since": ending.in_transfer_since.isoformat() if ending.in_transfer_since else None,
            "transfer_due": ending.transfer_due.isoformat() if ending.transfer_due else None,
        }  # fmt: skip
        if ending.state == Standing.TRANSFERRING:
            ending.state, ending.bound_for, ending.in_transfer_since, ending.transfer_due = (
                Standing.ACTIVE,
                None,
                None,
                None,
            )
        ending.until = max(today, ending.since + _DAY)
        ending.save(update_fields=["state", "bound_for", "in_transfer_since", "transfer_due", "until"])
    for reference in references_to_person():
        if reference.table not in _OWN:
            _relink(reference, twin.right_id, twin.left_id, trace)
    for hold in Hold.objects.select_for_update(of=("self",)).filter(person_id=twin.right_id, state=HoldState.OPEN):
        trace["holds"].append(hold.pk)
        hold.state, hold.settled_by_id, hold.settled = HoldState.MERGED, actor.account_id, now
        hold.save(update_fields=["state", "settled_by", "settled"])
    twin.state, twin.trace, twin.undo_until = TwinState.MERGED, trace, now + UNDO_LASTS
    _decided(actor, now, twin)


def _relink(reference: Reference, old: int, new: int, trace: dict[str, Any]) -> None:
    """Let the rows of one table refer to another person; a row that has its like there already stays."""
    model = apps.get_model(reference.app, reference.model)
    field = next(one for one in model._meta.concrete_fields if one.column == reference.column)
    keys = list(model._base_manager.filter(**{field.attname: old}).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        entry = [reference.app, reference.model, field.attname, key]
        trace["moved" if _give(model, field.attname, key, new) else "stays"].append(entry)


def _give(model: Any, attname: str, key: object, person: int) -> bool:
    """Set the person of one row; what is sealed for its row is sealed anew. False where the database refuses."""
    try:
        with atomic():
            row = model._base_manager.select_for_update(of=("self",)).get(pk=key)
            sealed = [
                one.name
                for one in model._meta.concrete_fields
                if isinstance(one, EncryptedTextField) and attname in one.bind
            ]
            plain = {name: getattr(row, name) for name in sealed}
            setattr(row, attname, person)
            for name, value in plain.items():
                setattr(row, name, value)
            row.save(update_fields=[attname.removesuffix("_id"), *sealed])
    except DatabaseError:
        return False
    return True


def undo_merge(*, actor: Actor, now: datetime, twin_id: int) -> Twin:
    """Take a merge back: what it moved goes back where it was. Twice changes nothing.

    Raises Refused without ``member.admit`` at either unit, Problem after the time or where the standing has changed.
    """
    with atomic():
        twin = _locked(twin_id)
        paths = [unit.path for unit in (twin.left_unit, twin.right_unit) if unit is not None]
        if not any(actor.may("member.admit", path) for path in paths):
            require(actor, "member.admit", paths[0] if paths else "")
        for path in paths:
            require_untied(actor, path)
        if twin.state == TwinState.UNDONE:
            return twin
        if twin.state != TwinState.MERGED or twin.undo_until is None or now > twin.undo_until:
            raise Problem("This merge can no longer be undone.")
        for app, name, attname, key in twin.trace["moved"]:
            model = apps.get_model(app, name)
            row = model._base_manager.filter(pk=key, **{attname: twin.left_id}).first()
            if row is not None and not _give(model, attname, key, twin.right_id):
                raise Problem(
                    "The standing has changed since the merge.", hint="Mend it by hand: end or transfer the standing."
                )
        _reopen(twin)
        Hold.objects.filter(pk__in=twin.trace["holds"]).update(state=HoldState.OPEN, settled_by=None, settled=None)
        twin.state = TwinState.UNDONE
        _decided(actor, now, twin)
    return twin


def _reopen(twin: Twin) -> None:
    ended = twin.trace["ended"]
    if ended is None:
        return
    try:
        with atomic():
            Membership.objects.filter(pk=ended["pk"]).update(
                until=None, state=ended["state"], bound_for_id=ended["bound_for"],
                in_transfer_since=_day(ended["in_transfer_since"]), transfer_due=_day(ended["transfer_due"]),
            )  # fmt: skip
    except DatabaseError:
        raise Problem(
            "The standing has changed since the merge.", hint="Mend it by hand: end or transfer the standing."
        ) from None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _admit_waiting(actor: Actor, now: datetime, twin: Twin) -> None:
    """Give whoever waited for this answer their standing, unless another pair or a missing consent holds them still."""
    hold = (
        Hold.objects.select_for_update(of=("self",))
        .filter(person_id=twin.right_id, reason=HoldReason.TWIN, state=HoldState.OPEN)
        .first()
    )
    others = Twin.objects.filter(right_id=twin.right_id, state__in=[TwinState.OPEN, TwinState.PROPOSED]).exists()
    if hold is None or others:
        return
    hold.state, hold.settled_by_id, hold.settled = HoldState.ADMITTED, actor.account_id, now
    hold.save(update_fields=["state", "settled_by", "settled"])
    if Hold.objects.filter(person_id=twin.right_id, reason=HoldReason.CONSENT, state=HoldState.OPEN).exists():
        return
    if not Membership.objects.filter(person_id=twin.right_id, until__isnull=True).exists():
        Membership.objects.create(
            person_id=twin.right_id, unit_id=hold.unit_id, employment=hold.employment, since=hold.since,
            state=Standing.ACTIVE, batch_id=hold.batch_id,
        )  # fmt: skip


def _locked(twin_id: int) -> Twin:
    return Twin.objects.select_for_update(of=("self",)).select_related("left_unit", "right_unit").get(pk=twin_id)


def _decided(actor: Actor, now: datetime, twin: Twin) -> None:
    twin.decided_by_id, twin.decided = actor.account_id, now
    twin.save(update_fields=["state", "reason", "trace", "undo_until", "decided_by", "decided"])
    _record(actor, now, f"twin.{twin.state}", twin)


def _record(actor: Actor, now: datetime, action: str, twin: Twin) -> None:
    unit = twin.right_unit or twin.left_unit
    audit.record(
        actor=actor, now=now, action=action, code=unit.label if unit else "", unit_path=unit.path if unit else "",
        detail={"twin": twin.pk, "left": twin.left_id, "right": twin.right_id},
    )  # fmt: skip
