"""After the answer: another person asks, the asker has the last word, and what is old goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qiao.base.access import SYSTEM, Refused
from qiao.base.problems import Problem, Problems
from qiao.base.redaction import scan
from qiao.hear.window import queries, services
from qiao.hear.window.choices import Identity, Outcome, State
from qiao.hear.window.models import FollowUp, QueueTicket, Rating, Request, Transition
from qiao.hear.window.queries.figures import measures, overdue_counts
from qiao.hear.window.services.erasing import erase_requests, forget_person
from qiao.org.access.choices import Role
from qiao.org.appeals.services import decide_appeal
from qiao.org.people.models import Look
from qiao.org.retention.rules import Held
from qiao.org.retention.services import run_rule
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, checker, desk, filed, handler, nonce, reach

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def test_the_handler_does_not_call_back_nor_close(tree: Tree) -> None:
    tree.officer(Role.DESK_OFFICER, "H1", "case_handler-H1")  # the handler's own account also checks
    request = reach(tree, State.ANSWERED)
    twin = tree.officer(Role.DESK_OFFICER, "H1", "case_handler-H1")
    with pytest.raises(Problem, match="step before"):
        services.call_back(actor=twin, now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=nonce())
    services.call_back(actor=checker(tree), now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=nonce())
    with pytest.raises(Problem, match="step before"):
        services.close_request(actor=twin, now=tree.now, code=request.code, quality=True)


def test_no_end_without_call_back_and_quality_check(tree: Tree) -> None:
    request = reach(tree, State.ANSWERED)
    with pytest.raises(Problem, match="call-back"):
        services.close_request(actor=checker(tree), now=tree.now, code=request.code, quality=True)
    services.call_back(actor=checker(tree), now=tree.now, code=request.code, outcome=Outcome.PARTLY, nonce=nonce())
    with pytest.raises(Problem, match="Read the answer"):
        services.close_request(actor=checker(tree), now=tree.now, code=request.code, quality=False)
    closed = services.close_request(actor=checker(tree), now=tree.now, code=request.code, quality=True)
    assert closed.state == State.CLOSED
    assert FollowUp.objects.get(request=closed).due > tree.now + 27 * DAY


def test_nobody_reached_counts_after_three_calls(tree: Tree) -> None:
    request = reach(tree, State.ANSWERED)
    for turn in range(3):
        request = services.call_back(
            actor=checker(tree), now=tree.now, code=request.code, outcome=Outcome.NOT_REACHED, nonce=nonce()
        )
        assert request.state == (State.CALLED_BACK if turn == 2 else State.ANSWERED)
    assert request.outcome == Outcome.NOT_REACHED
    assert request.call_backs.count() == 3


def test_the_askers_own_word_is_the_call_back(tree: Tree) -> None:
    request, key = reach(tree, State.ANSWERED), nonce()
    for _turn in range(2):
        request = services.tell_outcome(now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=key)
    assert request.state == State.CALLED_BACK
    assert request.call_backs.get().by_id is None
    services.rate_request(now=tree.now, code=request.code, grade=5)
    services.rate_request(now=tree.now, code=request.code, grade=1)
    assert Rating.objects.get().grade == 5
    request.refresh_from_db()
    assert request.state == State.RATED


def test_a_bad_grade_is_called_and_mended_within_its_clock(tree: Tree) -> None:
    request = reach(tree, State.CALLED_BACK)
    made = services.rate_request(now=tree.now, code=request.code, grade=2, note="等了太久")
    assert made.mend_due is not None
    assert made.mend_due.date().isoformat() == "2026-06-01"
    with pytest.raises(Problem, match="mended first"):
        services.close_request(actor=checker(tree), now=tree.now, code=request.code, quality=True)
    services.mend_rating(actor=checker(tree), now=tree.now, code=request.code, note="已致歉并补办。", nonce=nonce())
    closed = services.close_request(actor=checker(tree), now=tree.now, code=request.code, quality=True)
    assert closed.state == State.CLOSED


def test_reopened_once_free_then_an_appeal_before_another_person(tree: Tree) -> None:
    request, key = reach(tree, State.CLOSED), nonce()
    with pytest.raises(Problem, match="first"):
        services.escalate_request(now=tree.now, code=request.code, ground="不服。")
    now = tree.now + 10 * DAY
    for _turn in range(2):
        request = services.reopen_request(now=now, code=request.code, reason="又停发了。", nonce=key)
    assert (request.state, request.reopened, request.handler) == (State.REOPENED, 1, None)
    assert request.clock_from == now
    assert request.due > now
    account = tree.account(Role.CASE_HANDLER, "H1", "second")
    second = tree.officer(Role.CASE_HANDLER, "H1", "second")
    services.assign(actor=desk(tree), now=now, code=request.code, body=tree["H1"], handler=account)
    services.accept_request(actor=second, now=now, code=request.code)
    services.answer_request(actor=second, now=now, code=request.code, text="再次核实，依据不足。", nonce=nonce())
    with pytest.raises(Problem, match="appeal"):
        services.reopen_request(now=now, code=request.code, reason="还是没有。", nonce=nonce())
    appeal = services.escalate_request(now=now, code=request.code, ground="没有看考勤记录。")
    assert services.escalate_request(now=now, code=request.code, ground="没有看考勤记录。").pk == appeal.pk
    assert appeal.barred_ids == [account.pk]
    decide_appeal(
        actor=tree.officer(Role.EXECUTIVE, "H1"), now=now, code=appeal.code, upheld=True, reason="应核对考勤。"
    )
    request.refresh_from_db()
    assert (request.state, request.reopened, request.handler) == (State.REOPENED, 1, None)
    assert services.digest_holds(request)


def test_too_late_to_reopen(tree: Tree) -> None:
    request = reach(tree, State.CLOSED)
    with pytest.raises(Problem, match="time to reopen"):
        services.reopen_request(now=tree.now + 90 * DAY, code=request.code, reason="又停发了。", nonce=nonce())


def test_the_question_weeks_later(tree: Tree) -> None:
    request = reach(tree, State.CLOSED)
    with pytest.raises(Problem, match="asked"):
        services.answer_follow_up(now=tree.now, code=request.code, still_solved=True)
    later = tree.now + 40 * DAY
    assert services.ask_follow_ups(actor=SYSTEM, now=later) == 1
    assert services.ask_follow_ups(actor=SYSTEM, now=later) == 0
    assert services.answer_follow_up(now=later, code=request.code, still_solved=False).still_solved is False


def test_a_sample_is_called_again_by_another_unit(tree: Tree) -> None:
    request = reach(tree, State.CLOSED)
    with pytest.raises(Problem, match="another unit"):
        services.call_back(actor=checker(tree), now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=nonce())
    services.call_back(
        actor=checker(tree, "D1"), now=tree.now, code=request.code, outcome=Outcome.NOT_SOLVED, nonce=nonce()
    )
    assert request.call_backs.filter(sample=True).get().outcome == Outcome.NOT_SOLVED
    drawn = [services.is_sampled(Request(filing_hash=f"{n:064x}"), 0.1) for n in range(2000)]
    assert 140 < sum(drawn) < 260


def test_who_asks_is_shown_for_a_reason_and_the_asker_reads_it(tree: Tree) -> None:
    member = tree.member("B1", "云一诺")
    request = filed(tree, identity=Identity.CONFIDENTIAL, name="云一诺", contact="13900001234").request
    Request.objects.filter(pk=request.pk).update(person=member.person)
    with pytest.raises(Problem, match="why you look"):
        services.look_at_asker(actor=desk(tree), now=tree.now, code=request.code, reason=" ")
    for who in (handler(tree), checker(tree), desk(tree, "D2")):
        with pytest.raises(Refused):
            services.look_at_asker(actor=who, now=tree.now, code=request.code, reason="回电话核实")
    services.look_at_asker(actor=desk(tree), now=tree.now, code=request.code, reason="回电话核实")
    assert request.looks.get().reason == "回电话核实"
    assert Look.objects.get(person=member.person, record="request.asker").reason == "回电话核实"
    nobody = filed(tree).request
    with pytest.raises(Problem, match="no name"):
        services.look_at_asker(actor=desk(tree), now=tree.now, code=nobody.code, reason="回电话核实")


def test_what_goes_public_names_nobody(tree: Tree) -> None:
    request = reach(tree, State.CLOSED)
    with pytest.raises(Problems):
        services.publish_request(
            actor=desk(tree), now=tree.now, code=request.code, text="问加班费", answer="打 13912345678 找人"
        )
    with pytest.raises(Problem, match="name"):
        services.publish_request(
            actor=desk(tree), now=tree.now, code=request.code, text="王师傅问加班费", answer="已发"
        )
    with pytest.raises(Refused):
        services.publish_request(actor=checker(tree), now=tree.now, code=request.code, text="问加班费", answer="已发")
    services.publish_request(
        actor=desk(tree), now=tree.now, code=request.code, text="厂里拖欠加班费怎么办？", answer="可以要求补发。"
    )
    assert not scan(Request.objects.get(pk=request.pk).public_text)
    assert queries.similar_public("公司拖欠加班费")[0].code == request.code
    assert queries.stations([request.code])[0].code == request.code
    services.withdraw_publication(actor=desk(tree), now=tree.now, code=request.code)
    assert queries.stations([request.code]) == []


def test_figures_hide_small_cells_and_carry_their_n(tree: Tree) -> None:
    for _one in range(11):
        reach(tree, State.CLOSED)
    day = tree.now.date()
    found = measures(path=tree["F"].path, since=day, until=day, now=tree.now)
    assert (found.solved.part, found.solved.of, found.solved.value) == (11, 11, 1.0)
    assert found.reopened.value == 0.0
    assert found.days == 1.0
    assert found.still_solved.value is None
    for _one in range(3):
        filed(tree)
    rows, total, late = overdue_counts(now=tree.now + 60 * DAY)
    assert (total, late) == (3, 3)
    assert [(row.unit.label, row.open) for row in rows] == [("D1", None), ("D2", 0)]


def test_requests_go_six_years_after_their_end_with_all_their_steps(tree: Tree) -> None:
    request, open_one = reach(tree, State.CLOSED), filed(tree).request
    cutoff = tree.now + 30 * DAY
    held = Held(at=cutoff, codes=frozenset({request.code}))
    assert erase_requests(cutoff, 10, held).keys == ()
    assert erase_requests(cutoff, 10, Held(at=cutoff)).keys == (f"hear.request:{request.code}",)
    assert not Transition.objects.filter(request_id=request.pk).exists()
    assert Request.objects.filter(pk=open_one.pk).exists()
    assert erase_requests(cutoff, 10, Held(at=cutoff)).keys == ()


def test_the_daily_run_erases_old_requests_and_numbers(tree: Tree) -> None:
    request, open_one = reach(tree, State.CLOSED), filed(tree).request
    for age, number in ((400, 1), (0, 2)):
        QueueTicket.objects.create(
            unit=tree["H1"], day=(tree.now - age * DAY).date(), number=number, key=f"key-{number}", kind="question"
        )
    assert run_rule(actor=SYSTEM, now=tree.now, key="requests") == 0
    assert run_rule(actor=SYSTEM, now=tree.now, key="counter") == 1
    assert list(QueueTicket.objects.values_list("number", flat=True)) == [2]
    assert run_rule(actor=SYSTEM, now=tree.now + 7 * 366 * DAY, key="requests") == 1
    assert not Request.objects.filter(pk=request.pk).exists()
    assert Request.objects.filter(pk=open_one.pk).exists()


def test_a_person_is_taken_out_of_ended_requests(tree: Tree) -> None:
    member = tree.member("B1", "云一诺")
    request = reach(tree, State.CLOSED, identity=Identity.NAMED, name="云一诺", contact="13900001234")
    Request.objects.filter(pk=request.pk).update(person=member.person)
    assert forget_person(member.person_id, tree.now) == 1
    request.refresh_from_db()
    assert (request.person_id, request.name, request.contact, request.identity) == (None, None, None, "anonymous")
    assert TEXT in str(request.text)
