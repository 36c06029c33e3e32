"""Drawing from the register: frames of a day, strata, clusters, a seed nobody chose, probabilities that add up."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiao.base import frozen
from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.hear.surveys import rules, services
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries import frozen_round
from qiao.hear.surveys.queries.frames import frame_folder
from qiao.hear.surveys.services.erasing import erase_invitations
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.people.models import Person
from qiao.org.retention.rules import Held
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit
from qiao_stats.sampling import draw_elements
from tests.factories.hear import DAY, Town, checked_round, closed_round, fill, make_town, open_round, planned_round


def drawn(town: Town, survey: Round, **wanted: object) -> Round:
    return services.draw_round(
        actor=town.actor(Role.SAMPLE_DRAWER), now=town.now, code=survey.code, **wanted,  # type: ignore[arg-type]
    )  # fmt: skip


def many_unions(now: datetime, unions: int = 12, each: int = 12) -> Town:
    """A town with more base unions of different size in both districts."""
    town = make_town(now, members=40)
    people = []
    for number in range(unions):
        unit = found_unit(
            actor=SYSTEM, now=now, kind=UnitKind.BASE, name=localized(f"{number}店工会", f"Shop {number}"),
            label=f"T-S{number:02}", parent=town.districts[number % 2], founded=date(2000, 1, 1),
        )  # fmt: skip
        own = Person.objects.bulk_create([Person(name=f"苗{number}-{k}") for k in range(each + number)])
        Membership.objects.bulk_create(
            Membership(person=person, unit=unit, state=Standing.ACTIVE, since=date(2020, 1, 1),
                       employment=Employment.DIRECT) for person in own
        )  # fmt: skip
        people.extend(own)
    return town


def test_whoever_has_frame_and_seed_draws_the_same_people(now: datetime, db: None) -> None:
    town = make_town(now, members=90)
    survey = drawn(town, checked_round(town, asked="sample", sample_size=30))
    manifest = frozen.verify(frame_folder(survey.code))
    assert manifest.hash == survey.frame_hash
    assert hashlib.sha256(survey.nonce.encode()).hexdigest() == survey.commitment
    seed = hashlib.sha256(f"{survey.nonce}\n{survey.frame_hash}\n{survey.code}".encode()).hexdigest()
    assert seed == survey.seed
    table = pq.read_table(manifest.folder / frozen.TABLE)
    assert table.column_names == ["key", "stratum", "cluster", "employment"]
    keys, strata = table["key"].to_pylist(), table["stratum"].to_pylist()
    again = draw_elements(keys, strata, {row["key"]: row["invited"] for row in survey.strata}, seed=seed)
    counted = Counter(strata[place] for place in again.places)
    assert counted == {row["key"]: row["invited"] for row in survey.strata}
    # The pseudonyms drawn are those of the people invited.
    from qiao.hear.surveys.queries.frames import pseudonym

    invited = {pseudonym(survey, pk, 0) for pk in Invitation.objects.values_list("person_id", flat=True)}
    assert invited == {keys[place] for place in again.places}


def test_the_frame_is_the_register_of_its_day(town: Town, now: datetime) -> None:
    left = Membership.objects.filter(person=town.people[0]).get()
    Membership.objects.filter(pk=left.pk).update(until=now.date() - 2 * DAY, state=Standing.LEFT)
    Membership.objects.filter(person=town.people[1]).update(since=now.date() - DAY)
    survey = checked_round(town)
    for wrong in (now.date() + DAY, now.date() - 400 * DAY):
        with pytest.raises(Problem, match="past year"):
            drawn(town, survey, day=wrong)
    assert drawn(town, survey, day=now.date() - 3 * DAY).population == 39
    people = set(Invitation.objects.values_list("person_id", flat=True))
    assert town.people[0].pk in people
    assert town.people[1].pk not in people
    today = checked_round(town)
    assert drawn(town, today).population == 39
    people = set(Invitation.objects.filter(round=today).values_list("person_id", flat=True))
    assert town.people[0].pk not in people
    assert town.people[1].pk in people


def test_the_frame_bears_no_name_and_no_number_of_a_person(town: Town) -> None:
    survey = drawn(town, checked_round(town))
    table = pq.read_table(frame_folder(survey.code) / frozen.TABLE)
    text = str(table.to_pydict())
    assert not any(person.name in text or f"'{person.pk}'" in text for person in town.people)


def test_allocations(now: datetime, db: None) -> None:
    town = make_town(now, members=120)
    Membership.objects.filter(person__in=town.people[:40], unit=town.bases[0]).update(unit=town.bases[1])

    def shares(**wanted: object) -> list[tuple[int, int]]:
        survey = drawn(town, checked_round(town, asked="sample", **wanted))
        return [(row["population"], row["invited"]) for row in survey.strata]

    assert shares(sample_size=48) == [(40, 16), (80, 32)]
    assert shares(sample_size=48, allocation="equal") == [(40, 24), (80, 24)]
    assert shares(allocation="given", given={"T-D1": 12, "T-D2": 20}) == [(40, 12), (80, 20)]
    with pytest.raises(Problem, match="no stratum “T-D9”"):
        shares(allocation="given", given={"T-D9": 12})
    with pytest.raises(Problem, match="cannot be drawn"):
        shares(allocation="given", given={"T-D1": 41, "T-D2": 20})
    with pytest.raises(Problem, match="from each stratum"):
        planned_round(town, asked="sample", allocation="given", given={})


def test_neyman_learns_the_spread_from_an_earlier_round(town: Town, now: datetime) -> None:
    survey = open_round(town)
    # District 1 is split in half, district 2 says all the same.
    rows = {key: list(Invitation.objects.filter(stratum=key).order_by("pk")) for key in ("T-D1", "T-D2")}
    pay, bus = {"ws_shift": "day", "need_first": ["pay"]}, {"ws_shift": "day", "need_first": ["bus"]}
    answers = [(row.pk, pay if place % 2 else bus) for place, row in enumerate(rows["T-D1"])]
    answers += [(row.pk, pay) for row in rows["T-D2"]]
    owner = town.actor(Role.SURVEY_OWNER)
    services.store_many(actor=owner, now=now, survey=survey, answers=answers)
    services.close_round(actor=owner, now=survey.closes, code=survey.code)
    services.publish_results(actor=owner, now=survey.closes, code=survey.code)
    wanted = {"asked": "sample", "sample_size": 24, "allocation": "neyman", "earlier_code": survey.code}
    second = drawn(town, checked_round(town, **wanted, earlier_item="need_first:pay"))
    sizes = {row["key"]: row["invited"] for row in second.strata}
    # S: 0.5 against √(0.976 · 0.024) = 0.15: 24 · 0.5 / 0.65 = 18.4.
    assert sizes in ({"T-D1": 18, "T-D2": 6}, {"T-D1+T-D2": 24})
    with pytest.raises(Problem, match="no answer"):
        drawn(town, checked_round(town, **wanted, earlier_item="need_first:nothing"))
    with pytest.raises(Problem, match="earlier round"):
        planned_round(town, asked="sample", sample_size=20, allocation="neyman", earlier_code="S-9", earlier_item="a:b")


def test_no_stratum_or_cell_of_the_design_is_smaller_than_ten(now: datetime, db: None) -> None:
    town = many_unions(now)
    for wanted in (
        {"stratum_by": "district"}, {"stratum_by": "hub"}, {"stratum_by": "employment"}, {"stratum_by": "sector"},
        {"stratum_by": "unit_kind"}, {"stratum_by": "none"},
        {"design": "two_stage", "per_cluster": 4}, {"design": "clusters"},
    ):  # fmt: skip
        survey = drawn(town, checked_round(town, asked="sample", sample_size=60, **wanted))
        rows = Invitation.objects.filter(round=survey)
        for columns in (("stratum",), ("stratum", "cluster"), ("stratum", "cluster", "employment")):
            smallest = min(Counter(rows.values_list(*columns)).values())
            assert smallest >= rules.DESIGN_CELL, (wanted, columns)


def test_two_stages_keep_clusters_and_probabilities(now: datetime, db: None) -> None:
    town = many_unions(now)
    survey = drawn(town, checked_round(town, asked="sample", sample_size=100, design="two_stage", per_cluster=10))
    assert survey.clusters
    assert sum(row["invited"] for row in survey.clusters) == survey.invited
    for stratum in survey.strata:
        own = [row for row in survey.clusters if row["stratum"] == stratum["key"]]
        # By size with a fixed number in each: the weights add up to the members of the stratum, nearly self-weighting.
        assert sum(row["weight"] * row["invited"] for row in own) == pytest.approx(stratum["population"], rel=0.25)
        assert 2 <= stratum["unions_drawn"] <= stratum["unions"]
    held = set(Invitation.objects.values_list("stratum", "cluster"))
    assert held == {(row["stratum"], row["key"]) for row in survey.clusters}
    with pytest.raises(Problem, match="members of several kinds"):
        planned_round(town, asked="sample", sample_size=50, design="clusters", stratum_by="employment")


def test_clustered_answers_are_estimated_by_their_clusters(now: datetime, db: None) -> None:
    town = many_unions(now)
    survey = open_round(town, asked="sample", sample_size=120, design="two_stage", per_cluster=10)
    fill(town, survey, [{"ws_shift": "day", "need_first": ["pay" if k % 3 else "bus"]} for k in range(survey.invited)])
    owner = town.actor(Role.SURVEY_OWNER)
    services.close_round(actor=owner, now=survey.closes, code=survey.code)
    survey = services.publish_results(actor=owner, now=survey.closes, code=survey.code)
    data = frozen_round(survey.code)
    assert float(data.design.weights.sum()) == pytest.approx(survey.population)
    cell = next(one for one in survey.results["questions"] if one["name"] == "need_first")["options"][0]["cells"][0]
    assert cell[1] < cell[0] < cell[2]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_pseudo_clusters_are_large_enough(numbers: list[int]) -> None:
    sizes = {f"u{place:02}": number for place, number in enumerate(numbers)}
    codes = rules.pseudo_clusters(sizes, sorted(sizes))
    held: Counter[str] = Counter()
    for name, code in codes.items():
        held[code] += sizes[name]
    assert set(codes) == set(sizes)
    assert len(held) == 1 or min(held.values()) >= rules.DESIGN_CELL


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_a_veiled_count_is_never_alone(counts: list[int]) -> None:
    hidden = rules.veiled(counts, 5)
    assert all(dark for count, dark in zip(counts, hidden, strict=True) if 0 < count < 5)
    assert sum(hidden) != 1


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=12))
def test_nobody_is_told_by_those_who_are_left(pairs: list[tuple[int, int]]) -> None:
    counts, wholes = [count for count, _left in pairs], [count + left for count, left in pairs]
    hidden = rules.veiled(counts, 5, wholes)
    for count, whole, dark in zip(counts, wholes, hidden, strict=True):
        assert dark or count == 0 or (count >= 5 and whole - count >= 5)
    assert sum(hidden) != 1


@pytest.mark.parametrize(
    ("population", "needed"), [(100, 80), (200, 132), (500, 218), (1_000, 278), (5_000, 357), (100_000, 383)]
)
def test_the_handbooks_sizes(population: int, needed: int) -> None:
    assert dict(rules.size_table())[population] == needed
    plan = rules.sample_plan(population, 0.05, 0.25)
    assert plan.needed == needed
    assert plan.ask == min(population, -(-needed * 4 // 1))
    assert plan.everybody == (needed * 4 >= population)


def test_the_calculator_tells_the_margin_of_answers_there_are() -> None:
    assert rules.sample_plan(1_000, 0.05, 0.25, 278).reached == pytest.approx(0.05, abs=2e-4)
    assert rules.sample_plan(100, 0.05, 0.1).expected == 10


def test_the_frame_is_erased_with_the_last_invitation(town: Town, now: datetime) -> None:
    survey = closed_round(town, [{"ws_shift": "day", "need_first": ["pay"]}] * 31)
    table = frame_folder(survey.code) / frozen.TABLE
    later = now + 200 * DAY
    held = Held(at=later)
    erase_invitations(later - 90 * DAY, 30, held)
    assert table.is_file()
    erase_invitations(later - 90 * DAY, 30, held)
    assert not table.is_file()
    assert frozen.verify(frame_folder(survey.code)).hash == survey.frame_hash
