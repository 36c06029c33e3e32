"""A meeting and its votes: notice, papers, quorum, secrecy, majority of all, paper by tellers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from tests.factories.congress import DAY, MINUTES, Plant, called, in_term, item, make_plant, opened, present_actors

from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import find_receipt
from qiao.decide.congress import queries, services
from qiao.decide.congress.choices import Aspect, ItemKind, ItemState, Outcome, SessionState, Way
from qiao.decide.congress.models import Congress, Item, Session, VoteMark, VotePaper
from qiao.decide.congress.services import forgetting
from qiao.org.access.choices import Role
from qiao.org.retention.rules import Held

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(now: datetime, db: None) -> Plant:
    return make_plant(now)


@pytest.fixture
def congress(plant: Plant) -> Congress:
    return in_term(plant)


def vote(plant: Plant, held: Session, code: str, choices: list[str], *, way: Way = Way.PHONE) -> Item:
    """Open the vote and let the delegates present cast these choices, one each."""
    services.open_vote(actor=plant.officer(), now=held.meets, code=code, way=way)
    for actor, choice in zip(present_actors(plant, held), choices, strict=False):
        services.cast_vote(actor=actor, now=held.meets, code=code, choices=[choice])
    return Item.objects.get(code=code)


def close(plant: Plant, held: Session, code: str) -> Item:
    return services.close_vote(actor=plant.officer(), now=held.meets + timedelta(minutes=20), code=code)


def test_a_meeting_needs_its_notice(plant: Plant, congress: Congress) -> None:
    with pytest.raises(Problem, match="at least 30 days"):
        called(plant, congress, ahead=29)
    held = called(plant, congress)
    assert held.papers_due == held.meets - 7 * DAY
    with pytest.raises(Problem, match="at least one item"):
        services.send_papers(actor=plant.officer(), now=plant.now, code=held.code)
    with pytest.raises(Refused):
        services.call_session(actor=plant.delegate(0), now=plant.now, congress_code=congress.code, title=held.title,
                              meets=held.meets, place=held.place)  # fmt: skip


def test_papers_sent_late_move_the_meeting(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    item(plant, held)
    late = held.papers_due + timedelta(seconds=1)
    with pytest.raises(Problem, match="move the meeting"):
        services.send_papers(actor=plant.officer(), now=late, code=held.code)
    with pytest.raises(Problem, match="never to an earlier"):
        services.move_session(actor=plant.officer(), now=late, code=held.code, meets=held.meets - DAY, place={},
                              reason=localized("迟", "late"))  # fmt: skip
    services.move_session(actor=plant.officer(), now=late, code=held.code, meets=held.meets + 10 * DAY, place={},
                          reason=localized("材料迟了", "Papers late"))  # fmt: skip
    sent = services.send_papers(actor=plant.officer(), now=late, code=held.code)
    assert sent.state == SessionState.PAPERS_SENT
    with pytest.raises(IntegrityError), atomic():
        Session.objects.filter(pk=held.pk).update(papers_sent=sent.meets)


def test_papers_stand_in_the_ledger_and_a_late_item_opens_them_again(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    paper = services.add_paper(
        actor=plant.officer(), now=plant.now, session_code=held.code, name="方案.pdf", content=b"%PDF"
    )
    services.send_papers(actor=plant.officer(), now=plant.now, code=held.code)
    entry = json.loads(LedgerLeaf.objects.get(kind="congress.papers", code=held.code).payload)
    one.refresh_from_db()
    assert one.text_sha256 in json.dumps(entry)
    assert paper.sha256 in json.dumps(entry)
    item(plant, held)
    held.refresh_from_db()
    assert held.state == SessionState.CALLED, "everything is sent anew"
    services.send_papers(actor=plant.officer(), now=plant.now, code=held.code)
    late = services.add_item
    with pytest.raises(Problem, match="too late"):
        late(actor=plant.officer(), now=held.papers_due + DAY, session_code=held.code, kind=ItemKind.HEAR,
             title=localized("迟", "late"), text=localized("迟", "late"))  # fmt: skip


def test_files_that_are_refused(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    for name, content, said in (("a.exe", b"MZ", "PDF, a text"), ("a.pdf", b"", "at most 8 MB")):
        with pytest.raises(Problem, match=said):
            services.add_paper(actor=plant.officer(), now=plant.now, session_code=held.code, name=name, content=content)


def test_without_a_quorum_nothing_opens(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    item(plant, held)
    with pytest.raises(Problem, match="19 of 30 delegates are present; 20 are needed"):
        opened(plant, held, present=19)
    held.refresh_from_db()
    assert held.state == SessionState.CALLED or held.state == SessionState.PAPERS_SENT


def test_the_presidium_is_front_line(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    item(plant, held)
    services.send_papers(actor=plant.officer(), now=held.papers_due, code=held.code)
    managers = list(congress.delegates.filter(manager=True).order_by("pk").values_list("pk", flat=True))
    seats = list(congress.delegates.order_by("pk").values_list("pk", flat=True))
    services.set_attendance(actor=plant.officer(), now=held.meets, code=held.code, present=seats, presidium=managers)
    with pytest.raises(Problem, match="must be front-line"):
        services.open_meeting(actor=plant.officer(), now=held.meets, code=held.code)


def test_delegates_say_that_they_are_there(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    item(plant, held)
    services.send_papers(actor=plant.officer(), now=held.papers_due, code=held.code)
    with pytest.raises(Problem, match="has not come"):
        services.say_here(actor=plant.delegate(0), now=held.papers_due, code=held.code, hall_code=held.hall_code)
    with pytest.raises(Problem, match="not the code"):
        services.say_here(actor=plant.delegate(0), now=held.meets, code=held.code, hall_code="x")
    for _twice in range(2):
        services.say_here(actor=plant.delegate(0), now=held.meets, code=held.code, hall_code=held.hall_code)
    assert held.attendance.count() == 1


@pytest.mark.parametrize(("agree", "outcome"), [(16, Outcome.PASSED), (15, Outcome.NOT_PASSED)])
def test_half_of_all_delegates_decides_not_half_of_those_present(
    plant: Plant, congress: Congress, agree: int, outcome: Outcome
) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    vote(plant, held, one.code, ["for"] * agree + ["against"] * (20 - agree))
    done = close(plant, held, one.code)
    assert (done.state, done.outcome) == (ItemState.DONE, outcome)
    assert done.counts == {"for": agree, "against": 20 - agree, "abstain": 0}
    assert (done.delegates, done.cast) == (30, 20)


def test_what_was_voted_stands_beside_nobody(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    before = AuditRow.objects.count()
    vote(plant, held, one.code, ["for"] * 12 + ["against"] * 8)
    assert AuditRow.objects.count() == before + 1, "the opening alone: a vote leaves no row with person and time"
    assert queries.result_of(Item.objects.get(pk=one.pk)) == []
    close(plant, held, one.code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM congress_votepaper WHERE item_id = %s", [one.pk])
        assert cursor.fetchone() == (1,), "every paper carries one stamp"
    fields = {field.name for field in VotePaper._meta.get_fields()}
    assert fields == {"id", "item", "choices"}
    assert {field.name for field in VoteMark._meta.get_fields()} == {"id", "item", "delegate", "voted", "on_paper"}
    order = list(VotePaper.objects.filter(item=one).values_list("pk", flat=True).order_by("pk"))
    assert len(order) == 20
    receipts = Receipt.objects.filter(kind="congress_vote", code=one.code)
    assert receipts.count() == 20
    assert not receipts.exclude(reference="").exists()


def test_one_delegate_one_vote_and_no_running_totals(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    services.open_vote(actor=plant.officer(), now=held.meets, code=one.code, way=Way.PHONE)
    first = present_actors(plant, held)[0]
    receipt = services.cast_vote(actor=first, now=held.meets, code=one.code, choices=["for"])
    with pytest.raises(services.VotedAlready):
        services.cast_vote(actor=first, now=held.meets, code=one.code, choices=["against"])
    there = {one.person_id for one in present_actors(plant, held)}
    absent = next(plant.delegate(place) for place in range(30) if plant.delegate(place).person_id not in there)
    with pytest.raises(Problem, match="Say first that you are there"):
        services.cast_vote(actor=absent, now=held.meets, code=one.code, choices=["for"])
    with pytest.raises(Refused):
        services.cast_vote(actor=plant.officer(), now=held.meets, code=one.code, choices=["for"])
    with pytest.raises(Problem, match="Choose one"):
        services.cast_vote(
            actor=present_actors(plant, held)[1], now=held.meets, code=one.code, choices=["for", "against"]
        )
    with pytest.raises(Problem, match="not on the ballot"):
        services.cast_vote(actor=present_actors(plant, held)[1], now=held.meets, code=one.code, choices=["x"])
    with pytest.raises(Problem, match="19 delegates who are present have not voted"):
        services.close_vote(actor=plant.officer(), now=held.meets, code=one.code)
    with pytest.raises(IntegrityError), atomic():
        Item.objects.filter(pk=one.pk).update(counts={"for": 1})
    found = find_receipt(receipt.number)
    assert found is not None
    state = queries.receipt_state(found)
    assert state is not None
    assert "for" not in state.state.lower().split()


def test_paper_is_counted_by_two_and_typed_by_two_others(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    vote(plant, held, one.code, ["for"] * 10 + ["against"] * 4, way=Way.BOTH)
    assert services.hand_papers(actor=plant.officer(), now=held.meets, code=one.code) == 6
    shut = close(plant, held, one.code)
    assert shut.state == ItemState.CLOSED
    sheet = {"valid": 5, "invalid": 1, "counts": {"for": 5, "against": 0, "abstain": 0}}
    first, second = plant.officer(), plant.officer(Role.BASE_CHAIR)
    with pytest.raises(Problem, match="Two tellers"):
        services.enter_tally(actor=first, now=held.meets, code=one.code, tellers=["甲", "甲"], **sheet)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="does not type the count"):
        services.enter_tally(actor=first, now=held.meets, code=one.code, tellers=["甲", first.name], **sheet)  # type: ignore[arg-type]
    services.enter_tally(actor=first, now=held.meets, code=one.code, tellers=["甲", "乙"], **sheet)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="first time"):
        services.confirm_tally(actor=first, now=held.meets, code=one.code, **sheet)  # type: ignore[arg-type]
    other = {"valid": 5, "invalid": 1, "counts": {"for": 4, "against": 1, "abstain": 0}}
    with pytest.raises(Problem, match="two entries differ"):
        services.confirm_tally(actor=second, now=held.meets, code=one.code, **other)  # type: ignore[arg-type]
    done = services.confirm_tally(actor=second, now=held.meets, code=one.code, **sheet)  # type: ignore[arg-type]
    assert (done.outcome, done.counts, done.invalid) == (
        Outcome.NOT_PASSED, {"for": 15, "against": 4, "abstain": 0}, 1,
    )  # fmt: skip


def test_few_papers_would_tell(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    vote(plant, held, one.code, ["for"] * 17, way=Way.BOTH)
    services.hand_papers(actor=plant.officer(), now=held.meets, code=one.code)
    with pytest.raises(Problem, match="Fewer than 5 papers"):
        close(plant, held, one.code)


def test_an_election_takes_most_votes_above_half(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(
        plant,
        held,
        ItemKind.ELECT,
        candidates=[localized("甲", "A"), localized("乙", "B"), localized("丙", "C")],
        places=1,
    )
    held = opened(plant, held)
    vote(plant, held, one.code, ["2"] * 17 + ["1"] * 3)
    done = close(plant, held, one.code)
    assert done.outcome == Outcome.ELECTED
    assert [str(row) for row in done.options.filter(elected=True)] == ["乙"]


def test_an_appraisal_asks_of_work_alone_and_makes_no_score(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held, ItemKind.RATE)
    held = opened(plant, held)
    services.open_vote(actor=plant.officer(), now=held.meets, code=one.code, way=Way.PHONE)
    for actor in present_actors(plant, held):
        services.cast_vote(
            actor=actor, now=held.meets, code=one.code, choices=[f"{aspect}:good" for aspect in Aspect.values]
        )
    done = close(plant, held, one.code)
    assert done.outcome == Outcome.APPRAISED
    assert {block.lines[0].number for block in queries.result_of(done)} == {20}
    asked = " ".join(str(aspect.label).lower() for aspect in Aspect)
    assert not any(word in asked for word in ("loyal", "politic", "attitude", "opinion", "belief"))
    with pytest.raises(Problem, match=r"One vote at a time|held already"):
        services.open_vote(actor=plant.officer(), now=held.meets, code=one.code, way=Way.PHONE)


def test_a_meeting_ends_is_reported_and_followed(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one, two = item(plant, held), item(plant, held, ItemKind.HEAR)
    held = opened(plant, held)
    vote(plant, held, one.code, ["for"] * 20)
    close(plant, held, one.code)
    with pytest.raises(Problem, match="1 items"):
        services.resolve_session(actor=plant.officer(), now=held.meets, code=held.code, minutes_sha256=MINUTES)
    with pytest.raises(Problem, match="secret vote"):
        services.settle_item(
            actor=plant.officer(), now=held.meets, code=item_code(held, one), text=localized("过", "ok")
        )
    Item.objects.filter(code="WI-TWIN").delete()
    services.settle_item(actor=plant.officer(), now=held.meets, code=two.code, text=localized("听取", "Heard"))
    with pytest.raises(Problem, match="signed minutes"):
        services.resolve_session(actor=plant.officer(), now=held.meets, code=held.code, minutes_sha256="")
    done = services.resolve_session(actor=plant.officer(), now=held.meets, code=held.code, minutes_sha256=MINUTES)
    assert done.state == SessionState.RESOLVED
    assert done.report_due is not None
    assert 9 <= (done.report_due - held.meets).days <= 14, "seven working days"
    entry = json.loads(LedgerLeaf.objects.get(kind="congress.resolved", code=held.code).payload)
    assert "passed" in json.dumps(entry)
    services.report_session(actor=plant.officer(), now=held.meets + DAY, code=held.code, report_note="UR-1")
    last = services.follow_session(actor=plant.officer(), now=held.meets + 90 * DAY, code=held.code,
                                   text=localized("已执行", "Done"))  # fmt: skip
    assert last.state == SessionState.FOLLOWED


def item_code(held: Session, one: Item) -> str:
    """A listed item to vote on: the first one's twin, so that the refusal is about votes."""
    twin = Item.objects.get(pk=one.pk)
    twin.pk, twin.code, twin.position, twin.state, twin.outcome, twin.counts = None, "WI-TWIN", 9, "listed", "", {}
    twin.save()
    held_code = twin.code
    Item.objects.filter(code=held_code).update(session=held)
    return held_code


