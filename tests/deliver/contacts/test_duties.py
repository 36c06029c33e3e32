"""Officers' days at the base: agreed and attested by the place, about no worker, counted only when real."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.lineage import targets_of
from qiao.base.models import Receipt
from qiao.base.problems import Problem, Problems
from qiao.deliver.contacts import queries, services
from qiao.deliver.contacts.choices import DutyState, IssueOutcome, System, Topic
from qiao.deliver.contacts.models import Duty, Issue
from qiao.deliver.contacts.rules import require_no_person
from qiao.hear.window import services as window
from qiao.hear.window.models import Request
from qiao.org.access.choices import Role
from qiao.web.providers import receipt_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def officer(tree: Tree) -> Actor:
    return tree.officer(Role.HUB_ORGANISER, "H1")


def host(tree: Tree) -> Actor:
    return tree.officer(Role.BASE_OFFICER, "B1")


def planned(
    tree: Tree, *, starts: datetime | None = None, hours: float = 6, place: str = "B1", **given: object
) -> Duty:
    starts = starts or tree.now + timedelta(days=2)
    return services.plan_duty(
        actor=officer(tree), now=tree.now, unit=tree["H1"], place=tree[place], system=System.FOLLOW_SHIFT,
        starts=starts, ends=starts + timedelta(hours=hours), **given,
    )  # fmt: skip


def logged(tree: Tree, issues: list[tuple[Topic, str]]) -> tuple[Duty, datetime]:
    duty = planned(tree)
    services.confirm_duty(actor=host(tree), now=tree.now, code=duty.code)
    after = duty.ends + timedelta(hours=1)
    services.log_duty(actor=officer(tree), now=after, code=duty.code, notes="跟夜班一个班次。", issues=issues)
    return duty, after


def days(tree: Tree, now: datetime) -> int:
    return sum(row.days for row in queries.unit_days(year=2026, now=now))


def test_a_visit_walks_from_plan_to_what_the_askers_say(tree: Tree) -> None:
    duty, after = logged(tree, [(Topic.SAFETY, "三号线风扇坏了。"), (Topic.HOURS, "夜班没有热饭。")])
    services.attest_presence(actor=host(tree), now=after, code=duty.code, present=True)
    services.hand_over(actor=officer(tree), now=after, code=duty.code, holders={1: tree["H1"], 2: tree["D1"]})
    answers = {1: tree.officer(Role.ORG_OFFICER, "H1"), 2: tree.officer(Role.SECRETARY, "D1")}
    for serial, who in answers.items():
        services.answer_issue(actor=who, now=after, code=duty.code, serial=serial, answer="已经办好。")
    assert Duty.objects.get(code=duty.code).state == DutyState.ANSWERED_BACK
    for serial, outcome in ((1, IssueOutcome.SOLVED), (2, IssueOutcome.NOT_SOLVED)):
        services.record_outcome(actor=host(tree), now=after, code=duty.code, serial=serial, outcome=outcome)
    assert Duty.objects.get(code=duty.code).state == DutyState.CLOSED
    [row] = queries.unit_days(year=2026, now=after)
    assert (row.unit.label, row.officers, row.days, row.issues, row.solved) == ("H1", 1, 1, 2, 0.5)


def test_each_issue_has_a_receipt_that_tells_its_way_without_its_words(tree: Tree, client) -> None:
    duty, after = logged(tree, [(Topic.PAY, "上月加班费少发。")])
    issue = Issue.objects.get()
    receipt = Receipt.objects.get(number=issue.receipt)
    state = receipt_state(receipt)
    assert state is not None
    assert state.state == "Taken down by the officer"
    services.hand_over(actor=officer(tree), now=after, code=duty.code, holders={1: tree["H1"]})
    receipt.refresh_from_db()
    assert receipt.promised is not None
    page = client.get(f"/receipt/?number={issue.receipt}", headers={"accept-language": "en"}).text
    assert "H1 Union" in page
    assert "加班费少发" not in page


def test_a_day_for_show_does_not_count(tree: Tree) -> None:
    duty, after = logged(tree, [])
    assert days(tree, after) == 0
    services.attest_presence(actor=host(tree), now=after, code=duty.code, present=True)
    assert Duty.objects.get(code=duty.code).state == DutyState.CLOSED
    assert days(tree, after) == 1


def test_a_day_the_place_denies_does_not_count(tree: Tree) -> None:
    duty, after = logged(tree, [(Topic.PAY, "补发工资。")])
    services.attest_presence(actor=host(tree), now=after, code=duty.code, present=False)
    with pytest.raises(Problem, match="said so already"):
        services.attest_presence(actor=host(tree), now=after, code=duty.code, present=True)
    assert days(tree, after) == 0


def test_officers_confirm_no_day_of_their_own(tree: Tree) -> None:
    duty = planned(tree)
    tree.account(Role.BASE_OFFICER, "B1", "hub_organiser-H1")
    both = tree.officer(Role.BASE_OFFICER, "B1", "hub_organiser-H1")
    with pytest.raises(Problem, match="place you visited"):
        services.confirm_duty(actor=both, now=tree.now, code=duty.code)
    with pytest.raises(Refused):
        services.confirm_duty(actor=tree.officer(Role.BASE_OFFICER, "B2"), now=tree.now, code=duty.code)


def test_nobody_is_at_two_places_on_one_day(tree: Tree) -> None:
    first = planned(tree, hours=2)
    with pytest.raises(Problem, match="another place"):
        planned(tree, starts=first.ends + timedelta(hours=1), hours=1, place="B2")
    with pytest.raises(Problem, match="same time"):
        planned(tree, starts=first.starts + timedelta(hours=1))
    planned(tree, starts=first.ends, hours=1)
    services.cancel_duty(actor=officer(tree), now=tree.now, code=first.code, reason="临时会议。")
    planned(tree, starts=first.starts, hours=2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"hours": -1}, "ends after it begins"),
        ({"hours": 24 * 40}, "in parts"),
        ({"place": "H1"}, "own office"),
        ({"where": "找张师傅"}, "worker's name"),
    ],
)
def test_bad_plans_are_refused(tree: Tree, given: dict[str, object], said: str) -> None:
    with pytest.raises(Problem, match=said):
        planned(tree, **given)
    assert not Duty.objects.exists()


def test_a_visit_long_ago_is_not_entered_any_more(tree: Tree) -> None:
    planned(tree, starts=tree.now - timedelta(days=1))
    with pytest.raises(Problem, match="too long ago"):
        planned(tree, starts=datetime(1899, 12, 31, 9, tzinfo=tree.now.tzinfo))


@pytest.mark.parametrize(
    "text",
    [
        "李师傅说食堂贵",
        "王大姐要调岗",
        "一位职工名叫阿强",
        "该职工思想动态不稳",
        "他是党员",
        "Ms Lee wants leave",
        "a man named Bob",
        "his religion",
    ],
)
def test_a_log_names_no_worker_and_no_belief(text: str) -> None:
    with pytest.raises(Problem):
        require_no_person({"notes": text})


@pytest.mark.parametrize(
    "text",
    [
        "三号线风扇坏了，夏天太热。",
        "由于各位同志加班，食堂关门太早。",
        "快递小哥没有休息点。",
        "安全帽不够。",
        "The night shift has no hot meal.",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    require_no_person({"notes": text})


def test_numbers_of_persons_are_blocked_too() -> None:
    with pytest.raises(Problems):
        require_no_person({"notes": "电话 13812345678"})


def test_what_is_not_logged_in_time_is_overdue_and_marked(tree: Tree) -> None:
    duty = planned(tree)
    late = duty.log_due + timedelta(seconds=1)
    assert services.mark_overdue(actor=SYSTEM, now=duty.log_due) == 0
    assert services.mark_overdue(actor=SYSTEM, now=late) == 1
    assert services.mark_overdue(actor=SYSTEM, now=late) == 0
    reader = tree.officer(Role.EXECUTIVE, "F")
    [row] = queries.officer_days(actor=reader, year=2026, now=late)
    assert (row.overdue, row.days, row.behind) == (1, 0, True)
    assert queries.officer_days(actor=tree.officer(Role.EXECUTIVE, "D2"), year=2026, now=late) == []
    services.log_duty(actor=officer(tree), now=late, code=duty.code, notes="补记。")
    with pytest.raises(Refused):
        services.mark_overdue(actor=reader, now=late)


def test_replays_and_late_acts(tree: Tree) -> None:
    duty, after = logged(tree, [(Topic.PAY, "补发工资。")])
    services.log_duty(
        actor=officer(tree), now=after, code=duty.code, notes="跟夜班一个班次。", issues=[(Topic.PAY, "补发工资。")]
    )
    assert Issue.objects.count() == 1
    with pytest.raises(Problem, match="Look at it again"):
        services.cancel_duty(actor=officer(tree), now=after, code=duty.code, reason="不去了")
    for _ in range(2):
        services.hand_over(actor=officer(tree), now=after, code=duty.code, holders={1: tree["H1"]})
    hub = tree.officer(Role.ORG_OFFICER, "H1")
    for _ in range(2):
        services.answer_issue(actor=hub, now=after, code=duty.code, serial=1, answer="已补发。")
    with pytest.raises(Problem):
        services.answer_issue(actor=hub, now=after, code=duty.code, serial=1, answer="改口。")
    for _ in range(2):
        services.record_outcome(actor=host(tree), now=after, code=duty.code, serial=1, outcome=IssueOutcome.SOLVED)


def test_strangers_neither_read_nor_answer(tree: Tree) -> None:
    duty, after = logged(tree, [(Topic.PAY, "补发工资。")])
    services.hand_over(actor=officer(tree), now=after, code=duty.code, holders={1: tree["H1"]})
    stranger = tree.officer(Role.ORG_OFFICER, "D2")
    with pytest.raises(Duty.DoesNotExist):
        queries.duty_for(stranger, duty.code)
    with pytest.raises(Refused):
        services.answer_issue(actor=stranger, now=after, code=duty.code, serial=1, answer="好。")
    with pytest.raises(Refused):
        services.log_duty(actor=tree.officer(Role.HUB_ORGANISER, "H1", "x"), now=after, code=duty.code, notes="x")


def test_the_pages(tree: Tree, client) -> None:
    duty = planned(tree, where="食堂", starts=datetime(2099, 5, 12, 9, tzinfo=tree.now.tzinfo))
    english = {"accept-language": "en"}
    assert "食堂" in client.get("/deliver/contacts/", headers=english).text
    assert client.get(f"/deliver/contacts/{duty.code}/", headers=english).status_code == 200
    mine = tree.client(Role.HUB_ORGANISER, "H1")
    assert "Call it off" in mine.get(f"/deliver/contacts/{duty.code}/").text
    plan = {
        "unit": tree["H1"].pk, "place": "NOWHERE", "system": "research",
        "starts": "2099-05-20T09:00", "ends": "2099-05-20T11:00",
    }  # fmt: skip
    bad = mine.post("/deliver/contacts/new/", plan)
    assert "no unit with this label" in bad.text
    done = mine.post("/deliver/contacts/new/", {**plan, "place": "B1"})
    assert done.status_code == 302
    base = tree.client(Role.BASE_OFFICER, "B1")
    assert "Agree to the day" in base.get(f"/deliver/contacts/{duty.code}/").text
    base.post(f"/deliver/contacts/{duty.code}/agree/")
    duty.refresh_from_db()
    assert duty.state == DutyState.CONFIRMED
    assert tree.client(Role.EXECUTIVE, "F").get("/deliver/contacts/officers.xlsx?year=2026").content[:2] == b"PK"
    assert client.get("/deliver/contacts/figures/?year=1066").status_code == 200


def test_issues_become_requests_at_the_window_which_answers_them(tree: Tree) -> None:
    duty, after = logged(tree, [(Topic.PAY, "三月份的加班费没有发。"), (Topic.HOURS, "夜班没有热饭。")])
    desk = tree.officer(Role.DESK_OFFICER, "B1")
    for _turn in range(2):
        services.hand_over(actor=officer(tree), now=after, code=duty.code, holders={2: tree["D1"]}, at_window=[1])
    request = Request.objects.get()
    assert (request.channel, request.identity, request.topic, request.body) == (
        "visit", "anonymous", "pay", tree["B1"],
    )  # fmt: skip
    issue = duty.issues.get(serial=1)
    assert (issue.request, issue.holder, issue.due) == (request.code, tree["B1"], request.due)
    assert targets_of(duty.code) == [request.code]
    assert Receipt.objects.get(number=issue.receipt).promised == timezone.localdate(request.due)
    with pytest.raises(Problem, match="service window"):
        services.answer_issue(actor=host(tree), now=after, code=duty.code, serial=1, answer="已办。")
    window.answer_at_once(actor=desk, now=after, code=request.code, text="下周五前补发。", nonce="n" * 16)
    issue.refresh_from_db()
    assert (issue.answer, issue.answered, issue.answered_by_id) == ("下周五前补发。", after, desk.account_id)
    assert Duty.objects.get(code=duty.code).state == DutyState.HANDED_OVER
    services.answer_issue(
        actor=tree.officer(Role.SECRETARY, "D1"), now=after, code=duty.code, serial=2, answer="夜班食堂已开。"
    )
    assert Duty.objects.get(code=duty.code).state == DutyState.ANSWERED_BACK
    services.record_outcome(actor=host(tree), now=after, code=duty.code, serial=1, outcome=IssueOutcome.SOLVED)


def test_an_answer_that_names_somebody_is_not_copied_into_the_log(tree: Tree) -> None:
    duty, after = logged(tree, [(Topic.PAY, "三月份的加班费没有发。")])
    services.hand_over(actor=officer(tree), now=after, code=duty.code, holders={}, at_window=[1])
    request = Request.objects.get()
    desk = tree.officer(Role.DESK_OFFICER, "B1")
    window.answer_at_once(actor=desk, now=after, code=request.code, text="请拨打13912345678。", nonce="n" * 16)
    answer = duty.issues.get().answer
    assert "139" not in answer
    assert "service window" in answer
