"""A base union whose workers elect delegates: a congress in every state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.decide.congress import services
from qiao.decide.congress.choices import ItemKind
from qiao.decide.congress.models import Congress, Delegate, DelegateProposal, Item, Session
from qiao.decide.congress.rules.quota import Electorate
from qiao.decide.congress.rules.settings import TABLE
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_worker
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account
from qiao.org.settings.services import set_value
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = timedelta(days=1)
#: Workers of the plant; its delegates by the table: 30.
WORKERS = Electorate(100, 40, 70)
SEATS = 30
MINUTES = "ab" * 32
TEXT = localized("内容", "Content")


@dataclass(frozen=True)
class Plant:
    """A plant's union below a district, its officers, its delegates as actors (they have no accounts of their own)."""

    now: datetime
    root: Unit
    district: Unit
    unit: Unit
    people: tuple[Person, ...]

    def account(self, role: Role, unit: Unit | None = None, name: str = "") -> Account:
        """An account with one role; the same name gives the same account."""
        at = unit or self.unit
        name = name or f"{role.value}-{at.label}"
        account = Account.objects.filter(email=f"{name}@x.example".lower()).first()
        if account is None:
            account = open_account(actor=SYSTEM, now=self.now, email=f"{name}@x.example".lower(), display_name=name)
            grant_role(actor=SYSTEM, now=self.now, account=account, role=role, unit=at, since=localdate(self.now) - DAY)
        return account

    def officer(self, role: Role = Role.BASE_OFFICER, unit: Unit | None = None, name: str = "") -> Actor:
        """The actor behind `account`."""
        return actor_for(self.account(role, unit, name), localdate(self.now))

    def above(self) -> Actor:
        """Who certifies: the organisation officer of the district."""
        return self.officer(Role.ORG_OFFICER, self.district)

    def delegate(self, place: int) -> Actor:
        """The delegate at this place."""
        person = self.people[place]
        return Actor(
            account_id=100_000 + person.pk, person_id=person.pk, name=person.name, member_paths=(self.unit.path,)
        )


def make_plant(now: datetime, *, people: int = SEATS, table: str = "sh") -> Plant:
    """Found the units, admit the people, choose the table of delegates."""
    units: list[Unit] = []
    for kind, label, name in (
        (UnitKind.FEDERATION, "F", localized("例桥总工会", "Example Federation")),
        (UnitKind.DISTRICT, "F-D1", localized("青禾区总工会", "Qinghe District")),
        (UnitKind.BASE, "F-D1-B1", localized("栎桥机械厂工会", "Liqiao Works Union")),
    ):
        units.append(
            found_unit(
                actor=SYSTEM, now=now, kind=kind, name=name, label=label, parent=units[-1] if units else None,
                founded=localdate(now) - 3000 * DAY,
            )
        )  # fmt: skip
    if table:
        set_value(
            actor=SYSTEM, now=now, setting_key=TABLE.key, unit=units[0], value=table, since=localdate(now),
            reason=localized("选定", "chosen")["zh-hans"],
        )  # fmt: skip
    found = tuple(
        admit_worker(
            actor=SYSTEM, now=now, unit=units[2], name=f"栎{number:02}", employment=Employment.DIRECT,
            since=localdate(now) - 400 * DAY, other_person=True,
        ).person
        for number in range(people)
    )  # fmt: skip
    return Plant(now, *units, found)


def lines(plant: Plant, first: int, last: int, *, managers: int = 3, women: int = 12) -> list[services.Elected]:
    """Lines of minutes: the first managers are managers, everybody else works at the front line."""
    return [
        services.Elected(
            plant.people[number].name,
            45,
            woman=number < women,
            front_line=number >= managers,
            manager=number < managers,
        )
        for number in range(first, last)
    ]


