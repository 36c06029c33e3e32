"""Committees, terms and officers of the demonstration, elections on their way, a petition, test calls.

About one base union in seven is past its term and one in twelve has no chair, as in the handbook's model.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.cli.demo.names import GIVEN, SURNAMES
from qiao.cli.demo.world import World, invented_name
from qiao.org.elections.choices import Cause, NominatedBy, PetitionKind
from qiao.org.elections.models import Candidate
from qiao.org.elections.rules import Count
from qiao.org.elections.services import (
    call_election,
    file_result,
    hold_election,
    nominate,
    plan_election,
    sign_petition,
    start_petition,
)
from qiao.org.mandates.choices import CommitteeKind, EmployerPost, EndReason, Engagement, Post, TestOutcome
from qiao.org.mandates.models import Committee, Mandate, Term, TestContact
from qiao.org.mandates.rules import is_base, months_later
from qiao.org.mandates.services import draw_tests, record_test
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit

#: Names without a number: as many as surnames and given names make.
_NAMES = len(SURNAMES) * len(GIVEN)
_DISTRICT_VOTES = Count(electors=120, present=112, handed_out=112, valid=110, invalid=2)
_MINUTES = "4c5b0d3f9a7e1c2d8b6f4a3e2d1c0b9a8f7e6d5c4b3a29180f0e1d2c3b4a5968"


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - every stage is asked alike
    """Terms and officers of every unit in bulk; then an election, a filed result, a petition and tests by services."""
    today = world.now.date()
    units = [world.root, *world.districts, *world.hubs, *world.bases]
    committees = Committee.objects.bulk_create(
        [Committee(unit=unit, kind=CommitteeKind.UNION, since=unit.founded) for unit in units], batch_size=2000
    )
    terms = Term.objects.bulk_create(
        [_term(committee, place, today) for place, committee in enumerate(committees)], batch_size=2000
    )
    _mark_units(terms, today)
    Mandate.objects.bulk_create(
        [row for place, term in enumerate(terms) for row in _officers(world, term, place, today)], batch_size=2000
    )
    Committee.objects.bulk_create(
        [
            Committee(unit=unit, kind=CommitteeKind.MEDIATION, since=date(2022, 3, 1))
            for unit in [*world.hubs, *world.bases[::6]]
        ]
    )
    codes = {"election": _called(world), "filed": _filed(world), "petition": _petition(world)}
    _tests(world)
    return {"elections": codes}


def _term(committee: Committee, place: int, today: date) -> Term:
    """A term that runs; of every seventh base union it is over, and the first one's election is due."""
    base = is_base(committee.unit.kind)
    years = 3 if base else 5
    if base and place % 7 == 3:
        until = today - timedelta(days=20 + 11 * (place % 40))
    elif base:
        until = today + timedelta(days=70 if committee.unit.label.endswith("B0001") else 200 + (37 * place) % 800)
    else:
        until = today + timedelta(days=60 if place == 1 else 200 + 90 * (place % 12))
    since = months_later(until, -12 * years)
    return Term(
        committee=committee, number=2, since=since, until=until, due_from=until - timedelta(days=180), seats=5,
        rule=f"org.term_{'base' if base else 'federation'}={years}", due_rule="org.term_due_lead=180",
    )  # fmt: skip


def _mark_units(terms: list[Term], today: date) -> None:
    units = []
    for term in terms:
        unit = term.committee.unit
        unit.term_ends = term.until - timedelta(days=1)
        unit.state = (
            UnitState.OVERDUE
            if term.until <= today
            else UnitState.TERM_DUE
            if term.due_from <= today
            else UnitState.ACTIVE
        )
        units.append(unit)
    Unit.objects.bulk_update(units, ["term_ends", "state"], batch_size=500)


def _officers(world: World, term: Term, place: int, today: date) -> list[Mandate]:
    unit, base = term.committee.unit, is_base(term.committee.unit.kind)
    serial = 4 * place
    own = unit.pk == world.bases[0].pk
    chair = Mandate(
        unit=unit, committee=term.committee, term=term, post=Post.CHAIR, since=term.since, confirmed=today,
        name=world.account("base_chair").display_name if own else invented_name(serial % _NAMES),
        account=world.account("base_chair") if own else None,
        engagement=Engagement.PART if base and place % 14 else Engagement.FULL,
        employer_post=EmployerPost.HR if base and place % 17 == 5 else EmployerPost.NONE,
    )  # fmt: skip
    if base and place % 12 == 7:
        chair.until, chair.end_reason = today - timedelta(days=25 + 9 * (place % 30)), EndReason.RESIGNED
        chair.until = max(chair.until, term.since)
    if not base or place % 11:
        chair.office_phone = f"5550-{place:04}"
        chair.office_mail = f"{unit.label.lower()}@ebf.example"
        chair.office_place = localized("工会办公室，一楼", "Union office, ground floor")
        chair.office_hours = localized("周一至周五 9–17 时", "Monday to Friday, 9 to 17")
    rows = [chair]
    rows.append(_plain(term, Post.DEPUTY, serial + 1))
    if not base:
        rows += [_staff(unit, serial + 2 + number, today) for number in range(2)]
    elif place % 3 == 0:
        rows.append(_plain(term, Post.WOMEN_HEAD, serial + 2))
    if base and place % 4 == 0:
        rows.append(_entered(unit, Post.DELEGATE, serial + 3, today))
    if base and place % 9 == 0:
        rows.append(_entered(unit, Post.WORKER_DIRECTOR, serial + 3, today))
    return rows


