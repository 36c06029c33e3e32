"""A real object in one's own unit and another in somebody else's, for every address that names one.

The access matrix opens each address with parameters twice: at an object of a unit in which the officer holds the role,
and at the same kind of object elsewhere. A page with parameters and no sample fails the test. To add yours, write
``tests/architecture/samples/<app>.py`` (found by itself)::

    @sample("needs:*")                      # names of addresses as in reverse(), * for the whole app
    def need(place: Place) -> Mapping[str, object]:
        return {"code": make_need(place.now, place.unit).code}

The builder runs once for each of two places and returns values for the parameters (more than one address needs is
fine). ``place.unit`` is a district, ``place.base`` a base union below it, ``place.actor(role)`` and
``place.account(role)`` its officers, ``place.members`` actors of its members, ``place.now`` the time of the clock,
``place.other(builder)`` what another builder made here. A more exact name beats the star. Two exceptions, each with its
reason: ``shared="…"`` where the page belongs to no one unit (no second look elsewhere), ``gone="…"`` where 403 or
404 at home is right too (the object is not in the state the page is for, or the page is for a few of those its door
lets in). Every request is undone before the next one.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.factories.evaluators import admitted

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

Builder = Callable[["Place"], Mapping[str, object]]
LONG_AGO = date(2020, 1, 1)
#: Signs that stand in every name of a place, so that a refused page can be searched for them.
SIGNS = {"D1": "近桥", "D2": "远渡"}


@dataclass(frozen=True)
class Sample:
    """A builder and what is peculiar to its addresses."""

    build: Builder
    shared: str = ""
    gone: str = ""


@dataclass
class Place:
    """A district with a base union, its members, and an officer of every role at the district."""

    label: str
    now: datetime
    root: Unit
    unit: Unit
    base: Unit
    people: list[Account]
    officers: dict[str, Account]
    made: dict[Builder, Mapping[str, object]] = field(default_factory=dict)
    actors: dict[int, Actor] = field(default_factory=dict)

    @property
    def sign(self) -> str:
        """What stands in every name here."""
        return SIGNS[self.label]

    @property
    def members(self) -> list[Actor]:
        """The members of the base union as actors."""
        return [self._actor(account) for account in self.people]

    def account(self, role: str) -> Account:
        """The officer's account."""
        return self.officers[role]

    def actor(self, role: str) -> Actor:
        """The officer."""
        return self._actor(self.officers[role])

    def _actor(self, account: Account) -> Actor:
        if account.pk not in self.actors:
            self.actors[account.pk] = actor_for(account, self.now.date())
        return self.actors[account.pk]

    def other(self, builder: Builder) -> Mapping[str, object]:
        """What another builder made here, made now if it has not yet."""
        if builder not in self.made:
            self.made[builder] = builder(self)
        return self.made[builder]


REGISTER: dict[str, Sample] = {}


def sample(*names: str, shared: str = "", gone: str = "") -> Callable[[Builder], Builder]:
    """Register the builder of these addresses."""

    def keep(builder: Builder) -> Builder:
        for name in names:
            assert name not in REGISTER, f"two samples for {name}"
            REGISTER[name] = Sample(builder, shared, gone)
        return builder

    return keep


def sample_for(name: str) -> Sample | None:
    """The sample of an address: by its own name, else by its app's star."""
    star = f"{name.partition(':')[0]}:*"
    return REGISTER.get(name) or REGISTER.get(star)


def discover() -> None:
    """Import every module beside this one."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def make_places(now: datetime) -> tuple[Place, Place]:
    """The federation with two places."""
    root = found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.FEDERATION, name=localized("全会", "The Federation"), label="F",
        parent=None, founded=LONG_AGO,
    )  # fmt: skip
    return _place(now, root, "D1"), _place(now, root, "D2")


def _place(now: datetime, root: Unit, label: str) -> Place:
    sign = SIGNS[label]
    unit = _unit(now, UnitKind.DISTRICT, label, sign, root)
    base = _unit(now, UnitKind.BASE, f"{label}-B", sign, unit)
    people = []
    for number in range(12):
        person = Person.objects.create(name=f"{sign}{'甲乙丙丁戊己庚辛壬癸子丑'[number]}")
        admit_member(actor=SYSTEM, now=now, person=person, unit=base, employment=Employment.DIRECT, since=LONG_AGO)
        people.append(_account(now, f"m{number}-{label}", person.name, person))
    officers = {}
    for role in Role:
        officers[role.value] = _account(now, f"{role.value}-{label}", f"{sign}{role.value}")
        grant_role(actor=SYSTEM, now=now, account=officers[role.value], role=role, unit=unit, since=LONG_AGO)
    admitted(now, unit, officers[Role.EVALUATOR.value], int(label[1:]))
    return Place(label, now, root, unit, base, people, officers)


def _unit(now: datetime, kind: UnitKind, label: str, sign: str, parent: Unit) -> Unit:
    name = localized(f"{sign}{label}", f"{sign} {label}")
    return found_unit(actor=SYSTEM, now=now, kind=kind, name=name, label=label, parent=parent, founded=LONG_AGO)


def _account(now: datetime, box: str, name: str, person: Person | None = None) -> Account:
    return open_account(
        actor=SYSTEM, now=now, email=f"{box.lower()}@x.example", display_name=name, person=person
    )  # fmt: skip
