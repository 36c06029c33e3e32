"""From figures to needs: derived by the rule, worded by people, published with their figure, answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import queries, rules, services
from qiao.hear.needs.models import Need
from qiao.hear.needs.queries.reading import figure_text
from qiao.hear.surveys.services import close_round, publish_results, take_answer
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account, PersonMessage
from qiao.org.people.services import open_account
from tests.factories.hear import DAY, Town, closed_round, make_town, open_round

TITLE = localized("夜班没有车", "No bus at night")


@pytest.fixture
def large(db: None, now: datetime) -> Town:
    return make_town(now, members=160)


def survey_of(town: Town) -> str:
    """120 answers: everybody names pay; of 40 on nights 34 name the bus, of 80 on days 8."""
    nights = [{"ws_shift": "night", "need_first": ["pay", "bus"] if k < 34 else ["pay"]} for k in range(40)]
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
    assert bus.share == pytest.approx(0.85, abs=0.02)
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
    services.word_need(actor=analyst, now=now, code=first[0].code, title=TITLE)
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


def second_analyst(town: Town) -> Actor:
    """Another analyst of the federation."""
    account = open_account(actor=SYSTEM, now=town.now, email="analyst2@town.example", display_name="analyst2")
    grant_role(
        actor=SYSTEM, now=town.now, account=account, role=Role.ANALYST, unit=town.root, since=date(2020, 1, 1)
    )  # fmt: skip
    return actor_for(account, town.now.date())


def published(town: Town, now: datetime, need: Need) -> Need:
    """The need, worded by one analyst, checked and published by another."""
    services.word_need(actor=town.actor(Role.ANALYST), now=now, code=need.code, title=TITLE)
    services.check_need(actor=SYSTEM, now=now, code=need.code)
    return services.publish_need(actor=town.actor(Role.ANALYST), now=now, code=need.code)


def test_the_way_of_a_need(large: Town, now: datetime) -> None:
    need = derive(large)[0]
    analyst, executive, second = large.actor(Role.ANALYST), large.actor(Role.EXECUTIVE), second_analyst(large)
    with pytest.raises(Problem, match="word the need first"):
        services.check_need(actor=second, now=now, code=need.code)
    services.word_need(actor=analyst, now=now, code=need.code, title=TITLE)
    with pytest.raises(Problem, match="second analyst"):
        services.publish_need(actor=analyst, now=now, code=need.code)
    with pytest.raises(Problem, match="somebody else"):
        services.check_need(actor=analyst, now=now, code=need.code)
    assert services.check_need(actor=second, now=now, code=need.code).state == "checked"
    # Who words it anew has it checked anew.
    services.word_need(actor=analyst, now=now, code=need.code, title=TITLE)
    assert queries.need_by_code(need.code).state == "drafted"
    services.check_need(actor=second, now=now, code=need.code)
    with pytest.raises(Refused):
        services.publish_need(actor=executive, now=now, code=need.code)
    assert services.publish_need(actor=analyst, now=now, code=need.code).state == "published"
    assert services.publish_need(actor=analyst, now=now + DAY, code=need.code).published == now
    assert sources_of(need.code) == [need.source_code]
    with pytest.raises(Problem, match="keeps its words"):
        services.word_need(actor=analyst, now=now, code=need.code, title=localized("别的"))
    with pytest.raises(Problem, match="not dropped"):
        services.drop_need(actor=analyst, now=now, code=need.code)
    with pytest.raises(Refused):
        services.answer_need(actor=analyst, now=now, code=need.code, answer=localized("不"))
    with pytest.raises(Problem, match="silence"):
        services.answer_need(actor=executive, now=now, code=need.code, answer={})
    answered = services.answer_need(actor=executive, now=now, code=need.code, answer=localized("因为……"))
    assert services.answer_need(actor=executive, now=now, code=need.code, answer=localized("因为……")) == answered
    assert (queries.stations([need.code])[0].finished, answered.state) == (True, "answered")


def test_a_published_need_has_a_clock_and_shows_when_it_is_over(large: Town, now: datetime, client: Client) -> None:
    need = published(large, now, derive(large)[0])
    assert need.due is not None
    assert (need.holder, need.due_rule) == (large.root, "need.answer_within=60")
    assert need.due.date() >= (now + 60 * DAY).date()
    assert not rules.is_overdue(need, need.due)
    late = need.due + timedelta(seconds=1)
    assert rules.is_overdue(need, late)
    assert (queries.overdue_count(need.due), queries.overdue_count(late)) == (0, 1)
    assert list(queries.board(actor=Actor(), overdue_at=late)) == [need]
    # A later setting leaves a running clock alone.
    page = client.get(reverse("needs:need", args=[need.code])).content.decode()
    assert "例城总工会" in page


def test_an_action_answers_too_and_followers_are_told_once(large: Town, now: datetime) -> None:
    need = published(large, now, derive(large)[0])
    member = actor_for(large.member_account(0), now.date())
    with pytest.raises(Refused):
        services.follow_need(actor=Actor(), now=now, code=need.code)
    for _again in range(2):
        services.follow_need(actor=member, now=now, code=need.code)
    for code in ("P-1", "P-2"):
        services.take_up_need(actor=SYSTEM, now=now, code=need.code, action_code=code, what=localized("夜班车", "Bus"))
    need.refresh_from_db()
    assert (need.state, need.action_code) == ("taken_up", "P-1")
    told = PersonMessage.objects.filter(account_id=member.account_id) | PersonMessage.objects.filter(
        person_id=member.person_id
    )
    assert told.count() == 1
    # What it came to nothing with is answered all the same.
    executive = large.actor(Role.EXECUTIVE)
    services.answer_need(actor=executive, now=now, code=need.code, answer=localized("提案未通过"))
    assert told.count() == 2
    services.unfollow_need(actor=member, now=now, code=need.code)
    assert not queries.follows(member, need)


def test_a_round_is_linked_when_each_published_need_is_answered(large: Town, now: datetime) -> None:
    one, two, *_drafts = derive(large)
    assert not services.link_round(now=now, source_code=one.source_code)
    published(large, now, one)
    published(large, now, two)
    executive = large.actor(Role.EXECUTIVE)
    services.answer_need(actor=executive, now=now, code=one.code, answer=localized("因为"))
    assert not services.link_round(now=now, source_code=one.source_code)
    services.take_up_need(actor=SYSTEM, now=now, code=two.code, action_code="P-1", what=localized("办"))
    assert services.link_round(now=now, source_code=one.source_code)


def test_personal_data_does_not_come_into_words(large: Town, now: datetime) -> None:
    need = derive(large)[0]
    with pytest.raises(Problems, match="telephone"):
        services.word_need(
            actor=large.actor(Role.ANALYST), now=now, code=need.code, title=localized("找 13812345678")
        )  # fmt: skip


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
        reverse("needs:word", args=[need.code]), {"title_zh_hans": "工资", "title_en": "Pay"}
    )  # fmt: skip
    assert response.status_code == 302
    second = Account.objects.get(pk=second_analyst(large).account_id)
    client.force_login(second)
    assert client.post(reverse("needs:check", args=[need.code]), {"then": "publish"}).status_code == 302
    client.logout()
    shown = client.get(page)
    assert shown.status_code == 200
    assert "<svg" in shown.content.decode()
    assert figure_text(need) in shown.content.decode()
    assert "–" in figure_text(need)
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
    published(large, now, derive(large)[0])
    page = client.get(reverse("web:hear")).content.decode()
    assert "夜班没有车" in page
    assert "<svg" in page
    assert " style=" not in page


def test_a_source_that_is_no_code_shows_all(db: None) -> None:
    assert Client().get("/hear/needs/?source=/../x").status_code == 200
