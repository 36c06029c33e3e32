"""An almost empty federation for a journey: units, members, one account for each office. The rest happens in pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from tests.factories.evaluators import admitted

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Account, Person
from qiao.org.people.services import give_consent, open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

#: Members of each of the two works.
CREW = 38
FOUNDED = date(2000, 1, 1)


class Calendar:
    """The day pages read from the clock, which a journey can turn on; it never goes back."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moment of the story."""
        return datetime.now(UTC) + self._ahead

    def turn(self, **length: float) -> datetime:
        """Let so much time pass: ``turn(days=15)``."""
        self._ahead += timedelta(**length)
        return self.now()

    def day(self, ahead: int = 0) -> str:
        """A day as date inputs take it."""
        return (timezone.localtime(self.now()) + timedelta(days=ahead)).strftime("%Y-%m-%d")

    def moment(self, *, days: float = 0, minutes: float = 0) -> str:
        """A moment as date and time inputs take it."""
        return (timezone.localtime(self.now()) + timedelta(days=days, minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class Federation:
    """The root, its members' accounts (three of them have one) and the accounts of the offices."""

    root: Unit
    works: tuple[Unit, ...]
    people: tuple[Person, ...]
    members: tuple[Account, ...]
    offices: Mapping[Role, Account]

    def as_member(self, place: int) -> Actor:
        """The member at this place, with or without an account, as an actor."""
        person = self.people[place]
        return Actor(account_id=person.pk, person_id=person.pk, name=person.name, member_paths=(self.root.path,))

    def actor(self, role: Role, now: datetime) -> Actor:
        """An office as an actor."""
        return actor_for(self.offices[role], timezone.localdate(now))


def found_federation(now: datetime) -> Federation:
    """A federation with two works, their members, and an account for each office."""

    def found(kind: UnitKind, label: str, name: tuple[str, str], parent: Unit | None) -> Unit:
        return found_unit(
            actor=SYSTEM, now=now, kind=kind, name=localized(*name), label=label, parent=parent, founded=FOUNDED
        )

    root = found(UnitKind.FEDERATION, "LX", ("栎溪总工会", "Lixi Federation"), None)
    works = (
        found(UnitKind.BASE, "LX-B1", ("栎溪纺织厂工会", "Lixi Mill Union"), root),
        found(UnitKind.BASE, "LX-B2", ("栎溪机件厂工会", "Lixi Parts Union"), root),
    )
    people = []
    for place in range(2 * CREW):
        person = Person.objects.create(name=f"栎{place + 1:02}")
        people.append(person)
        admit_member(
            actor=SYSTEM, now=now, person=person, unit=works[place % 2], employment=Employment.DIRECT, since=FOUNDED
        )
    members = tuple(
        open_account(actor=SYSTEM, now=now, email=f"m{place}@lx.example", display_name=person.name, person=person)
        for place, person in enumerate(people[:3])
    )
    for account, person in zip(members, people, strict=False):
        give_consent(actor=actor_for(account, now.date()), now=now, person=person, kind="channel_mail")
    offices = {}
    for role in Role:
        offices[role] = open_account(
            actor=SYSTEM, now=now, email=f"{role.value}@lx.example", display_name=f"溪{role.value[:2]}"
        )
        grant_role(actor=SYSTEM, now=now, account=offices[role], role=role, unit=root, since=FOUNDED)
    admitted(now, root, offices[Role.EVALUATOR])
    return Federation(root, works, tuple(people), members, offices)
