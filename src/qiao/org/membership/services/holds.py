"""What becomes of persons who wait after an import, and the search of a register for further pairs."""

# ruff: noqa: S608 - names of tables come from the models, values are always parameters
from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require, require_untied
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.membership.choices import HoldReason, HoldState, Standing
from qiao.org.membership.models import Hold, Membership, Twin
from qiao.org.membership.queries.tally import PATH_LENGTH
from qiao.org.membership.rules.twins import SAME
from qiao.org.membership.services.relinking import references_to_person
from qiao.org.people.models import Contact, IdentityCheck, Person
from qiao.org.units.models import Unit
from qiao.org.workplaces.queries import employer_by_reg_code
from qiao.org.workplaces.rules.regcode import normal_reg_code


def admit_held(*, actor: Actor, now: datetime, hold_id: int, day: date) -> Hold:
    """Enter that a held person has consented, on a day: standing begins with it. Twice changes nothing.

    Raises Refused without ``member.admit`` at the unit, Problem for a day to come, or while a pair is undecided.
    """
    with atomic():
        hold = _locked(actor, hold_id, HoldReason.CONSENT)
        if hold.state != HoldState.OPEN:
            return hold
        if day > timezone.localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
        if Hold.objects.filter(person_id=hold.person_id, reason=HoldReason.TWIN, state=HoldState.OPEN).exists():
            raise Problem("Decide first whether this person is in the register already.")
        if not Membership.objects.filter(person_id=hold.person_id, until__isnull=True).exists():
            Membership.objects.create(
                person_id=hold.person_id, unit_id=hold.unit_id, employment=hold.employment,
                since=max(day, hold.since), state=Standing.ACTIVE, batch_id=hold.batch_id,
            )  # fmt: skip
        return _settle(actor, now, hold, HoldState.ADMITTED)


def place_held(*, actor: Actor, now: datetime, hold_id: int, reg_code: str) -> Hold:
    """Name the employer of a member held in the hub. Twice changes nothing.

    Raises Refused without ``member.admit`` at the unit, Problem for a code nobody knows.
    """
    with atomic():
        hold = _locked(actor, hold_id, HoldReason.EMPLOYER)
        if hold.state != HoldState.OPEN:
            return hold
        code = normal_reg_code(reg_code)
        employer = employer_by_reg_code(code) if code else None
        if employer is None:
            raise Problem(
                "No employer with this code is in the register of employers.",
                hint="Enter the employer there first.",
            )
        Membership.objects.filter(person_id=hold.person_id, until__isnull=True).update(employer=employer)
        return _settle(actor, now, hold, HoldState.PLACED)


def erase_held(*, actor: Actor, now: datetime, hold_id: int) -> Hold | None:
    """Erase a held person who does not consent, with everything the table brought; None as nothing is left.

    Raises Refused without ``member.admit`` at the unit, Problem where anything else refers to the person.
    """
    with atomic():
        hold = _locked(actor, hold_id, HoldReason.CONSENT)
        person = hold.person_id
        mine = {Hold._meta.db_table, Twin._meta.db_table, Contact._meta.db_table, IdentityCheck._meta.db_table}
        with connection.cursor() as cursor:
            for reference in references_to_person():
                if reference.table in mine:
                    continue
                cursor.execute(
                    f"SELECT EXISTS (SELECT 1 FROM {reference.table} WHERE {reference.column} = %s)", [person]
                )
                if cursor.fetchone()[0]:
                    raise Problem("This person has taken part or had standing: erase them under data protection.")
        audit.record(
            actor=actor, now=now, action="hold.erase", code=hold.unit.label, unit_path=hold.unit.path,
            detail={"person": person},
        )  # fmt: skip
        Twin.objects.filter(left_id=person).delete()
        Twin.objects.filter(right_id=person).delete()
        Hold.objects.filter(person_id=person).delete()
        Person.objects.filter(pk=person).delete()
    return None


