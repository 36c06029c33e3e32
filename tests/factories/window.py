"""Requests at a window, and the officers who take them through."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from tests.factories.org import Tree

from qiao.base.access import ANONYMOUS, Actor
from qiao.hear.window import services
from qiao.hear.window.choices import Outcome, State
from qiao.hear.window.models import Request
from qiao.org.access.choices import Role

TEXT = "三月份的加班费到现在还没有发，问了两次都说等通知。"


def nonce() -> str:
    """The token of a form."""
    return secrets.token_hex(16)


def desk(tree: Tree, label: str = "H1") -> Actor:
    """A desk officer."""
    return tree.officer(Role.DESK_OFFICER, label)


def handler(tree: Tree, label: str = "H1", name: str = "") -> Actor:
    """A case handler."""
    return tree.officer(Role.CASE_HANDLER, label, name)


def checker(tree: Tree, label: str = "H1") -> Actor:
    """Somebody who calls back: another person than desk and handler."""
    return tree.officer(Role.ORG_OFFICER, label)


def filed(tree: Tree, *, actor: Actor = ANONYMOUS, now: datetime | None = None, **given: Any) -> services.Filed:
    """A request that lies at H1: a desk stands there."""
    desk(tree)
    given = {"nonce": nonce(), "text": TEXT, "place": tree["B1"], **given}
    return services.file_request(actor=actor, now=now or tree.now, given=services.Given(**given))


def reach(tree: Tree, state: State, **given: Any) -> Request:
    """A request taken to a state, one working day after another, by the people it takes."""
    request = filed(tree, **given).request
    code, day = request.code, timedelta(days=1)
    who = handler(tree)
    account = tree.account(Role.CASE_HANDLER, "H1")
    acts = [
        (State.RECEIVED, lambda: None),
        (State.ASSIGNED, lambda: services.assign(
            actor=desk(tree), now=tree.now, code=code, body=tree["H1"], handler=account)),
        (State.ACCEPTED, lambda: services.accept_request(actor=who, now=tree.now, code=code)),
        (State.IN_HAND, lambda: services.start_work(actor=who, now=tree.now, code=code)),
        (State.ANSWERED, lambda: services.answer_request(
            actor=who, now=tree.now + day, code=code, text="已经补发，请查收。", nonce=nonce())),
        (State.CALLED_BACK, lambda: services.call_back(
            actor=checker(tree), now=tree.now + 2 * day, code=code, outcome=Outcome.SOLVED, nonce=nonce())),
        (State.CLOSED, lambda: services.close_request(
            actor=checker(tree), now=tree.now + 3 * day, code=code, quality=True)),
    ]  # fmt: skip
    for reached, act in acts:
        act()
        if reached == state:
            break
    return Request.objects.get(code=code)
