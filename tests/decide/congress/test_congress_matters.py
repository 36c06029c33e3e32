"""Delegates' proposals and open affairs: seconders, shields, clocks, ratings, questions, one-time links, breaches."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.factories.congress import DAY, Plant, assigned, called, in_term, item, make_plant, opened, seconded

from qiao.base.access import Refused
from qiao.base.i18n import localized
from qiao.base.models import AuditRow
from qiao.base.problems import Problem, Problems
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import (
    AffairState,
    BreachGround,
    BreachState,
    Matter,
    ProposalState,
    Rating,
    ReviewWord,
)
from qiao.decide.congress.models import Affair, Congress, DelegateProposal, Question
from qiao.decide.congress.services import forgetting
from qiao.org.access.choices import Role
from qiao.org.people.models import PersonMessage
from qiao.org.retention.rules import Held

pytestmark = pytest.mark.django_db
P = ProposalState


@pytest.fixture
def plant(now: datetime, db: None) -> Plant:
    return make_plant(now)


@pytest.fixture
def congress(plant: Plant) -> Congress:
    return in_term(plant)


def shown(plant: Plant, congress: Congress) -> Affair:
    affair = services.register_affair(
        actor=plant.officer(), now=plant.now, congress_code=congress.code, matter=Matter.PAY,
        title=localized("奖金分配", "Bonuses"), due=plant.now + 5 * DAY,
    )  # fmt: skip
    return services.show_affair(
        actor=plant.officer(), now=plant.now, code=affair.code, text="奖金总额与分配办法", shown_by="人事科 某某"
    )


def test_too_few_seconders_stays_a_draft_and_is_told(plant: Plant, congress: Congress) -> None:
    draft = services.draft_proposal(actor=plant.delegate(0), now=plant.now, congress_code=congress.code, title="饮水点",
                                    text="二车间没有", language="zh-hans")  # fmt: skip
    services.second_proposal(actor=plant.delegate(1), now=plant.now, code=draft.code)
    services.second_proposal(actor=plant.delegate(1), now=plant.now, code=draft.code)
    with pytest.raises(Problem, match="1 of 2 seconders"):
        services.submit_proposal(actor=plant.delegate(0), now=plant.now, code=draft.code)
    with pytest.raises(Problem, match="others second it"):
        services.second_proposal(actor=plant.delegate(0), now=plant.now, code=draft.code)
    with pytest.raises(Refused):
        services.second_proposal(actor=plant.officer(), now=plant.now, code=draft.code)
    assert services.tell_proposal(now=plant.now, code=draft.code, state="draft") == 1
    assert PersonMessage.objects.filter(person_id=plant.people[0].pk).exists()


def test_at_most_three_make_one_proposal(plant: Plant, congress: Congress) -> None:
    draft = services.draft_proposal(actor=plant.delegate(0), now=plant.now, congress_code=congress.code, title="饮水点",
                                    text="二车间没有", language="zh-hans")  # fmt: skip
    for place in (1, 2):
        services.join_proposal(actor=plant.delegate(place), now=plant.now, code=draft.code)
    with pytest.raises(Problem, match="At most 3"):
        services.join_proposal(actor=plant.delegate(3), now=plant.now, code=draft.code)


def test_a_changed_text_looks_for_seconders_again(plant: Plant, congress: Congress) -> None:
    found = seconded(plant, congress, now=plant.now)
    assert found.state == P.SECONDED
    services.edit_proposal(actor=plant.delegate(0), now=plant.now, code=found.code, title="饮水点", text="改了")
    found.refresh_from_db()
    assert (found.state, found.seconds.count()) == (P.DRAFT, 0)


def test_two_matters_are_split_and_keep_their_seconders(plant: Plant, congress: Congress) -> None:
    whole = seconded(plant, congress, now=plant.now)
    services.submit_proposal(actor=plant.delegate(0), now=plant.now, code=whole.code)
    with pytest.raises(Problem, match="Write the reason"):
        services.review_proposal(actor=plant.officer(), now=plant.now, code=whole.code, word=ReviewWord.RETURN)
    services.review_proposal(
        actor=plant.officer(), now=plant.now, code=whole.code, word=ReviewWord.RETURN, reason="两件事"
    )
    one, two = services.split_proposal(actor=plant.delegate(0), now=plant.now, code=whole.code, first=("水", "饮水点"),
                                       second=("灯", "路灯"))  # fmt: skip
    whole.refresh_from_db()
    assert whole.state == P.SPLIT
    assert (one.state, two.state, one.seconds.count(), two.seconds.count()) == (P.SECONDED, P.SECONDED, 2, 2)


def test_a_shielded_proposer_is_named_nowhere(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now, shielded=True)
    name = plant.people[0].name
    other, committee = plant.delegate(5), plant.officer()
    who = queries.standing(congress, other)
    assert queries.makers_shown(found, who, other) == []
    assert queries.makers_shown(found, queries.standing(congress, committee), committee) == [name]
    rows = AuditRow.objects.filter(code=found.code)
    assert rows.exists()
    assert not rows.filter(account_id=plant.delegate(0).account_id).exists()
    assert not rows.filter(actor_name=name).exists()


def test_satisfied_closes_and_the_next_meeting_hears(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now)
    assert found.due is not None
    assert found.due_rule.startswith("prop.reply_within=30")
    services.take_in_hand(actor=plant.officer(), now=plant.now, code=found.code)
    with pytest.raises(Problem, match="who signs it"):
        services.reply_proposal(actor=plant.officer(), now=plant.now, code=found.code, reply="已装", signed_by="")
    services.reply_proposal(actor=plant.officer(), now=plant.now, code=found.code, reply="已装", signed_by="厂长 某某")
    with pytest.raises(Refused):
        services.rate_proposal(actor=plant.officer(), now=plant.now, code=found.code, rating=Rating.SATISFIED)
    services.rate_proposal(actor=plant.delegate(0), now=plant.now, code=found.code, rating=Rating.SATISFIED)
    found.refresh_from_db()
    assert found.state == P.CLOSED
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    services.settle_item(
        actor=plant.officer(), now=held.meets, code=one.code, text=localized("延", "later"), postponed=True
    )
    services.resolve_session(actor=plant.officer(), now=held.meets, code=held.code, minutes_sha256="ab" * 32)
    found.refresh_from_db()
    assert (found.state, found.reported_in_id) == (P.REPORTED, held.pk)


def test_not_satisfied_is_handled_once_more_and_then_heard_by_the_congress(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now)
    maker, officer = plant.delegate(0), plant.officer()
    services.reply_proposal(actor=officer, now=plant.now, code=found.code, reply="以后再说", signed_by="厂长 某某")
    services.rate_proposal(actor=maker, now=plant.now + DAY, code=found.code, rating=Rating.NOT, rating_note="没有日期")
    found.refresh_from_db()
    assert (found.state, found.first_reply, found.first_rating) == (P.RE_HANDLED, "以后再说", "not")
    assert found.due is not None
    assert found.due > plant.now + 30 * DAY
    late = found.due + DAY
    services.reply_proposal(actor=officer, now=late, code=found.code, reply="还是以后", signed_by="厂长 某某")
    services.rate_proposal(actor=maker, now=late, code=found.code, rating=Rating.NOT)
    found.refresh_from_db()
    assert (found.state, found.rating, found.late) == (P.REPLIED, "not", True), "once more, not twice"
    with pytest.raises(Problem, match="no reply to rate"):
        services.rate_proposal(actor=maker, now=late, code=found.code, rating=Rating.SATISFIED)
    found_measures = queries.measures(late)
    assert (found_measures.replied.part, found_measures.replied.whole, found_measures.handled_twice.part) == (0, 1, 1)


def test_a_reply_nobody_rates_is_closed_and_counted_so(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now)
    services.reply_proposal(actor=plant.officer(), now=plant.now, code=found.code, reply="已装", signed_by="厂长 某某")
    found.refresh_from_db()
    assert found.rate_by is not None
    assert services.close_unrated(now=found.rate_by) == 0
    assert services.close_unrated(now=found.rate_by + DAY) == 1
    assert queries.measures(plant.now).unrated == 1


def test_who_makes_a_proposal_does_not_handle_it(plant: Plant, congress: Congress) -> None:
    found = seconded(plant, congress, now=plant.now)
    services.submit_proposal(actor=plant.delegate(0), now=plant.now, code=found.code)
    account = plant.account(Role.BASE_CHAIR)
    account.person = plant.people[0]
    account.save()
    chair = plant.officer(Role.BASE_CHAIR)
    assert chair.person_id == plant.people[0].pk
    with pytest.raises(Problem, match="somebody else handles"):
        services.review_proposal(actor=chair, now=plant.now, code=found.code, word=ReviewWord.FILE)


def test_personal_data_of_others_is_refused(plant: Plant, congress: Congress) -> None:
    with pytest.raises(Problems):
        services.draft_proposal(actor=plant.delegate(0), now=plant.now, congress_code=congress.code, title="某人",
                                text="他的电话 13800138000", language="zh-hans")  # fmt: skip


def test_the_office_replies_by_a_link_once_and_sees_no_name(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now)
    old = services.make_link(actor=plant.officer(), now=plant.now, proposal=found.code)
    secret = services.make_link(actor=plant.officer(), now=plant.now, proposal=found.code)
    with pytest.raises(Problem, match="used, or has ended"):
        services.use_link(now=plant.now, secret=old, text="答", signed_by="甲")
    services.use_link(now=plant.now, secret=secret, text="下月装好", signed_by="后勤科 某某")
    found.refresh_from_db()
    assert (found.state, found.reply) == (P.REPLIED, "下月装好")
    with pytest.raises(Problem, match="used, or has ended"):
        services.use_link(now=plant.now, secret=secret, text="又", signed_by="甲")
    with pytest.raises(Problem, match="No reply is owed"):
        services.make_link(actor=plant.officer(), now=plant.now, proposal=found.code)


def test_open_affairs_from_due_to_answered(plant: Plant, congress: Congress) -> None:
    affair = shown(plant, congress)
    assert affair.shown_until == plant.now + 15 * DAY
    receipt = services.ask_question(actor=plant.delegate(3), now=plant.now + DAY, code=affair.code, text="夜班算不算？")
    affair.refresh_from_db()
    assert affair.state == AffairState.QUESTIONED
    question = Question.objects.get(receipt=receipt.number)
    assert question.due_rule.startswith("open.answer_within=30")
    assert queries.overdue(question.due + DAY).questions == [question]
    services.answer_question(actor=plant.officer(), now=plant.now + 2 * DAY, question_id=question.pk, answer="算",
                             answered_by="人事科 某某")  # fmt: skip
    affair.refresh_from_db()
    assert affair.state == AffairState.ANSWERED
    assert services.tell_answer(now=plant.now, question_id=question.pk) == 1
    assert question.person_id == plant.people[3].pk
    later = plant.now + 200 * DAY
    assert forgetting.erase_askers(later - 90 * DAY, 10, Held(later)).keys == (f"congress.question:{question.pk}",)
    question.refresh_from_db()
    assert question.person_id is None
    assert question.answer == "算"


def test_who_may_ask_and_when(plant: Plant, congress: Congress) -> None:
    affair = shown(plant, congress)
    with pytest.raises(Refused):
        services.ask_question(actor=plant.above(), now=plant.now, code=affair.code, text="？")
    with pytest.raises(Problem, match="while it is shown"):
        services.ask_question(actor=plant.delegate(1), now=plant.now + 16 * DAY, code=affair.code, text="？")
    for number in range(5):
        services.ask_question(actor=plant.delegate(1), now=plant.now, code=affair.code, text=f"问 {number}")
    with pytest.raises(Problem, match="5 questions waiting"):
        services.ask_question(actor=plant.delegate(1), now=plant.now, code=affair.code, text="再问")


def test_it_stays_shown_for_the_shortest_time_at_least(plant: Plant, congress: Congress) -> None:
    affair = services.register_affair(actor=plant.officer(), now=plant.now, congress_code=congress.code,
                                      matter=Matter.SAFETY, title=localized("事故", "Accidents"),
                                      due=plant.now + DAY)  # fmt: skip
    with pytest.raises(Problem, match="at least 15 days"):
        services.show_affair(actor=plant.officer(), now=plant.now, code=affair.code, text="无", shown_by="安环科",
                             shown_until=plant.now + 3 * DAY)  # fmt: skip
    assert queries.overdue(plant.now + 2 * DAY).affairs == [affair]


def test_the_ladder_after_a_breach(plant: Plant, congress: Congress) -> None:
    breach = services.write_letter(actor=plant.officer(), now=plant.now, congress_code=congress.code,
                                   ground=BreachGround.BYPASSED, text="未经职代会调整工时")  # fmt: skip
    with pytest.raises(Problem, match="time to mend runs"):
        services.move_breach(
            actor=plant.officer(), now=plant.now + 89 * DAY, code=breach.code, then=BreachState.PASSED_ON
        )
    late = breach.due + timedelta(seconds=1)
    moved = services.move_breach(actor=plant.officer(), now=late, code=breach.code, then=BreachState.PASSED_ON)
    assert moved.state == BreachState.PASSED_ON
    assert moved.due_rule.startswith("wc.breach_authority=30")
    with pytest.raises(Problem, match="how it ended"):
        services.move_breach(actor=plant.officer(), now=late, code=breach.code, then=BreachState.CLOSED)


def test_a_person_is_forgotten_but_not_the_record(plant: Plant, congress: Congress) -> None:
    found = assigned(plant, congress, now=plant.now)
    person = plant.people[0].pk
    assert forgetting.forget_person(person, plant.now) == 1
    assert DelegateProposal.objects.filter(pk=found.pk).exists()
    assert not congress.delegates.filter(person_id=person).exists()