_SEARCH = f"""
    WITH here AS (
        SELECT m.person_id, m.unit_id, m.since FROM units_unit u JOIN {Membership._meta.db_table} m ON m.unit_id = u.id
        WHERE u.path >= %(path)s AND u.path <= %(end)s AND m.until IS NULL
    ), pairs AS (
        SELECT least(a.person_id, b.person_id) AS l, greatest(a.person_id, b.person_id) AS r, 'identity' AS sign
        FROM here JOIN {IdentityCheck._meta.db_table} a ON a.person_id = here.person_id
        JOIN {IdentityCheck._meta.db_table} b ON b.found_by = a.found_by AND b.person_id <> a.person_id
        UNION
        SELECT least(a.person_id, b.person_id), greatest(a.person_id, b.person_id), a.kind
        FROM here JOIN {Contact._meta.db_table} a ON a.person_id = here.person_id
        JOIN {Contact._meta.db_table} b ON b.found_by = a.found_by AND b.person_id <> a.person_id
        JOIN {Person._meta.db_table} p ON p.id = a.person_id JOIN {Person._meta.db_table} q ON q.id = b.person_id
        WHERE p.name = q.name OR qiao_simplified(p.name) = qiao_simplified(q.name)
        UNION
        SELECT least(a.person_id, b.person_id), greatest(a.person_id, b.person_id), 'unit'
        FROM here a JOIN here b ON b.unit_id = a.unit_id AND b.since = a.since AND b.person_id > a.person_id
        JOIN {Person._meta.db_table} p ON p.id = a.person_id
        JOIN {Person._meta.db_table} q ON q.id = b.person_id AND q.name = p.name
    ), signs AS (
        SELECT l, r, array_agg(DISTINCT sign) AS signs FROM pairs GROUP BY l, r
    )
    INSERT INTO {Twin._meta.db_table} (left_id, right_id, left_unit_id, right_unit_id, state, score, signs, found,
        reason, trace)
    SELECT l, r, {{unit_l}}, {{unit_r}}, 'open', least(100, {{name}} + (SELECT sum(CASE s {{weights}} END)
        FROM unnest(signs) s)), (SELECT jsonb_object_agg(s, 'same') FROM unnest(signs) s), %(now)s, '', '{{empty}}'
    FROM signs s0 LEFT JOIN {IdentityCheck._meta.db_table} x ON x.person_id = s0.l
    LEFT JOIN {IdentityCheck._meta.db_table} y ON y.person_id = s0.r
    WHERE x.found_by IS NULL OR y.found_by IS NULL OR x.found_by = y.found_by
    ON CONFLICT DO NOTHING
"""


def search_twins(*, actor: Actor, now: datetime, unit: Unit) -> int:
    """Look through a unit's register, with all below it, for pairs nobody has decided on; how many are new.

    A pair counts by the same identity number, the same contact and name, or the same name, unit and day of joining.
    Raises Refused without ``member.admit`` at the unit.
    """
    require(actor, "member.admit", unit.path)
    last = (
        f"(SELECT m.unit_id FROM {Membership._meta.db_table} m WHERE m.person_id = {{0}}"
        " ORDER BY m.until IS NULL DESC, m.since DESC LIMIT 1)"
    )
    statement = _SEARCH.format(
        unit_l=last.format("l"), unit_r=last.format("r"), name=SAME["name"],  # type: ignore[index]
        weights=" ".join(f"WHEN '{sign.value}' THEN {weight}" for sign, weight in SAME.items()), empty="{}",
    )  # fmt: skip
    with atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, {"path": unit.path, "end": unit.path.ljust(PATH_LENGTH, "z"), "now": now})
            found = int(cursor.rowcount)
        audit.record(
            actor=actor, now=now, action="twin.search", code=unit.label, unit_path=unit.path, detail={"found": found}
        )
    return found


def _locked(actor: Actor, hold_id: int, reason: HoldReason) -> Hold:
    hold = Hold.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=hold_id, reason=reason).first()
    if hold is None:
        raise Problem("This has been settled already.")
    require(actor, "member.admit", hold.unit.path)
    require_untied(actor, hold.unit.path)
    return hold


def _settle(actor: Actor, now: datetime, hold: Hold, state: HoldState) -> Hold:
    hold.state, hold.settled_by_id, hold.settled = state, actor.account_id, now
    hold.save(update_fields=["state", "settled_by", "settled"])
    audit.record(
        actor=actor, now=now, action=f"hold.{state}", code=hold.unit.label, unit_path=hold.unit.path,
        detail={"person": hold.person_id},
    )  # fmt: skip
    return hold
