"""Targets: passed down with their source shown, changed for a reason, applied with the consent of the unit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other, require_untied
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.coverage.choices import Measure, TargetState
from qiao.org.coverage.models import Target, TargetVersion
from qiao.org.coverage.rules import is_stricter
from qiao.org.units.models import Unit

_WAITING = (TargetState.ASKED, TargetState.CONSENTED, TargetState.DECLINED)


def set_target(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    measure: Measure,
    document: str,
    level: str,
    source_value: Decimal,
    source_due: date,
    value: Decimal,
    due: date,
    reason: str,
    above: Target | None = None,
) -> TargetVersion:
    """Give a unit a target. It names its source; where it was passed down, the source is that of the target above.

    The unit is asked for its consent. Raises Refused without ``target.set`` at the unit, Problem where the source is
    not named, a value is no share, the target above is another unit's or measure's or none of its line, or the unit has
    it already.
    """
    require(actor, "target.set", unit.path)
    if above is not None:
        document, level = above.document, above.level
        source_value, source_due = above.source_value, above.source_due
        if above.measure != measure or not unit.path.startswith(above.unit.path) or above.unit_id == unit.pk:
            raise Problem("A target is passed down to a unit below, for the same measure.")
    document, level = " ".join(document.split())[:200], " ".join(level.split())[:120]
    if len(document) < 4 or len(level) < 2:
        raise Problem(
            "Name where the target comes from: the document and the level that set it.",
            hint="A target without a source is not set.",
        )
    require_clean({"text": document}, landlines=False)
    for share in (source_value, value):
        _check_share(share)
    require_plausible(source_due, due)
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        same = Target.objects.filter(unit=unit, measure=measure, above=above, document=document).order_by("pk").first()
        if same is not None:
            raise Problem(
                "%(code)s gives this unit the same target from the same source.",
                hint="Change that one, with a reason.",
                code=same.code,
            )
        target = Target.objects.create(
            code=next_code("G"), unit=unit, measure=measure, above=above, document=document, level=level,
            source_value=source_value, source_due=source_due, opened=now,
        )  # fmt: skip
        return _new_version(actor, now, target, value, due, reason)


def change_target(*, actor: Actor, now: datetime, code: str, value: Decimal, due: date, reason: str) -> TargetVersion:
    """Give a target another value or day, for a reason; the unit is asked anew. The version in force stays until then.

    The same change asked twice is one. Raises Refused, Problem.
    """
    _check_share(value)
    require_plausible(due)
    with atomic():
        target = _locked(actor, code)
        last = target.versions.order_by("-number").first()
        if last is not None and last.state in _WAITING:
            if (last.value, last.due, last.reason) == (value, due, _clean(reason)):
                return last
            last.state = TargetState.WITHDRAWN
            last.save(update_fields=["state"])
        return _new_version(actor, now, target, value, due, reason)


def answer_target(
    *, actor: Actor, now: datetime, code: str, number: int, consent: bool, answer: str = ""
) -> TargetVersion:
    """The unit's own word on a version: consent, or a refusal with its reason. The same word twice is one.

    Raises Refused for everybody who does not hold ``target.consent`` in that very unit; Problem for whoever set it,
    where it waits for no answer, or a refusal says no reason.
    """
    answer = " ".join(answer.split())[:400]
    with atomic():
        version = _locked_version(code, number)
        unit = version.target.unit
        if not any("target.consent" in grant.actions and grant.unit_id == unit.pk for grant in actor.grants):
            raise Refused("only the unit itself consents")
        require_other(actor, version.set_by_id)
        require_untied(actor, unit.path)
        wanted = TargetState.CONSENTED if consent else TargetState.DECLINED
        if version.answered == wanted:
            return version
        if version.state != TargetState.ASKED:
            raise Problem("This version waits for no answer.")
        if not consent and len(answer) < 4:
            raise Problem("Say why you decline.")
        require_clean({"answer": answer}, landlines=False)
        version.state = version.answered = wanted
        version.answer, version.answered_by_id, version.answered_at = answer, actor.account_id, now
        version.save(update_fields=["state", "answered", "answer", "answered_by", "answered_at"])
        _record(actor, now, "target.answer", version, {"consent": consent})
    return version


def apply_target(*, actor: Actor, now: datetime, code: str, number: int) -> TargetVersion:
    """Put a version in force, in the place of the one before. Twice changes nothing.

    One that is stricter than its source needs the unit's consent; one that is not may be applied once the unit has
    answered, its refusal stays to be read. Raises Refused without ``target.set`` at the unit, Problem otherwise.
    """
    with atomic():
        version = _locked_version(code, number)
        require(actor, "target.set", version.target.unit.path)
        if version.state == TargetState.APPLIED:
            return version
        if version.state not in _WAITING:
            raise Problem("This version has ended.")
        if not version.answered:
            raise Problem("The unit has not answered yet.", hint="It stands on the desk of its chair.")
        if version.stricter and version.answered != TargetState.CONSENTED:
            raise Problem(
                "It asks for more than its source, or sooner, and the unit has declined: it cannot be put in force.",
                hint="Set what the source says, or talk and ask again.",
            )
        require_untied(actor, version.target.unit.path)
        TargetVersion.objects.filter(target=version.target, state=TargetState.APPLIED).update(
            state=TargetState.REPLACED
        )
        version.state, version.applied_at = TargetState.APPLIED, now
        version.save(update_fields=["state", "applied_at"])
        log.append(
            kind="target.applied",
            code=code,
            content={
                "unit": version.target.unit.label,
                "measure": version.target.measure,
                "document": version.target.document,
                "source": str(version.target.source_value),
                "value": str(version.value),
                "due": version.due.isoformat(),
                "answered": version.answered,
            },
            now=now,
        )
        _record(actor, now, "target.apply", version, {})
    return version


def withdraw_target(*, actor: Actor, now: datetime, code: str, number: int) -> TargetVersion:
    """Withdraw a version, in force or waiting; it stays to be read. Twice changes nothing. Raises Refused, Problem."""
    with atomic():
        version = _locked_version(code, number)
        require(actor, "target.set", version.target.unit.path)
        if version.state in (TargetState.WITHDRAWN, TargetState.REPLACED):
            return version
        version.state = TargetState.WITHDRAWN
        version.save(update_fields=["state"])
        _record(actor, now, "target.withdraw", version, {})
    return version


def _new_version(actor: Actor, now: datetime, target: Target, value: Decimal, due: date, reason: str) -> TargetVersion:
    reason = _clean(reason)
    if due < timezone.localdate(now):
        raise Problem("The day it is due is over: %(day)s.", day=due)
    last = target.versions.order_by("-number").first()
    version = TargetVersion.objects.create(
        target=target, number=(last.number if last else 0) + 1, value=value, due=due, reason=reason,
        stricter=is_stricter(
            value=value, due=due, source_value=target.source_value, source_due=target.source_due
        ),
        set_by_id=actor.account_id, set_at=now,
    )  # fmt: skip
    _record(actor, now, "target.set", version, {"value": str(value), "due": due.isoformat()})
    return version


def _clean(reason: str) -> str:
    reason = " ".join(reason.split())[:400]
    if len(reason) < 4:
        raise Problem("Every value has a reason: write it down.")
    require_clean({"reason": reason}, landlines=False)
    return reason


def _check_share(value: Decimal) -> None:
    if not 0 < value <= 100:
        raise Problem("A target is a share above 0 and at most 100 %%.")


def _locked(actor: Actor, code: str) -> Target:
    target = Target.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if target is None:
        raise Problem("There is no target with this code: %(code)s.", code=code)
    require(actor, "target.set", target.unit.path)
    return target


def _locked_version(code: str, number: int) -> TargetVersion:
    version = (
        TargetVersion.objects.select_for_update(of=("self",))
        .select_related("target", "target__unit")
        .filter(target__code=code, number=number)
        .order_by("pk")
        .first()
    )
    if version is None:
        raise Problem("There is no such version of the target %(code)s.", code=code)
    return version


def _record(actor: Actor, now: datetime, action: str, version: TargetVersion, detail: dict[str, object]) -> None:
    audit.record(
        actor=actor, now=now, action=action, code=version.target.code, unit_path=version.target.unit.path,
        detail={"version": version.number, **detail},
    )  # fmt: skip