def _plain(term: Term, post: Post, serial: int) -> Mandate:
    unit = term.committee.unit
    return Mandate(
        unit=unit, committee=term.committee, term=term, post=post, name=invented_name(serial % _NAMES), since=term.since
    )


def _staff(unit: Unit, serial: int, today: date) -> Mandate:
    return Mandate(
        unit=unit, post=Post.STAFF if serial % 2 else Post.CONTRACTED, name=invented_name(serial % _NAMES),
        engagement=Engagement.FULL, since=today - timedelta(days=700), office_phone=f"5551-{serial % 10000:04}",
    )  # fmt: skip


def _entered(unit: Unit, post: Post, serial: int, today: date) -> Mandate:
    return Mandate(unit=unit, post=post, name=invented_name(serial % _NAMES), since=today - timedelta(days=400))


def _called(world: World) -> str:
    """The first base union elects in three weeks: its members are called, two stand for chair."""
    officer, unit = world.actor("base_officer"), world.bases[0]
    before = world.now - timedelta(days=3)
    election = plan_election(
        actor=officer, now=before, unit=unit, kind=CommitteeKind.UNION, cause=Cause.RENEWAL,
        day=before.date() + timedelta(days=24), seats=3, group="溪望舒、石清和、兰若水",
        place=localized("食堂二楼，14 时至 18 时", "Canteen, first floor, 14 to 18"),
    )  # fmt: skip
    for name, post, employer_post in (
        (world.account("base_chair").display_name, Post.CHAIR, EmployerPost.NONE),
        ("江见山", Post.CHAIR, EmployerPost.HR),
        ("柏长歌", Post.DEPUTY, EmployerPost.NONE),
        ("禾安澜", Post.MEMBER, EmployerPost.NONE),
    ):
        nominate(
            actor=officer, now=before, code=election.code, name=name, post=post, nominated_by=NominatedBy.GROUP,
            no_relative=True, employer_post=employer_post,
        )  # fmt: skip
    call_election(actor=officer, now=before, code=election.code)
    return election.code


def _filed(world: World) -> str:
    """The first district has elected: its result waits for the federation."""
    unit, start = world.districts[0], world.now - timedelta(days=40)
    election = plan_election(
        actor=SYSTEM, now=start, unit=unit, kind=CommitteeKind.UNION, cause=Cause.RENEWAL,
        day=start.date() + timedelta(days=25), seats=3, group="云长风、竹知夏、田守一",
        place=localized("区总工会礼堂", "Hall of the district federation"),
    )  # fmt: skip
    for name, post in (
        ("松远山", Post.CHAIR),
        ("梅疏影", Post.DEPUTY),
        ("河清晏", Post.MEMBER),
        ("林放鹤", Post.MEMBER),
    ):
        nominate(
            actor=SYSTEM, now=start, code=election.code, name=name, post=post, nominated_by=NominatedBy.COMMITTEE,
            no_relative=True,
        )  # fmt: skip
    call_election(actor=SYSTEM, now=start, code=election.code)
    rows = list(Candidate.objects.filter(election=election).order_by("pk"))
    hold_election(
        actor=SYSTEM, now=world.now - timedelta(days=12), code=election.code, held_on=election.day,
        count=_DISTRICT_VOTES, votes=dict(zip((row.pk for row in rows), (104, 97, 88, 41), strict=True)),
        elected={row.pk for row in rows[:3]}, secret=True, minutes_sha256=_MINUTES, minutes_name="选举记录.pdf",
    )  # fmt: skip
    file_result(actor=SYSTEM, now=world.now - timedelta(days=10), code=election.code)
    return election.code


def _petition(world: World) -> str:
    """Members of the first base union ask for a meeting about the shifts; the member of the sign-in page may sign."""
    own = [actor for actor in world.members if world.bases[0].path in actor.member_paths]
    other = [actor for actor in world.members if actor.member_paths and actor not in own]
    starter = own[-1] if len(own) > 1 else other[0]
    unit = Unit.objects.get(path=starter.member_paths[0])
    petition, _receipt = start_petition(
        actor=starter, now=world.now - timedelta(days=6), unit=unit, kind=PetitionKind.MEETING,
        subject="召开会员大会，讨论夜班排班",
    )  # fmt: skip
    for actor in own[1:-1]:
        sign_petition(actor=actor, now=world.now - timedelta(days=4), code=petition.code)
    return petition.code


def _tests(world: World) -> None:
    """This year's sample is drawn; most of it is called already, some in vain."""
    drawn = draw_tests(actor=SYSTEM, now=world.now - timedelta(days=30), unit=world.root)
    keys = TestContact.objects.filter(round=drawn).order_by("pk").values_list("pk", flat=True)
    for place, key in enumerate(keys):
        if place % 4 != 3:
            outcome = TestOutcome.SILENT if place % 8 == 2 else TestOutcome.ANSWERED
            record_test(actor=SYSTEM, now=world.now - timedelta(days=20), contact_id=key, outcome=outcome)
