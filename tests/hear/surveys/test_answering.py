"""Answering on the page: by code, signed in, as a volunteer; without script."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from qiao.base import clock
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.receipts import find_receipt
from qiao.hear.surveys.models import Invitation, SealedAnswer
from qiao.hear.surveys.views import framing
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, Town, codes_of, make_town, open_round, reach_by_mail
from tests.hear.surveys.opened import values_of

RIGHT = {"ws_shift": "night", "need_first": ["pay", "bus"], "hours": "12", "words": "谢谢工会"}


@pytest.fixture
def today(db: None) -> Town:
    """A town whose rounds are open at this very moment: pages read the clock."""
    framing.forget_pages()
    return make_town(clock.now() - DAY)


def address(code: str) -> str:
    return reverse("surveys:answer", args=[code])


def test_an_answer_by_code_in_both_languages(today: Town, client: Client) -> None:
    survey = open_round(today)
    first, second = codes_of(today, survey)[:2]
    chinese = client.get(address(first)).content.decode()
    assert "班次？" in chinese
    assert "Shift?" not in chinese
    english = client.get(address(first), headers={"accept-language": "en"}).content.decode()
    assert "Shift?" in english
    assert "提交" not in english
    assert 'lang="en"' in english
    thanks = client.post(address(first), RIGHT)
    assert thanks.status_code == 200
    number = re.search(r"R-\w{4}-\w{4}-\w{4}-\w", thanks.content.decode())
    assert number
    receipt = find_receipt(number[0])
    assert receipt is not None
    assert receipt.code == survey.code
    assert values_of(survey) == [{"ws_shift": "night", "need_first": ["pay", "bus"], "hours": 12, "words": "谢谢工会"}]
    again = client.post(address(first), {"ws_shift": "day", "need_first": ["pay"]})
    assert again.status_code == 409
    assert SealedAnswer.objects.count() == 1
    assert client.get(address(first)).status_code == 409
    assert client.get(address(second.lower().replace("-", ""))).status_code == 200


def test_no_mark_of_the_kept_page_is_left(today: Town, client: Client) -> None:
    survey = open_round(today)
    code, other = codes_of(today, survey)[:2]
    for one in (code, other):
        page = client.get(address(one)).content.decode()
        assert "xQiaoMark" not in page
        assert one.replace("-", "") not in page
    assert "xQiaoMark" not in client.post(address(code), RIGHT).content.decode()


def test_the_page_sets_the_strict_policy_and_is_not_kept_by_browsers(today: Town, client: Client) -> None:
    survey = open_round(today)
    response = client.get(address(codes_of(today, survey)[0]))
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert len(response.content) < 40_000


def test_a_form_of_another_site_is_refused_and_no_cookie_is_set(today: Town) -> None:
    survey = open_round(today)
    strict = Client(enforce_csrf_checks=True)
    code, other = codes_of(today, survey)[:2]
    for origin in ("https://evil.example", "http://testserver.evil.example"):
        assert strict.post(address(code), RIGHT, headers={"origin": origin}).status_code == 403
    assert not SealedAnswer.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address(code)).status_code == 200
    assert strict.post(address(code), RIGHT, headers={"origin": "http://testserver"}).status_code == 200
    assert strict.post(address(other), RIGHT).status_code == 200
    assert not strict.cookies


def test_signed_in_the_form_needs_its_token(today: Town) -> None:
    survey = open_round(today)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(today.member_account(3))
    mine = reverse("surveys:mine", args=[survey.code])
    assert strict.post(mine, RIGHT).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(mine).content.decode())
    assert token
    sent = {**RIGHT, "csrfmiddlewaretoken": token[1]}
    first = strict.post(mine, sent)
    assert first.status_code == 200
    # Sent again it gets the same receipt; another answer does not take its place.
    again = strict.post(mine, sent)
    assert receipt_in(again) == receipt_in(first)
    assert strict.post(mine, {**sent, "ws_shift": "day"}).status_code == 409
    assert values_of(survey)[0]["ws_shift"] == "night"
    assert SealedAnswer.objects.count() == 1


def test_a_replay_of_every_sending_changes_nothing(today: Town, client: Client) -> None:
    one, two = Client(), Client()
    # Reached by mail before the sample is drawn: no slip, and no slip made again, is this member's.
    two.force_login(reach_by_mail(today, 3))
    survey, open_to_all = open_round(today), open_round(today, asked="volunteers")
    codes = codes_of(today, survey)
    token = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"',
        one.get(reverse("surveys:mine", args=[open_to_all.code])).content.decode(),
    )
    assert token
    sendings = [
        (client, address(codes[0]), RIGHT),
        (client, address(codes[1]), {**RIGHT, "hours": ""}),
        (client, address(codes[2].lower()), RIGHT),
        (two, reverse("surveys:mine", args=[survey.code]), RIGHT),
        (one, reverse("surveys:mine", args=[open_to_all.code]), {**RIGHT, "csrfmiddlewaretoken": token[1]}),
        (one, reverse("surveys:mine", args=[open_to_all.code]), {**RIGHT, framing.TOKEN_FIELD: "a" * 32}),
        (one, reverse("surveys:mine", args=[open_to_all.code]), {**RIGHT, framing.TOKEN_FIELD: "b" * 32}),
    ]
    first = [receipt_in(browser.post(place, sent)) for browser, place, sent in sendings]
    assert len(set(first)) == len(sendings)
    before = everything_stored()
    for _round in range(2):
        assert [receipt_in(browser.post(place, sent)) for browser, place, sent in sendings] == first
    assert everything_stored() == before
    # Typing a code again, too.
    assert client.post(reverse("surveys:code"), {"code": codes[0]}).status_code == 302
    assert everything_stored() == before


def receipt_in(response: object) -> str:
    found = re.search(r"R-\w{4}-\w{4}-\w{4}-\w", response.content.decode())  # type: ignore[attr-defined]
    assert found, response
    return found[0]


def everything_stored() -> list[object]:
    return [
        *SealedAnswer.objects.order_by("pk").values_list("pk", "round_id", "stratum"),
        *Invitation.objects.order_by("pk").values_list("pk", "answered", "code_hash"),
        AuditRow.objects.count(),
        LedgerLeaf.objects.count(),
        Receipt.objects.count(),
    ]


def test_faults_stand_at_their_question_and_keep_what_was_written(today: Town, client: Client) -> None:
    survey = open_round(today)
    code = codes_of(today, survey)[0]
    response = client.post(address(code), {"ws_shift": "night", "hours": "viel", "words": "<b>x</b>"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="e-need_first"' in page
    assert 'id="e-hours"' in page
    assert 'value="viel"' in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert not SealedAnswer.objects.exists()
    assert client.post(address(code), RIGHT).status_code == 200


def test_unknown_codes_and_closed_rounds_are_told_kindly(today: Town, client: Client) -> None:
    assert client.get(address("7F3K-22QX-9ABC")).status_code == 404
    assert client.post(address("7F3K-22QX-9ABC"), RIGHT).status_code == 404
    survey = open_round(today)
    code = codes_of(today, survey)[0]
    survey.closes = clock.now()
    survey.save()
    assert client.get(address(code)).status_code == 410
    assert client.post(address(code), RIGHT).status_code == 410


def test_a_code_of_one_round_does_not_answer_another(today: Town, client: Client) -> None:
    first, second = open_round(today), open_round(today)
    code = codes_of(today, first)[0]
    response = client.post(address(code), {**RIGHT, framing.ROUND_FIELD: str(second.pk)})
    assert response.status_code == 410
    assert not SealedAnswer.objects.exists()
    assert client.post(address(code), {**RIGHT, framing.ROUND_FIELD: "x"}).status_code == 200


def test_typing_the_code(today: Town, client: Client) -> None:
    survey = open_round(today)
    code = codes_of(today, survey)[0]
    response = client.post(reverse("surveys:code"), {"code": code.lower()})
    assert response.headers["Location"] == address(code.replace("-", ""))
    assert client.post(reverse("surveys:code"), {"code": "nonsense"}).status_code == 200


def test_members_answer_signed_in_and_find_it_under_their_things(today: Town, client: Client) -> None:
    account = today.member_account(3)
    survey = open_round(today)
    mine = reverse("surveys:mine", args=[survey.code])
    assert client.get(mine).status_code == 302
    client.force_login(account)
    assert mine in client.get(reverse("web:me")).content.decode()
    assert client.post(mine, RIGHT).status_code == 200
    assert client.get(mine).status_code == 409
    assert client.post(mine, {**RIGHT, "ws_shift": "day"}).status_code == 409
    assert Invitation.objects.get(person_id=account.person_id).answered
    page = client.get(reverse("web:me")).content.decode()
    assert mine not in page
    assert reverse("surveys:round", args=[survey.code]) in page


def test_who_was_not_drawn_is_told_so(today: Town, client: Client) -> None:
    survey = open_round(today, asked="sample", sample_size=20)
    invited = set(survey.invitations.values_list("person_id", flat=True))
    place = next(k for k, person in enumerate(today.people) if person.pk not in invited)
    client.force_login(today.member_account(place))
    assert client.get(reverse("surveys:mine", args=[survey.code])).status_code == 403


def test_volunteers_need_neither_code_nor_account(today: Town, client: Client) -> None:
    survey = open_round(today, asked="volunteers")
    mine = reverse("surveys:mine", args=[survey.code])
    assert client.get(mine).status_code == 200
    assert client.post(mine, RIGHT).status_code == 200
    assert SealedAnswer.objects.get().stratum == ""


def test_one_statement_stores_an_answer(today: Town, client: Client, django_assert_num_queries: object) -> None:
    survey = open_round(today)
    first, second = codes_of(today, survey)[:2]
    page = client.get(address(first)).content.decode()
    told = re.search(rf'name="{framing.ROUND_FIELD}" value="(\d+)"', page)
    assert told
    client.post(address(first), {**RIGHT, framing.ROUND_FIELD: told[1]})
    # Statements that the server plans once go past Django's own counting: nothing else is sent.
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.post(address(second), {**RIGHT, framing.ROUND_FIELD: told[1]}).status_code == 200


def test_no_results_while_the_round_is_open(today: Town, client: Client, now: datetime) -> None:
    survey = open_round(today)
    for code in codes_of(today, survey)[:32]:
        client.post(address(code), RIGHT)
    for role in (None, Role.SURVEY_OWNER, Role.ANALYST, Role.AUDITOR):
        if role:
            client.force_login(today.account(role))
        page = client.get(reverse("surveys:round", args=[survey.code])).content.decode()
        assert "班车" not in page
        assert "<svg" not in page
        assert client.get(reverse("surveys:file", args=[survey.code, "figures.csv"])).status_code == 404
