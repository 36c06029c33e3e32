"""Parts asked several times, by telephone and from paper; what is known of base unions is not asked again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.problems import Problems
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.models import Answer, Call, Invitation, PaperSheet, SealedAnswer
from qiao.hear.surveys.queries import version_by_id
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit
from tests.factories.hear import (
    CHOICES,
    DAY,
    Town,
    codes_of,
    open_round,
    pass_plan,
    planned_round,
    upload,
    workbook,
)

HEAD = ("type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant", "choice_filter")
FORM = (
    HEAD,
    ("select_one shift", "ws_shift", "班次？", "Shift?", "yes", "", ""),
    ("begin repeat", "child", "每个孩子", "Each child", "", "${ws_shift} = 'night'", ""),
    ("integer", "age", "几岁？", "How old?", "yes", "", ""),
    ("end repeat", "", "", "", "", "", ""),
    (
        "select_one needs",
        "need_first",
        "最需要什么？",
        "What is needed?",
        "",
        "",
        "name != 'bus' or ${ws_shift} = 'night'",
    ),
)


@pytest.fixture
def round_with_repeat(town: Town) -> Any:
    return open_round(town, version=version_by_id(upload(town, workbook(FORM))))


def test_a_repeat_is_one_screen_of_the_interview(
    round_with_repeat: Any, town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiao.hear.surveys.views import interviews

    monkeypatch.setattr(interviews, "now", lambda: town.now)
    account = town.account(Role.INTERVIEWER)
    invitation = Invitation.objects.filter(round=round_with_repeat).order_by("pk")[0]
    call = Call.objects.create(invitation=invitation, interviewer=account)
    client.force_login(account)
    url = reverse("surveys:ask", args=[round_with_repeat.code, call.pk])
    # By day the part does not apply, nor is the bus offered.
    day = client.post(url, {"ws_shift": "day", "qiao:at": "ws_shift"})
    assert day.context["question"].key == "need_first"
    assert [name for name, _label, _on in day.context["question"].options] == ["pay", "legal", "culture"]
    night = client.post(url, {"ws_shift": "night", "qiao:at": "ws_shift"})
    assert (night.context["question"].key, night.context["question"].kind) == ("child", "repeat")
    assert 'name="child:1:age"' in night.content.decode()
    one = {"ws_shift": "night", "child:#": "1", "child:1:age": "7", "qiao:at": "child"}
    more = client.post(url, {**one, "qiao:add": "child"})
    assert (more.status_code, more.context["question"].key) == (200, "child")
    assert 'name="child:2:age"' in more.content.decode()
    wrong = client.post(url, {**one, "child:#": "1 2", "child:2:age": "seven"})
    assert (wrong.status_code, wrong.context["question"].key) == (422, "child")
    last = client.post(url, {**one, "child:#": "1 2", "child:2:age": "9"})
    assert last.context["question"].key == "need_first"
    assert ("child:2:age", "9") in last.context["carried"]
    done = client.post(url, {**one, "child:#": "1 2", "child:2:age": "9", "need_first": "bus", "qiao:at": "need_first"})
    assert "R-" in done.content.decode()
    services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=town.now + 10 * DAY, code=round_with_repeat.code)
    assert Answer.objects.get().values == {
        "ws_shift": "night", "child": [{"age": 7}, {"age": 9}], "need_first": "bus",
    }  # fmt: skip


def test_a_repeat_is_typed_from_paper(
    round_with_repeat: Any, town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiao.hear.surveys.views import paper

    monkeypatch.setattr(paper, "now", lambda: town.now)
    survey = queries.round_by_code(round_with_repeat.code)
    codes = codes_of(town, survey)
    client.force_login(town.account(Role.INTERVIEWER))
    url = client.post(reverse("surveys:stacks", args=[survey.code]), {"expected": "1"}).headers["Location"]
    assert 'name="child:1:age"' in client.get(url).content.decode()
    sheet = {"qiao:sheet": "1", "qiao:code": codes[0], "ws_shift": "2", "child:#": "1", "child:1:age": "7"}
    more = client.post(url, {**sheet, "qiao:add": "child"})
    assert (more.status_code, more.context["typed_code"]) == (200, codes[0])
    assert 'name="child:2:age"' in more.content.decode()
    assert not PaperSheet.objects.exists()
    assert client.post(url, {**sheet, "child:1:age": "x"}).status_code == 422
    assert client.post(url, {**sheet, "child:#": "1 2", "child:2:age": "9", "need_first": "2"}).status_code == 302
    assert PaperSheet.objects.get().answers == (
        '{"child": [{"age": 7}, {"age": 9}], "need_first": "bus", "ws_shift": "night"}'
    )
    assert not SealedAnswer.objects.exists()


# base unions


def union_form(label: str) -> bytes:
    return workbook(
        (HEAD, ("select_one needs", "need_first", label, "What does your union need?", "", "", "")), CHOICES
    )


def round_of_unions(town: Town, content: bytes) -> Any:
    return planned_round(town, asked="base_unions", version=version_by_id(upload(town, content)))


def test_what_the_platform_knows_of_a_union_is_not_asked(town: Town) -> None:
    plan = round_of_unions(town, union_form("贵工会会员人数是多少？"))
    assert "for what the platform knows" in str(queries.sheet_of(plan).faults[0].message)
    with pytest.raises(Problems, match="for what the platform knows"):
        pass_plan(town, plan)
    # Members may be asked how many colleagues they have; only of unions it stands in the register.
    members = planned_round(town, version=version_by_id(upload(town, union_form("贵工会会员人数是多少？"))))
    assert not queries.sheet_of(members).faults
    fine = round_of_unions(town, union_form("贵工会最缺什么？"))
    assert pass_plan(town, fine).state == "privacy_checked"
    with translation.override("en"):
        assert "How many members the union has, in four sizes" in queries.design_columns(fine)


def test_an_officer_answers_for_the_own_union_once(town: Town, client: Client, now: datetime, monkeypatch: Any) -> None:
    from qiao.hear.surveys.views import fielding

    monkeypatch.setattr(fielding, "now", lambda: town.now)
    for number in range(18):
        found_unit(
            actor=SYSTEM, now=now, kind=UnitKind.BASE, name=localized(f"第{number}店工会", f"Shop {number}"),
            label=f"T-D1-S{number}", parent=town.districts[0], founded=date(2000, 1, 1),
        )  # fmt: skip
    survey = round_of_unions(town, union_form("贵工会最缺什么？"))
    pass_plan(town, survey)
    services.draw_round(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code)
    services.open_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code)
    # Eighteen shops without members and two works: the size of so few is joined with the others.
    assert set(Invitation.objects.values_list("employment", flat=True)) == {"members_lt25"}
    account = open_account(actor=SYSTEM, now=now, email="shop@town.example", display_name="shop")
    grant_role(
        actor=SYSTEM, now=now, account=account, role=Role.BASE_OFFICER, unit=town.bases[0], since=date(2020, 1, 1)
    )
    client.force_login(account)
    url = reverse("surveys:union", args=[survey.code])
    with translation.override("en"):
        page = client.get(url, headers={"accept-language": "en"})
    assert [(row.unit.pk, row.members, row.answered) for row in page.context["rows"]] == [(town.bases[0].pk, 20, False)]
    assert client.post(url, {"unit": town.bases[1].pk}).status_code == 404
    secret = client.post(url, {"unit": town.bases[0].pk}).headers["Location"].rstrip("/").rpartition("/")[2]
    assert services.take_answer(now=now, round_id=survey.pk, code=secret, values={"need_first": "pay"})
    assert client.get(url).context["rows"][0].answered
    assert client.post(url, {"unit": town.bases[0].pk}).status_code == 302
    assert SealedAnswer.objects.count() == 1
    # A round of members is none to answer for a union, whoever's it is.
    assert client.get(reverse("surveys:union", args=[open_round(town).code])).status_code == 404
