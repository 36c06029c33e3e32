"""Members' statements: what is asked next, handing in, moderation, its log and appeals, what happens at the close."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.factories.decide import DAY, Ground, closed, draft, make_ground, opened

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.decide.consultations.choices import Act, SubmissionState
from qiao.decide.consultations.exports import log_csv
from qiao.decide.consultations.models import MapPicture, ModerationAct, Opinion, Statement, StatementWeights, Submission
from qiao.decide.consultations.queries import ballot_of, consultation_by_code, receipt_state, statements_of
from qiao.decide.consultations.queries.moderation import alike_statements, moderation_log
from qiao.decide.consultations.services import (
    close_consultation,
    notice_consultation,
    open_consultation,
    vote_statement,
    withhold_opinion,
)
from qiao.decide.consultations.services.moderation import (
    appeal_moderation,
    moderate_statement,
    remove_statement,
    submit_statement,
)
from qiao.decide.consultations.services.pictures import work_out_votes
from qiao.org.appeals.services import decide_appeal
from qiao.org.settings.services import set_value

pytestmark = pytest.mark.django_db
TEXT = "夜班车要停在南门"


@pytest.fixture
def ground(now: datetime) -> Ground:
    return make_ground(now)


def hand_in(now: datetime, member: Actor, code: str, text: str = TEXT) -> Submission:
    receipt = submit_statement(actor=member, now=now, code=code, text=text, language="zh-hans")
    return Submission.objects.get(receipt=receipt.number)


def test_each_statement_is_asked_once_and_the_page_shows_the_same_again(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground, statements=6)
    member = ground.members[0]
    asked = []
    for _round in range(6):
        ballot = ballot_of(consultation, member.person_id or 0)
        assert ballot.shown is not None
        assert ballot_of(consultation, member.person_id or 0).shown == ballot.shown
        asked.append(ballot.shown.pk)
        vote_statement(actor=member, now=now, statement_id=ballot.shown.pk, vote=0)
    assert len(set(asked)) == 6
    last = Statement.objects.get(pk=asked[-1])
    ballot = ballot_of(consultation, member.person_id or 0, after=last.number)
    assert (ballot.shown, ballot.complete, ballot.back) == (None, True, last)


def test_members_begin_with_different_statements(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground, statements=12)
    first = {ballot_of(consultation, member.person_id or 0).shown for member in ground.members}
    assert len(first) > 2


def test_the_job_weighs_what_divides_above_what_all_pass_on(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground, statements=3)
    for place, member in enumerate(ground.members):
        for statement, vote in zip(statements_of(consultation), (1 if place % 2 else -1, 0, 1), strict=True):
            vote_statement(actor=member, now=now, statement_id=statement.pk, vote=vote)
    assert work_out_votes(now=now) == 1
    weights = StatementWeights.objects.get(consultation=consultation).weights
    assert weights["2"] < weights["1"]
    assert not MapPicture.objects.exists()


def test_handing_in_masks_and_twice_gives_one_receipt(now: datetime, ground: Ground) -> None:
    code = opened(now, ground).code
    own = hand_in(now, ground.members[0], code, "食堂问题请找 13912345678 解决")
    assert "139" not in own.text
    assert own.hidden == ["phone"]
    assert hand_in(now, ground.members[0], code, "食堂问题请找 13912345678 解决") == own
    assert own.due > now
    receipt = find_receipt(own.receipt)
    assert receipt is not None
    state = receipt_state(receipt)
    assert state is not None
    assert own.text not in state.title


@pytest.mark.parametrize("text", ["短", "长" * 141, "陈述1"])
def test_too_short_too_long_or_standing_already(now: datetime, ground: Ground, text: str) -> None:
    code = opened(now, ground).code
    with pytest.raises(Problem):
        hand_in(now, ground.members[0], code, text)


def test_one_member_leaves_room_for_others(now: datetime, ground: Ground) -> None:
    code = opened(now, ground).code
    for number in range(5):
        hand_in(now, ground.members[0], code, f"第{number}条很不一样的陈述")
    with pytest.raises(Problem):
        hand_in(now, ground.members[0], code, "第六条很不一样的陈述")


def test_only_members_and_only_while_open(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    with pytest.raises(Refused):
        hand_in(now, Actor(person_id=1, member_paths=("other",)), consultation.code)
    with pytest.raises(Problem):
        hand_in(consultation.closes, ground.members[0], consultation.code)


def test_what_says_nearly_the_same_is_shown_first(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    own = hand_in(now, ground.members[0], consultation.code)
    moderate_statement(actor=ground.officer("secretary"), now=now, submission_id=own.pk)
    (found,) = alike_statements(consultation, "夜班车应该停南门")
    assert found.number == 4


def test_accepted_it_is_voted_on_and_stands_in_the_log_without_names(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    own = hand_in(now, ground.members[0], consultation.code)
    moderator = ground.officer("secretary")
    for _twice in range(2):
        moderate_statement(actor=moderator, now=now, submission_id=own.pk)
    own.refresh_from_db()
    assert own.statement is not None
    vote_statement(actor=ground.members[1], now=now, statement_id=own.statement.pk, vote=1)
    (line,) = moderation_log(consultation)
    assert (line.words, line.ground) == (TEXT, "")
    text = log_csv([line]).decode("utf-8-sig")
    assert TEXT in text
    assert ground.members[0].name not in text
    assert moderator.name not in text


def test_refused_with_a_reason_code_and_words_of_abuse_are_not_repeated(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    moderator = ground.officer("secretary")
    first = hand_in(now, ground.members[0], consultation.code)
    with pytest.raises(Problem):
        moderate_statement(actor=moderator, now=now, submission_id=first.pk, ground="dislike")
    rude = hand_in(now, ground.members[1], consultation.code, "某某就是个混蛋东西")
    moderate_statement(actor=moderator, now=now, submission_id=rude.pk, ground="abuse")
    with pytest.raises(Problem):
        moderate_statement(actor=moderator, now=now, submission_id=rude.pk)
    (line,) = moderation_log(consultation)
    assert (line.words, line.ground) == ("", "abuse")


def test_nobody_moderates_their_own_and_members_not_at_all(now: datetime, ground: Ground) -> None:
    code = opened(now, ground).code
    own = hand_in(now, ground.members[0], code)
    officer = ground.officer("secretary")
    both = Actor(account_id=901, person_id=own.person_id, grants=officer.grants)
    with pytest.raises(Problem):
        moderate_statement(actor=both, now=now, submission_id=own.pk)
    for actor in (ground.members[1], ground.officer("executive"), ground.officer("secretary", ground.base)):
        with pytest.raises(Refused):
            moderate_statement(actor=actor, now=now, submission_id=own.pk)


def test_taken_out_its_votes_count_nowhere(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    first = statements_of(consultation)[0]
    for member in ground.members:
        vote_statement(actor=member, now=now, statement_id=first.pk, vote=1)
    remove_statement(actor=ground.officer("secretary"), now=now, statement_id=first.pk, ground="personal")
    assert [one.number for one in statements_of(consultation)] == [2, 3]
    with pytest.raises(Problem):
        vote_statement(actor=ground.members[0], now=now, statement_id=first.pk, vote=-1)
    shut = close_consultation(actor=SYSTEM, now=consultation.closes, code=consultation.code)
    assert [row["number"] for row in (shut.results or {})["statements"]] == [2, 3]


def test_an_appeal_is_decided_by_another_and_upheld_puts_it_to_the_vote(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    own = hand_in(now, ground.members[0], consultation.code)
    moderate_statement(actor=ground.officer("secretary"), now=now, submission_id=own.pk, ground="off_topic")
    act = ModerationAct.objects.get(submission=own)
    with pytest.raises(Refused):
        appeal_moderation(actor=ground.members[1], now=now, act_code=act.code, ground="因为")
    appeal = appeal_moderation(actor=ground.members[0], now=now, act_code=act.code, ground="南门就在方案里")
    judge = ground.officer("org_officer", ground.district)
    with pytest.raises(Problem):
        decide_appeal(actor=judge, now=now, code=appeal.code, upheld=True, reason="成立")
    other = Actor(account_id=902, name="other", grants=judge.grants)
    decide_appeal(actor=other, now=now, code=appeal.code, upheld=True, reason="成立")
    own.refresh_from_db()
    assert own.state == SubmissionState.ACCEPTED
    assert [line.act for line in moderation_log(consultation)][-1] == Act.RESTORED.label


def test_what_nobody_moderated_becomes_an_opinion_with_its_answer_owed(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    own = hand_in(now, ground.members[0], consultation.code)
    close_consultation(actor=SYSTEM, now=consultation.closes, code=consultation.code)
    own.refresh_from_db()
    opinion = Opinion.objects.get(consultation=consultation)
    assert own.state == SubmissionState.CARRIED
    assert (opinion.text, opinion.receipt, opinion.person_id) == (TEXT, own.receipt, own.person_id)
    receipt = find_receipt(own.receipt)
    assert receipt is not None
    assert receipt_state(receipt) is not None


def test_withheld_words_stand_in_the_log_and_may_be_appealed_against(now: datetime, ground: Ground) -> None:
    consultation = closed(now, ground, [(0, "太差了")])
    opinion = Opinion.objects.get(consultation=consultation)
    officer = ground.officer("secretary")
    with pytest.raises(Problem):
        withhold_opinion(actor=officer, now=now, code=consultation.code, opinion_id=opinion.pk,
                         reason=localized("骂人", "abuse"))  # fmt: skip
    withhold_opinion(actor=officer, now=now, code=consultation.code, opinion_id=opinion.pk,
                     reason=localized("骂人", "abuse"), ground="abuse")  # fmt: skip
    (line,) = moderation_log(consultation)
    assert (line.words, line.ground) == ("", "abuse")
    appeal = appeal_moderation(actor=ground.members[0], now=now, act_code=line.code, ground="没有骂人")
    judge = Actor(account_id=902, name="other", grants=ground.officer("org_officer").grants)
    decide_appeal(actor=judge, now=now, code=appeal.code, upheld=True, reason="成立")
    opinion.refresh_from_db()
    assert opinion.withheld == {}


def test_a_live_map_is_drawn_only_where_the_setting_says_so_and_without_a_number(now: datetime) -> None:
    ground = make_ground(now, members=64)
    set_value(actor=SYSTEM, now=now - 2 * DAY, setting_key="con.live_map", unit=ground.root, value=True,
              since=(now - DAY).date(), reason="试行")  # fmt: skip
    code = draft(now, ground, statements=8).code
    notice_consultation(actor=SYSTEM, now=now, code=code)
    consultation = open_consultation(actor=SYSTEM, now=now, code=code)
    statements = statements_of(consultation)

    def vote(members: tuple[Actor, ...]) -> None:
        for place, member in enumerate(members):
            for number, statement in enumerate(statements):
                side = 1 if (number < 4) == (place % 2 == 0) or number > 6 else -1
                vote_statement(
                    actor=member, now=now, statement_id=statement.pk, vote=side if (place + number) % 9 else 0
                )

    vote(ground.members[:28])
    work_out_votes(now=now)
    assert not MapPicture.objects.exists()
    vote(ground.members[:50])
    work_out_votes(now=now + DAY)
    (picture,) = MapPicture.objects.all()
    assert len(picture.content["areas"]) >= 2
    assert picture.content["cells"] == []
    assert "size" not in picture.content["groups"][0]
    vote(ground.members[:55])
    work_out_votes(now=now + 2 * DAY)
    assert MapPicture.objects.count() == 1
    vote(ground.members)
    work_out_votes(now=now + 3 * DAY)
    assert MapPicture.objects.count() == 2
    shut = close_consultation(actor=SYSTEM, now=consultation.closes, code=code)
    assert shut.results is not None
    assert shut.results["map"]["cells"]
    assert consultation_by_code(code).state == "closed"
