"""Several at the same moment, and a server that dies in the middle."""

from __future__ import annotations

import pytest

from qiao.base.access import ANONYMOUS
from qiao.base.models import Receipt
from qiao.hear.window import services
from qiao.hear.window.choices import Kind, Outcome, State
from qiao.hear.window.models import Message, QueueTicket, Request, Transition
from qiao.org.access.choices import Role
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, checker, desk, filed, handler, nonce, reach
from tests.processes import at_once, kill_before

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tree(now) -> Tree:
    return make_tree(now)


def test_the_same_form_at_the_same_moment_is_one_request(tree: Tree) -> None:
    desk(tree, "F")
    given = services.Given(nonce=nonce(), text=TEXT)
    said = at_once(*[lambda: services.file_request(actor=ANONYMOUS, now=tree.now, given=given).request] * 4)
    assert said == [State.RECEIVED] * 4
    assert Request.objects.count() == Receipt.objects.filter(kind="request").count() == 1


def test_two_officers_at_once_give_it_to_one(tree: Tree) -> None:
    code = filed(tree).request.code
    first, second = (tree.account(Role.CASE_HANDLER, "H1", name) for name in ("one", "two"))
    other = tree.officer(Role.DESK_OFFICER, "H1", "other-desk")
    at_once(
        *[
            lambda: services.assign(actor=desk(tree), now=tree.now, code=code, body=tree["H1"], handler=first),
            lambda: services.answer_at_once(actor=other, now=tree.now, code=code, text="已答复。", nonce=nonce()),
            lambda: services.assign(actor=other, now=tree.now, code=code, body=tree["H1"], handler=second),
        ]
    )
    request = Request.objects.get(code=code)
    assert request.orders.filter(lead=True, ended__isnull=True).count() <= 1
    assert services.digest_holds(request)


def test_two_checkers_at_once_call_back_once(tree: Tree) -> None:
    request = reach(tree, State.ANSWERED)
    other = tree.officer(Role.ORG_OFFICER, "D1")
    said = at_once(
        *[
            lambda who=who: services.call_back(
                actor=who, now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=nonce()
            )
            for who in (checker(tree), other)
        ]
    )
    assert sorted(said) == ["Problem", State.CALLED_BACK]
    assert request.call_backs.count() == 1


def test_numbers_are_given_out_once_each(tree: Tree) -> None:
    who = desk(tree)
    at_once(
        *[
            lambda: services.draw_number(actor=who, now=tree.now, unit=tree["H1"], kind=Kind.QUESTION, nonce=nonce())
            for _one in range(4)
        ]
    )
    assert sorted(QueueTicket.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize("table", ["window_request", "window_transition", "base_auditrow"])
def test_killed_in_the_middle_of_filing_nothing_is_left_and_the_form_sent_again_is_taken(
    tree: Tree, table: str
) -> None:
    desk(tree, "F")
    given = services.Given(nonce=nonce(), text=TEXT)
    kill_before(table, lambda: services.file_request(actor=ANONYMOUS, now=tree.now, given=given))
    assert not Request.objects.exists()
    assert not Transition.objects.exists()
    assert not Receipt.objects.filter(kind="request").exists()
    filed_ = services.file_request(actor=ANONYMOUS, now=tree.now, given=given)
    assert not filed_.again
    assert services.secret_fits(filed_.request, filed_.secret)


def test_killed_in_the_middle_of_an_answer_the_asker_reads_none(tree: Tree) -> None:
    request, key = reach(tree, State.IN_HAND), nonce()
    who = handler(tree)
    kill_before(
        "window_transition",
        lambda: services.answer_request(actor=who, now=tree.now, code=request.code, text="已补发。", nonce=key),
    )
    assert not Message.objects.filter(request=request).exists()
    done = services.answer_request(actor=who, now=tree.now, code=request.code, text="已补发。", nonce=key)
    assert done.state == State.ANSWERED
