"""A round of practical deeds from the call to what is carried over."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ballots import DAY, Ground, add_member, make_deeds, make_ground

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, services
from qiao.decide.ballots.choices import Channel, Rule
from qiao.decide.ballots.models import DeedRound, Idea
from qiao.decide.ballots.queries.own import own_groups
from qiao.decide.ballots.services.erasing import forget_person
from qiao.org.retention.choices import Ground as HoldGround
from qiao.org.retention.models import Hold, Proof
from qiao.org.retention.queries import cutoff_of
from qiao.org.retention.rules import rule_by_key
from qiao.org.retention.services import run_rule, set_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def six(now: datetime, db: None) -> Ground:
    """Six members of one union."""
    return make_ground(now, members=6)


def file(now: datetime, actor: Actor, code: str, title: str) -> Idea:
    receipt = services.file_idea(actor=actor, now=now, code=code, title=title, text="好处", language="zh-hans")
    state = queries.receipt_state(receipt)
    assert state is not None
    return Idea.objects.get(code=receipt.reference)


def test_a_round_from_call_to_carry_over(now: datetime) -> None:
    ground = make_ground(now, members=8)
    made = make_deeds(now, ground.district, rule=Rule.GREEDY, budget=Decimal(500))
    bus, bus_too, rest, pool, moon = (
        file(now, member, made.code, title)
        for member, title in zip(ground.members, ("夜班车", "晚上的车", "休息室", "泳池", "登月"), strict=False)
    )
    with pytest.raises(Problem, match="after the call"):
        services.merge_ideas(actor=SYSTEM, now=now, into=bus.code, codes=[bus_too.code])
    with pytest.raises(Problem, match="announced end"):
        services.move_deeds(actor=SYSTEM, now=now, code=made.code)
    later = now + 11 * DAY
    services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    with pytest.raises(Problem, match="not taken now"):
        file(later, ground.members[6], made.code, "太晚")
    services.merge_ideas(actor=SYSTEM, now=later, into=bus.code, codes=[bus_too.code])
    with pytest.raises(Problem, match="settled already"):
        services.check_idea(actor=SYSTEM, now=later, code=bus_too.code, feasible=True, cost=Decimal(1))
    with pytest.raises(Problem, match="Without a cost"):
        services.check_idea(actor=SYSTEM, now=later, code=bus.code, feasible=True)
    with pytest.raises(Problem, match="Say why"):
        services.check_idea(actor=SYSTEM, now=later, code=moon.code, feasible=False)
    with pytest.raises(Problem, match="neither merged nor checked"):
        services.start_deed_vote(actor=SYSTEM, now=later, code=made.code, opens=later, closes=later + DAY)
    services.check_idea(actor=SYSTEM, now=later, code=moon.code, feasible=False, reason=localized("太远", "Too far"))
    for idea, cost in ((bus, 300), (rest, 200), (pool, 400)):
        services.check_idea(actor=SYSTEM, now=later, code=idea.code, feasible=True, cost=Decimal(cost))
    ballot = services.start_deed_vote(actor=SYSTEM, now=later, code=made.code, opens=later, closes=later + DAY)
    assert (ballot.rule, ballot.budget) == ("greedy", Decimal(500))
    with pytest.raises(Problem, match="follows the count"):
        services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    services.open_ballot(actor=SYSTEM, now=later, code=ballot.code)
    codes = {idea.pk: Idea.objects.get(pk=idea.pk).proposal_code for idea in (bus, rest, pool)}
    for place, member in enumerate(ground.members):
        wanted = [codes[bus.pk], codes[rest.pk]] if place < 6 else [codes[pool.pk]]
        services.cast_ballot(actor=member, now=later, code=ballot.code, proposal_codes=wanted)
    services.count_ballot(actor=SYSTEM, now=later + 2 * DAY, code=ballot.code)
    services.move_deeds(actor=SYSTEM, now=later + 2 * DAY, code=made.code)
    went = dict(Idea.objects.filter(round=made).values_list("title__zh-hans", "state"))
    assert went == {
        "夜班车": "listed", "晚上的车": "merged", "休息室": "listed", "泳池": "not_chosen", "登月": "not_feasible",
    }  # fmt: skip
    with pytest.raises(Problem, match="No project has come"):
        services.move_deeds(actor=SYSTEM, now=later + 2 * DAY, code=made.code)
    lines = queries.idea_lines(DeedRound.objects.get(pk=made.pk))
    assert {line.idea.code: line.sources for line in lines}[bus.code] == 2
    figures = queries.deed_figures(DeedRound.objects.get(pk=made.pk), lines)
    assert (figures.ideas, figures.feasible, figures.listed, figures.turnout) == (5, 3, 2, 1.0)
    again = make_deeds(later + 3 * DAY, ground.district)
    assert services.carry_over(actor=SYSTEM, now=later + 3 * DAY, code=made.code, into=again.code) == 1
    assert services.carry_over(actor=SYSTEM, now=later + 3 * DAY, code=made.code, into=again.code) == 0
    carried = again.ideas.get()
    assert (carried.carried_from_id, carried.author_id) == (pool.pk, pool.author_id)
    kinds = set(LedgerLeaf.objects.filter(code=made.code).values_list("kind", flat=True))
    assert kinds == {"deeds.planned", "deeds.listed"}


def test_merging_twice_keeps_every_source_once(now: datetime) -> None:
    ground = make_ground(now, members=6)
    made = make_deeds(now, ground.district)
    a, b, c, d = (file(now, member, made.code, f"点子{place}") for place, member in enumerate(ground.members[:4]))
    later = now + 11 * DAY
    services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    services.merge_ideas(actor=SYSTEM, now=later, into=b.code, codes=[c.code])
    services.merge_ideas(actor=SYSTEM, now=later, into=a.code, codes=[b.code, d.code])
    assert {idea.code for idea in queries.sources_of_idea(a)} == {b.code, c.code, d.code}
    (line,) = queries.idea_lines(DeedRound.objects.get(pk=made.pk))
    assert line.sources == 4


def test_who_files_who_checks(now: datetime) -> None:
    ground = make_ground(now, members=3)
    made = make_deeds(now, ground.district, ground.members[0])
    with pytest.raises(Refused):
        services.file_idea(
            actor=ground.officer("secretary"), now=now, code=made.code, title="甲", text="乙", language="zh-hans"
        )
    stranger = add_member(now, ground.root, "云外")
    with pytest.raises(Refused):
        services.file_idea(actor=stranger, now=now, code=made.code, title="甲", text="乙", language="zh-hans")
    later, idea = now + 11 * DAY, made.ideas.get()
    services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    with pytest.raises(Refused):
        services.check_idea(actor=ground.members[1], now=later, code=idea.code, feasible=True, cost=Decimal(1))
    secretary = ground.officer("secretary")
    own = Actor(account_id=900, person_id=ground.members[0].person_id, name="s", grants=secretary.grants)
    with pytest.raises(Problem, match="somebody else"):
        services.check_idea(actor=own, now=later, code=idea.code, feasible=True, cost=Decimal(1))
    assert ground.members[0].person_id is not None
    assert next(group.lines for group in own_groups(ground.members[0].person_id))
    assert forget_person(ground.members[0].person_id, later) == 1
    idea.refresh_from_db()
    assert idea.author_id is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"budget": None}, "budget must be more than 0"),
        ({"rule": Rule.APPROVAL}, "how many projects are chosen"),
    ],
)
def test_the_rule_is_complete_before_the_call(now: datetime, change: dict, said: str) -> None:
    ground = make_ground(now, members=1)
    with pytest.raises(Problem, match=said):
        make_deeds(now, ground.district, **change)
    assert not DeedRound.objects.exists()


def test_who_filed_an_idea_counts_no_vote_on_it(now: datetime) -> None:
    ground = make_ground(now, members=2)
    made = make_deeds(now, ground.district, ground.members[0])
    file(now, ground.members[1], made.code, "休息室")
    later, (idea, other) = now + 11 * DAY, made.ideas.order_by("pk")
    services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    for one in (idea, other):
        services.check_idea(actor=SYSTEM, now=later, code=one.code, feasible=True, cost=Decimal(100))
    ballot = services.start_deed_vote(actor=SYSTEM, now=later, code=made.code, opens=later, closes=later + DAY)
    services.open_ballot(actor=SYSTEM, now=later, code=ballot.code)
    desk = services.open_desk(
        actor=SYSTEM, now=later, code=ballot.code, name=localized("礼堂", "Hall"), channel=Channel.PAPER
    )
    member = ground.members[1]
    assert member.person_id is not None
    services.give_paper(actor=SYSTEM, now=later, desk_id=desk.pk, person_id=member.person_id)
    officer, after = ground.officer("count_officer"), later + 2 * DAY
    author = Actor(account_id=901, person_id=ground.members[0].person_id, name="c", grants=officer.grants)
    proposal = Idea.objects.get(pk=idea.pk).proposal_code
    with pytest.raises(Problem, match="somebody else counts"):
        services.type_sheet(actor=author, now=after, desk_id=desk.pk, number=1, proposal_codes=[proposal])
    for typist in (officer, Actor(account_id=902, name="d", grants=officer.grants)):
        services.type_sheet(actor=typist, now=after, desk_id=desk.pk, number=1, proposal_codes=[proposal])
    services.finish_desk(actor=officer, now=after, desk_id=desk.pk)
    with pytest.raises(Problem, match="somebody else counts"):
        services.count_ballot(actor=author, now=after, code=ballot.code)
    assert services.count_ballot(actor=officer, now=after, code=ballot.code).turnout == 1


def test_authors_of_ideas_go_some_time_after_the_round(now: datetime) -> None:
    key = "idea_authors"
    ground = make_ground(now, members=2)
    edge = cutoff_of(rule_by_key(key), now)
    old, young, running = (make_deeds(now, ground.district, ground.members[0], sign=sign) for sign in "甲乙丙")
    for made, ended in ((old, edge - DAY), (young, edge + DAY)):
        DeedRound.objects.filter(pk=made.pk).update(state="closed", ended=ended)
    set_hold(actor=SYSTEM, now=now, object_class=key, ground=HoldGround.COURT, reason="case 7",
             until=now.date() + 3 * DAY, code=old.code)  # fmt: skip
    assert run_rule(actor=SYSTEM, now=now, key=key) == 0
    Hold.objects.update(ended_at=now)
    assert run_rule(actor=SYSTEM, now=now, key=key) == 1
    authors = dict(Idea.objects.values_list("round", "author"))
    assert authors[old.pk] is None
    assert None not in (authors[young.pk], authors[running.pk])
    assert Idea.objects.get(round=old).title, "the idea stays, as words of nobody"
    assert Proof.objects.get(object_class=key).number == 1
    assert run_rule(actor=SYSTEM, now=now, key=key) == 0


def test_a_round_comes_out_of_the_needs_it_is_to_meet(now: datetime) -> None:
    made = make_deeds(now, make_ground(now, members=1).district)
    assert sources_of(made.code) == made.need_codes


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.sets(st.integers(0, 5), min_size=1)), max_size=6))
def test_whatever_is_merged_every_author_stands_behind_exactly_one_idea(
    now: datetime, six: Ground, merges: list[tuple[int, set[int]]]
) -> None:
    made = make_deeds(now, six.district)
    ideas = [file(now, member, made.code, f"点子{place}") for place, member in enumerate(six.members)]
    before = {idea.pk: (idea.author_id, idea.title) for idea in ideas}
    later = now + 11 * DAY
    services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    for into, places in merges:
        with suppress(Problem):
            services.merge_ideas(
                actor=SYSTEM, now=later, into=ideas[into].code, codes=[ideas[place].code for place in places]
            )
        rows = list(made.ideas.all())
        assert {row.pk: (row.author_id, row.title) for row in rows} == before
        heads = {row.pk for row in rows if row.merged_into_id is None}
        assert all(row.merged_into_id in heads for row in rows if row.merged_into_id is not None)
        assert all((row.state == "merged") == (row.merged_into_id is not None) for row in rows)
        # Each line counts its own author and those behind it: together they are everybody, each once.
        assert sum(line.sources for line in queries.idea_lines(made) if line.idea.pk in heads) == len(ideas)
