"""A small federation with two districts, members, officers with accounts, and survey rounds in any state."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import openpyxl

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries import POINTS, round_by_code, version_by_id
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.people.models import Account, Person
from qiao.org.people.services import give_consent, open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = timedelta(days=1)
SURVEY = (
    ("type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant"),
    ("select_one shift", "ws_shift", "班次？", "Shift?", "yes", ""),
    ("select_multiple needs", "need_first", "最需要什么？", "What is needed?", "yes", ""),
    ("integer", "hours", "加班几小时？", "Hours of overtime?", "", "${ws_shift} = 'night'"),
    ("text", "words", "还有什么？", "What else?", "", ""),
)
CHOICES = (
    ("list_name", "name", "label::中文 (zh)", "label::English (en)"),
    ("shift", "day", "白班", "Day"),
    ("shift", "night", "夜班", "Night"),
    ("needs", "pay", "工资", "Pay"),
    ("needs", "bus", "班车", "Bus"),
    ("needs", "legal", "法律帮助", "Legal help"),
    ("needs", "culture", "文体", "Culture"),
)


def workbook(survey: Sequence[Sequence[object]] = SURVEY, choices: Sequence[Sequence[object]] = CHOICES) -> bytes:
    """An XLSForm as bytes."""
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in survey:
        book.active.append(list(row))
    sheet = book.create_sheet("choices")
    for row in choices:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@dataclass
class Town:
    """A federation, two districts with one base union each, members, officers."""

    root: Unit
    districts: list[Unit]
    bases: list[Unit]
    people: list[Person]
    accounts: dict[str, Account] = field(default_factory=dict)
    now: datetime = datetime.min

    def account(self, role: Role) -> Account:
        """The account that holds the role at the root."""
        if role not in self.accounts:
            account = open_account(
                actor=SYSTEM, now=self.now, email=f"{role}@town.example", display_name=str(role.value)
            )
            grant_role(actor=SYSTEM, now=self.now, account=account, role=role, unit=self.root, since=date(2020, 1, 1))
            self.accounts[role] = account
        return self.accounts[role]

    def actor(self, role: Role) -> Actor:
        """The actor behind `account`."""
        return actor_for(self.account(role), self.now.date())

    def member_account(self, place: int) -> Account:
        """An account of the member at this place."""
        person = self.people[place]
        found = Account.objects.filter(person=person).first()
        return found or open_account(
            actor=SYSTEM, now=self.now, email=f"m{place}@town.example", display_name=person.name, person=person
        )


def make_town(now: datetime, members: int = 40) -> Town:
    """Members are spread evenly over both districts; every fourth works through an agency."""
    day = date(2000, 1, 1)
    root = found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.FEDERATION, name=localized("例城总工会", "Town Federation"), label="T",
        parent=None, founded=day,
    )  # fmt: skip
    districts, bases = [], []
    for number in (1, 2):
        district = found_unit(
            actor=SYSTEM, now=now, kind=UnitKind.DISTRICT, name=localized(f"第{number}区", f"District {number}"),
            label=f"T-D{number}", parent=root, founded=day,
        )  # fmt: skip
        districts.append(district)
        bases.append(
            found_unit(
                actor=SYSTEM,
                now=now,
                kind=UnitKind.BASE,
                name=localized(f"第{number}厂工会", f"Works {number}"),
                label=f"T-D{number}-B",
                parent=district,
                founded=day,
            )
        )
    people = Person.objects.bulk_create([Person(name=f"禾{number}") for number in range(members)])
    Membership.objects.bulk_create(
        [
            Membership(
                person=person,
                unit=bases[number % 2],
                state=Standing.ACTIVE,
                since=date(2020, 1, 1),
                employment=Employment.AGENCY if number % 4 == 0 else Employment.DIRECT,
            )
            for number, person in enumerate(people)
        ]
    )
    return Town(root, districts, bases, people, {}, now)


def upload(town: Town, content: bytes | None = None) -> int:
    """A stored questionnaire; its version's key."""
    version = services.upload_questionnaire(
        actor=town.actor(Role.SURVEY_OWNER), now=town.now, unit=town.root, title=localized("问卷", "Questionnaire"),
        file_name="form.xlsx", content=content or workbook(),
    )  # fmt: skip
    return version.pk


def planned_round(town: Town, **wanted: object) -> Round:
    """A planned round of the whole federation for the next ten days."""
    facts: dict[str, object] = {
        "unit": town.root, "title": localized("需求调查", "Needs survey"), "asked": "census",
        "opens": town.now, "closes": town.now + 10 * DAY,
        "purpose": localized("了解需求", "To learn what is needed"), **wanted,
    }  # fmt: skip
    version = facts.pop("version", None) or version_by_id(upload(town))
    return services.plan_round(actor=town.actor(Role.SURVEY_OWNER), now=town.now, version=version, **facts)  # type: ignore[arg-type]


def pass_plan(town: Town, survey: Round) -> Round:
    """The plan, passed by the data protection officer."""
    held = {key: True for key, _label in POINTS}
    return services.pass_plan(actor=town.actor(Role.DPO), now=town.now, code=survey.code, points=held)


def checked_round(town: Town, **wanted: object) -> Round:
    """A planned round whose plan was passed."""
    return pass_plan(town, planned_round(town, **wanted))


def open_round(town: Town, **wanted: object) -> Round:
    """A round drawn and open."""
    survey = checked_round(town, **wanted)
    if survey.asked != "volunteers":
        services.draw_round(actor=town.actor(Role.SAMPLE_DRAWER), now=town.now, code=survey.code)
    services.open_round(actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=survey.code)
    return round_by_code(survey.code)


def reach_by_mail(town: Town, place: int) -> Account:
    """The member at this place gets an account and consents to messages by mail."""
    account = town.member_account(place)
    give_consent(
        actor=actor_for(account, town.now.date()), now=town.now, person=town.people[place], kind="channel_mail"
    )
    return account


def codes_of(town: Town, survey: Round) -> list[str]:
    """Fresh single-use codes of everybody without an account."""
    return [
        line.code
        for line in services.make_code_sheet(
            actor=town.actor(Role.SAMPLE_DRAWER), now=town.now, code=survey.code, renew=bool(survey.codes_made)
        )
    ]


def fill(town: Town, survey: Round, answers: Sequence[Mapping[str, object]]) -> None:
    """Store these answers for the first people invited."""
    rows = Invitation.objects.filter(round=survey, answered=False).order_by("person_id")[: len(answers)]
    services.store_many(
        actor=SYSTEM, now=town.now, survey=survey,
        answers=[(row.pk, values) for row, values in zip(rows, answers, strict=True)],
    )  # fmt: skip


def closed_round(town: Town, answers: Sequence[Mapping[str, object]], **wanted: object) -> Round:
    """A round with these answers, closed and published."""
    survey = open_round(town, **wanted)
    fill(town, survey, answers)
    owner = town.actor(Role.SURVEY_OWNER)
    services.close_round(actor=owner, now=town.now + 10 * DAY, code=survey.code)
    return services.publish_results(actor=owner, now=town.now + 10 * DAY, code=survey.code)
