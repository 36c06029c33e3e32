"""From the draft to the close: dates, versions, votes, opinions."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection
from tests.factories.decide import DAY, PERIOD, Ground, closed, draft, make_ground, make_proposals, opened, speak

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.decide.consultations import queries, services
from qiao.decide.consultations.models import Consultation, Opinion, Vote
from qiao.decide.proposals.queries import proposal_by_code
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

pytestmark = pytest.mark.django_db

EVERY = [{"zh-hans": "每夜两班", "en": "Two buses a night"}, {"zh-hans": "免费", "en": "Free of charge"}]


@pytest.fixture
def ground(now: datetime) -> Ground:
    return make_ground(now - 100 * DAY)


def entries(code: str) -> list[dict[str, object]]:
    return [json.loads(leaf.payload) for leaf in LedgerLeaf.objects.filter(code=code).order_by("index")]


def test_only_a_secretary_drafts_and_only_officers_see_the_draft(now: datetime, ground: Ground) -> None:
    consultation = draft(now, ground)
    assert queries.visible_consultation(ground.officer("executive"), consultation.code) == consultation
    for actor in (Actor(), ground.members[0], ground.officer("analyst")):
        with pytest.raises(Consultation.DoesNotExist):
            queries.visible_consultation(actor, consultation.code)
    assert queries.stations([consultation.code]) == []
    with pytest.raises(Refused):
        services.notice_consultation(actor=ground.officer("executive"), now=now, code=consultation.code)


def test_notice_links_the_thread_and_puts_the_text_into_the_ledger(now: datetime, ground: Ground) -> None:
    codes = [proposal.code for proposal in make_proposals(now, ground.district, 10, 20)]
    consultation = draft(now, ground, codes=codes)
    assert sources_of(consultation.code) == []
    services.notice_consultation(actor=ground.officer("secretary"), now=now, code=consultation.code)
    services.notice_consultation(actor=ground.officer("secretary"), now=now, code=consultation.code)
    assert sources_of(consultation.code) == codes
    texts = entries(consultation.code)
    assert [(entry["kind"], entry["version"]) for entry in texts] == [("consultation.text", 1)]
    canonical = json.dumps({"parts": EVERY}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert texts[0]["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    services.open_consultation(actor=SYSTEM, now=now, code=consultation.code)
    assert {proposal_by_code(code).state for code in codes} == {"consulted"}


def test_dates_hold_once_noticed(now: datetime, ground: Ground) -> None:
    consultation = draft(now, ground, opens=now + DAY)
    code, secretary = consultation.code, ground.officer("secretary")
    services.notice_consultation(actor=secretary, now=now, code=code)
    with pytest.raises(Problem, match="It opens on"):
        services.open_consultation(actor=secretary, now=now, code=code)
    with pytest.raises(Problem, match="cannot shorten"):
        services.extend_consultation(actor=secretary, now=now, code=code, closes=consultation.closes - DAY)
    with pytest.raises(Problem, match="announced"):
        services.redraft_consultation(
            actor=secretary, now=now, code=code, title=consultation.title, question=consultation.question,
            clauses=EVERY, statements=[], proposal_codes=[], opens=now, closes=now + DAY,
        )  # fmt: skip
    longer = services.extend_consultation(actor=secretary, now=now, code=code, closes=consultation.closes + DAY)
    assert longer.closes == consultation.closes + DAY
    services.open_consultation(actor=secretary, now=now + DAY, code=code)
    with pytest.raises(Problem, match="It closes on"):
        services.close_consultation(actor=secretary, now=now + 2 * DAY, code=code)


def test_a_late_change_of_text_begins_the_full_period_anew(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    clause = queries.clauses_of(consultation)[0]
    early = speak(now + DAY, ground.members[0], consultation, "三班", clause)
    late = now + PERIOD - DAY
    secretary = ground.officer("secretary")
    changed = [{"zh-hans": "每夜三班"}, EVERY[1]]
    revised = services.revise_text(actor=secretary, now=late, code=consultation.code, clauses=changed)
    assert (revised.version, revised.closes) == (2, late + PERIOD)
    # The same text again changes nothing.
    again = services.revise_text(actor=secretary, now=late + DAY, code=consultation.code, clauses=changed)
    assert (again.version, again.closes) == (2, late + PERIOD)
    assert [entry["version"] for entry in entries(consultation.code) if entry["kind"] == "consultation.text"] == [1, 2]
    assert [clause.text for clause in queries.clauses_of(revised)] == changed
    early.refresh_from_db()
    assert early.clause == clause
    # An opinion written on the old text is not put under the new one.
    with pytest.raises(Problem, match="text was changed"):
        speak(late + DAY, ground.members[1], revised, "同意", clause)
    assert not Receipt.objects.filter(kind="opinion").exclude(number=early.receipt).exists()


def test_one_voice_per_person_and_statement_changeable_until_the_close(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    first, second, third = queries.statements_of(consultation)
    for member, vote in ((0, 1), (0, -1), (1, 1), (0, -1)):
        services.vote_statement(actor=ground.members[member], now=now, statement_id=first.pk, vote=vote)
    assert sorted(Vote.objects.values_list("statement", "value")) == [(first.pk, -1), (first.pk, 1)]
    person = ground.members[0].person_id
    assert person is not None
    assert queries.own_votes(consultation, person) == {first.pk: -1}
    ballot = queries.ballot_of(consultation, person)
    assert ballot.shown in (second, third), "drawn among those without a vote, by a seed of the member's mark"
    assert queries.ballot_of(consultation, person).shown == ballot.shown
    assert (ballot.done, ballot.total) == (1, 3)
    assert queries.ballot_of(consultation, person, wanted=1).shown == first
    for vote in (2, 9):
        with pytest.raises(Problem, match="agree, disagree or pass"):
            services.vote_statement(actor=ground.members[0], now=now, statement_id=first.pk, vote=vote)
    with pytest.raises(Refused):
        services.vote_statement(actor=ground.officer("executive"), now=now, statement_id=first.pk, vote=1)
    # The closing time holds before any job has run.
    with pytest.raises(Problem, match="takes no votes"):
        services.vote_statement(actor=ground.members[2], now=consultation.closes, statement_id=first.pk, vote=1)


def test_votes_leave_no_trace_of_the_person(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    statement = queries.statements_of(consultation)[0]
    rows = AuditRow.objects.count()
    for member in ground.members:
        services.vote_statement(actor=member, now=now, statement_id=statement.pk, vote=1)
    assert AuditRow.objects.count() == rows
    keys = {queries.voter_key(consultation, member.person_id or 0) for member in ground.members}
    assert set(Vote.objects.values_list("voter", flat=True)) == keys
    ids = set(Vote.objects.values_list("pk", flat=True))
    done = services.close_consultation(actor=SYSTEM, now=consultation.closes, code=consultation.code)
    assert done.salt is None
    marks = set(Vote.objects.values_list("voter", flat=True))
    assert len(marks) == len(keys)
    assert not marks & keys
    assert not ids & set(Vote.objects.values_list("pk", flat=True))
    with pytest.raises(ValueError, match="erased"):
        queries.voter_key(done, 1)
    assert queries.own_votes(done, ground.members[0].person_id or 0) == {}
    assert done.voters == len(ground.members)


def test_no_results_can_be_stored_before_the_close(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    consultation.results, consultation.voters = {"voters": 3}, 3
    with pytest.raises(IntegrityError, match="results_after_close"):
        consultation.save()


def test_an_opinion_gets_one_receipt_with_the_promised_day(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    member = ground.members[0]
    first = speak(now, member, consultation, "请加班次！联系13800138000")
    again = speak(now + DAY, member, consultation, "请加班次。 联系 13800138000")
    other = speak(now, member, consultation, "请加班次！联系13800138000", queries.clauses_of(consultation)[0])
    assert first == again != other
    assert (first.text, first.hidden) == ("请加班次！联系███", ["phone"])
    receipt = Receipt.objects.get(pk=first.receipt)
    assert receipt.promised is not None
    assert (receipt.promised - consultation.closes.date()).days == 30
    state = queries.receipt_state(receipt)
    assert state is not None
    assert state.answer == ""
    assert "加班次" not in state.title
    # Whose opinion it is stands in no audit row.
    submitted = AuditRow.objects.filter(action="opinion.submit")
    assert {row.account_id for row in submitted} == {None}


@pytest.mark.parametrize(("text", "message"), [("  \n", "Write your opinion"), ("长" * 4001, "shorten it to 4000")])
def test_a_bad_opinion_leaves_nothing(now: datetime, ground: Ground, text: str, message: str) -> None:
    consultation = opened(now, ground)
    with pytest.raises(Problem, match=message):
        speak(now, ground.members[0], consultation, text)
    assert not Opinion.objects.exists()
    assert not Receipt.objects.exists()


def test_the_public_and_officers_give_no_opinion(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    for actor in (Actor(), ground.officer("secretary")):
        with pytest.raises(Refused):
            speak(now, actor, consultation, "同意")


def test_due_ones_open_and_close_by_themselves_and_twice_is_harmless(now: datetime, ground: Ground) -> None:
    first = draft(now, ground, opens=now + DAY)
    second = draft(now, ground, opens=now + 5 * DAY, closes=now + 20 * DAY)
    for consultation in (first, second):
        services.notice_consultation(actor=SYSTEM, now=now, code=consultation.code)
    assert services.move_due(actor=SYSTEM, now=now) == []
    assert services.move_due(actor=SYSTEM, now=now + 2 * DAY) == [first.code]
    assert services.move_due(actor=SYSTEM, now=now + 2 * DAY) == []
    assert services.move_due(actor=SYSTEM, now=now + 17 * DAY) == [second.code, first.code]
    assert [entry["kind"] for entry in entries(first.code)] == [
        "consultation.text", "consultation.opened", "consultation.closed",
    ]  # fmt: skip


def test_withdrawing_needs_a_reason_and_deletes_the_votes(now: datetime, ground: Ground) -> None:
    consultation = opened(now, ground)
    statement = queries.statements_of(consultation)[0]
    services.vote_statement(actor=ground.members[0], now=now, statement_id=statement.pk, vote=1)
    executive = ground.officer("executive")
    with pytest.raises(Problem, match="Say why"):
        services.withdraw_consultation(actor=executive, now=now, code=consultation.code, reason={})
    services.withdraw_consultation(actor=executive, now=now, code=consultation.code, reason={"zh-hans": "法规已改"})
    assert not Vote.objects.exists()
    done = closed(now + 30 * DAY, ground, [(0, "同意")])
    with pytest.raises(Problem, match="cannot become"):
        services.withdraw_consultation(actor=executive, now=now, code=done.code, reason={"zh-hans": "改"})


def test_nothing_in_the_vote_table_has_a_person_a_time_or_an_order(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY 1",
            [Vote._meta.db_table],
        )
        assert cursor.fetchall() == [
            ("id", "uuid"), ("statement_id", "bigint"), ("value", "smallint"), ("voter", "character varying"),
        ]  # fmt: skip


def elsewhere(now: datetime, ground: Ground) -> Unit:
    return found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.DISTRICT, name=localized("云岭区", "Yunling"), label="F-D2",
        parent=ground.root, founded=date(2000, 1, 1),
    )  # fmt: skip


def test_nobody_consults_on_the_proposals_of_another_unit(now: datetime, ground: Ground) -> None:
    (foreign,) = make_proposals(now, elsewhere(now, ground), 10)
    with pytest.raises(Problem, match=f"{foreign.code} belongs to another unit"):
        draft(now, ground, codes=[foreign.code])
    assert proposal_by_code(foreign.code).state == "raised"


def test_a_later_close_is_in_the_ledger_and_said_in_the_day_here(now: datetime, ground: Ground) -> None:
    # The last minute of 20 May in Shanghai, and the first of the 21st, which is still the 20th in UTC.
    last, first = datetime(2026, 5, 20, 15, 59, tzinfo=UTC), datetime(2026, 5, 20, 16, 1, tzinfo=UTC)
    consultation = opened(now, ground, closes=last)
    secretary = ground.officer("secretary")
    services.extend_consultation(actor=secretary, now=now, code=consultation.code, closes=first)
    services.extend_consultation(actor=secretary, now=now, code=consultation.code, closes=first)
    (entry,) = (entry for entry in entries(consultation.code) if entry["kind"] == "consultation.extended")
    assert entry["closes"] == first.isoformat()
    with pytest.raises(Problem, match="closes on 2026-05-21"):
        services.close_consultation(actor=secretary, now=now, code=consultation.code)


def test_a_period_dated_back_is_not_announced(now: datetime, ground: Ground) -> None:
    # Three weeks long on paper, one day in truth.
    consultation = draft(now, ground, opens=now - 20 * DAY, closes=now + DAY)
    with pytest.raises(Problem, match="choose today or a later one"):
        services.notice_consultation(actor=ground.officer("secretary"), now=now, code=consultation.code)


@pytest.mark.parametrize("year", [1, 206, 1899, 9999])
def test_a_year_that_cannot_be_meant_is_refused(now: datetime, ground: Ground, year: int) -> None:
    with pytest.raises(Problem, match=f"The year {year:04d} cannot be meant"):
        draft(now, ground, opens=datetime(year, 1, 1, tzinfo=UTC))
    assert not Consultation.objects.exists()
