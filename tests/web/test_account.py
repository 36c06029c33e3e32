"""Signing in: second factors, devices, confirming, brute force."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.factories.org import DAY, Tree, make_tree

from qiao.base.access import SYSTEM, Actor, Grant, hold_back, require_other
from qiao.base.clock import now as clock
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.services import end_grant
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.web import signin
from qiao.web.models import SignIn
from qiao.web.tasks import forget, tell_change, tell_new_device

PASSWORD = "a-long-enough-word"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0"


@pytest.fixture
def place(db: None) -> Tree:
    return make_tree(clock())


@pytest.fixture
def account(place: Tree) -> Account:
    found = place.account(Role.ORG_OFFICER, "D1")
    found.set_password(PASSWORD)
    found.save()
    return found


def browser(agent: str = FIREFOX) -> Client:
    return Client(headers={"accept-language": "en", "user-agent": agent})


def sign_in(account: Account, client: Client | None = None, password: str = PASSWORD):
    client = client or browser()
    return client, client.post("/account/login/", {"login": account.email, "password": password})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enrol(client: Client) -> str:
    """Set the app up; returns its key."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


def test_a_role_of_weight_waits_for_the_second_factor(place: Tree, account: Account, settings) -> None:
    settings.SECOND_FACTOR_ROLES = ("org_officer",)
    client, _ = sign_in(account)
    officers = "/units/D1/officers/"
    answer = client.get(officers)
    assert answer.status_code == 302
    assert answer.url == f"/me/second-factor/?next={officers.replace('/', '%2F')}"
    page = client.get(answer.url).content.decode()
    assert "Organisation officer" in page
    assert reverse("mfa_activate_totp") in page
    secret = enrol(client)
    assert client.get(officers).status_code == 200
    # The next time the code is asked before anything else.
    again, answer = sign_in(account)
    assert answer.url == reverse("mfa_authenticate")
    assert again.get(officers).status_code == 302
    Authenticator.objects.update(last_used_at=None)
    page = again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This is not the code" in page.content.decode()
    again.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert again.get(officers).status_code == 200


def test_recovery_codes_let_in_once(place: Tree, account: Account) -> None:
    client, _ = sign_in(account)
    enrol(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(codes) == 10
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes
    for good in (True, False):
        other, _ = sign_in(account)
        answer = other.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert (answer.status_code == 302) is good


def test_the_key_of_the_app_is_sealed_in_the_database(place: Tree, account: Account) -> None:
    client, _ = sign_in(account)
    secret = enrol(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret))


def test_holding_back_leaves_the_other_roles() -> None:
    actor = Actor(
        account_id=1,
        grants=(
            Grant("auditor", 1, "aaaaa", frozenset({"audit.read"})),
            Grant("editor", 1, "aaaaa", frozenset({"article.write"})),
        ),
    )
    held = hold_back(actor, {"auditor"})
    assert not held.may("audit.read")
    assert held.may("article.write")
    assert held.waiting == {"audit.read"}
    assert hold_back(actor, {"dpo"}) is actor


def test_devices_are_listed_and_signed_out_one_by_one_and_all(place: Tree, account: Account) -> None:
    here, _ = sign_in(account)
    phone, _ = sign_in(account, browser(PHONE))
    third, _ = sign_in(account)
    page = here.get("/me/sessions/").content.decode()
    assert page.count("Firefox · Linux") == 2
    assert "WeChat · Android" in page
    assert "this device" in page
    row = SignIn.objects.get(browser="WeChat")
    here.post(f"/me/sessions/{row.pk}/end/")
    assert phone.get("/me/").status_code == 302
    assert third.get("/me/").status_code == 200
    here.post("/me/sessions/end/")
    assert third.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_nobody_signs_somebody_else_out(place: Tree, account: Account) -> None:
    client, _ = sign_in(account)
    other = place.account(Role.EDITOR, "D1")
    stranger = browser()
    stranger.force_login(other)
    stranger.post(f"/me/sessions/{SignIn.objects.get().pk}/end/")
    assert client.get("/me/").status_code == 200
    mine = [SignIn.objects.get()]
    assert signin.end(actor=Actor(account_id=other.pk), now=clock(), sign_ins=mine) == 0


