"""The pages, as a browser without script meets them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime
from tests.factories.decide import (
    DAY,
    PERIOD,
    Ground,
    add_member,
    closed,
    draft,
    make_ground,
    make_proposals,
    member_client,
    officer_client,
    opened,
    speak,
)

from qiao.base import clock
from qiao.base.access import SYSTEM
from qiao.decide.consultations import queries, services
from qiao.decide.consultations.models import Consultation, Opinion, Vote
from qiao.org.access.choices import Role

pytestmark = pytest.mark.django_db
BASE = "/decide/consultations"


@pytest.fixture
def ground() -> Ground:
    return make_ground(clock.now() - 100 * DAY)


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return " ".join(answer.content.decode().split())


def test_the_whole_way_in_a_browser(ground: Ground) -> None:
    moment = clock.now()
    (proposal,) = make_proposals(moment, ground.district, 86000)
    secretary = officer_client(moment, ground, Role.SECRETARY)
    executive = officer_client(moment, ground, Role.EXECUTIVE)
    member = member_client(moment, ground.members[0])
    form = {
        "title_zh_hans": "夜班车", "title_en": "Night bus", "question_zh_hans": "同意吗？", "question_en": "Agreed?",
        "proposals": proposal.code, "text_zh_hans": "第一条 两班\n第二条 免费", "text_en": "1. Two buses",
        "statements_zh_hans": "先办夜班车\n车要免费", "statements_en": "", "unit": ground.district.pk,
        "opens": localtime(moment - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M"),
        "closes": localtime(moment + PERIOD).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    refused = secretary.post(f"{BASE}/new/", form)
    assert "The Chinese text has 2 clauses, the English 1" in refused.content.decode()
    secretary.post(f"{BASE}/new/", form | {"text_en": "1. Two buses\n2. Free"})
    consultation = Consultation.objects.get()
    url = f"{BASE}/{consultation.code}/"
    assert member.get(url).status_code == 404
    assert "Two buses" in text_of(secretary, url)
    edit = text_of(secretary, f"{url}edit/")
    assert "1. 两班" in edit
    assert "先办夜班车" in edit
    for to in ("noticed", "open"):
        assert secretary.post(f"{url}move/", {"to": to}).headers["Location"] == url
    page = text_of(member, url)
    for part in ("Answer 2 statements", "Say something on clause 2", 'class="thread"', "Two buses"):
        assert part in page
    assert "style=" not in page

    statements = text_of(member, f"{url}statements/")
    assert "0 of 2 answered" in statements
    for side in ("Agree", "Disagree", "Pass"):
        assert side in statements
    first, second = queries.statements_of(consultation)
    member.post(f"{url}statements/", {"statement": first.pk, "vote": "1"})
    after = text_of(member, f"{url}statements/")
    assert "1 of 2 answered" in after
    assert "<h1>车要免费</h1>" in after
    again = text_of(member, f"{url}statements/?number=1")
    assert 'value="1" aria-pressed="true"' in again
    member.post(f"{url}statements/", {"statement": first.pk, "vote": "-1"})
    member.post(f"{url}statements/", {"statement": second.pk, "vote": "0"})
    assert "all statements answered" in text_of(member, f"{url}statements/")
    assert sorted(Vote.objects.values_list("value", flat=True)) == [-1, 0]
    assert member.post(f"{url}statements/", {"statement": "999999", "vote": "0"}).status_code == 404

    clause = queries.clauses_of(consultation)[1]
    empty = member.post(f"{url}opinion/", {"clause": clause.pk, "text": " "})
    assert "Write your opinion." in empty.content.decode()
    given = member.post(f"{url}opinion/", {"clause": clause.pk, "text": "请加一班，电话 13800138000"})
    own = given.headers["Location"]
    shown = text_of(member, own)
    assert "a telephone number" in shown
    assert "13800138000" not in shown
    receipt = Opinion.objects.get().receipt
    assert receipt in shown
    # Nobody else's page, and nobody at all without signing in.
    assert member_client(moment, ground.members[1]).get(own).status_code == 404
    assert Client().get(own).status_code == 302
    assert receipt not in text_of(secretary, url)

    # Before the close no page tells a number of votes or opinions.
    for client in (Client(headers={"accept-language": "en"}), secretary, executive):
        assert "took a side" not in text_of(client, url)
        assert "请加一班" not in text_of(client, url)
    Consultation.objects.update(opens=moment - 2 * DAY, closes=moment - timedelta(minutes=1))
    secretary.post(f"{url}move/", {"to": "closed"})
    assert "Without an answer" in text_of(Client(headers={"accept-language": "en"}), url)
    desk = text_of(executive, f"{url}answers/")
    assert "请加一班，电话 ███" in desk
    key = Opinion.objects.get().pk
    reply = {"opinion": key, "outcome": "partly", "reason_zh_hans": "先加一班试行", "addendum_zh_hans": "谢谢"}
    without = executive.post(f"{url}answers/", reply | {"reason_zh_hans": ""})
    assert "Write the text in Chinese." in without.content.decode()
    assert f'value="{key}" checked' in without.content.decode()
    executive.post(f"{url}answers/", {"finish": "1"})
    assert Consultation.objects.get().state == "closed"
    executive.post(f"{url}answers/", reply)
    executive.post(f"{url}answers/", {"finish": "1"})
    assert Consultation.objects.get().state == "answered"
    public = text_of(Client(headers={"accept-language": "en"}), url)
    assert "先加一班试行" in public
    assert "Partly adopted" in public
    assert "谢谢" not in public
    for page in (text_of(member, own), text_of(member, f"/receipt/?number={receipt}")):
        assert "先加一班试行" in page
        assert "谢谢" in page
    assert "请加一班" in text_of(member, "/me/")


def test_results_are_drawn_and_told_to_everybody_after_the_close(ground: Ground) -> None:
    moment = clock.now()
    for number in range(40):
        add_member(moment - 90 * DAY, ground.base, f"松{number}")
    consultation = opened(moment - PERIOD, ground, statements=6)
    statements = queries.statements_of(consultation)
    from qiao.base.access import Actor
    from qiao.org.membership.queries import roster

    members = [Actor(person_id=row.person_id, member_paths=(row.unit_path,)) for row in roster(ground.base.path)]
    for place, member in enumerate(members):
        for number, statement in enumerate(statements):
            vote = 1 if number == 5 or (place + number) % 2 else -1
            services.vote_statement(actor=member, now=moment - DAY, statement_id=statement.pk, vote=vote)
    services.close_consultation(actor=SYSTEM, now=moment, code=consultation.code)
    page = text_of(Client(headers={"accept-language": "en"}), f"{BASE}/{consultation.code}/")
    assert "48 members took part" in page
    assert page.count("<svg") == 6
    assert "Group A" in page
    assert "Group B" in page
    assert "50 % agree (interval 36 % to 64 %), 48 took a side." in page
    assert "More than 92 % agree: fewer than 5 of 48 disagree." in page
    assert "all groups agree" in page
    assert not re.search(r"style=|<script", page)


def test_the_secretary_groups_and_the_author_contests(ground: Ground) -> None:
    moment = clock.now()
    consultation = closed(moment - DAY, ground, [(0, "加一班"), (1, "多一班"), (2, "再加一班")])
    url = f"{BASE}/{consultation.code}/"
    secretary = officer_client(moment, ground, Role.SECRETARY)
    keys = list(consultation.opinions.values_list("pk", flat=True))
    answer = secretary.post(f"{url}sort/", {"group": "1", "opinion": keys[:1], "title_zh_hans": "加班次"}, follow=True)
    assert "Tick at least two opinions." in answer.content.decode()
    secretary.post(f"{url}sort/", {"group": "1", "opinion": keys, "title_zh_hans": "加班次"})
    assert "Take apart" in text_of(secretary, f"{url}sort/")
    member = member_client(moment, ground.members[0])
    own = f"{BASE}/opinion/{Opinion.objects.get(pk=keys[0]).receipt}/"
    assert "Mine is a different opinion" in text_of(member, own)
    member.post(own)
    assert Opinion.objects.get(pk=keys[0]).group is None
    assert Opinion.objects.get(pk=keys[1]).group is not None
    secretary.post(f"{url}sort/", {"dissolve": Opinion.objects.get(pk=keys[1]).group_id})
    assert Opinion.objects.get(pk=keys[1]).state == "received"
    # Abuse: words withheld, with the reason in their place.
    secretary.post(f"{url}sort/{keys[0]}/", {"reason_zh_hans": "含他人隐私", "ground": "personal"})
    assert "含他人隐私" in text_of(Client(), url)


def test_old_versions_stay_readable_and_later_dates_show(ground: Ground) -> None:
    moment = clock.now()
    consultation = opened(moment - DAY, ground)
    url = f"{BASE}/{consultation.code}/"
    secretary = officer_client(moment, ground, Role.SECRETARY)
    speak(moment, ground.members[0], consultation, "三班", queries.clauses_of(consultation)[0])
    secretary.post(f"{url}revise/", {"text_zh_hans": "1. 每夜三班\n2. 免费"})
    page = text_of(Client(headers={"accept-language": "en"}), url)
    assert "This is version 2 of the text" in page
    assert "每夜三班" in page
    assert "Two buses a night" in text_of(Client(headers={"accept-language": "en"}), f"{url}version/1/")
    assert Client().get(f"{url}version/9/").status_code == 404
    early = localtime(moment).strftime("%Y-%m-%dT%H:%M")
    assert "cannot shorten" in secretary.post(f"{url}extend/", {"closes": early}).content.decode()


def test_a_member_of_another_unit_reads_and_does_not_take_part(ground: Ground) -> None:
    moment = clock.now()
    stranger = add_member(moment - 90 * DAY, ground.root, "石一")
    client = member_client(moment, stranger)
    consultation = opened(moment - DAY, ground)
    url = f"{BASE}/{consultation.code}/"
    assert "Open to its members" in text_of(client, url)
    assert client.get(f"{url}statements/").status_code == 403
    assert client.post(f"{url}opinion/", {"text": "同意"}).status_code == 403
    assert not Opinion.objects.exists()


def test_board_and_page_ask_as_much_for_many_as_for_one(ground: Ground) -> None:
    moment = clock.now()

    def asked(url: str) -> int:
        Client().get(url)
        with CaptureQueriesContext(connection) as context:
            assert Client().get(url).status_code == 200
        return len(context)

    def one_more(texts: int) -> Consultation:
        clauses = [{"zh-hans": f"条{number}"} for number in range(texts)]
        return closed(moment, ground, [(number % 8, f"意见{number}") for number in range(texts)], clauses=clauses)

    small = one_more(1)
    board, page = asked(f"{BASE}/"), asked(f"{BASE}/{small.code}/")
    large = one_more(30)
    for _number in range(28):
        draft_code = draft(moment, ground).code
        services.notice_consultation(actor=SYSTEM, now=moment, code=draft_code)
    assert asked(f"{BASE}/") == board
    assert asked(f"{BASE}/{large.code}/") == page


def test_what_the_shell_is_told(ground: Ground) -> None:
    moment = clock.now()
    consultation = opened(moment - DAY, ground)
    member = ground.members[0]
    speak(moment, member, consultation, "加一班")
    (item,) = queries.open_items(actor=member, now=moment)
    assert item.closes == consultation.closes
    assert queries.desk_items(actor=ground.officer("executive"), now=moment) == []
    (own,) = queries.own_items(actor=member, now=moment)
    assert own.thread_code == consultation.code
    (station,) = queries.stations([consultation.code, "C-0", "P-1"])
    assert not re.search(r"\b1\b", station.figure)
    services.close_consultation(actor=SYSTEM, now=consultation.closes, code=consultation.code)
    late = consultation.closes + 31 * DAY
    (todo,) = queries.desk_items(actor=ground.officer("executive"), now=late)
    assert todo.due is not None
    assert todo.due < late
    assert queries.own_items(actor=member, now=late)[0].late
    assert queries.open_items(actor=member, now=late) == []
