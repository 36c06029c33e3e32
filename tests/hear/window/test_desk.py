"""The desk and the handlers: one hop, more time with a reason, and who may not touch what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from qiao.base.access import SYSTEM, Grant, Refused
from qiao.base.problems import Problem
from qiao.hear.window import queries, services
from qiao.hear.window.choices import About, State, TimeClass, Why
from qiao.hear.window.models import Request
from qiao.hear.window.queries.reading import Filter, inbox, safety_calls
from qiao.org.access.choices import Role, TieKind
from qiao.org.access.services import declare_tie
from tests.factories.joining import employer
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, checker, desk, filed, handler, nonce, reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def give(tree: Tree, code: str, name: str = "") -> Request:
    account = tree.account(Role.CASE_HANDLER, "H1", name)
    return services.assign(actor=desk(tree), now=tree.now, code=code, body=tree["H1"], handler=account)


def test_answered_at_once_needs_no_work_order(tree: Tree) -> None:
    code, key = filed(tree).request.code, nonce()
    for _turn in range(2):
        request = services.answer_at_once(actor=desk(tree), now=tree.now, code=code, text="按 150% 付。", nonce=key)
    assert request.state == State.ANSWERED_AT_ONCE
    assert request.first_visit
    assert request.messages.count() == 1


def test_class_moves_the_promised_day_by_the_rule_of_the_start(tree: Tree) -> None:
    code = filed(tree, text="请问怎么算？").request.code
    later = tree.now + timedelta(days=2)
    request = services.sort_request(
        actor=desk(tree), now=later, code=code, topic="pay", time_class=TimeClass.HARD, urgent=False
    )
    assert localdate(request.due).isoformat() == "2026-06-01"
    assert request.due_rule == "req.time_hard=15"
    with pytest.raises(Refused):
        services.sort_request(
            actor=desk(tree, "D2"), now=later, code=code, topic="pay", time_class="hard", urgent=False
        )


def test_one_hop_then_the_body_above_decides_and_it_stays(tree: Tree) -> None:
    desk(tree, "D1")
    code = filed(tree).request.code
    request = services.return_request(actor=desk(tree), now=tree.now, code=give(tree, code).code, reason="属区里。")
    assert (request.state, request.body.label, request.hops, request.why) == (State.RETURNED, "D1", 1, Why.UPPER)
    with pytest.raises(Refused):
        services.settle_receiver(actor=desk(tree), now=tree.now, code=code, body=tree["H1"], reason="回去。")
    request = services.settle_receiver(
        actor=desk(tree, "D1"), now=tree.now, code=code, body=tree["H1"], reason="就是你们的。"
    )
    assert (request.state, request.body.label) == (State.WORK_ORDER, "H1")
    give(tree, code)
    with pytest.raises(Problem, match="stays here"):
        services.return_request(actor=handler(tree), now=tree.now, code=code, reason="还是不归我们。")


def test_only_the_handler_works_and_only_on_assigned_cases(tree: Tree) -> None:
    code = filed(tree).request.code
    give(tree, code)
    other = handler(tree, "H1", "other-handler")
    for act in (
        lambda: services.accept_request(actor=other, now=tree.now, code=code),
        lambda: services.start_work(actor=other, now=tree.now, code=code),
        lambda: services.answer_request(actor=other, now=tree.now, code=code, text="x" * 9, nonce=nonce()),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Request.DoesNotExist):
        queries.request_for(other, code)
    assert queries.request_for(handler(tree), code).code == code
    assert services.accept_request(actor=handler(tree), now=tree.now, code=code).state == State.ACCEPTED
    assert services.accept_request(actor=handler(tree), now=tree.now, code=code).state == State.ACCEPTED


def test_whom_the_complaint_names_neither_sees_nor_gets_it(tree: Tree) -> None:
    code = filed(tree).request.code
    named = tree.account(Role.CASE_HANDLER, "H1", "named")
    services.sort_request(
        actor=desk(tree), now=tree.now, code=code, topic="service", time_class="general", urgent=False,
        about_account=named,
    )  # fmt: skip
    with pytest.raises(Problem, match="complaint is about"):
        give(tree, code, "named")
    boss = tree.account(Role.DESK_OFFICER, "D1", "boss")
    services.sort_request(
        actor=desk(tree), now=tree.now, code=code, topic="service", time_class="general", urgent=False,
        about_account=boss,
    )  # fmt: skip
    actor = tree.officer(Role.DESK_OFFICER, "D1", "boss")
    with pytest.raises(Request.DoesNotExist):
        queries.request_for(actor, code)
    with pytest.raises(Problem, match="about you"):
        services.answer_at_once(actor=actor, now=tree.now, code=code, text="没事。", nonce=nonce())
    assert not inbox(actor=actor, wanted=Filter(), now=tree.now).exists()


def test_a_declared_tie_bars_the_desk_and_the_handler(tree: Tree) -> None:
    works = employer(tree, "例桥机械厂", "H1", union="B1")
    code = filed(tree, employer=works).request.code
    account = tree.account(Role.CASE_HANDLER, "H1", "kin")
    declare_tie(actor=tree.officer(Role.CASE_HANDLER, "H1", "kin"), now=tree.now, employer=works, kind=TieKind.KIN)
    with pytest.raises(Problem, match="tie"):
        services.assign(actor=desk(tree), now=tree.now, code=code, body=tree["H1"], handler=account)
    declare_tie(actor=desk(tree), now=tree.now, employer=works, kind=TieKind.MANAGES)
    with pytest.raises(Problem, match="tie"):
        services.answer_at_once(actor=desk(tree), now=tree.now, code=code, text="没有问题。", nonce=nonce())
    assert not inbox(actor=desk(tree), wanted=Filter(), now=tree.now).exists()


def test_a_by_passed_union_sees_nothing_whatever_else_its_officers_are(tree: Tree) -> None:
    tree.officer(Role.BASE_OFFICER, "B1", "both")
    code = filed(tree, by_pass=True, about=About.UNION).request.code
    both = tree.officer(Role.HUB_ORGANISER, "H1", "both")
    assert not inbox(actor=both, wanted=Filter(), now=tree.now).exists()
    with pytest.raises(Request.DoesNotExist):
        queries.request_for(both, code)
    assert inbox(actor=desk(tree), wanted=Filter(), now=tree.now).count() == 1
    with pytest.raises(Problem, match="kept from"):
        services.assign(actor=desk(tree), now=tree.now, code=code, body=tree["B1"])


def test_what_by_passes_a_union_stands_in_no_digest_of_it_and_on_no_list_of_calls(tree: Tree) -> None:
    day = tree.now.date()
    for _one in range(10):
        filed(tree, topic="pay", text=f"{TEXT}我不想活了", by_pass=True, about=About.UNION)
    own, above = tree["B1"].path, tree["H1"].path
    assert queries.topic_counts(own, day, day) == []
    assert list(queries.texts_for_topics(own, day, day)) == []
    assert [row.n for row in queries.topic_counts(above, day, day)] == [10]
    tree.officer(Role.DESK_OFFICER, "B1", "both")
    trained = replace(
        tree.officer(Role.CASE_HANDLER, "H1"), grants=(Grant("x", 1, above, frozenset({"request.safety"})),)
    )
    assert len(safety_calls(trained)) == 10
    both = replace(trained, grants=(*trained.grants, Grant("x", 2, own, frozenset())))
    assert safety_calls(both) == []


def test_more_time_needs_a_reason_and_is_told_and_ends_somewhere(tree: Tree) -> None:
    request = reach(tree, State.IN_HAND)
    due, who = request.due, handler(tree)
    with pytest.raises(Problem):
        services.extend_request(actor=who, now=tree.now, code=request.code, days=3, reason=" ", nonce=nonce())
    key = nonce()
    for _turn in range(2):
        made = services.extend_request(
            actor=who, now=tree.now, code=request.code, days=3, reason="等银行流水。", nonce=key
        )
    assert made.before == due
    assert made.after > due
    assert made.told
    services.extend_request(actor=who, now=tree.now, code=request.code, days=3, reason="再等。", nonce=nonce())
    with pytest.raises(Problem, match="2 times"):
        services.extend_request(actor=who, now=tree.now, code=request.code, days=3, reason="还等。", nonce=nonce())


def test_not_a_union_matter_is_handed_over_with_where_and_why(tree: Tree) -> None:
    code = filed(tree).request.code
    with pytest.raises(Problem):
        services.hand_over(actor=desk(tree), now=tree.now, code=code, where="", why="税务", nonce=nonce())
    request = services.hand_over(
        actor=desk(tree),
        now=tree.now,
        code=code,
        where="区税务局 12366",
        why="个税申报归税务，带身份证。",
        nonce=nonce(),
    )
    assert request.state == State.HANDED_OVER
    assert "12366" in str(request.messages.get().text)


def test_a_duplicate_is_joined_and_both_are_told(tree: Tree) -> None:
    first, second = filed(tree).request, filed(tree, text=f"{TEXT}我也是。").request
    request = services.join_duplicate(actor=desk(tree), now=tree.now, code=second.code, other=first.code)
    assert request.state == State.LINKED
    assert request.joined_to.other == first
    with pytest.raises(Problem):
        services.join_duplicate(actor=desk(tree), now=tree.now, code=first.code, other=second.code)
    with pytest.raises(Problem):
        services.join_duplicate(actor=desk(tree), now=tree.now, code=first.code, other=first.code)


def test_clocks_warn_once_at_each_mark_and_overdue_reaches_the_body_above(tree: Tree) -> None:
    desk(tree, "D1")
    request = reach(tree, State.IN_HAND)
    for days, mark in ((0, 0), (4, 50), (7, 80), (30, 100)):
        services.warn_due(actor=SYSTEM, now=tree.now + timedelta(days=days))
        request.refresh_from_db()
        assert request.warned == mark
    assert services.tell_upper(now=tree.now + timedelta(days=30), request_id=request.pk) == 1
    with pytest.raises(Refused):
        services.warn_due(actor=desk(tree), now=tree.now)


def test_several_are_given_at_once_and_each_says_what_failed(tree: Tree) -> None:
    codes = [filed(tree, text=f"{TEXT}{n}").request.code for n in range(3)]
    services.answer_at_once(actor=desk(tree), now=tree.now, code=codes[2], text="已答复。", nonce=nonce())
    done = services.bulk_assign(
        actor=desk(tree), now=tree.now, codes=[*codes, "H-0"], handler=tree.account(Role.CASE_HANDLER, "H1")
    )
    assert [bool(done[code]) for code in (*codes, "H-0")] == [False, False, True, True]


def test_templates_fill_known_places_only(tree: Tree) -> None:
    from qiao.hear.window.rules.templates import filled

    with pytest.raises(Problem, match="wages"):
        services.keep_template(
            actor=desk(tree), now=tree.now, unit=tree["H1"], state=State.ANSWERED, title={"zh-hans": "补发"},
            text={"zh-hans": "{wages} 已补发"},
        )  # fmt: skip
    made = services.keep_template(
        actor=desk(tree), now=tree.now, unit=tree["H1"], state=State.ANSWERED, title={"zh-hans": "补发"},
        text={"zh-hans": "您的诉求 {receipt} 已办结。"},
    )  # fmt: skip
    assert filled(made.text["zh-hans"], {"receipt": "R-1"}) == "您的诉求 R-1 已办结。"


def test_the_checker_list_is_not_the_handlers(tree: Tree) -> None:
    request = reach(tree, State.ANSWERED)
    urls = [item.url for item in queries.desk_items(actor=checker(tree), now=tree.now)]
    assert any(request.code in url for url in urls)
    mine = [item for item in queries.desk_items(actor=handler(tree), now=tree.now) if request.code in item.url]
    assert mine == []


def test_one_request_that_is_not_open_does_not_stop_the_others(tree: Tree) -> None:
    mine, other = filed(tree).request, filed(tree).request
    Request.objects.filter(pk=other.pk).update(body=tree["D2"])
    handler(tree)
    done = services.bulk_assign(
        actor=desk(tree), now=tree.now, codes=[other.code, mine.code], handler=tree.account(Role.CASE_HANDLER, "H1")
    )
    assert done == {other.code: "-", mine.code: None}
    other.refresh_from_db()
    assert (other.state, other.handler_id) == (State.RECEIVED, None)