def test_neither_address_nor_full_browser_text_is_kept(place: Tree, account: Account) -> None:
    sign_in(account)
    assert {field.name for field in SignIn._meta.get_fields()} == {
        "id", "account", "session_key", "browser", "system", "started", "seen", "ended",
    }  # fmt: skip
    row = SignIn.objects.get()
    assert (row.browser, row.system) == ("Firefox", "Linux")


def test_a_new_device_is_told_by_mail_a_known_one_not(place: Tree, account: Account) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    def told() -> int:
        return ProcrastinateJob.objects.filter(task_name="web.tell_new_device").count()

    sign_in(account)
    sign_in(account)
    assert told() == 0
    sign_in(account, browser(PHONE))
    assert told() == 1
    tell_new_device(SignIn.objects.get(browser="WeChat").pk)
    assert "WeChat · Android" in mail.outbox[0].body
    assert "新设备" in mail.outbox[0].subject


def test_a_new_password_signs_out_everywhere_else(place: Tree, account: Account) -> None:
    here, _ = sign_in(account)
    there, _ = sign_in(account)
    new = "another-long-word"
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    assert len(signin.open_sign_ins(account.pk)) == 1
    tell_change(account.pk, "password")
    assert mail.outbox[-1].to == [account.email]


def test_a_session_ends_with_the_role(place: Tree, account: Account) -> None:
    client, _ = sign_in(account)
    assert client.get("/units/D1/officers/").status_code == 200
    end_grant(actor=SYSTEM, now=clock(), grant_id=RoleGrant.objects.get(account=account).pk)
    assert "/account/login/" in client.get("/desk/").url
    assert client.get("/me/").status_code == 302


