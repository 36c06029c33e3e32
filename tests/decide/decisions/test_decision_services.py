"""Taking decisions: the guard of the answers, the members' vote, the register."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import override
from tests.decide.ballots.test_ballot_concurrency import side_by_side
from tests.factories.ballots import (
    DAY,
    Ground,
    answer_all,
    make_consultation,
    make_ground,
    make_open_ballot,
    make_proposals,
)

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import link, sources_of
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.decide.ballots.services import cast_ballot, count_ballot
from qiao.decide.consultations.services import finish_answers
from qiao.decide.decisions import queries
from qiao.decide.decisions.models import Decision
from qiao.decide.decisions.rules import Task
from qiao.decide.decisions.services import take_decision
from qiao.decide.proposals.queries import proposal_by_code
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit
from qiao.publish.models import Article

TITLE, TEXT = localized("年度实事项目", "Projects of the year"), localized("决定如下。", "It is decided.")


def take(now: datetime, ground: Ground, consultation: str, codes: list[str], **more) -> Decision:
    return take_decision(
        actor=ground.officer("executive"),
        now=now,
        unit=ground.district,
        title=TITLE,
        text=TEXT,
        consultation_code=consultation,
        proposal_codes=codes,
        **more,
    )


@pytest.mark.django_db
def test_no_decision_while_an_opinion_lacks_its_answer(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes, opinions=3, answered=False)
    with pytest.raises(Problem) as raised:
        take(now, ground, consultation.code, codes)
    assert (raised.value.place.source, raised.value.params) == (consultation.code, {"number": 3})
    assert str(raised.value).startswith(f"{consultation.code}: 3 opinions of this consultation have no answer yet")
    answer_all(now, consultation.code)
    with pytest.raises(Problem, match="not finished"):
        take(now, ground, consultation.code, codes)
    assert not Decision.objects.exists()
    assert {proposal_by_code(code).state for code in codes} == {"consulted"}
    finish_answers(actor=SYSTEM, now=now, code=consultation.code)
    decision = take(now, ground, consultation.code, codes)
    assert (decision.adopted, decision.partly, decision.not_adopted) == (1, 0, 2)


@pytest.mark.django_db
def test_a_decision_is_written_everywhere_it_has_to_be(now: datetime) -> None:
    ground = make_ground(now)
    first, second, third = (proposal.code for proposal in make_proposals(now, ground.district, 300, 500, 40))
    consultation = make_consultation(now, ground, [first, second, third], opinions=1, answered=True)
    reason = localized("另有安排", "Planned elsewhere")
    decision = take(
        now,
        ground,
        consultation.code,
        [first],
        rejected={second: reason},
        votes_for=9,
        votes_against=2,
        votes_abstained=1,
    )
    assert queries.proposals_of_decision(decision.code) == [first]
    assert sources_of(decision.code) == [consultation.code, first]
    assert [proposal_by_code(code).state for code in (first, second, third)] == ["adopted", "rejected", "consulted"]
    assert proposal_by_code(second).reason == reason
    with override("zh-hans"):
        found = queries.fates(decision)
    assert [row.proposal_code for row in found.rejected] == [second]
    assert [need.title for need in found.needs] == ["夜班没有车"]
    written = json.loads(LedgerLeaf.objects.get(code=decision.code).payload)
    assert written["record"] == [9, 2, 1]
    assert written["proposals"] == [
        {"code": first, "fate": "adopted", "cost": "300.00", "reason": {}},
        {"code": second, "fate": "rejected", "cost": "500.00", "reason": reason},
    ]
    assert Article.objects.filter(code=decision.code).count() == 1
    assert [row.code for row in queries.decisions_awaiting_projects(ground.root.path)] == [decision.code]
    link(source=decision.code, target="W-77", now=now)
    assert queries.projects_born(decision) == ["W-77"]


@pytest.mark.django_db
def test_the_same_decision_sent_twice_is_one(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes, opinions=0, answered=True)
    first = take(now, ground, consultation.code, codes)
    assert take(now, ground, consultation.code, codes) == first
    with pytest.raises(Problem, match="taken already"):
        take_decision(
            actor=SYSTEM,
            now=now,
            unit=ground.district,
            title=localized("另一个"),
            text=TEXT,
            consultation_code=consultation.code,
            proposal_codes=codes,
        )
    assert LedgerLeaf.objects.filter(kind="decision.taken").count() == 1


@pytest.mark.django_db
def test_the_vote_of_the_members_is_not_overruled_in_silence(now: datetime) -> None:
    ground = make_ground(now)
    ballot, (a, b, c) = make_open_ballot(now, ground, 500, 450, 900)
    consultation = make_consultation(now, ground, [a, b, c], opinions=1, answered=True)
    with pytest.raises(Problem, match="not counted yet"):
        take(now, ground, consultation.code, [a], ballot_code=ballot.code)
    for member in ground.members:
        cast_ballot(actor=member, now=now, code=ballot.code, proposal_codes=[a, b])
    count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    later = now + 9 * DAY
    with pytest.raises(Problems) as raised:
        take(later, ground, consultation.code, [c], ballot_code=ballot.code)
    text = str(raised.value)
    assert f"{c}: The members' vote did not choose this proposal" in text
    assert f"{a}: The members' vote chose this proposal. Adopt it" in text
    with pytest.raises(Problem, match="Say why"):
        take(later, ground, consultation.code, [a], ballot_code=ballot.code, rejected={b: {}})
    decision = take(
        later,
        ground,
        consultation.code,
        [a],
        ballot_code=ballot.code,
        rejected={b: localized("无法施工", "Cannot be built")},
    )
    assert [proposal_by_code(code).state for code in (a, b, c)] == ["adopted", "rejected", "rejected"]
    assert proposal_by_code(c).reason["en"] == f"The members' budget vote {ballot.code} did not choose it."
    assert sources_of(decision.code) == [consultation.code, ballot.code, a]


@pytest.mark.django_db
@pytest.mark.parametrize("votes", [(5, 5, 0), (1, 2, 0), (3, None, None), (3, -1, 0)])
def test_a_vote_record_that_carries_nothing_is_refused(now: datetime, votes) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes, opinions=0, answered=True)
    with pytest.raises(Problem, match=r"vote record|More votes"):
        take(
            now, ground, consultation.code, codes, votes_for=votes[0], votes_against=votes[1], votes_abstained=votes[2]
        )
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_only_the_executive_decides_and_only_there(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes, opinions=0, answered=True)
    for stranger in (ground.officer("secretary"), ground.officer("executive", ground.base), ground.members[0]):
        with pytest.raises(Refused):
            take_decision(
                actor=stranger,
                now=now,
                unit=ground.district,
                title=TITLE,
                text=TEXT,
                consultation_code=consultation.code,
                proposal_codes=codes,
            )


def other_district(now: datetime, ground: Ground) -> Unit:
    return found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.DISTRICT, name=localized("云岭区", "Yunling"), label="F-D2",
        parent=ground.root, founded=date(2000, 1, 1),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("fate", ["adopted", "rejected"])
def test_nobody_decides_on_the_proposals_of_another_unit(now: datetime, fate: str) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300)]
    (foreign,) = (proposal.code for proposal in make_proposals(now, other_district(now, ground), 70))
    consultation = make_consultation(now, ground, codes, opinions=0, answered=True)
    adopted = [*codes, foreign] if fate == "adopted" else codes
    rejected = {foreign: localized("不办", "No")} if fate == "rejected" else {}
    with pytest.raises(Problem, match=f"{foreign}: The proposal belongs to another unit"):
        take_decision(
            actor=ground.officer("executive", ground.district), now=now, unit=ground.district, title=TITLE, text=TEXT,
            consultation_code=consultation.code, proposal_codes=adopted, rejected=rejected,
        )  # fmt: skip
    assert proposal_by_code(foreign).state == "raised"


@pytest.mark.django_db
def test_a_unit_below_does_not_decide_what_the_one_above_asked(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300)]
    consultation = make_consultation(now, ground, codes, opinions=0, answered=True)
    with pytest.raises(Problem, match="belongs to another unit"):
        take_decision(
            actor=ground.officer("executive", ground.base), now=now, unit=ground.base, title=TITLE, text=TEXT,
            consultation_code=consultation.code, proposal_codes=codes,
        )  # fmt: skip
    assert not Decision.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("counted", [False, True])
def test_leaving_the_vote_out_does_not_get_around_it(now: datetime, counted: bool) -> None:
    ground = make_ground(now)
    ballot, (a, b, c) = make_open_ballot(now, ground, 500, 450, 900)
    consultation = make_consultation(now, ground, [a, b, c], opinions=0, answered=True)
    for member in ground.members:
        cast_ballot(actor=member, now=now, code=ballot.code, proposal_codes=[a, b])
    later = now + 9 * DAY
    if counted:
        count_ballot(actor=SYSTEM, now=later, code=ballot.code)
    with pytest.raises(Problem, match=f"{c}: The proposal stands on the vote {ballot.code}"):
        take(later, ground, consultation.code, [c])
    assert proposal_by_code(c).state == "on_ballot"


@pytest.mark.django_db
def test_the_register_is_searched_in_both_languages_and_by_year(now: datetime) -> None:
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes, opinions=0, answered=True)
    decision = take(now, ground, consultation.code, codes, rejected={})
    for words in ("实事", "projects YEAR", decision.code.lower(), ""):
        assert list(queries.register(search=words)) == [decision], words
    assert list(queries.register(search="托管")) == []
    assert list(queries.register(year=2026)) == [decision]
    assert list(queries.register(year=2025)) == []
    assert queries.years() == [2026]


@pytest.mark.django_db(transaction=True)
def test_an_answer_going_in_beside_the_decision_does_not_open_the_guard(now: datetime) -> None:
    """The decision holds the consultation: it comes wholly before the last answer, and is refused, or wholly after."""
    ground = make_ground(now)
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 300, 500)]
    consultation = make_consultation(now, ground, codes, opinions=3, answered=False)

    def finish() -> object:
        answer_all(now, consultation.code)
        return finish_answers(actor=SYSTEM, now=now, code=consultation.code)

    def decide() -> object:
        return take(now, ground, consultation.code, codes)

    results = side_by_side(finish, decide, decide, decide)
    assert not isinstance(results[0], Exception), results[0]
    for result in results[1:]:
        assert isinstance(result, Decision) or (isinstance(result, Problem) and "answer" in str(result)), result
    decided = take(now, ground, consultation.code, codes)
    assert (decided.adopted, decided.not_adopted) == (1, 2)
    assert Decision.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_ledgerleaf WHERE kind = 'decision.taken'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_tasks_born_name_unit_person_and_day(now: datetime) -> None:
    ground = make_ground(now)
    first, second = (proposal.code for proposal in make_proposals(now, ground.district, 300, 500))
    consultation = make_consultation(now, ground, [first, second], opinions=0, answered=True)
    owner = open_account(actor=SYSTEM, now=now, email="t@x.example", display_name="桥")
    today = localdate(now)
    late = Task(ground.district, owner, today - timedelta(days=1))
    with pytest.raises(Problems) as raised:
        take(now, ground, consultation.code, [first, second], tasks={first: late})
    assert {fault.message.split(":")[0] for fault in raised.value.faults} == {
        "The responsible person answers for no projects there.",
        "The task would be overdue when it is given",
    }
    grant_role(actor=SYSTEM, now=now, account=owner, role=Role.TASK_OWNER, unit=ground.root, since=date(2020, 1, 1))
    task = Task(ground.base, owner, today + timedelta(days=30))
    take(now, ground, consultation.code, [first, second], tasks={first: task})
    one, other = queries.task_lines(queries.programme(today.year), today=today)
    assert (one.row.responsible_unit, one.row.responsible, one.row.due, one.late) == (
        ground.base,
        owner,
        task.due,
        False,
    )
    assert (other.row.due, other.project, bool(other.needs)) == (None, None, True)
    assert queries.task_lines(queries.programme(today.year), today=today + timedelta(days=60))[0].late
    assert queries.programme(today.year - 1) == []
