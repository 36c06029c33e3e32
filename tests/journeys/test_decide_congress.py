"""The secretary calls a meeting of the congress; a delegate seconds and votes on a phone; the result is public."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opener
from tests.journeys.ground import Calendar, Federation

from qiao.base.access import SYSTEM, Actor
from qiao.decide.congress import services
from qiao.decide.congress.models import Congress, Item, Session
from qiao.decide.congress.rules.quota import Electorate
from qiao.decide.congress.rules.settings import TABLE
from qiao.org.access.choices import Role
from qiao.org.people.models import Person
from qiao.org.settings.services import set_value

pytestmark = pytest.mark.journey
SEATS = 30


def found_congress(federation: Federation, calendar: Calendar) -> tuple[Congress, list[Person]]:
    """A congress of the mill in term, all of its delegates in the register; the first one has an account."""
    now, mill = calendar.now(), federation.works[0]
    set_value(actor=SYSTEM, now=now, setting_key=TABLE.key, unit=federation.root, value="sh", since=localdate(now),
              reason="选定")  # fmt: skip
    made = services.form_congress(actor=SYSTEM, now=now, unit=mill, electorate=Electorate(120, 40, 90),
                                  counted=localdate(now), source="名册")  # fmt: skip
    place = services.add_constituency(actor=SYSTEM, now=now, code=made.code, name={"zh-hans": "全厂"}, electors=120)
    services.divide_seats(actor=SYSTEM, now=now, code=made.code)
    people = list(federation.people[::2][:SEATS])
    services.record_election(
        actor=SYSTEM, now=now, constituency_id=place.pk, held_on=localdate(now), took_part=100,
        minutes_sha256="ab" * 32,
        elected=[services.Elected(row.name, 70, woman=at < 12, front_line=True) for at, row in enumerate(people)],
    )  # fmt: skip
    services.file_congress(actor=SYSTEM, now=now, code=made.code)
    return services.certify_congress(actor=SYSTEM, now=now, code=made.code), people


def seat(person: Person) -> Actor:
    """A delegate who acts elsewhere than in this browser."""
    return Actor(account_id=70_000 + person.pk, person_id=person.pk, name=person.name)


def test_a_meeting_from_its_notice_to_its_result(
    federation: Federation, open_as: Opener, calendar: Calendar, keep: Callable[[Page, str], None]
) -> None:
    congress, people = found_congress(federation, calendar)
    draft = services.draft_proposal(
        actor=seat(people[1]), now=calendar.now(), congress_code=congress.code, title="增设饮水点",
        text="二车间没有饮水点", language="zh-hans",
    )  # fmt: skip
    services.second_proposal(actor=seat(people[2]), now=calendar.now(), code=draft.code)

    desk = open_as(federation.offices[Role.SECRETARY])
    desk.goto(f"/decide/congress/{congress.code}/")
    expect(desk.get_by_text("至少 10 名")).to_be_visible()
    desk.get_by_role("link", name="召集职代会会议").click()
    desk.locator("[name=title_zh_hans]").fill("第一次会议")
    desk.locator("[name=meets]").fill(calendar.moment(days=31))
    desk.locator("[name=place_zh_hans]").fill("礼堂")
    desk.locator("main form button[type=submit]").click()
    desk.get_by_role("link", name="增加议题").click()
    desk.locator("[name=kind]").select_option("pass")
    desk.locator("[name=title_zh_hans]").fill("高温停工办法")
    desk.locator("[name=text_zh_hans]").fill("三十八度以上停工，工资照发。")
    desk.locator("main form button[type=submit]").click()
    desk.get_by_role("button", name="发送材料").click()
    expect(desk.get_by_text("指纹已记入账本")).to_be_visible()

    phone = open_as(federation.members[0], phone=True)
    phone.goto(f"/decide/congress/proposals/{draft.code}/")
    expect(phone.get_by_text("附议 1 人，需 2 人")).to_be_visible()
    phone.get_by_role("button", name="附议").click()
    expect(phone.get_by_text("附议 2 人，需 2 人")).to_be_visible()
    keep(phone, "congress-proposal-phone")
    services.submit_proposal(actor=seat(people[1]), now=calendar.now(), code=draft.code)

    session = Session.objects.get(congress=congress)
    item = Item.objects.get(session=session)
    phone.goto(f"/decide/congress/items/{item.code}/")
    expect(phone.get_by_text("三十八度以上停工")).to_be_visible()

    calendar.turn(days=31, minutes=5)
    # A month later both sign in again.
    desk, phone = open_as(federation.offices[Role.SECRETARY]), open_as(federation.members[0], phone=True)
    others = list(congress.delegates.filter(person__in=people[1:20]).order_by("pk").values_list("pk", flat=True))
    services.set_attendance(actor=SYSTEM, now=calendar.now(), code=session.code, present=others, presidium=others[:3])
    desk.goto(f"/decide/congress/meetings/{session.code}/")
    expect(desk.get_by_role("button", name="宣布开会")).to_have_count(0)
    code = desk.locator(".hall .big").inner_text()
    phone.goto(f"/decide/congress/meetings/{session.code}/")
    phone.get_by_role("link", name="我已到会").click()
    phone.get_by_label("会场出示的签到码").fill(code)
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_role("link", name="我已到会")).to_have_count(0)
    desk.reload()
    desk.get_by_role("button", name="宣布开会").click()
    desk.goto(f"/decide/congress/items/{item.code}/")
    desk.get_by_role("link", name="开始无记名表决").click()
    desk.locator("main form button[type=submit]").click()

    phone.goto(f"/decide/congress/meetings/{session.code}/")
    phone.get_by_role("link", name="现在表决").click()
    phone.get_by_label("赞成").check()
    keep(phone, "congress-vote-phone")
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator(".figure .big")).to_be_visible()
    for place, person in enumerate(people[1:20]):
        services.cast_vote(
            actor=seat(person), now=calendar.now(), code=item.code, choices=["for" if place < 15 else "against"]
        )
    desk.goto(f"/decide/congress/items/{item.code}/")
    desk.get_by_role("button", name="结束表决").click()
    expect(desk.get_by_text("须经全体 30 名代表过半数同意，即 16 票")).to_be_visible()
    item.refresh_from_db()
    assert (item.outcome, item.counts) == ("passed", {"for": 16, "against": 4, "abstain": 0})
    keep(desk, "congress-result")