def test_sensitive_acts_ask_again_who_is_there(place: Tree, account: Account, settings) -> None:
    settings.FRESH_SECONDS = 900
    client, _ = sign_in(account)
    assert client.get("/units/D1/officers/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1000
    session.save()
    answer = client.get("/units/D1/officers/")
    assert answer.url.startswith("/me/confirm/?next=")
    assert client.post("/units/D1/officers/", {"email": "x@x.example"}).status_code == 302
    page = client.get(answer.url).content.decode()
    assert "/account/reauthenticate/?next=" in page
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/units/D1/officers/"})
    assert client.get("/units/D1/officers/").status_code == 200


def test_who_has_neither_password_nor_factor_confirms_by_mail(place: Tree, settings) -> None:
    settings.FRESH_SECONDS = 900
    client = browser()
    client.force_login(place.account(Role.ORG_OFFICER, "D1"))
    url = client.get("/units/D1/officers/").url
    assert client.get(reverse("mfa_activate_totp")).url.startswith("/me/confirm/")
    client.post(url)
    code = re.search(r"\d{6}", mail.outbox[-1].body).group()
    assert code not in str(dict(client.session.items()))
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert client.post(url, {"code": wrong, "next": "/units/D1/officers/"}).status_code == 422
    assert client.post(url, {"code": code, "next": "https://elsewhere.example/"}).url == "/me/"
    assert client.get("/units/D1/officers/").status_code == 200


def test_a_code_is_not_found_by_trying_hundreds(place: Tree, settings) -> None:
    settings.FRESH_SECONDS = 900
    client = browser()
    client.force_login(place.account(Role.ORG_OFFICER, "D1"))
    client.post("/me/confirm/")
    code = re.search(r"\d{6}", mail.outbox[-1].body).group()
    for _ in range(200):
        client.post("/me/confirm/", {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert client.post("/me/confirm/", {"code": code}).status_code == 422


def test_passwords_are_not_found_by_trying_hundreds_nor_accounts_told(place: Tree, account: Account) -> None:
    answers = {}
    for email in (account.email, "nobody@x.example"):
        client = browser()
        pages = []
        for step in range(150):
            client = client if step % 50 else browser()
            address = f"198.51.{step % 200}.7"
            data = {"login": email, "password": f"wrong-{step}"}
            page = client.post("/account/login/", data, REMOTE_ADDR=address)
            pages.append(re.search(r'role="alert">(.*?)</div>', page.content.decode(), re.S).group(1).strip())
        answers[email] = pages
    assert answers[account.email] == answers["nobody@x.example"]
    assert "do not belong together" in answers[account.email][0]
    assert "Too many tries" in answers[account.email][-1]
    _, answer = sign_in(account)
    assert answer.status_code == 200


def test_who_guesses_elsewhere_does_not_shut_the_owner_out(place: Tree, account: Account) -> None:
    data = {"login": account.email, "password": "wrong-word-1"}
    pages = [browser().post("/account/login/", data, REMOTE_ADDR="198.51.100.7") for _try in range(12)]
    assert "Too many tries" in pages[-1].content.decode()
    _, answer = sign_in(account)
    assert answer.status_code == 302


def test_one_address_tries_no_long_list_of_accounts(place: Tree) -> None:
    client = browser()
    last = [
        client.post("/account/login/", {"login": f"a{step}@x.example", "password": "x"}).content.decode()
        for step in range(40)
    ][-1]
    assert "Too many tries" in last


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "account_change_password",
     "socialaccount_connections", "socialaccount_login_error", "socialaccount_login_cancelled",
     "account_reauthenticate", "web:sessions", "web:confirm", "web:factor"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_signing_in_wears_our_look_in_both_languages(account: Account, name: str, language: str) -> None:
    client = Client(headers={"accept-language": language})
    sign_in(account, client)
    page = client.get(reverse(name)).content.decode()
    assert '<main id="main"' in page
    heading = re.search(r"<h1>(.*?)</h1>", page, re.S).group(1)
    assert bool(re.search("[一-鿿]", heading)) is (language == "zh-hans")
    assert "<script>" not in page


def test_the_sign_in_page_offers_passkeys_without_inline_script(db: None) -> None:
    page = Client(headers={"accept-language": "en"}).get("/account/login/")
    text = page.content.decode()
    assert "Sign in with a passkey" in text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    inline = re.findall(r"<script(?![^>]*src=)([^>]*)>", text)
    assert all('type="application/json"' in attributes for attributes in inline)
    options = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["challenge"]


def test_who_did_one_step_does_not_do_the_next() -> None:
    require_other(Actor(account_id=1), 2, None)
    require_other(SYSTEM, None)
    with pytest.raises(Problem, match="somebody else"):
        require_other(Actor(account_id=1), 3, 1)


def test_old_sign_ins_are_forgotten(place: Tree, account: Account) -> None:
    sign_in(account)
    SignIn.objects.update(seen=date(2020, 1, 1))
    forget(0)
    assert not SignIn.objects.exists()
    assert DAY


def test_a_closed_account_has_no_way_in(place: Tree, account: Account) -> None:
    account.is_active = False
    account.save()
    _, answer = sign_in(account)
    assert "_auth_user_id" not in browser().session
    assert answer.status_code in {200, 302}
    open_account(actor=SYSTEM, now=clock(), email="b@x.example", display_name="B")


def test_receipts_and_codes_are_not_found_by_trying_hundreds(db: None) -> None:
    client = Client(headers={"accept-language": "en"})
    for url, post in (("/receipt/?number=R-{:04}-0000-0", False), ("/hear/surveys/code/", True)):
        answers = []
        for step in range(200):
            if post:
                answers.append(client.post(url, {"code": f"ABCD-{step:04}"}))
            else:
                answers.append(client.get(url.format(step)))
        assert answers[0].status_code != 429
        assert answers[-1].status_code == 429
        assert "Too many tries" in answers[-1].content.decode()
        assert sum(answer.status_code != 429 for answer in answers) <= 21
