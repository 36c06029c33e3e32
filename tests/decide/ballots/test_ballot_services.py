"""Planning, opening, voting, closing and counting."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from tests.factories.ballots import DAY, add_member, make_consultation, make_ground, make_open_ballot, make_proposals
from typer.testing import CliRunner

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem, Problems
from qiao.base.receipts import find_receipt
from qiao.cli.main import app
from qiao.decide.ballots import queries, services
from qiao.decide.ballots.choices import Leftover
from qiao.decide.ballots.models import Ballot, Paper, ResultFile, RollEntry
from qiao.decide.ballots.services import VotedAlready
from qiao.decide.proposals.queries import proposal_by_code, proposals_by_codes
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit
from qiao.publish.models import Article
from qiao_stats import share

pytestmark = pytest.mark.django_db


def cast(now: datetime, actor, code: str, *codes: str) -> Receipt:
    return services.cast_ballot(actor=actor, now=now + DAY, code=code, proposal_codes=codes)


def entries(code: str) -> dict[str, dict]:
    return {leaf.kind: json.loads(leaf.payload) for leaf in LedgerLeaf.objects.filter(code=code).order_by("index")}


def test_planning_fixes_the_rules_in_the_ledger_before_anything_opens(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    ballot = services.plan_ballot(
        actor=ground.officer("secretary"), now=now, unit=ground.district, title=localized("票决", "Vote"),
        budget=Decimal(1000), proposal_codes=[*reversed(codes), codes[0]], opens=now + DAY, closes=now + 3 * DAY,
    )  # fmt: skip
    written = entries(ballot.code)["ballot.rules"]
    assert (written["rule"], written["tie_rule"], written["budget"]) == ("equal-shares", "list-order", "1000")
    assert [(line["position"], line["code"], line["cost"]) for line in written["proposals"]] == [
        (1, codes[0], "300.00"),
        (2, codes[1], "500.00"),
    ]
    assert {proposal_by_code(code).state for code in codes} == {"on_ballot"}
    assert sources_of(ballot.code) == codes
    with pytest.raises(Problem, match="announced time"):
        services.open_ballot(actor=SYSTEM, now=now, code=ballot.code)


def test_a_plan_is_refused_with_every_fault_where_it_is(now: datetime) -> None:
    ground = make_ground(now)
    free, dear, good = make_proposals(now, ground.district, 0, 2000, 10)
    with pytest.raises(Problems) as raised:
        services.plan_ballot(
            actor=SYSTEM, now=now, unit=ground.district, title=localized("票决"), budget=Decimal(1000),
            proposal_codes=[free.code, dear.code, good.code, "P-none"], opens=now + DAY, closes=now,
        )  # fmt: skip
    text = str(raised.value)
    assert f"{free.code}: The proposal has no cost. Write its cost first" in text
    assert f"{dear.code}: The proposal costs more than the whole budget" in text
    assert "P-none: There is no such proposal" in text
    assert "must close after it opens" in text
    assert not Ballot.objects.exists()
    assert proposal_by_code(good.code).state == "raised"


def test_only_the_secretary_of_the_unit_plans_and_only_a_count_officer_counts(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    plan = {
        "now": now, "unit": ground.district, "title": localized("票决"), "budget": Decimal(1000),
        "proposal_codes": codes, "opens": now, "closes": now + DAY,
    }  # fmt: skip
    for stranger in (ground.officer("secretary", ground.base), ground.officer("count_officer"), ground.members[0]):
        with pytest.raises(Refused):
            services.plan_ballot(actor=stranger, **plan)
    ballot = services.plan_ballot(actor=ground.officer("secretary"), **plan)
    services.open_ballot(actor=ground.officer("secretary"), now=now, code=ballot.code)
    with pytest.raises(Refused):
        services.count_ballot(actor=ground.officer("secretary"), now=now + 2 * DAY, code=ballot.code)
    services.count_ballot(actor=ground.officer("count_officer"), now=now + 2 * DAY, code=ballot.code)


def test_the_roll_is_frozen_at_the_opening(now: datetime) -> None:
    ground = make_ground(now, members=3)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    assert (ballot.roll_size, entries(ballot.code)["ballot.opened"]["roll_size"]) == (3, 3)
    late = add_member(now, ground.base, "云迟")
    with pytest.raises(Problem, match="not on the roll"):
        cast(now, late, ballot.code, codes[0])
    with pytest.raises(Refused):
        cast(now, ground.officer("secretary"), ballot.code, codes[0])
    assert services.open_ballot(actor=SYSTEM, now=now + DAY, code=ballot.code).roll_size == 3


def test_one_member_has_one_vote_and_a_replay_changes_nothing(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    receipt = cast(now, ground.members[0], ballot.code, codes[1], codes[0], codes[1])
    with pytest.raises(VotedAlready):
        cast(now, ground.members[0], ballot.code, codes[0])
    assert [paper.marks for paper in Paper.objects.all()] == [codes]
    assert find_receipt(receipt.number) == receipt
    assert (receipt.reference, receipt.content_hash, receipt.code) == ("", "", ballot.code)


def test_a_paper_carries_nothing_that_leads_to_a_person(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    audited = AuditRow.objects.count()
    cast(now, ground.members[0], ballot.code, codes[0])
    assert {field.name for field in Paper._meta.get_fields()} == {"id", "ballot", "marks", "ranks"}
    assert {field.name for field in RollEntry._meta.get_fields()} == {"id", "ballot", "person", "voted"}
    assert AuditRow.objects.count() == audited, "an audit row would hold person and time beside the paper"


def test_no_total_exists_while_the_vote_is_open(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    cast(now, ground.members[0], ballot.code, codes[0])
    ballot.refresh_from_db()
    assert (ballot.turnout, ballot.spent, queries.result_of(ballot), queries.winners(ballot.code)) == (None,) * 3 + (
        [],
    )
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE ballots_ballot SET turnout = 1 WHERE id = %s", [ballot.pk])


def test_the_announced_hours_hold(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    with pytest.raises(Problem, match="announced end"):
        services.count_ballot(actor=SYSTEM, now=now + DAY, code=ballot.code)
    with pytest.raises(Problem, match="not open now"):
        services.cast_ballot(actor=ground.members[0], now=now + 7 * DAY, code=ballot.code, proposal_codes=[codes[0]])
    for nothing in ([], ["P-none"]):
        with pytest.raises(Problem):
            services.cast_ballot(actor=ground.members[0], now=now, code=ballot.code, proposal_codes=nothing)
    assert not RollEntry.objects.filter(voted=True).exists()


def test_equal_shares_give_a_minority_its_project(now: datetime) -> None:
    """Worked by hand: 10 voters, 1,000: 100 each. Six want A and B (550 and 450), four want C (380).

    A and B ask the same price of their six (1/6 of what each is worth): A stands higher on the paper. Each of the six
    pays 91.67 and has 8.33 left, 50 together: B is out of reach. C costs its four 95 each. The most votes first would
    have bought A and B, and the four nothing.
    """
    ground = make_ground(now, members=10)
    ballot, (a, b, c) = make_open_ballot(now, ground, 550, 450, 380)
    for member in ground.members[:6]:
        cast(now, member, ballot.code, a, b)
    for member in ground.members[6:]:
        cast(now, member, ballot.code, c)
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert (counted.turnout, counted.roll_size, counted.state) == (10, 10, "counted")
    assert [(won.proposal_code, won.votes, won.order) for won in queries.winners(ballot.code)] == [(a, 6, 1), (c, 4, 2)]
    assert queries.losers(ballot.code) == [b]
    assert (counted.spent, counted.share) == (Decimal(930), Decimal(100))
    result = queries.result_of(counted)
    assert result is not None
    assert (result.unspent, result.turnout_rate, result.used) == (Decimal(70), 1.0, 0.93)
    assert [(line.supporters, line.most, line.full, line.rest, line.tied_with) for line in result.bought] == [
        (6, Decimal("91.67"), 6, 0, (b,)),
        (4, Decimal("95.00"), 4, 0, ()),
    ]


def test_the_result_file_counts_to_the_same_result_with_the_command_line(now: datetime, tmp_path) -> None:
    ground = make_ground(now, members=9)
    ballot, codes = make_open_ballot(now, ground, 300, 500, 120, 120)
    for place, member in enumerate(ground.members[:8]):
        cast(now, member, ballot.code, codes[place % 4], codes[(place * 3 + 1) % 4])
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    text = queries.result_file(ballot.code)
    assert text is not None
    file = tmp_path / f"{ballot.code}.pb"
    file.write_text(text, encoding="utf-8")
    run = CliRunner().invoke(app, ["share", str(file), "--rule", "equal-shares", "--format", "json"])
    assert run.exit_code == 0, run.output
    recount = json.loads(run.stdout)
    won = queries.winners(ballot.code)
    assert recount["selected"] == [winner.proposal_code for winner in won]
    assert Decimal(str(recount["total_cost"])) == Ballot.objects.get(code=ballot.code).spent
    written = entries(ballot.code)["ballot.result"]
    assert written["file_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert [line["code"] for line in written["bought"]] == [winner.proposal_code for winner in won]


def test_ties_are_stated(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, b) = make_open_ballot(now, ground, 900, 900)
    for member in ground.members:
        cast(now, member, ballot.code, a, b)
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert [winner.proposal_code for winner in queries.winners(ballot.code)] == [a]
    assert counted.ties == [{"bought": a, "equal": [b]}]
    assert entries(ballot.code)["ballot.result"]["ties"] == counted.ties


@pytest.mark.parametrize(("voters", "shown"), [(0, False), (4, False), (5, True)])
def test_counts_of_fewer_than_five_voters_are_not_published(now: datetime, voters: int, shown: bool) -> None:
    ground = make_ground(now, members=6)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    for member in ground.members[:voters]:
        cast(now, member, ballot.code, codes[0])
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert [winner.proposal_code for winner in queries.winners(ballot.code)] == ([codes[0]] if voters else [])
    assert all((item.votes is not None) == shown for item in counted.items.all())
    assert all(bool(item.payment) <= shown for item in counted.items.all())
    assert ResultFile.objects.exists() == shown
    written = entries(ballot.code)["ballot.result"]
    assert (written["file_sha256"] != "") == shown
    assert all((line["votes"] is not None) == shown for line in written["bought"])
    assert written["turnout"] == voters


def test_closing_seals_the_box_and_a_changed_box_is_not_counted(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    for member in ground.members[:5]:
        cast(now, member, ballot.code, codes[0])
    closed = services.close_ballot(actor=SYSTEM, now=now + 7 * DAY, code=ballot.code)
    assert entries(ballot.code)["ballot.closed"]["papers_root"] == closed.papers_root
    Paper.objects.filter(pk=Paper.objects.order_by("pk").values("pk")[:1]).update(marks=[codes[1]])
    with pytest.raises(Problem, match="not those sealed"):
        services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert "ballot.result" not in entries(ballot.code)


def test_a_box_that_does_not_agree_with_the_roll_is_not_closed(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    cast(now, ground.members[0], ballot.code, codes[0])
    Paper.objects.create(ballot=ballot, marks=[codes[0]])
    with pytest.raises(Problem, match="2 papers, 1 marks on the roll, 1 receipts"):
        services.close_ballot(actor=SYSTEM, now=now + 7 * DAY, code=ballot.code)


def test_counting_twice_changes_nothing_and_is_announced_once(now: datetime) -> None:
    ground = make_ground(now)
    ballot, codes = make_open_ballot(now, ground, 300, 500)
    for member in ground.members[:5]:
        cast(now, member, ballot.code, codes[0])
    for hour in range(2):
        services.count_ballot(actor=SYSTEM, now=now + (8 + hour) * DAY, code=ballot.code)
    assert LedgerLeaf.objects.filter(code=ballot.code, kind="ballot.result").count() == 1
    assert Article.objects.filter(code=ballot.code).count() == 2


def test_a_planned_vote_can_be_withdrawn_with_a_reason_an_open_one_cannot(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    plan = {
        "actor": SYSTEM, "now": now, "unit": ground.district, "title": localized("票决"), "budget": Decimal(1000),
        "proposal_codes": codes, "opens": now, "closes": now + DAY,
    }  # fmt: skip
    ballot = services.plan_ballot(**plan)
    with pytest.raises(Problems, match="another ballot"):
        services.plan_ballot(**plan)
    with pytest.raises(Problem, match="Say why"):
        services.withdraw_ballot(actor=SYSTEM, now=now, code=ballot.code, reason={})
    assert {proposal.state for proposal in proposals_by_codes(codes)} == {"on_ballot"}
    services.withdraw_ballot(actor=SYSTEM, now=now, code=ballot.code, reason=localized("预算未定", "No budget yet"))
    assert {proposal.state for proposal in proposals_by_codes(codes)} == {"raised"}
    again = services.plan_ballot(**plan)
    services.open_ballot(actor=SYSTEM, now=now, code=again.code)
    with pytest.raises(Problem, match="is counted"):
        services.withdraw_ballot(actor=SYSTEM, now=now, code=again.code, reason=localized("不", "no"))


def test_a_proposal_members_discussed_goes_back_to_having_been_discussed(now: datetime) -> None:
    ground = make_ground(now, members=3)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes[:1], opinions=1, answered=True)
    ballot = services.plan_ballot(
        actor=SYSTEM, now=now, unit=ground.district, title=localized("票决"), budget=Decimal(1000),
        proposal_codes=codes, consultation_code=consultation.code, opens=now, closes=now + DAY,
    )  # fmt: skip
    for _ in range(2):
        services.withdraw_ballot(actor=SYSTEM, now=now, code=ballot.code, reason=localized("预算未定", "No budget"))
    assert [proposal_by_code(code).state for code in codes] == ["consulted", "raised"]


def test_money_left_over_buys_by_votes_where_the_rules_say_so(now: datetime) -> None:
    """Ten voters, 1,000. All choose A (500, 50 each); six B (400): they have 300 left, too little. Nobody wants C.

    Left over are 500: B has the most votes of what fits. C is never bought, though it would fit.
    """
    ground = make_ground(now, members=10)
    a, b, c = (proposal.code for proposal in make_proposals(now, ground.district, 500, 400, 50))
    ballot = services.plan_ballot(
        actor=SYSTEM,
        now=now,
        unit=ground.district,
        title=localized("票决", "Vote"),
        budget=Decimal(1000),
        proposal_codes=[a, b, c],
        opens=now,
        closes=now + 7 * DAY,
        leftover=Leftover.MOST_VOTES,
    )
    services.open_ballot(actor=SYSTEM, now=now, code=ballot.code)
    for place, member in enumerate(ground.members):
        cast(now, member, ballot.code, *([a, b] if place < 6 else [a]))
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    result = queries.result_of(counted)
    assert result is not None
    assert [(line.item.proposal_code, line.from_leftover) for line in result.bought] == [(a, False), (b, True)]
    assert [(line.item.proposal_code, line.item.votes) for line in result.others] == [(c, 0)]
    assert entries(ballot.code)["ballot.rules"]["leftover"] == "most-votes"
    election = share.read_pabulib(queries.result_file(ballot.code) or "")
    again = share.share_budget(election, share.Rule.EQUAL_SHARES, completion=share.Completion.GREEDY)
    assert again.selected == (a, b)


def test_the_file_of_papers_is_dated_by_the_days_here(now: datetime) -> None:
    ground = make_ground(now, members=5)
    # From the first moment of 12 May to the last of 14 May in Shanghai.
    begin, end = datetime(2026, 5, 11, 16, 0, tzinfo=UTC), datetime(2026, 5, 14, 15, 59, 59, tzinfo=UTC)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    code = services.plan_ballot(
        actor=SYSTEM, now=now, unit=ground.district, title=localized("票决"), budget=Decimal(1000),
        proposal_codes=codes, opens=begin, closes=end,
    ).code  # fmt: skip
    services.open_ballot(actor=SYSTEM, now=begin, code=code)
    for member in ground.members:
        services.cast_ballot(actor=member, now=begin, code=code, proposal_codes=codes)
    services.count_ballot(actor=SYSTEM, now=end, code=code)
    text = queries.result_file(code) or ""
    assert "date_begin;12.05.2026" in text
    assert "date_end;14.05.2026" in text


def test_a_vote_does_not_hang_on_another_units_consultation(now: datetime) -> None:
    ground = make_ground(now)
    other = found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.DISTRICT, name=localized("云岭区", "Yunling"), label="F-D2",
        parent=ground.root, founded=date(2000, 1, 1),
    )  # fmt: skip
    consultation = make_consultation(now, replace(ground, district=other), [], opinions=0, answered=True)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    with pytest.raises(Problem, match=f"{consultation.code}: The consultation belongs to another unit"):
        services.plan_ballot(
            actor=SYSTEM, now=now, unit=ground.district, title=localized("票决"), budget=Decimal(1000),
            proposal_codes=codes, consultation_code=consultation.code, opens=now, closes=now + DAY,
        )  # fmt: skip
    assert not Ballot.objects.exists()
