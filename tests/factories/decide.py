"""Consultations in every state, and clients signed in as members and officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.test import Client
from tests.factories.ballots import DAY, Ground, add_member, make_ground, make_proposals

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import Localized, localized
from qiao.decide.consultations.models import Clause, Consultation, Opinion
from qiao.decide.consultations.services import (
    close_consultation,
    draft_consultation,
    notice_consultation,
    open_consultation,
    submit_opinion,
)
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account

__all__ = ["DAY", "Ground", "add_member", "make_ground", "make_proposals"]

PERIOD = 15 * DAY


def draft(
    now: datetime,
    ground: Ground,
    *,
    opens: datetime | None = None,
    closes: datetime | None = None,
    clauses: Sequence[Localized] | None = None,
    statements: int = 3,
    codes: Sequence[str] = (),
) -> Consultation:
    """A draft that opens now and closes fifteen days later."""
    return draft_consultation(
        actor=ground.officer("secretary"), now=now, unit=ground.district, title=localized("夜班车", "Night bus"),
        question=localized("您同意吗？", "Do you agree?"),
        clauses=clauses or [localized("每夜两班", "Two buses a night"), localized("免费", "Free of charge")],
        statements=[localized(f"陈述{number}", f"Statement {number}") for number in range(1, statements + 1)],
        proposal_codes=list(codes), opens=opens or now, closes=closes or now + PERIOD,
    )  # fmt: skip


def opened(now: datetime, ground: Ground, **options: object) -> Consultation:
    """An open one."""
    code = draft(now, ground, **options).code  # type: ignore[arg-type]
    notice_consultation(actor=SYSTEM, now=now, code=code)
    return open_consultation(actor=SYSTEM, now=now, code=code)


def closed(now: datetime, ground: Ground, texts: Sequence[tuple[int, str]], **options: object) -> Consultation:
    """One that closes now, with opinions on the whole: (place of the member, text)."""
    before = now - PERIOD
    consultation = opened(before, ground, **options)
    for place, text in texts:
        speak(before + DAY, ground.members[place], consultation, text)
    return close_consultation(actor=SYSTEM, now=now, code=consultation.code)


def speak(
    now: datetime, member: Actor, consultation: Consultation, text: str, clause: Clause | None = None, **options: bool
) -> Opinion:
    """One opinion."""
    receipt = submit_opinion(
        actor=member, now=now, code=consultation.code, clause_id=clause.pk if clause else None, text=text,
        language="zh-hans", **options,
    )  # fmt: skip
    return Opinion.objects.get(receipt=receipt.number)


def member_account(now: datetime, member: Actor) -> Account:
    """An account of a member."""
    person = Person.objects.get(pk=member.person_id)
    return open_account(
        actor=SYSTEM, now=now, email=f"m{person.pk}@x.example", display_name=person.name, person=person
    )  # fmt: skip


def member_client(now: datetime, member: Actor, language: str = "en") -> Client:
    """A browser in which the member is signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(member_account(now, member))
    return client


def officer_client(now: datetime, ground: Ground, role: Role, language: str = "en") -> Client:
    """A browser in which an officer of the root is signed in."""
    account = open_account(actor=SYSTEM, now=now, email=f"{role.value}@x.example", display_name=role.value)
    grant_role(actor=SYSTEM, now=now, account=account, role=role, unit=ground.root, since=date(2020, 1, 1))
    client = Client(headers={"accept-language": language})
    client.force_login(account)
    return client


def hours(number: int) -> timedelta:
    """Shorthand."""
    return timedelta(hours=number)
