"""Papers upward: who drafts, signs and answers, whose clock runs, and what silence means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.org import Tree, make_tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.models import AuditRow
from qiao.base.problems import Problem, Problems
from qiao.org.access.choices import Role
from qiao.org.settings.services import set_value
from qiao.org.upward import queries, services
from qiao.org.upward.choices import Addressee, Matter, Outcome, PaperKind, PaperState
from qiao.org.upward.models import Paper
from qiao.org.upward.rules import asks_something, measure, number_of_questions
from qiao.org.upward.rules.measures import Case
from qiao.org.upward.rules.settings import ANSWER_WITHIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def drafted(tree: Tree, matter: Matter = Matter.MONEY, **given: object) -> Paper:
    content: dict[str, object] = {
        "kind": PaperKind.REQUEST, "title": "夏季降温费", "text": "车间高温，降温设备老旧。",
        "question": "能否追加两万元？", "proposal": "从机动经费中列支。", **given,
    }  # fmt: skip
    return services.draft_paper(
        actor=tree.officer(Role.BASE_OFFICER, "B1"), now=tree.now, unit=tree["B1"], matter=matter, **content
    )


def issued(tree: Tree, **given: object) -> Paper:
    paper = drafted(tree, **given)
    return services.issue_paper(actor=tree.officer(Role.BASE_CHAIR, "B1"), now=tree.now, code=paper.code)


def in_review(tree: Tree, **given: object) -> Paper:
    paper = issued(tree, **given)
    officer = tree.officer(Role.ORG_OFFICER, "H1")
    services.receive_paper(actor=officer, now=tree.now, code=paper.code)
    return services.review_paper(actor=officer, now=tree.now, code=paper.code)


def test_a_request_walks_from_draft_to_close(tree: Tree) -> None:
    paper = in_review(tree)
    assert (paper.holder.label, paper.days) == ("H1", 15)
    later = tree.now + timedelta(days=4)
    services.answer_paper(
        actor=tree.officer(Role.EXECUTIVE, "H1"), now=later, code=paper.code, outcome=Outcome.CONDITIONS,
        answer="同意一万元，六月底前完成。",
    )  # fmt: skip
    services.close_paper(actor=tree.officer(Role.BASE_OFFICER, "B1"), now=later, code=paper.code)
    paper = Paper.objects.get(code=paper.code)
    assert [step.after for step in paper.log.all()] == [
        "draft",
        "issued",
        "received",
        "in_review",
        "answered",
        "closed",
    ]
    assert AuditRow.objects.filter(code=paper.code).count() == 6
    [(unit, times)] = queries.measures_of(now=later)
    assert (unit.label, times.n, times.median_days, times.on_time) == ("H1", 1, 4.0, 1.0)


def test_who_drafts_does_not_sign_and_who_asks_does_not_answer(tree: Tree) -> None:
    both = tree.officer(Role.BASE_OFFICER, "B1", "both")
    tree.account(Role.BASE_CHAIR, "B1", "both")
    paper = services.draft_paper(
        actor=both, now=tree.now, unit=tree["B1"], kind=PaperKind.REQUEST, matter=Matter.OTHER, title="场地",
        text="需要活动室。", question="可否借用？", proposal="每周两次。", addressee=Addressee.COMMITTEE,
    )  # fmt: skip
    chair = tree.officer(Role.BASE_CHAIR, "B1", "both")
    with pytest.raises(Problem, match="does not sign"):
        services.issue_paper(actor=chair, now=tree.now, code=paper.code)
    other = tree.officer(Role.BASE_CHAIR, "B1")
    services.issue_paper(actor=other, now=tree.now, code=paper.code)
    secretary = tree.officer(Role.SECRETARY, "B1")
    services.receive_paper(actor=secretary, now=tree.now, code=paper.code)
    services.review_paper(actor=secretary, now=tree.now, code=paper.code)
    with pytest.raises(Problem, match="does not answer"):
        services.answer_paper(actor=other, now=tree.now, code=paper.code, outcome=Outcome.AGREED, answer="好。")


def test_an_officer_above_neither_drafts_nor_signs_for_the_unit_below(tree: Tree) -> None:
    with pytest.raises(Refused):
        services.draft_paper(
            actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, unit=tree["B1"], kind=PaperKind.REQUEST,
            matter=Matter.OTHER, title="题", text="文", question="可否？", proposal="案",
        )  # fmt: skip
    paper = drafted(tree)
    with pytest.raises(Refused):
        services.issue_paper(actor=tree.officer(Role.EXECUTIVE, "F"), now=tree.now, code=paper.code)


def test_another_units_officers_neither_read_nor_answer(tree: Tree) -> None:
    paper = in_review(tree)
    stranger = tree.officer(Role.EXECUTIVE, "D2")
    with pytest.raises(Paper.DoesNotExist):
        queries.paper_for(stranger, paper.code)
    with pytest.raises(Refused):
        services.answer_paper(actor=stranger, now=tree.now, code=paper.code, outcome=Outcome.AGREED, answer="好。")
    draft = drafted(tree)
    with pytest.raises(Paper.DoesNotExist):
        queries.paper_for(tree.officer(Role.ORG_OFFICER, "H1"), draft.code)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": ""}, "puts a question"),
        ({"proposal": " "}, "own proposal"),
        ({"question": "能否追加？能否延期？"}, "One matter"),
        ({"kind": PaperKind.REPORT}, "puts no question"),
        (
            {"kind": PaperKind.REPORT, "question": "", "proposal": "", "text": "情况如上，妥否，请批示。"},
            "asks something",
        ),
        ({"text": "请联系 13812345678。"}, "telephone"),
        ({"text": "身份证 11010519491231002X"}, "identity number"),
        ({"title": ""}, "title and a text"),
    ],
)
def test_bad_papers_are_refused_and_nothing_is_written(tree: Tree, given: dict[str, object], said: str) -> None:
    with pytest.raises((Problem, Problems), match=said):
        drafted(tree, **given)
    assert not Paper.objects.exists()


def test_a_report_is_read_and_no_clock_runs(tree: Tree) -> None:
    paper = issued(tree, kind=PaperKind.REPORT, question="", proposal="", text="本季度走访四次。")
    assert paper.due is None
    read = services.read_report(actor=tree.officer(Role.SECRETARY, "H1"), now=tree.now, code=paper.code)
    assert read.state == PaperState.READ
    with pytest.raises(Problem):
        services.return_paper(actor=tree.officer(Role.SECRETARY, "H1"), now=tree.now, code=paper.code, reason="重写")


def test_silence_on_moving_a_chair_means_consent(tree: Tree) -> None:
    paper = issued(tree, matter=Matter.MOVE_CHAIR)
    late = paper.due + timedelta(seconds=1)
    assert queries.run_out(now=paper.due) == []
    assert queries.run_out(now=late) == [paper.code]
    assert services.end_silence(actor=SYSTEM, now=late, code=paper.code).state == PaperState.DEEMED
    again = services.end_silence(actor=SYSTEM, now=late, code=paper.code)
    assert again.log.count() == 3
    for _ in range(2):
        [(_unit, times)] = queries.measures_of(now=late)
        assert (times.n, times.waiting, times.deemed, times.on_time) == (1, 0, 1.0, 0.0)
        services.close_paper(actor=tree.officer(Role.BASE_OFFICER, "B1"), now=late, code=paper.code)


def test_elsewhere_silence_goes_one_level_up_until_the_top(tree: Tree) -> None:
    paper = issued(tree)
    for label in ("D1", "F"):
        late = paper.due + timedelta(seconds=1)
        paper = services.end_silence(actor=SYSTEM, now=late, code=paper.code)
        assert (paper.state, paper.holder.label) == (PaperState.ESCALATED, label)
        assert paper.due > late
    late = paper.due + timedelta(days=1)
    assert queries.run_out(now=late) == []
    assert services.end_silence(actor=SYSTEM, now=late, code=paper.code).holder.label == "F"
    with pytest.raises(Refused):
        services.answer_paper(
            actor=tree.officer(Role.EXECUTIVE, "H1"), now=late, code=paper.code, outcome=Outcome.AGREED, answer="好"
        )
    step = services.chase_paper(actor=tree.officer(Role.BASE_OFFICER, "B1"), now=late, code=paper.code, words="急。")
    assert step.chase
    with pytest.raises(Problem, match="seven days"):
        services.chase_paper(actor=tree.officer(Role.BASE_OFFICER, "B1"), now=late, code=paper.code, words="急。")


def test_the_clock_is_the_systems(tree: Tree) -> None:
    with pytest.raises(Refused):
        services.end_silence(actor=tree.officer(Role.EXECUTIVE, "F"), now=tree.now, code=issued(tree).code)


def test_a_running_clock_keeps_the_rule_it_began_with(tree: Tree) -> None:
    first = issued(tree)
    set_value(
        actor=SYSTEM, now=tree.now, setting_key=ANSWER_WITHIN.key, unit=tree["H1"], value=5,
        since=tree.now.date() + timedelta(days=1), reason="答复更快",
    )  # fmt: skip
    later = replace(tree, now=tree.now + timedelta(days=2))
    second = issued(later)
    first.refresh_from_db()
    assert (first.days, second.days) == (15, 5)
    assert second.due < first.due


def test_a_returned_paper_stops_the_clock_and_is_signed_anew(tree: Tree) -> None:
    paper = issued(tree)
    officer = tree.officer(Role.ORG_OFFICER, "H1")
    with pytest.raises(Problem, match="Say why"):
        services.return_paper(actor=officer, now=tree.now, code=paper.code, reason=" ")
    paper = services.return_paper(actor=officer, now=tree.now, code=paper.code, reason="一文两事，请分开。")
    assert (paper.state, paper.due) == (PaperState.RETURNED, None)
    services.revise_paper(
        actor=tree.officer(Role.BASE_OFFICER, "B1"), now=tree.now, code=paper.code, matter=Matter.MONEY,
        title="降温费", text="只谈降温费。", question="能否追加？", proposal="列支机动经费。",
    )  # fmt: skip
    later = tree.now + timedelta(days=3)
    paper = services.issue_paper(actor=tree.officer(Role.BASE_CHAIR, "B1"), now=later, code=paper.code)
    assert (paper.state, paper.issued) == (PaperState.ISSUED, later)


def test_replays_change_nothing_and_late_acts_are_refused(tree: Tree) -> None:
    paper = in_review(tree)
    services.review_paper(actor=tree.officer(Role.ORG_OFFICER, "H1"), now=tree.now, code=paper.code)
    signer = tree.officer(Role.EXECUTIVE, "H1")
    for _ in range(2):
        services.answer_paper(actor=signer, now=tree.now, code=paper.code, outcome=Outcome.REFUSED, answer="经费不足。")
    assert paper.log.filter(after=PaperState.ANSWERED).count() == 1
    with pytest.raises(Problem, match="Look at it again"):
        services.answer_paper(actor=signer, now=tree.now, code=paper.code, outcome=Outcome.AGREED, answer="改。")
    assert services.end_silence(actor=SYSTEM, now=tree.now + timedelta(days=90), code=paper.code).state == "answered"


def test_the_top_asks_only_its_own_bodies(tree: Tree) -> None:
    officer = tree.officer(Role.SECRETARY, "F")
    content: dict[str, object] = {
        "kind": PaperKind.REQUEST, "matter": Matter.OTHER, "title": "题", "text": "文", "question": "可否？",
        "proposal": "案",
    }  # fmt: skip
    with pytest.raises(Problem, match="no unit above"):
        services.draft_paper(actor=officer, now=tree.now, unit=tree["F"], **content)
    paper = services.draft_paper(actor=officer, now=tree.now, unit=tree["F"], addressee=Addressee.CONGRESS, **content)
    assert paper.holder == tree["F"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [("现将情况报告如下。", False), ("当否，请批示。", True), ("是否同意", True), ("Please approve the plan.", True),
     ("May we extend it", True), ("The maypole was raised.", False), ("真的？", True)],
)  # fmt: skip
def test_what_asks_is_seen(text: str, asks: bool) -> None:
    assert asks_something(text) is asks


def test_questions_are_counted_by_their_marks() -> None:
    assert [number_of_questions(text) for text in ("可否", "可否？", "可否？！", "甲？乙？", "a? b?")] == [
        1,
        1,
        1,
        2,
        2,
    ]


def test_measures_by_hand(now) -> None:
    def case(days: float | None, due: float = 15, escalations: int = 0, state: str = "answered") -> Case:
        begun = now - timedelta(days=40)
        answered = begun + timedelta(days=days) if days is not None else None
        return Case(state, begun, begun + timedelta(days=due), answered, escalations)

    cases = [case(day) for day in (1, 2, 3, 4, 5, 6, 7, 8, 9, 20)]
    cases += [
        case(None, state="deemed"),
        case(None, state="in_review"),
        case(None, due=60, state="in_review"),
        case(3, 15, 1),
    ]
    times = measure(cases, now)
    assert (times.n, times.waiting, times.late) == (13, 2, 1)
    assert times.median_days == 5.0
    assert times.ninetieth_days == 9.0
    assert times.on_time == pytest.approx(9 / 13)
    assert times.deemed == pytest.approx(1 / 13)
    assert measure([], now).median_days is None


def test_the_pages_of_a_paper(tree: Tree) -> None:
    paper = in_review(tree)
    signer = tree.client(Role.EXECUTIVE, "H1")
    shown = signer.get(f"/upward/{paper.code}/")
    assert "Sign the answer" in shown.text
    done = signer.post(f"/upward/{paper.code}/answer/", {"outcome": "agreed", "answer": "同意。"}, follow=True)
    assert "Agreed" in done.text
    assert tree.client(Role.BASE_OFFICER, "B1").post(f"/upward/{paper.code}/close/", follow=True).status_code == 200
    assert Paper.objects.get(code=paper.code).state == PaperState.CLOSED
    assert tree.client(Role.EXECUTIVE, "D2").get(f"/upward/{paper.code}/").status_code == 404
    assert signer.get("/upward/papers.xlsx").content[:2] == b"PK"
    assert "H1 Union" in signer.get("/upward/times/").text


def test_a_list_asks_as_much_for_thirty_papers_as_for_one(tree: Tree, django_assert_max_num_queries) -> None:
    issued(tree)
    client = tree.client(Role.ORG_OFFICER, "H1")
    client.get("/upward/")
    for _ in range(29):
        issued(tree)
    with django_assert_max_num_queries(14):
        assert client.get("/upward/").text.count("夏季降温费") == 30
