"""From figures to needs: derived by the rule, worded by people, published with their figure, answered."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.problems import Problem
from qiao.hear.needs import queries, services
from qiao.hear.needs.models import Need
from qiao.hear.surveys.services import close_round, publish_results, take_answer
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, Town, closed_round, make_town, open_round

TITLE = localized("夜班没有车", "No bus at night")


@pytest.fixture
def large(db: None, now: datetime) -> Town:
    return make_town(now, members=160)


def survey_of(town: Town) -> str:
    """120 answers: everybody names pay; of 40 on nights 36 name the bus, of 80 on days 8."""
    nights = [{"ws_shift": "night", "need_first": ["pay", "bus"] if k < 36 else ["pay"]} for k in range(40)]
    days = [{"ws_shift": "day", "need_first": ["pay", "bus"] if k < 8 else ["pay", "legal"]} for k in range(80)]
    # Mixed, so that both districts have both.
    mixed = [answer for k in range(40) for answer in (nights[k], days[2 * k], days[2 * k + 1])]
    return closed_round(town, mixed).code


def derive(town: Town) -> list[Need]:
    return services.derive_needs(actor=town.actor(Role.ANALYST), now=town.now + 11 * DAY, round_code=survey_of(town))


def test_common_and_group_needs_come_out_with_their_figures(large: Town) -> None:
    made = {(need.kind, need.item, need.group_key): need for need in derive(large)}
    common = made["common", "need_first:pay", ""]
    assert (common.share, common.n, common.state) == (1.0, 120, "drafted")
    bus = made["group", "need_first:bus", "ws_shift:night"]
    assert bus.share == pytest.approx(0.9, abs=0.02)
    assert bus.rest_share == pytest.approx(0.1, abs=0.02)
    assert bus.lower < bus.share < bus.upper
    assert (bus.n, bus.rest_n) == (40, 80)
    assert bus.rate == pytest.approx(120 / 160)
    assert bus.title == {"zh-hans": "夜班：班车", "en": "Bus (Night)"}
    assert (bus.adjusted_p or 1) < 0.001
    # The bus is no need of those on days, and being on nights makes nobody ask for legal help.
    assert ("group", "need_first:bus", "ws_shift:day") not in made
    assert ("group", "need_first:legal", "ws_shift:night") not in made


def test_deriving_again_keeps_what_was_worded(large: Town, now: datetime) -> None:
    first = derive(large)
    analyst = large.actor(Role.ANALYST)
    services.check_need(actor=analyst, now=now, code=first[0].code, title=TITLE)
    again = services.derive_needs(actor=analyst, now=now, round_code=first[0].source_code)
    assert [need.code for need in again] == [need.code for need in first]
    assert again[0].title == TITLE


def test_only_the_analyst_derives_and_only_from_published_rounds(large: Town, now: datetime) -> None:
    code = survey_of(large)
    with pytest.raises(Refused):
        services.derive_needs(actor=large.actor(Role.SURVEY_OWNER), now=now, round_code=code)
    volunteers = open_round(large, asked="volunteers")
    for _one in range(30):
        take_answer(now=large.now, round_id=volunteers.pk, values={"ws_shift": "day", "need_first": ["pay"]})
    owner = large.actor(Role.SURVEY_OWNER)
    close_round(actor=owner, now=now, code=volunteers.code, reason="enough")
    publish_results(actor=owner, now=now, code=volunteers.code)
    with pytest.raises(Problem, match="Volunteers do not stand for all"):
        services.derive_needs(actor=large.actor(Role.ANALYST), now=now, round_code=volunteers.code)
    with pytest.raises(Problem, match="results are published"):
        services.derive_needs(actor=large.actor(Role.ANALYST), now=now, round_code="S-0")


def test_the_way_of_a_need(large: Town, now: datetime) -> None:
    need = derive(large)[0]
    analyst, executive = large.actor(Role.ANALYST), large.actor(Role.EXECUTIVE)
    with pytest.raises(Problem, match="word the need first"):
        services.publish_need(actor=analyst, now=now, code=need.code)
    services.check_need(actor=analyst, now=now, code=need.code, title=TITLE)
    assert services.publish_need(actor=analyst, now=now, code=need.code).state == "published"
    assert sources_of(need.code) == [need.source_code]
    with pytest.raises(Problem, match="keeps its words"):
        services.check_need(actor=analyst, now=now, code=need.code, title=localized("别的"))
    with pytest.raises(Refused):
        services.answer_need(actor=analyst, now=now, code=need.code, answer=localized("不"))
    with pytest.raises(Problem, match="silence"):
        services.answer_need(actor=executive, now=now, code=need.code, answer={})
    answered = services.answer_need(actor=executive, now=now, code=need.code, answer=localized("因为……"))
    assert services.answer_need(actor=executive, now=now, code=need.code, answer=localized("因为……")) == answered
    assert (queries.stations([need.code])[0].finished, answered.state) == (True, "answered")


def test_findings_come_from_judgment_only_and_once(town: Town, now: datetime) -> None:
    facts = {
        "now": now, "unit": town.root, "title": TITLE, "detail": {}, "share": 0.35, "lower": 0.3, "upper": 0.42,
        "n": 200, "rate": 0.4, "source_code": "E-7",
    }  # fmt: skip
    for actor in (Actor(), town.actor(Role.ANALYST), town.actor(Role.TASK_OWNER)):
        with pytest.raises(Refused):
            services.raise_finding(actor=actor, **facts)  # type: ignore[arg-type]
    need = services.raise_finding(actor=SYSTEM, **facts)  # type: ignore[arg-type]
    assert services.raise_finding(actor=town.actor(Role.EVALUATOR), **facts) == need  # type: ignore[arg-type]
    assert (need.state, need.kind) == ("published", "finding")
    assert sources_of(need.code) == ["E-7"]
    assert queries.need_by_code(need.code) == need
    assert list(queries.published_needs(town.root.path)) == [need]
    assert not queries.published_needs(town.districts[0].path).exists()


def test_drafts_are_seen_by_the_analyst_only(large: Town, client: Client, now: datetime) -> None:
    need = derive(large)[0]
    page = reverse("needs:need", args=[need.code])
    assert client.get(page).status_code == 404
    assert need.code not in client.get(reverse("needs:board")).content.decode()
    client.force_login(large.account(Role.ANALYST))
    assert client.get(page).status_code == 200
    response = client.post(
        reverse("needs:word", args=[need.code]), {"title_zh_hans": "工资", "title_en": "Pay", "then": "publish"}
    )
    assert response.status_code == 302
    client.logout()
    shown = client.get(page)
    assert shown.status_code == 200
    assert "<svg" in shown.content.decode()
    assert "±" in shown.content.decode()
    assert client.get(page, headers={"accept-language": "en"}).status_code == 200


def test_the_board_asks_the_database_as_often_for_many_needs_as_for_one(
    town: Town, now: datetime, client: Client
) -> None:
    def raise_some(first: int, last: int) -> None:
        for number in range(first, last):
            services.raise_finding(
                actor=SYSTEM, now=now, unit=town.root, title=localized(f"需求{number}"), detail={}, share=0.5,
                lower=0.4, upper=0.6, n=100, rate=0.5, source_code="E-1",
            )  # fmt: skip

    def queries_of(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(page).status_code == 200
        return len(caught)

    raise_some(0, 1)
    board = reverse("needs:board")
    client.get(board)
    one = queries_of(board)
    raise_some(1, 30)
    assert queries_of(board) == one


def test_the_landing_page_shows_what_members_need(large: Town, now: datetime, client: Client) -> None:
    need = derive(large)[0]
    analyst = large.actor(Role.ANALYST)
    services.check_need(actor=analyst, now=now, code=need.code, title=TITLE)
    services.publish_need(actor=analyst, now=now, code=need.code)
    page = client.get(reverse("web:hear")).content.decode()
    assert "夜班没有车" in page
    assert "<svg" in page
    assert " style=" not in page


def test_a_source_that_is_no_code_shows_all(db: None) -> None:
    assert Client().get("/hear/needs/?source=/../x").status_code == 200