def test_a_third_of_the_delegates_calls_a_meeting(plant: Plant, congress: Congress) -> None:
    call = services.start_call(actor=plant.delegate(0), now=plant.now, congress_code=congress.code, subject="夜班安全")
    assert call.needed == 10
    for place in range(1, 9):
        services.sign_call(actor=plant.delegate(place), now=plant.now, call_id=call.pk)
    services.sign_call(actor=plant.delegate(1), now=plant.now, call_id=call.pk)
    call.refresh_from_db()
    assert call.reached is None, "nine, one of them twice"
    services.sign_call(actor=plant.delegate(9), now=plant.now, call_id=call.pk)
    call.refresh_from_db()
    assert call.reached is not None
    held = services.call_session(
        actor=plant.officer(), now=plant.now, congress_code=congress.code, title=localized("临时会议", "Special"),
        meets=plant.now + 8 * DAY, place=localized("礼堂", "Hall"), call_id=call.pk,
    )  # fmt: skip
    assert not held.regular
    with pytest.raises(Problem, match="moved, not called off"):
        services.cancel_session(actor=plant.officer(), now=plant.now, code=held.code, reason=localized("不", "no"))


def test_papers_and_marks_are_destroyed_when_nobody_can_challenge(plant: Plant, congress: Congress) -> None:
    held = called(plant, congress)
    one = item(plant, held)
    held = opened(plant, held)
    vote(plant, held, one.code, ["for"] * 20)
    done = close(plant, held, one.code)
    assert done.challenge_ends is not None
    early, late = done.challenge_ends - DAY, done.challenge_ends + DAY
    assert forgetting.erase_votes(early, 100, Held(early)).keys == ()
    assert len(forgetting.erase_votes(late, 100, Held(late)).keys) == 20
    assert not VotePaper.objects.filter(item=one).exists()
    assert not VoteMark.objects.filter(item=one).exists()
    one.refresh_from_db()
    assert one.counts["for"] == 20
    assert one.papers_root
