"""What was fixed before the call of a round: choices, number of projects, turnout, progress reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from tests.factories.ballots import DAY, Ground, make_consultation, make_deeds, make_ground

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.decide.ballots import queries, rules, services
from qiao.decide.ballots.choices import Rule
from qiao.decide.ballots.models import Ballot, DeedRound, Idea
from qiao.decide.decisions.services import take_decision
from qiao.org.settings.queries.ruling import federation_path
from qiao.org.settings.services import set_value
from qiao.org.units.models import Unit

pytestmark = pytest.mark.django_db


def put(now: datetime, setting: Any, value: object) -> None:
    unit = Unit.objects.get(path=federation_path())
    set_value(
        actor=SYSTEM, now=now, setting_key=setting.key, unit=unit, value=value, since=localdate(now), reason="试行"
    )


def voted(now: datetime, ground: Ground, *, voters: int, **rule: Any) -> tuple[DeedRound, str]:
    """A round with two feasible ideas and a counted vote of ``voters`` members; the vote's code."""
    made = make_deeds(now, ground.district, **rule)
    for place, title in enumerate(("夜班车", "休息室")):
        services.file_idea(
            actor=ground.members[place], now=now, code=made.code, title=title, text="好处", language="zh-hans"
        )
    later = now + 11 * DAY
    services.move_deeds(actor=SYSTEM, now=later, code=made.code)
    for idea in Idea.objects.filter(round=made):
        services.check_idea(actor=SYSTEM, now=later, code=idea.code, feasible=True, cost=Decimal(100))
    return made, vote(later, ground, made.code, voters)


def vote(now: datetime, ground: Ground, code: str, voters: int) -> str:
    ballot = services.start_deed_vote(actor=SYSTEM, now=now, code=code, opens=now, closes=now + DAY)
    services.open_ballot(actor=SYSTEM, now=now, code=ballot.code)
    bus = Idea.objects.filter(round__code=code).first()
    assert bus is not None
    for member in ground.members[:voters]:
        services.cast_ballot(actor=member, now=now, code=ballot.code, proposal_codes=[bus.proposal_code])
    services.count_ballot(actor=SYSTEM, now=now + 2 * DAY, code=ballot.code)
    return ballot.code


def test_choices_are_those_set_and_no_more(now: datetime) -> None:
    ground = make_ground(now, members=3)
    assert make_deeds(now, ground.district, rule=Rule.LIMITED, winners=2).most == 3
    with pytest.raises(Problem, match="3 projects at most"):
        make_deeds(now, ground.district, sign="乙", rule=Rule.LIMITED, winners=2, most=4)
    put(now, rules.CHOICES_PER_VOTE, 5)
    assert make_deeds(now, ground.district, sign="丙", rule=Rule.LIMITED, winners=2, most=4).most == 4


def test_a_year_lists_no_more_than_is_set(now: datetime) -> None:
    ground = make_ground(now, members=3)
    first = make_deeds(now, ground.district, rule=Rule.APPROVAL, winners=7)
    with pytest.raises(Problem, match="10 practical projects a year at most; 3 are left"):
        make_deeds(now, ground.district, sign="乙", rule=Rule.APPROVAL, winners=4)
    make_deeds(now, ground.district, sign="丙", rule=Rule.APPROVAL, winners=3)
    with pytest.raises(Problem, match="0 are left"):
        make_deeds(now, ground.district, sign="丁")
    put(now, rules.LISTED_PER_YEAR, 11)
    assert make_deeds(now, ground.district, sign="戊").listed_most == 11
    first.refresh_from_db()
    assert first.listed_most == 10


def test_a_vote_with_too_few_decides_nothing_and_is_held_again(now: datetime) -> None:
    ground = make_ground(now, members=8)
    put(now, rules.MIN_TURNOUT, 0.5)
    made, code = voted(now, ground, voters=3)
    # What is set later does not touch a round that runs.
    put(now + 12 * DAY, rules.MIN_TURNOUT, 0.0)
    after = now + 14 * DAY
    assert queries.is_void(code)
    moved = services.move_deeds(actor=SYSTEM, now=after, code=made.code)
    assert (moved.state, moved.ballot_code, moved.void_ballots) == ("check", "", [code])
    assert set(Idea.objects.filter(round=made).values_list("state", flat=True)) == {"checked"}
    assert LedgerLeaf.objects.filter(code=made.code, kind="deeds.void").count() == 1
    page = Client(headers={"accept-language": "en"}).get(f"/decide/ballots/deeds/{made.code}/").content.decode()
    assert "Too few took part in this vote" in page
    consultation = make_consultation(after, ground, [], opinions=1, answered=True)
    won = [winner.proposal_code for winner in queries.winners(code)]
    with pytest.raises(Problem, match="it decides nothing"):
        take_decision(
            actor=SYSTEM, now=after, unit=ground.district, title=localized("定", "So"), text=localized("定", "So"),
            consultation_code=consultation.code, ballot_code=code, proposal_codes=won,
        )  # fmt: skip
    again = vote(after, ground, made.code, 4)
    assert not queries.is_void(again)
    moved = services.move_deeds(actor=SYSTEM, now=after + 3 * DAY, code=made.code)
    assert (moved.state, moved.ballot_code) == ("listed", again)
    assert Idea.objects.filter(round=made, state="listed").exists()


def test_without_a_least_turnout_one_vote_is_enough(now: datetime) -> None:
    ground = make_ground(now, members=8)
    made, code = voted(now, ground, voters=1)
    assert not queries.is_void(code)
    assert services.move_deeds(actor=SYSTEM, now=now + 14 * DAY, code=made.code).state == "listed"


def test_progress_is_reported_every_quarter_or_the_round_stands(now: datetime) -> None:
    ground = make_ground(now, members=4)
    made = make_deeds(now, ground.district)
    said = localized("夜班车已招标", "The night bus is tendered")
    with pytest.raises(Problem, match="while the projects are carried out"):
        services.report_deeds(actor=SYSTEM, now=now, code=made.code, text=said)
    DeedRound.objects.filter(pk=made.pk).update(state="running", running_since=now)
    secretary = ground.officer("secretary")
    (item,) = [one for one in queries.desk_items(actor=secretary, now=now) if "report" in one.url]
    assert timedelta(days=88) < item.due - now < timedelta(days=94)
    late = now + 100 * DAY
    with pytest.raises(Problem, match="has been due since"):
        services.move_deeds(actor=SYSTEM, now=late, code=made.code)
    for _twice in range(2):
        services.report_deeds(actor=secretary, now=late, code=made.code, text=said)
    made.refresh_from_db()
    assert len(made.reports) == 1
    with pytest.raises(Problem, match="Nobody served has rated"):
        services.move_deeds(actor=SYSTEM, now=late, code=made.code)
    (item,) = [one for one in queries.desk_items(actor=secretary, now=late) if "report" in one.url]
    assert timedelta(days=178) < item.due - now < timedelta(days=187)
    page = Client(headers={"accept-language": "en"}).get(f"/decide/ballots/deeds/{made.code}/").content.decode()
    assert "The night bus is tendered" in page
    assert "Publish the progress report" not in page


def test_the_rules_of_a_round_stand_in_the_ledger(now: datetime) -> None:
    ground = make_ground(now, members=3)
    made = make_deeds(now, ground.district)
    assert LedgerLeaf.objects.filter(code=made.code, kind="deeds.planned").exists()
    assert (made.listed_most, made.min_turnout, made.report_months) == (10, 0.0, 3)
    assert not Ballot.objects.exists()