def elected(plant: Plant, *, managers: int = 3, women: int = 12) -> Congress:
    """A term whose two constituencies have elected."""
    officer = plant.officer()
    congress = services.form_congress(
        actor=officer, now=plant.now, unit=plant.unit, electorate=WORKERS, counted=localdate(plant.now), source="名册"
    )
    for name, electors in (("一车间", 60), ("二车间", 40)):
        services.add_constituency(
            actor=officer, now=plant.now, code=congress.code, name=localized(name, name), electors=electors
        )
    services.divide_seats(actor=officer, now=plant.now, code=congress.code)
    start = 0
    for place in congress.constituencies.order_by("position"):
        rows = lines(plant, start, start + place.seats, managers=managers, women=women)
        rows = [row if place.electors >= 60 else services.Elected(**{**_fields(row), "votes": 30}) for row in rows]
        services.record_election(
            actor=officer, now=plant.now, constituency_id=place.pk, held_on=localdate(plant.now),
            took_part=50 if place.electors == 60 else 35, elected=rows, minutes_sha256=MINUTES,
        )  # fmt: skip
        start += place.seats
    return Congress.objects.get(pk=congress.pk)


def _fields(row: services.Elected) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__slots__}


def in_term(plant: Plant) -> Congress:
    """A certified term."""
    congress = elected(plant)
    services.file_congress(actor=plant.officer(), now=plant.now, code=congress.code)
    return services.certify_congress(actor=plant.above(), now=plant.now, code=congress.code)


def called(plant: Plant, congress: Congress, *, ahead: int = 31) -> Session:
    """A meeting called."""
    return services.call_session(
        actor=plant.officer(), now=plant.now, congress_code=congress.code,
        title=localized("第一次会议", "First meeting"), meets=plant.now + ahead * DAY, place=localized("礼堂", "Hall"),
    )  # fmt: skip


def item(plant: Plant, session: Session, kind: ItemKind = ItemKind.PASS, **options: object) -> Item:
    """An item on its agenda."""
    return services.add_item(
        actor=plant.officer(), now=plant.now, session_code=session.code, kind=kind,
        title=localized("高温停工办法", "Rules on heat"), text=TEXT, **options,  # type: ignore[arg-type]
    )  # fmt: skip


def opened(plant: Plant, session: Session, *, present: int = 20) -> Session:
    """The meeting, open, with so many delegates present (the last ones work at the front line)."""
    officer, day = plant.officer(), session.meets
    services.send_papers(actor=officer, now=session.papers_due, code=session.code)
    seats = list(
        Delegate.objects.filter(congress=session.congress, until__isnull=True)
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    services.set_attendance(actor=officer, now=day, code=session.code, present=seats[:present], presidium=seats[:3])
    return services.open_meeting(actor=officer, now=day, code=session.code)


def present_actors(plant: Plant, session: Session) -> Sequence[Actor]:
    """Actors of the delegates who are present."""
    persons = {row.delegate.person_id for row in session.attendance.select_related("delegate").order_by("pk")}
    return [plant.delegate(place) for place, person in enumerate(plant.people) if person.pk in persons]


def seconded(
    plant: Plant, congress: Congress, *, now: datetime, makes: int = 0, shielded: bool = False
) -> DelegateProposal:
    """A proposal with enough seconders."""
    proposal = services.draft_proposal(
        actor=plant.delegate(makes), now=now, congress_code=congress.code, title="增设饮水点", text="二车间没有饮水点",
        language="zh-hans", shielded=shielded,
    )  # fmt: skip
    for other in (makes + 1, makes + 2):
        services.second_proposal(actor=plant.delegate(other), now=now, code=proposal.code)
    proposal.refresh_from_db()
    return proposal


def assigned(plant: Plant, congress: Congress, *, now: datetime, shielded: bool = False) -> DelegateProposal:
    """A proposal an office has to reply to."""
    proposal = seconded(plant, congress, now=now, shielded=shielded)
    services.submit_proposal(actor=plant.delegate(0), now=now, code=proposal.code)
    officer = plant.officer()
    services.review_proposal(actor=officer, now=now, code=proposal.code, word="file")  # type: ignore[arg-type]
    return services.assign_proposal(actor=officer, now=now, code=proposal.code, handler="后勤科")
