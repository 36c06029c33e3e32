"""Who may not: whoever worked on it before it was reopened, whoever answered, the officer who wrote it down."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from qiao.base.access import SYSTEM, Refused
from qiao.base.problems import Problem
from qiao.hear.window import queries, services
from qiao.hear.window.choices import Channel, Identity, Outcome, State
from qiao.hear.window.models import CallBack, Request
from qiao.hear.window.queries.reading import Filter, inbox
from qiao.org.access.choices import Role
from qiao.web.queries import outbox
from tests.factories.org import Tree, make_tree
from tests.factories.window import TEXT, checker, desk, filed, handler, nonce, reach

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STATE = "/hear/window/state/"


@pytest.fixture
def tree(now: datetime) -> Tree:
    return make_tree(now)


@pytest.fixture
def visitor(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def reopened(tree: Tree) -> Request:
    request = reach(tree, State.CLOSED)
    return services.reopen_request(now=tree.now + 4 * DAY, code=request.code, reason="又停发了。", nonce=nonce())


def test_reopened_it_goes_to_another_officer(tree: Tree) -> None:
    request, now = reopened(tree), tree.now + 4 * DAY
    first, code = tree.account(Role.CASE_HANDLER, "H1"), request.code
    with pytest.raises(Problem, match="worked on it before"):
        services.assign(actor=desk(tree), now=now, code=code, body=tree["H1"], handler=first)
    services.assign(actor=desk(tree), now=now, code=code, body=tree["H1"])
    # The same human's other account is no other officer.
    both = replace(handler(tree), grants=(*handler(tree).grants, *desk(tree).grants))
    second_account = replace(both, account_id=tree.account(Role.DESK_OFFICER, "B2").pk, accounts=frozenset({first.pk}))
    for same in (both, second_account):
        with pytest.raises(Problem, match="worked on it before"):
            services.accept_request(actor=same, now=now, code=code)
        with pytest.raises(Problem, match="worked on it before"):
            services.answer_at_once(actor=same, now=now, code=code, text="同前。", nonce=nonce())
        with pytest.raises(Problem, match="worked on it before"):
            services.hand_over(actor=same, now=now, code=code, where="劳动监察", why="带合同", nonce=nonce())
    other = tree.account(Role.CASE_HANDLER, "H1", "second")
    services.assign(actor=desk(tree), now=now, code=code, body=tree["H1"], handler=other)
    taken = services.accept_request(actor=handler(tree, name="second"), now=now, code=code)
    assert (taken.state, taken.handler_id) == (State.ACCEPTED, other.pk)


def test_a_bad_grade_is_mended_by_nobody_who_worked_on_it(tree: Tree) -> None:
    request = reach(tree, State.CALLED_BACK)
    services.rate_request(now=tree.now, code=request.code, grade=1)
    now, code = tree.now + 4 * DAY, request.code
    services.reopen_request(now=now, code=code, reason="没有解决。", nonce=nonce())
    second = handler(tree, name="second")
    services.assign(
        actor=desk(tree), now=now, code=code, body=tree["H1"], handler=tree.account(Role.CASE_HANDLER, "H1", "second")
    )
    services.accept_request(actor=second, now=now, code=code)
    services.answer_request(actor=second, now=now, code=code, text="已补办。", nonce=nonce())
    rating = request.ratings.get()
    assert (rating.mended, rating.mended_by) == (None, None)
    for worked in (handler(tree), second):
        both = replace(worked, grants=(*worked.grants, *checker(tree).grants))
        with pytest.raises(Problem, match="somebody else"):
            services.mend_rating(actor=both, now=now, code=code, note="已致歉。", nonce=nonce())
        with pytest.raises(Problem, match="somebody else"):
            services.call_back(actor=both, now=now, code=code, outcome=Outcome.SOLVED, nonce=nonce())
    services.call_back(actor=checker(tree), now=now, code=code, outcome=Outcome.SOLVED, nonce=nonce())
    with pytest.raises(Problem, match="mended first"):
        services.close_request(actor=checker(tree), now=now, code=code, quality=True)
    services.mend_rating(actor=checker(tree), now=now, code=code, note="已致歉。", nonce=nonce())
    assert services.close_request(actor=checker(tree), now=now, code=code, quality=True).state == State.CLOSED


def test_two_accounts_of_one_human_are_one(tree: Tree) -> None:
    request = reach(tree, State.ANSWERED)
    office = replace(checker(tree), accounts=frozenset({tree.account(Role.CASE_HANDLER, "H1").pk}))
    with pytest.raises(Problem, match="somebody else"):
        services.call_back(actor=office, now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=nonce())
    assert not any(request.code in one.url for one in queries.desk_items(actor=office, now=tree.now))
    Request.objects.filter(pk=request.pk).update(about_account=tree.account(Role.BASE_OFFICER, "B1"))
    about = replace(checker(tree), accounts=frozenset({tree.account(Role.BASE_OFFICER, "B1").pk}))
    assert not inbox(actor=about, wanted=Filter(view="check"), now=tree.now).exists()
    with pytest.raises(Problem, match="about you"):
        services.call_back(actor=about, now=tree.now, code=request.code, outcome=Outcome.SOLVED, nonce=nonce())


def taken_down(tree: Tree, contact: str = "", key: str = "") -> services.Filed:
    given = services.Given(
        nonce=key or nonce(), text=TEXT, place=tree["H1"], contact=contact,
        identity=Identity.CONFIDENTIAL if contact else Identity.ANONYMOUS,
    )  # fmt: skip
    return services.enter_request(actor=desk(tree), now=tree.now, given=given, channel=Channel.PHONE, at=tree["H1"])


@pytest.mark.parametrize("contact", ["ask@x.example", "13900001234"])
def test_the_secret_of_a_call_goes_to_the_asker_alone(
    tree: Tree, visitor: Client, contact: str, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH, key = tmp_path / "outbox", nonce()
    made = taken_down(tree, contact, key)
    assert (made.secret, made.request.secret_own) == ("", False)
    assert services.send_secret(now=tree.now, request_id=made.request.pk)
    told = mail.outbox[-1].body if "@" in contact else outbox()[0].text
    secret = re.search(r"\b(?!R-)[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", told)
    assert secret
    assert taken_down(tree, contact, key).secret == ""
    page = visitor.post(STATE, {"number": made.request.receipt, "secret": secret[0]}).content.decode()
    assert TEXT in page
    # Lost: the window sends another one, which it does not see either.
    with pytest.raises(Refused):
        services.ask_secret(actor=desk(tree, "D2"), now=tree.now, code=made.request.code)
    services.ask_secret(actor=desk(tree), now=tree.now, code=made.request.code)
    services.send_secret(now=tree.now, request_id=made.request.pk)
    assert TEXT not in visitor.post(STATE, {"number": made.request.receipt, "secret": secret[0]}).content.decode()


def test_the_code_of_a_slip_opens_once_to_make_ones_own(tree: Tree, visitor: Client) -> None:
    made = taken_down(tree)
    assert made.secret
    keys, key = {"number": made.request.receipt, "secret": made.secret}, nonce()
    for act in ({}, {"act": "proof"}, {"act": "write", "text": "x", "nonce": nonce()}):
        page = visitor.post(STATE, {**keys, **act}).content.decode()
        assert "A secret of your own" in page
        assert TEXT not in page
    shown = [visitor.post(STATE, {**keys, "act": "own", "nonce": key}).content.decode() for _turn in range(2)]
    secrets = {re.search(r'class="big">([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})<', page)[1] for page in shown}
    assert len(secrets) == 1
    assert made.secret not in secrets
    assert TEXT in visitor.post(STATE, {**keys, "secret": secrets.pop()}).content.decode()
    for late in (keys, {**keys, "act": "own", "nonce": nonce()}):
        assert "do not belong together" in visitor.post(STATE, late).content.decode()
    with pytest.raises(Problem, match="used already"):
        services.take_secret(now=tree.now, code=made.request.code, nonce=nonce())
    with pytest.raises(Problem, match="no contact"):
        services.ask_secret(actor=desk(tree), now=tree.now, code=made.request.code)


def test_the_body_above_calls_a_share_once_more(tree: Tree) -> None:
    done = [reach(tree, State.CLOSED) for _one in range(12)]
    now = tree.now + 5 * DAY
    expected = {one.code for one in done if services.is_sampled(one, 0.1)}
    with pytest.raises(Refused):
        services.draw_sample(actor=checker(tree), now=now)
    assert services.draw_sample(actor=SYSTEM, now=now) == len(expected)
    assert services.draw_sample(actor=SYSTEM, now=now) == 0
    assert set(Request.objects.filter(sampled__isnull=False).values_list("code", flat=True)) == expected
    Request.objects.filter(pk=done[0].pk).update(sampled=now)
    above, code = checker(tree, "D1"), done[0].code
    assert any(code in one.url for one in queries.desk_items(actor=above, now=now))
    assert not any(code in one.url for one in queries.desk_items(actor=checker(tree), now=now))
    assert inbox(actor=above, wanted=Filter(view="sample"), now=now).filter(code=code).exists()
    with pytest.raises(Problem, match="another unit"):
        services.call_back(actor=checker(tree), now=now, code=code, outcome=Outcome.SOLVED, nonce=nonce())
    services.call_back(actor=above, now=now, code=code, outcome=Outcome.NOT_SOLVED, nonce=nonce())
    assert CallBack.objects.filter(request=done[0], sample=True).count() == 1
    assert not any(code in one.url for one in queries.desk_items(actor=above, now=now))
    # What the second call says changes neither the state nor the first outcome.
    done[0].refresh_from_db()
    assert (done[0].state, done[0].outcome) == (State.CLOSED, Outcome.SOLVED)


def test_a_request_filed_by_its_asker_has_their_secret_at_once(tree: Tree) -> None:
    made = filed(tree)
    assert made.request.secret_own
    assert made.secret
