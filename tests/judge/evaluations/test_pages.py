from __future__ import annotations

import base64
import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook
from tests.factories.judge import GOOD, Town, answered, closed, commissioned, opened, published, town

from qiao.base.clock import now as read_clock
from qiao.base.deadlines import Span, SpanUnit, due
from qiao.base.i18n import localized
from qiao.base.lineage import Stage
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.base.sealing import seal
from qiao.judge.evaluations import queries, services, tasks
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, SealedAnswer
from qiao.judge.evaluations.rules.bundle import zipped
from qiao.judge.evaluations.rules.keys import new_keys
from qiao.judge.evaluations.rules.offline import open_lines, signed_result
from qiao.org.people.models import Account

BAD = {**GOOD, "satisfaction": "not", "solved": "not"}
#: What differs at every request.
NOISE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def place(db: None) -> Town:
    return town(read_clock())


def signed_in(account: Account | None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["django_language"] = language
    if account is not None:
        client.force_login(account)
    return client


def page(name: str, *args: str) -> str:
    return reverse(f"evaluations:{name}", args=args)


# --- nobody can read or count while it is open ------------------------------------------------------------------


def everything_readable(place: Town, code: str, skip: frozenset[str]) -> dict[tuple[str, str], bytes]:
    """Bytes of every page, file and list that could tell something, as seen by everybody but those in ``skip``."""
    addresses = [
        "/", "/judge/", "/hear/", "/decide/", "/deliver/", "/desk/", "/desk/audit/", "/me/", "/news/", "/ledger/",
        f"/thread/{code}/", f"/thread/{place.project.code}/", "/units/", f"/units/{place.base.label}/", "/receipt/",
        "/api/openapi.json", f"/deliver/projects/{place.project.code}/", page("board"), page("detail", code),
        page("answer", code), page("key", code), page("result", code), page("sealed", code), page("bundle", code),
        page("frame", code), page("letters", code), page("digests", code), page("void", code), page("respond", code),
        page("proof", code, "0" * 64),
    ]  # fmt: skip
    people: dict[str, Account | None] = {"public": None, "member": place.members[15], **place.accounts}
    found = {}
    for name, account in people.items():
        if name in skip:
            continue
        client = signed_in(account)
        for address in addresses:
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[name, address] = str(response.status_code).encode() + NOISE.sub(b"", body)
    return found


def test_no_page_tells_anybody_anything_while_it_is_open(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 3)
    before = everything_readable(place, evaluation.code, frozenset())
    # Seven more answers, all bad: nobody but those who answered sees another byte, the evaluator included.
    for number in range(3, 10):
        services.submit_sealed(actor=place.member(number), now=place.now, code=evaluation.code, answers=BAD)
    after = everything_readable(place, evaluation.code, frozenset())
    assert before.keys() == after.keys()
    assert len(before) > 300
    assert [key for key in before if before[key] != after[key]] == []


def test_the_content_changes_nothing_for_the_evaluator_either(place: Town) -> None:
    def seen(answers: list[dict[str, str]]) -> bytes:
        evaluation, _pair = opened(place)
        answered(place, evaluation, answers)
        body = signed_in(place.accounts["evaluator"]).get(page("detail", evaluation.code)).content
        text = NOISE.sub(b"", body).replace(evaluation.code.encode(), b"E")
        drawn = (evaluation.seed, evaluation.seed_hash, evaluation.frame_hash)
        for key in (evaluation.public_key, evaluation.issuer.public, *drawn):
            text = text.replace(key.encode(), b"K")
        services.void_evaluation(
            actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason=localized("试", "Trial")
        )
        return re.sub(rb"<ol class=\"thread\".*?</ol>|<p class=\"flag\">.*?</p>", b"", text, flags=re.S)

    good = seen([GOOD] * 10)
    assert b"16 members are asked" in good
    assert seen([BAD] * 10) == good


def test_that_the_sealed_answers_were_handed_out_is_public_and_a_void_one_goes_to_somebody_else(place: Town) -> None:
    evaluation, _pair = closed(place, [BAD] * 10)
    client = signed_in(place.accounts["evaluator"])
    # A look is no download: it is the button that notes it.
    assert client.get(page("sealed", evaluation.code)).status_code == 302
    assert not LedgerLeaf.objects.filter(kind="evaluation.handed_out").exists()
    for name in ("executive", "sys_admin", "auditor"):
        assert signed_in(place.accounts[name]).post(page("sealed", evaluation.code)).status_code == 403
    for _time in range(2):
        lines = b"".join(client.post(page("sealed", evaluation.code)).streaming_content).splitlines()
        assert len(lines) == 11
    assert LedgerLeaf.objects.filter(kind="evaluation.handed_out", code=evaluation.code).count() == 1
    assert "has had the sealed answers since" in signed_in(None).get(page("detail", evaluation.code)).content.decode()
    services.void_evaluation(
        actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason=localized("钥匙丢了", "Key lost")
    )
    shown = signed_in(None).get(page("detail", evaluation.code)).content.decode()
    assert "after the sealed answers had been handed to the evaluator" in shown
    with pytest.raises(Problem, match="choose somebody else"):
        commissioned(place)


def test_of_a_void_evaluation_nobody_gets_the_answers(place: Town) -> None:
    evaluation, _pair = closed(place, [GOOD] * 3)
    assert (evaluation.state, evaluation.received) == (State.VOID, 3)
    assert signed_in(place.accounts["evaluator"]).get(page("sealed", evaluation.code)).status_code == 404


@pytest.mark.parametrize(("number", "code"), [("E/1", "7F3K-22QX-9ABC"), ("E-1", "/"), ("..", "--- ---")])
def test_a_mistyped_code_from_a_letter_is_told_and_breaks_nothing(db: None, number: str, code: str) -> None:
    response = Client().post(page("enter_code"), {"evaluation": number, "secret_code": code})
    assert response.status_code == 422


# --- walking through --------------------------------------------------------------------------------------------


def test_the_whole_way_in_a_browser(place: Town) -> None:
    executive = signed_in(place.accounts["executive"])
    evaluator = signed_in(place.accounts["evaluator"])
    assert place.project.code in executive.get(page("new")).content.decode()
    today = place.now.date()
    done = executive.post(
        f"{page('new')}?project={place.project.code}",
        {
            "title_zh_hans": "夜班班车", "title_en": "Night bus", "names": "夜班班车",
            "evaluator": place.accounts["evaluator"].pk,
            "asked": "all", "sample_size": "", "opens": today - timedelta(days=1), "closes": today + timedelta(days=5),
        },
    )  # fmt: skip
    evaluation = Evaluation.objects.get()
    assert done.status_code == 302
    keys = new_keys()
    code = evaluation.code
    assert evaluator.post(page("key", code), {"public_key": keys.public}).status_code == 422
    assert evaluator.post(page("key", code), {"public_key": keys.registered.text()}).status_code == 302
    assert evaluator.post(page("freeze", code)).status_code == 302
    frame = evaluator.get(page("frame", code)).content.decode()
    assert frame.splitlines()[0] == "pseudonym,branch,employment"
    evaluator.post(page("open", code), {"seed": new_keys().seed})
    evaluation.refresh_from_db()
    assert evaluation.state == State.KEYED
    assert evaluator.post(page("open", code), {"seed": keys.seed}).status_code == 302
    evaluation.refresh_from_db()
    assert evaluation.state == State.OPEN
    for number in range(11):
        member = signed_in(place.members[number], "zh-hans")
        assert page("answer", code) in member.get("/me/").content.decode()
        assert "知道" in member.get(page("answer", code)).content.decode()
        sent = member.post(page("answer", code), GOOD if number else {**BAD, "comment": "末班太早"})
        assert sent.status_code == 302, sent.content.decode()
        thanks = member.get(sent["Location"])
        number_ = re.search(r"R-\w{4}-\w{4}-\w", thanks.content.decode())
        assert number_
        assert Client().get(f"/receipt/?number={number_[0]}").status_code == 200
        assert member.get(page("answer", code)).status_code == 200
        assert member.post(page("answer", code), GOOD).status_code == 200
    assert SealedAnswer.objects.count() == 11
    assert evaluator.post(page("close", code), {"reason": ""}).status_code == 302
    evaluation.refresh_from_db()
    assert evaluation.state == State.OPEN
    evaluator.post(page("close", code), {"reason": "都答了"})
    lines = b"".join(evaluator.post(page("sealed", code)).streaming_content).decode().splitlines()
    outcome = open_lines(lines, "download", keys.private)
    assert outcome.comments == ("末班太早",)
    wrong = evaluator.post(
        page("result", code), {"result": upload(signed_result(outcome, keys.sign), leave="report.md")}
    )
    assert wrong.status_code == 422
    assert "no result of an evaluation" in wrong.content.decode()
    sent = evaluator.post(page("result", code), {"result": upload(signed_result(outcome, keys.sign))})
    assert sent.status_code == 302, sent.content.decode()
    result = Client(headers={"accept-language": "en"}).get(page("detail", code)).content.decode()
    # One of eleven is a small cell: told as 2½.
    assert "77\u00a0%" in result
    assert "11 answers of 16 asked" in result
    assert "末班太早" not in result
    assert Client().get(page("bundle", code)).headers["Content-Type"] == "application/zip"
    digest = Client().get(page("digests", code)).content.decode().split()[0]
    assert Client().get(page("proof", code, digest)).status_code == 200
    assert executive.post(page("respond", code), {"text_zh_hans": "我们会改。", "text_en": ""}).status_code == 302
    assert "我们会改。" in Client().get(page("detail", code)).content.decode()


def upload(files: dict[str, str], leave: str = "") -> io.BytesIO:
    file = io.BytesIO(zipped({name: text for name, text in files.items() if name != leave}, folder="E"))
    file.name = "E-result.zip"
    return file


def test_no_page_takes_or_makes_a_private_key(place: Town) -> None:
    for state in (commissioned(place).code, None):
        code = state or closed_in(place)
        client = signed_in(place.accounts["evaluator"])
        for name in ("key", "result", "detail"):
            body = client.get(page(name, code)).content.decode()
            assert 'type="password"' not in body
            assert not re.search(r'name="(private_key|key_file|sign_key)"', body)


def closed_in(place: Town) -> str:
    Evaluation.objects.update(state=State.VOID, void_reason=localized("试", "Trial"))
    return closed(place, [GOOD] * 10)[0].code


def test_what_a_device_sealed_is_kept_as_it_came(place: Town) -> None:
    evaluation, pair = opened(place)
    client = signed_in(place.members[0])
    asked = client.get(page("answer", evaluation.code)).content.decode()
    assert f'data-seal="{pair.public}"' in asked
    sealed = seal(pair.public, {**GOOD, "instrument": "three-degrees-1"})
    # Should plain answers come along, nobody looks at them.
    sent = client.post(page("answer", evaluation.code), {**BAD, "sealed": base64.b64encode(sealed).decode()})
    assert sent.status_code == 302
    assert "?" not in sent["Location"], "a receipt stands in no address"
    shown = client.get(sent["Location"]).content.decode()
    assert re.search(r"R-\w{4}-\w{4}-\w", shown)
    assert bytes(SealedAnswer.objects.get().sealed) == sealed
    # The page of the receipt is this device's alone.
    assert Client().get(sent["Location"]).status_code == 404


@pytest.mark.parametrize("text", ["%%%", "AAAA", "A" * 9000, "é"])
def test_what_is_nothing_sealed_is_refused_on_the_page(place: Town, text: str) -> None:
    evaluation, _pair = opened(place)
    client = signed_in(place.members[0])
    answer = client.post(page("answer", evaluation.code), {**GOOD, "sealed": text})
    assert answer.status_code == 422
    assert "answer again" in answer.content.decode()
    assert not SealedAnswer.objects.exists()


def test_a_code_opens_the_questions_without_an_account_once(place: Town) -> None:
    evaluation, _pair = opened(place)
    (mailed, *_rest) = services.make_invitations(
        actor=place.actor("evaluator"), now=place.now, evaluation_id=evaluation.pk
    )
    entered = Client().post(
        page("enter_code"), {"evaluation": evaluation.code.lower(), "secret_code": mailed.secret_code}
    )
    address = entered["Location"]
    assert Client().get(address).status_code == 200
    incomplete = Client().post(address, {"awareness": "yes"})
    assert incomplete.status_code == 422
    assert Client().post(address, GOOD).status_code == 302
    again = Client(headers={"accept-language": "en"}).post(address, BAD)
    assert "of this code was given" in again.content.decode()
    assert SealedAnswer.objects.count() == 1
    assert Client().get(page("answer_by_code", evaluation.code, "2222-2222-2222")).status_code == 403


def test_invitations_go_out_once_and_in_the_member_s_language(place: Town) -> None:
    person = place.members[0].person
    assert person is not None
    person.language = "en"
    person.save()
    evaluation, _pair = opened(place)
    tasks.invite(evaluation_id=evaluation.pk, address="https://x.example")
    tasks.invite(evaluation_id=evaluation.pk, address="https://x.example")
    assert len(mail.outbox) == 16
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects["m0@f.example"] == f"Your judgment is asked ({evaluation.code})"
    # The first question is asked before the service is named: the mail does not name it either.
    assert subjects["m1@f.example"] == f"请您评价（{evaluation.code}）"
    assert not any("夜班班车" in message.body or "Night bus" in message.body for message in mail.outbox)
    link = re.search(r"https://x\.example(\S+)", mail.outbox[0].body)
    assert link
    assert Client().get(link[1]).status_code == 200


def test_the_code_sheet_is_a_workbook_for_the_evaluator(place: Town) -> None:
    place.members[2].delete()
    place.members[3].delete()
    evaluation, _pair = opened(place)
    assert signed_in(place.accounts["task_owner"]).post(page("code_sheet", evaluation.code)).status_code == 403
    response = signed_in(place.accounts["evaluator"]).post(page("code_sheet", evaluation.code))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert not any("会员" in str(cell) for row in rows for cell in row)
    assert Client().get(page("answer_by_code", evaluation.code, rows[1][2])).status_code == 200
    # The other list has the names and no code; pseudonyms join the two on the envelope.
    listed = signed_in(place.accounts["sample_drawer"]).get(page("letters", evaluation.code))
    letters = CalamineWorkbook.from_filelike(io.BytesIO(listed.content)).get_sheet_by_index(0).to_python()
    assert {row[2] for row in letters[1:]} == {"会员2", "会员3"}
    assert {row[0] for row in letters[1:]} == {row[0] for row in rows[1:]}
    assert not {row[2] for row in rows[1:]} & {cell for row in letters for cell in row}
    for role in ("executive", "task_owner", "evaluator", "sys_admin", "auditor"):
        assert signed_in(place.accounts[role]).get(page("letters", evaluation.code)).status_code == 403
    assert signed_in(place.accounts["evaluator"]).post(page("code_sheet", evaluation.code)).status_code == 422


def test_due_evaluations_close_by_themselves(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 10)
    tasks.close_due(timestamp=0)
    evaluation.refresh_from_db()
    assert evaluation.state == State.OPEN
    Evaluation.objects.update(closes=place.now - timedelta(minutes=1))
    tasks.close_due(timestamp=0)
    tasks.close_due(timestamp=0)
    evaluation.refresh_from_db()
    assert evaluation.state == State.SEALED


# --- the shell --------------------------------------------------------------------------------------------------


def test_desk_names_the_next_step_of_each_side(place: Town) -> None:
    def steps(role: str) -> list[str]:
        return [item.next_step for item in queries.desk_items(actor=place.actor(role), now=place.now)]

    assert len(steps("executive")) == 1
    evaluation, pair = closed(place, [GOOD] * 10)
    assert steps("executive") == []
    assert len(steps("evaluator")) == 1
    assert steps("task_owner") == []
    published(place, evaluation, pair.private, now=place.now)
    (item,) = queries.desk_items(actor=place.actor("executive"), now=place.now)
    assert item.due is not None
    assert localdate(item.due) == localdate(due(place.now, Span(30, SpanUnit.DAYS)))


def test_station_carries_the_figure_once_it_is_published(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 7 + [BAD] * 5)
    (station,) = queries.stations({evaluation.code, "N-1"})
    assert (station.stage, station.figure, station.finished) == (Stage.JUDGE, "", False)
    published(place, evaluation, pair.private, now=place.now)
    (station,) = queries.stations([evaluation.code])
    assert "58%" in station.figure
    assert station.finished


@pytest.mark.parametrize("address", ["/judge/", "/judge/evaluations/"])
def test_lists_hold_their_query_count(place: Town, address: str) -> None:
    opened(place)
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for serial in range(1, 30):
        row = Evaluation.objects.order_by("pk").first()
        assert row is not None
        row.pk, row.code, row.project_code = None, f"E-9{serial}", f"W-x{serial}"
        row.state = [State.OPEN, State.KEYED, State.OPEN][serial % 3]
        row.save()
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)
    assert len(thirty) == len(one)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_speak_one_language(place: Town, language: str) -> None:
    evaluation, pair = closed(place, [GOOD] * 11)
    published(place, evaluation, pair.private, now=place.now)
    body = signed_in(None, language).get(page("detail", evaluation.code)).content.decode()
    main = re.search(r"<main.*</main>", body, re.S)
    assert main
    assert ("Awareness" in main[0]) == (language == "en")
    assert ("知晓度" in main[0]) == (language == "zh-hans")
