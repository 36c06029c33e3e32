"""From electorate to a certified term: who may take which step, and what is refused."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils.timezone import localdate
from tests.factories.congress import DAY, MINUTES, SEATS, WORKERS, Plant, elected, in_term, lines, make_plant

from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import SeatEnd, TermState
from qiao.decide.congress.models import Congress, Delegate
from qiao.decide.congress.rules.quota import Electorate
from qiao.decide.congress.rules.settings import MANAGER_SHARE
from qiao.org.access.choices import Role
from qiao.org.settings.services import set_value

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(now: datetime, db: None) -> Plant:
    return make_plant(now)


def form(plant: Plant, electorate: Electorate = WORKERS, **options: object) -> Congress:
    return services.form_congress(
        actor=plant.officer(), now=plant.now, unit=plant.unit, electorate=electorate, counted=localdate(plant.now),
        source="名册", **options,  # type: ignore[arg-type]
    )  # fmt: skip


def test_seats_follow_the_table_and_rules_stay_with_the_term(plant: Plant) -> None:
    made = form(plant)
    assert (made.seats, made.fewest, made.assembly, made.table) == (SEATS, SEATS, False, "sh")
    set_value(actor=plant.officer(Role.ORG_OFFICER, plant.root), now=plant.now, setting_key=MANAGER_SHARE.key,
              unit=plant.root, value=0.1, since=localdate(plant.now) + DAY, reason="更少")  # fmt: skip
    made.refresh_from_db()
    assert made.manager_share == 0.2, "a later change of the setting does not touch the term"
    assert form(plant).pk == made.pk, "the same term asked for twice is one"


def test_nobody_has_chosen_a_table(now: datetime) -> None:
    plant = make_plant(now, table="")
    with pytest.raises(Problem, match="Nobody has set"):
        form(plant)


def test_numbers_that_do_not_fit(plant: Plant) -> None:
    with pytest.raises(Problem, match="more women"):
        form(plant, Electorate(100, 101, 5))
    with pytest.raises(Problem, match="at least 30"):
        form(plant, seats=29)
    with pytest.raises(Problem, match="has been"):
        services.form_congress(actor=plant.officer(), now=plant.now, unit=plant.unit, electorate=WORKERS,
                               counted=localdate(plant.now) + DAY, source="名册")  # fmt: skip
    with pytest.raises(Refused):
        services.form_congress(actor=plant.delegate(0), now=plant.now, unit=plant.unit, electorate=WORKERS,
                               counted=localdate(plant.now), source="名册")  # fmt: skip


def test_few_workers_all_meet(plant: Plant) -> None:
    made = form(plant, Electorate(60, 20, 40))
    assert made.assembly
    assert made.seats == 60
    services.divide_seats(actor=plant.officer(), now=plant.now, code=made.code)
    services.add_worker(actor=plant.officer(), now=plant.now, code=made.code, name="未入会者")
    assert made.delegates.count() == SEATS + 1
    services.file_congress(actor=plant.officer(), now=plant.now, code=made.code)
    services.certify_congress(actor=plant.above(), now=plant.now, code=made.code)
    made.refresh_from_db()
    assert made.state == TermState.IN_TERM


def test_the_whole_way_to_a_term(plant: Plant) -> None:
    made = in_term(plant)
    assert made.state == TermState.IN_TERM
    assert made.until == localdate(plant.now).replace(year=localdate(plant.now).year + 3)
    assert Delegate.objects.filter(congress=made, person__isnull=False).count() == SEATS
    assert LedgerLeaf.objects.filter(kind="congress.certified", code=made.code).count() == 1
    assert [place.seats for place in made.constituencies.order_by("position")] == [18, 12]
    table = {row.key: row for row in queries.quota_table(made)}
    assert (table["managers"].demanded, table["managers"].missing) == (6, 0)
    assert (table["women"].demanded, table["women"].missing) == (12, 0)


def test_managers_over_their_share_are_not_certified(plant: Plant) -> None:
    made = elected(plant, managers=7)
    services.file_congress(actor=plant.officer(), now=plant.now, code=made.code)
    with pytest.raises(Problem, match="7 managers are elected; at most 6"):
        services.certify_congress(actor=plant.above(), now=plant.now, code=made.code, reason="没有别人")
    services.return_congress(actor=plant.above(), now=plant.now, code=made.code, reason="经理过多")
    made.refresh_from_db()
    assert (made.state, made.reason) == (TermState.RETURNED, "经理过多")


def test_too_few_women_need_a_reason(plant: Plant) -> None:
    made = elected(plant, women=5)
    services.file_congress(actor=plant.officer(), now=plant.now, code=made.code)
    with pytest.raises(Problem, match="fewer than their share"):
        services.certify_congress(actor=plant.above(), now=plant.now, code=made.code)
    found = services.certify_congress(
        actor=plant.above(), now=plant.now, code=made.code, reason="候选人中没有更多女职工"
    )
    assert found.reason


def test_the_unit_above_certifies_and_nobody_who_had_a_hand_in_it(plant: Plant) -> None:
    made = elected(plant)
    services.file_congress(actor=plant.officer(), now=plant.now, code=made.code)
    with pytest.raises(Refused):
        services.certify_congress(actor=plant.officer(), now=plant.now, code=made.code)
    Congress.objects.filter(pk=made.pk).update(filed_by=plant.account(Role.ORG_OFFICER, plant.district))
    with pytest.raises(Problem, match="had a hand"):
        services.certify_congress(actor=plant.above(), now=plant.now, code=made.code)
    with pytest.raises(IntegrityError), atomic():
        Congress.objects.filter(pk=made.pk).update(certified_by=plant.account(Role.ORG_OFFICER, plant.district))


def test_minutes_that_elect_nobody(plant: Plant) -> None:
    made = elected(plant)
    place = made.constituencies.order_by("position")[0]

    def enter(**changes: object) -> None:
        given: dict[str, object] = {
            "actor": plant.officer(), "now": plant.now, "constituency_id": place.pk, "held_on": localdate(plant.now),
            "took_part": 50, "elected": lines(plant, 0, 18), "minutes_sha256": MINUTES,
        } | changes  # fmt: skip
        services.record_election(**given)  # type: ignore[arg-type]

    with pytest.raises(Problem, match="40 are needed"):
        enter(took_part=39)
    with pytest.raises(Problem, match="signed minutes"):
        enter(minutes_sha256="")
    with pytest.raises(Problem, match="18 seats are to fill"):
        enter(elected=lines(plant, 0, 19))
    weak = [dataclasses.replace(row, votes=30) for row in lines(plant, 0, 18)]
    with pytest.raises(Problems, match="row 1: With 30 votes nobody is elected here: 31 are needed"):
        enter(elected=weak)
    both = [*lines(plant, 0, 17), dataclasses.replace(lines(plant, 0, 1)[0])]
    with pytest.raises(Problems, match="row 18: This member is a delegate already"):
        enter(elected=both)
    assert made.delegates.count() == SEATS, "what was refused changed nothing"
    enter()
    assert made.delegates.count() == SEATS, "a second entry before certification replaces the first"


def test_a_name_two_members_bear_is_told_by_the_number(plant: Plant) -> None:
    made = elected(plant)
    place = made.constituencies.order_by("position")[0]
    twin = plant.people[5]
    twin.name = plant.people[4].name
    twin.save()
    rows = lines(plant, 0, 18)
    rows[5] = dataclasses.replace(rows[5], name=twin.name)
    services.record_election(actor=plant.officer(), now=plant.now, constituency_id=place.pk, took_part=50,
                             held_on=localdate(plant.now), elected=rows, minutes_sha256=MINUTES)  # fmt: skip
    assert made.delegates.filter(person__isnull=True).count() == 2, "nobody guesses who of two is meant"
    rows[5] = dataclasses.replace(rows[5], number=twin.pk)
    services.record_election(actor=plant.officer(), now=plant.now, constituency_id=place.pk, took_part=50,
                             held_on=localdate(plant.now), elected=rows, minutes_sha256=MINUTES)  # fmt: skip
    assert made.delegates.get(person=twin).name == twin.name


def test_a_vacant_seat_is_filled_without_breaking_the_ceiling(plant: Plant) -> None:
    made = in_term(plant)
    seat = made.delegates.filter(front_line=True).order_by("pk")[0]
    services.end_seat(actor=plant.officer(), now=plant.now, delegate_id=seat.pk, ended=SeatEnd.LEFT,
                      day=localdate(plant.now))  # fmt: skip
    with pytest.raises(Problem, match="vacant already"):
        services.end_seat(actor=plant.officer(), now=plant.now, delegate_id=seat.pk, ended=SeatEnd.LEFT,
                          day=localdate(plant.now))  # fmt: skip
    Delegate.objects.filter(congress=made, until__isnull=True, front_line=True).order_by("pk").first()
    another = services.Elected("新代表", 45, front_line=True)
    services.record_election(
        actor=plant.officer(), now=plant.now, constituency_id=seat.constituency_id, held_on=localdate(plant.now),  # type: ignore[arg-type]
        took_part=50, elected=[another], minutes_sha256=MINUTES,
    )  # fmt: skip
    assert made.delegates.filter(until__isnull=True).count() == SEATS


def test_a_term_is_extended_once_and_by_a_year_at_most(plant: Plant) -> None:
    made = in_term(plant)
    assert made.until is not None
    reason = localized("换届推迟", "Put off")
    with pytest.raises(Problem, match="at the latest"):
        services.extend_term(actor=plant.above(), now=plant.now, code=made.code, until=made.until + timedelta(days=400),
                             reason=reason)  # fmt: skip
    services.extend_term(actor=plant.above(), now=plant.now, code=made.code, until=made.until + timedelta(days=90),
                         reason=reason)  # fmt: skip
    with pytest.raises(Problem, match="only once"):
        services.extend_term(actor=plant.above(), now=plant.now, code=made.code,
                             until=made.until + timedelta(days=120), reason=reason)  # fmt: skip


def test_a_new_term_ends_the_old_one(plant: Plant) -> None:
    first = in_term(plant)
    second = in_term(plant)
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == (TermState.ENDED, TermState.IN_TERM, 2)
    assert not first.delegates.filter(until__isnull=True).exists()


def test_every_act_stands_in_the_audit_log(plant: Plant) -> None:
    in_term(plant)
    assert set(AuditRow.objects.filter(action__startswith="congress.").values_list("action", flat=True)) == {
        "congress.form", "congress.constituency", "congress.divide", "congress.elect", "congress.file",
        "congress.certify",
    }  # fmt: skip
