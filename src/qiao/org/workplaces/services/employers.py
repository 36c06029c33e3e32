"""Entering employers and keeping them right."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require, require_untied
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem
from qiao.base.redaction import Mark, scan
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.choices import EmployerState, Ownership, Sector
from qiao.org.workplaces.models import Employer, UnitEmployer
from qiao.org.workplaces.rules import normal_reg_code


def register_employer(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    place: Unit,
    sector: Sector,
    ownership: Ownership,
    reg_code: str = "",
    opened: date | None = None,
    office: str = "",
) -> Employer:
    """Enter an employer in the hub or district it lies in.

    Raises Refused without ``employer.change`` there, Problem for a wrong or doubled code, the same name in the same
    place, a place that is a base union, or an office that is a person's telephone.
    """
    require(actor, "employer.change", place.path)
    name, office = clean_employer_name(name), clean_office(office)
    code = normal_reg_code(reg_code)
    check_place(place)
    check_opened(opened, timezone.localdate(now))
    with atomic():
        # Two officers who enter the same employer at once wait for each other at its place.
        Unit.objects.select_for_update(of=("self",)).get(pk=place.pk)
        _check_twins(0, code, name, place)
        employer = Employer.objects.create(
            code=next_code("V"), reg_code=code, name=name, place=place, sector=sector, ownership=ownership,
            opened=opened, office=office, entered=now, confirmed=timezone.localdate(now),
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="employer.register", code=employer.code, unit_path=place.path)
    return employer


def change_employer(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name: str,
    place: Unit,
    sector: Sector,
    ownership: Ownership,
    reg_code: str = "",
    opened: date | None = None,
    office: str = "",
) -> Employer:
    """Put an employer's data right, or confirm that they are; the day is kept as the last confirmation.

    Raises Refused without ``employer.change`` at the old and the new place, Problem as `register_employer` does.
    """
    name, office = clean_employer_name(name), clean_office(office)
    reg = normal_reg_code(reg_code)
    check_place(place)
    check_opened(opened, timezone.localdate(now))
    with atomic():
        employer = locked_employer(actor, code)
        require(actor, "employer.change", place.path)
        Unit.objects.select_for_update(of=("self",)).get(pk=place.pk)
        _check_twins(employer.pk, reg, name, place)
        if employer.closed and opened and employer.closed < opened:
            raise Problem("It closed on %(closed)s, before it opened.", closed=employer.closed)
        before = {
            "name": employer.name, "place": employer.place_id, "sector": employer.sector,
            "ownership": employer.ownership, "reg_code": employer.reg_code, "opened": str(employer.opened),
            "office": employer.office,
        }  # fmt: skip
        employer.name, employer.place, employer.sector, employer.ownership = name, place, sector, ownership
        employer.reg_code, employer.opened, employer.office = reg, opened, office
        employer.confirmed = timezone.localdate(now)
        employer.save()
        after = {
            "name": name, "place": place.pk, "sector": str(sector), "ownership": str(ownership), "reg_code": reg,
            "opened": str(opened), "office": office,
        }  # fmt: skip
        changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        audit.record(
            actor=actor, now=now, action="employer.change", code=code, unit_path=place.path,
            detail={"changed": changed} if changed else {"confirmed": True},
        )  # fmt: skip
    return employer


def close_employer(*, actor: Actor, now: datetime, code: str, day: date) -> Employer:
    """Enter that an employer has closed down. Twice changes nothing. The standing of its members is not touched.

    Raises Refused without ``employer.change`` at its place, Problem for a day to come or before it opened.
    """
    with atomic():
        employer = locked_employer(actor, code)
        if employer.state == EmployerState.CLOSED:
            return employer
        require_plausible(day)
        if day > timezone.localdate(now):
            raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
        if employer.opened and day < employer.opened:
            raise Problem("It opened on %(opened)s only: check both dates.", opened=employer.opened)
        employer.state, employer.closed = EmployerState.CLOSED, day
        employer.save(update_fields=["state", "closed"])
        UnitEmployer.objects.filter(employer=employer, until__isnull=True, since__lt=day).update(until=day)
        audit.record(
            actor=actor, now=now, action="employer.close", code=code, unit_path=employer.place.path,
            detail={"day": day.isoformat()},
        )  # fmt: skip
    return employer


def locked_employer(actor: Actor, code: str, action: str = "employer.change") -> Employer:
    """The employer with this code, locked, for whoever may do ``action`` at its place and declared no tie to it.

    Raises Refused, Problem.
    """
    employer = (
        Employer.objects.select_for_update(of=("self",)).select_related("place").filter(code=code).order_by("pk")
    ).first()
    if employer is None:
        raise Problem("There is no employer with this code: %(code)s.", code=code)
    require(actor, action, employer.place.path)
    require_untied(actor, employer.place.path, employer.pk)
    return employer


def clean_employer_name(text: str) -> str:
    """An employer's name as kept. Raises Problem where nothing, too much or no letter is written."""
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name:
        raise Problem("The employer's name is missing.", hint="Write it as on the business licence.")
    if len(name) > 160:
        raise Problem("The name is longer than %(most)d signs.", hint="Shorten it.", most=160)
    if not any(sign.isalpha() for sign in name):
        raise Problem("“%(value)s” is no name.", hint="Write it as on the business licence.", value=name)
    return name


def clean_office(text: str) -> str:
    """The office channel as kept. Raises Problem where it holds a person's mobile telephone or identity number."""
    office = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(office) > 160:
        raise Problem("The office is longer than %(most)d signs.", hint="Shorten it.", most=160)
    if any(found.mark in (Mark.PHONE, Mark.IDENTITY, Mark.BANK) for found in scan(office, landlines=False)):
        raise Problem(
            "This looks like a person's telephone or number.",
            hint="Write an office: a switchboard, an address, a mail box. Persons at the employer are not kept.",
            place=Place(column="office"),
        )
    return office


def check_place(place: Unit) -> None:
    """Raise Problem unless employers may lie in the unit."""
    if place.kind in (UnitKind.BASE, UnitKind.JOINT_BASE, UnitKind.SECTOR):
        raise Problem(
            "%(unit)s is no place: an employer lies in a hub or a district.",
            hint="Take the hub or district; the union is linked afterwards.",
            unit=place.label,
        )
    if not takes_in(place):
        raise Problem("%(unit)s is closed.", unit=place.label)


def check_opened(opened: date | None, today: date) -> None:
    """Raise Problem for a day on which no employer can have opened."""
    if opened is None:
        return
    if opened > today:
        raise Problem("This day has not come yet: %(day)s.", day=opened.isoformat())
    if opened.year < 1800:
        raise Problem("The year %(year)s cannot be meant: check the date.", year=f"{opened.year:04d}")


def _check_twins(own: int, reg_code: str | None, name: str, place: Unit) -> None:
    if reg_code:
        twin = Employer.objects.filter(reg_code=reg_code).exclude(pk=own).order_by("pk").first()
        if twin is not None:
            raise Problem(
                "%(code)s (%(name)s) has this unified social credit code already.",
                hint="Open that employer instead of entering it twice.",
                code=twin.code,
                name=twin.name,
            )
    same = Employer.objects.filter(name=name, place=place, state=EmployerState.OPEN).exclude(pk=own)
    if reg_code:
        # Two legal persons of one name are two where both have codes.
        same = same.filter(reg_code__isnull=True)
    twin = same.order_by("pk").first()
    if twin is not None:
        raise Problem(
            "%(code)s in the same place has this name already.",
            hint="Open that employer; if they are two, enter the codes of both.",
            code=twin.code,
        )
