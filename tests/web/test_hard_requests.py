"""Addresses and forms nobody types by accident: they are answered, never with a crash."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client, RequestFactory
from tests.factories.ballots import make_ground

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account
from qiao.publish.services import announce
from qiao.web import middleware


@pytest.mark.parametrize(
    "address",
    ["/thread/%00/", "/decide/decisions/?q=%00", "/judge/evaluations/E%00/", "/units/F%00/", "/receipt/?number=%00"],
)
def test_a_nul_sign_in_an_address_is_refused(db: None, address: str) -> None:
    assert Client().get(address).status_code == 400


@pytest.mark.parametrize("sent", [{"step": "1", "at": "F\0"}, {"a\0": "x"}])
def test_a_nul_sign_in_a_form_is_refused(db: None, sent: dict[str, str]) -> None:
    assert Client().post("/join/", sent).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/ledger/?before=\u00b2", f"/ledger/?before={'9' * 40}", "/ledger/?before=-1", "/decide/decisions/?year=0000",
        "/decide/decisions/?year=\u00b2\u00b2\u00b2\u00b2", "/decide/decisions/?page=x",
        "/deliver/?page=0&unit=x&state=y",
        "/news/?page=99999999999999999999", "/decide/proposals/?state=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_odd_numbers_in_an_address_change_nothing(db: None, address: str) -> None:
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize(
    "address", [f"/news/{'9' * 30}/", f"/ledger/{'9' * 30}/", "/thread/\u202e\U0001f600/", f"/thread/{'x' * 400}/"]
)
def test_what_cannot_be_there_is_not_found(db: None, address: str) -> None:
    assert Client().get(address).status_code == 404


def test_no_page_is_framed_by_another_site(db: None) -> None:
    answer = Client().get("/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_switching_the_language_leads_nowhere_else(db: None, to: str) -> None:
    answer = Client().post("/language/", {"language": "en", "next": to})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("account", ["", "abc", "\u00b2", "-1", "9" * 30])
def test_the_demonstration_knows_its_people_only(db: None, settings, account: str) -> None:
    settings.DEMO = True
    assert Client().post("/demo/", {"account": account}).status_code == 404


def test_a_control_sign_in_one_text_does_not_break_the_feed(db: None, now: datetime) -> None:
    ground = make_ground(now)
    announce(
        actor=SYSTEM, now=now, unit=ground.root, title=localized("开\x0b放", "Op\x0ben"),
        body=localized("第一\x1b段", "One\x1b"), url="/",
    )  # fmt: skip
    answer = Client().get("/news/feed/")
    assert answer.status_code == 200
    assert "开放" in answer.content.decode()


def test_a_role_begins_with_its_day_here(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = make_ground(now)
    account = open_account(actor=SYSTEM, now=now, email="s@x.example", display_name="书记")
    grant_role(actor=SYSTEM, now=now, account=account, role=Role.SECRETARY, unit=ground.root, since=date(2026, 5, 12))
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "x"
    request.user, request.session = account, {}  # type: ignore[assignment]
    # Two hours before and after midnight in Shanghai: the same day in UTC.
    seen = []
    for hour in (14, 18):
        monkeypatch.setattr(middleware, "now", lambda hour=hour: datetime(2026, 5, 11, hour, tzinfo=UTC))
        middleware.ActorMiddleware(lambda request: None)(request)  # type: ignore[arg-type,return-value]
        seen.append(request.actor.may("ballot.run"))
    assert seen == [False, True]
