"""How tasks come about: sheet before scores, blind panel, users heard, nobody judges their own; worked by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.problems import Problem, Problems
from qiao.decide.proposals.services import raise_from_candidate
from qiao.hear.needs import services
from qiao.hear.needs.models import Candidate, Score, UserSeat
from qiao.hear.needs.queries import candidates as reads
from qiao.hear.needs.queries import desk_items, open_items
from qiao.hear.needs.rules import Task, forming
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account, PersonMessage
from tests.factories.hear import Town
from tests.factories.needs import a_candidate, a_need, officer, published_sheet

BEST = dict.fromkeys(forming.CRITERIA, 5)
MIXED = {"members": 4, "severity": 3, "able": 2, "cost": 1, "duty": 0}
WEIGHTS = {"members": 30, "severity": 25, "able": 20, "cost": 15, "duty": 10}


@pytest.fixture
def scorers(town: Town) -> tuple[Actor, Actor]:
    return officer(town, Role.ORG_OFFICER, "one"), officer(town, Role.ORG_OFFICER, "two")


def members(town: Town, count: int) -> list[Actor]:
    return [actor_for(town.member_account(place), town.now.date()) for place in range(count)]


def test_totals_by_hand() -> None:
    # 30·4 + 25·3 + 20·2 + 15·1 + 10·0 = 250; by 5: 50.
    assert forming.total(MIXED, WEIGHTS) == 50
    assert forming.total(BEST, WEIGHTS) == 100
    assert forming.of_panel([50, 100, 60]) == (70, 50, 100)
    for marks in ({**MIXED, "cost": 6}, {**MIXED, "cost": True}, {"members": 1}):
        with pytest.raises(Problem, match="from 0 to 5"):
            forming.total(marks, WEIGHTS)
    for weights, words in (({**WEIGHTS, "duty": 11}, "must sum to 100"), ({"members": 100}, "every criterion")):
        with pytest.raises(Problem, match=words):
            forming.check_weights(weights)


def test_marks_are_blind_until_all_are_in(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    one, two = scorers
    sheet = published_sheet(town, now, scorers)
    assert sheet.weights == WEIGHTS
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    facts = {"now": now, "code": candidate.code}
    for _again in range(2):
        services.score_candidate(actor=one, marks=BEST, **facts)  # type: ignore[arg-type]
    assert Score.objects.count() == 1
    again = reads.candidate_by_code(candidate.code)
    assert (again.state, reads.marks_of(again), reads.given_count(again)) == ("raised", [], (1, 2))
    assert reads.own_marks(again, two) == {}
    # One's own may be changed until then.
    services.score_candidate(actor=one, marks=MIXED, **facts)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        services.score_candidate(actor=town.actor(Role.EXECUTIVE), marks=BEST, **facts)  # type: ignore[arg-type]
    done = services.score_candidate(actor=two, marks=BEST, **facts)  # type: ignore[arg-type]
    assert (done.state, done.score, done.low, done.high) == ("scored", 75, 50, 100)
    with pytest.raises(Problem, match="until all are in"):
        services.score_candidate(actor=one, marks=BEST, **facts)  # type: ignore[arg-type]
    assert [marks.total for marks in reads.marks_of(done)] == [100, 50]


def test_nothing_is_scored_before_the_sheet_is_published(
    town: Town, now: datetime, scorers: tuple[Actor, Actor]
) -> None:
    keeper = town.actor(Role.SECRETARY)
    sheet = services.draft_sheet(actor=keeper, now=now, unit=town.root, title=localized("任务"))
    with pytest.raises(Problem, match="at least two"):
        services.publish_sheet(actor=keeper, now=now, code=sheet.code)
    with pytest.raises(Problem, match="at least two"):
        services.seat_scorers(actor=keeper, now=now, code=sheet.code, account_ids=[scorers[0].account_id or 0])
    seats = [one.account_id or 0 for one in scorers]
    services.seat_scorers(actor=keeper, now=now, code=sheet.code, account_ids=seats)
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    with pytest.raises(Problem, match="after the sheet is published"):
        services.score_candidate(actor=scorers[0], now=now, code=candidate.code, marks=BEST)
    with pytest.raises(Refused):
        services.draft_sheet(actor=town.actor(Role.EXECUTIVE), now=now, unit=town.root, title=localized("任务"))


def test_a_changed_sheet_makes_every_score_void(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    sheet = published_sheet(town, now, scorers)
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    for one in scorers:
        services.score_candidate(actor=one, now=now, code=candidate.code, marks=BEST)
    keeper = town.actor(Role.SECRETARY)
    other = {**WEIGHTS, "members": 20, "severity": 35}
    assert services.change_sheet(actor=keeper, now=now, code=sheet.code, weights=other) == 2
    assert services.change_sheet(actor=keeper, now=now, code=sheet.code, weights=other) == 0
    again = reads.candidate_by_code(candidate.code)
    assert (again.state, again.score, reads.void_count(sheet)) == ("raised", None, 2)
    services.score_candidate(actor=scorers[0], now=now, code=candidate.code, marks=MIXED)
    # 20·4 + 35·3 + 20·2 + 15·1 = 240; by 5: 48.
    assert Score.objects.get(void__isnull=True).total == 48


def test_who_proposes_neither_scores_nor_decides(town: Town, now: datetime) -> None:
    raiser = officer(town, Role.SECRETARY, "raiser")
    one, two = officer(town, Role.ORG_OFFICER, "one"), officer(town, Role.EXECUTIVE, "two")
    sheet = published_sheet(town, now, (raiser, one, two))
    candidate = a_candidate(town, now, sheet, raiser)
    with pytest.raises(Problem, match="somebody else"):
        services.score_candidate(actor=raiser, now=now, code=candidate.code, marks=BEST)
    services.score_candidate(actor=one, now=now, code=candidate.code, marks=BEST)
    # The panel is complete without who raised it.
    assert services.score_candidate(actor=two, now=now, code=candidate.code, marks=BEST).state == "scored"
    hear_users(town, now, candidate)
    with pytest.raises(Problem, match="somebody else"):
        services.adopt_candidate(actor=two, now=now, code=candidate.code)


def hear_users(town: Town, now: datetime, candidate: Candidate) -> None:
    for one in members(town, 8):
        assert one.person_id is not None
    services.draw_panel(actor=town.actor(Role.SECRETARY), now=now, code=candidate.sheet.code, seed="abc")
    for seat in UserSeat.objects.filter(sheet=candidate.sheet).order_by("pk")[:5]:
        member = Actor(account_id=1, person_id=seat.person_id)
        services.speak_on_candidate(actor=member, now=now, code=candidate.code, say="for", words="好")
        services.speak_on_candidate(actor=member, now=now, code=candidate.code, say="partly", words="再多一条线")
    services.close_panel(actor=town.actor(Role.SECRETARY), now=now, code=candidate.code)


def test_from_raised_to_a_proposal(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    sheet = published_sheet(town, now, scorers)
    analyst, executive, keeper = town.actor(Role.ANALYST), town.actor(Role.EXECUTIVE), town.actor(Role.SECRETARY)
    candidate = a_candidate(town, now, sheet, analyst)
    need = candidate.served.get().need
    follower = members(town, 8)[7]
    services.follow_need(actor=follower, now=now, code=need.code)
    facts = {"now": now, "code": candidate.code}
    assert any(candidate.code in item.url for item in desk_items(actor=scorers[0], now=now))
    with pytest.raises(Problem, match="All scores"):
        services.close_panel(actor=keeper, **facts)  # type: ignore[arg-type]
    for one in scorers:
        services.score_candidate(actor=one, marks=BEST, **facts)  # type: ignore[arg-type]
    services.draw_panel(actor=keeper, now=now, code=sheet.code)
    services.draw_panel(actor=keeper, now=now, code=sheet.code)
    assert UserSeat.objects.count() == 8
    assert [item.url for item in open_items(actor=follower, now=now)] == [
        reverse("needs:speak", args=[candidate.code])
    ]  # fmt: skip
    with pytest.raises(Problem, match="at least 5"):
        services.close_panel(actor=keeper, **facts)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        services.speak_on_candidate(actor=executive, say="for", **facts)  # type: ignore[arg-type]
    with pytest.raises(Problems, match="telephone"):
        services.speak_on_candidate(actor=follower, say="for", words="13812345678", **facts)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="users were heard"):
        services.adopt_candidate(actor=executive, **facts)  # type: ignore[arg-type]
    hear_users(town, now, candidate)
    heard = reads.candidate_by_code(candidate.code)
    assert (heard.voices, reads.words_said(heard)) == ({"for": 0, "partly": 5, "against": 0}, ["再多一条线"] * 5)
    with pytest.raises(Problem, match="adopted candidate"):
        raise_from_candidate(actor=keeper, now=now, candidate_code=candidate.code)
    for _again in range(2):
        adopted = services.adopt_candidate(actor=executive, **facts)  # type: ignore[arg-type]
    assert adopted.state == "adopted"
    assert PersonMessage.objects.filter(once=f"candidate:{candidate.code}:{follower.account_id}").count() == 1
    made = [raise_from_candidate(actor=keeper, now=now, candidate_code=candidate.code) for _again in range(2)]
    assert made[0] == made[1]
    assert set(sources_of(made[0].code)) == {candidate.code, need.code}
    need.refresh_from_db()
    assert (need.state, need.action_code) == ("taken_up", made[0].code)


def test_not_adopted_says_why(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    sheet = published_sheet(town, now, scorers)
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    for one in scorers:
        services.score_candidate(actor=one, now=now, code=candidate.code, marks=MIXED)
    hear_users(town, now, candidate)
    executive = town.actor(Role.EXECUTIVE)
    with pytest.raises(Problem, match="Say why"):
        services.reject_candidate(actor=executive, now=now, code=candidate.code, reason={})
    reason = localized("公交公司已决定延长末班车")
    services.reject_candidate(actor=executive, now=now, code=candidate.code, reason=reason)
    assert reads.candidate_by_code(candidate.code).reason == reason
    services.change_sheet(
        actor=town.actor(Role.SECRETARY), now=now, code=sheet.code, weights={**WEIGHTS, "cost": 10, "duty": 15}
    )  # fmt: skip
    # What is decided stays decided.
    assert reads.candidate_by_code(candidate.code).state == "rejected"


def test_a_candidate_without_a_need_says_who_asked(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    sheet = published_sheet(town, now, scorers)
    analyst = town.actor(Role.ANALYST)
    with pytest.raises(Problem, match="at least one need"):
        a_candidate(town, now, sheet, analyst, need_codes=[])
    with pytest.raises(Problem, match="Name the law"):
        a_candidate(town, now, sheet, analyst, need_codes=[], origin="law")
    with pytest.raises(Problem, match="no published need"):
        a_candidate(town, now, sheet, analyst, need_codes=["N-0"])
    with pytest.raises(Refused):
        a_candidate(town, now, sheet, town.actor(Role.TASK_OWNER))
    lawful = a_candidate(town, now, sheet, analyst, need_codes=[], origin="law", ground="工会法第三十条")
    assert (lawful.origin, lawful.ground) == ("law", "工会法第三十条")
    with pytest.raises(Problem, match="amount of money"):
        services.raise_candidate(
            actor=analyst, now=now, sheet_code=sheet.code, title=localized("a"), text=localized("b"),
            cost=Decimal(-1), need_codes=[a_need(town, now).code],
        )  # fmt: skip


def test_pages_of_candidates(town: Town, now: datetime, scorers: tuple[Actor, Actor], client: Client) -> None:
    sheet = published_sheet(town, now, scorers)
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    for page in (
        reverse("needs:sheets"), reverse("needs:sheet", args=[sheet.code]),
        reverse("needs:candidate", args=[candidate.code]), reverse("needs:loop"),
    ):  # fmt: skip
        assert client.get(page).status_code == 200, page
    client.force_login(town.account(Role.SECRETARY))
    keep = reverse("needs:keep_sheet", args=[sheet.code])
    assert client.post(keep, {"act": "weights", **WEIGHTS, "cost": 10, "duty": 15}).status_code == 302
    assert client.post(keep, {"act": "what"}).status_code == 404
    assert client.get(reverse("needs:raise_candidate", args=[sheet.code])).status_code == 200
    client.force_login(town.account(Role.EXECUTIVE))
    assert client.get(reverse("needs:score", args=[candidate.code])).status_code == 403
    assert client.get(reverse("needs:decide", args=[candidate.code])).status_code == 200


def test_the_four_measures_by_hand(town: Town, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from qiao.base.lineage import link
    from qiao.hear.needs.queries.loop import loop_report
    from qiao.hear.needs.rules import sources

    need = a_need(town, now)

    def task(code: str, **facts: object) -> Task:
        return Task(code=code, title=localized(code), url="/", **facts)  # type: ignore[arg-type]

    tasks = [
        task("W-1", ended=True, proposed_by="A", done_by="B", judged_by="evaluator", changed_after=True),
        task("W-2", ended=True, proposed_by="A", done_by="A", judged_by="A"),
        task("W-3", ended=False, proposed_by="A", done_by="A"),
    ]
    link(source=need.code, target="W-1", now=now)
    link(source="W-1", target="E-9", now=now)
    monkeypatch.setattr(sources, "_TASKS", [lambda _path: tasks])
    found = {one.key: (len(one.yes), len(one.of), [t.code for t in one.missing]) for one in loop_report()}
    assert found == {
        "traceable": (1, 3, ["W-2", "W-3"]), "judged": (1, 2, ["W-2"]), "changed": (1, 1, []),
        "circling": (1, 3, ["W-2"]),
    }  # fmt: skip


def test_the_system_may_not_be_a_scorer(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    sheet = published_sheet(town, now, scorers)
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    with pytest.raises(Refused):
        services.score_candidate(actor=SYSTEM, now=now, code=candidate.code, marks=BEST)


def test_two_accounts_of_one_person_are_one_scorer(town: Town, now: datetime, scorers: tuple[Actor, Actor]) -> None:
    first, second = scorers
    Account.objects.filter(pk=second.account_id).update(same_as=first.account_id)
    keeper = town.actor(Role.SECRETARY)
    sheet = services.draft_sheet(actor=keeper, now=now, unit=town.root, title=localized("评分表"))
    with pytest.raises(Problem, match="one person"):
        services.seat_scorers(
            actor=keeper, now=now, code=sheet.code, account_ids=[first.account_id or 0, second.account_id or 0]
        )


def test_the_panel_waits_for_no_second_account_of_the_proposer(
    town: Town, now: datetime, scorers: tuple[Actor, Actor]
) -> None:
    first, second = scorers
    sheet = published_sheet(town, now, scorers)
    candidate = a_candidate(town, now, sheet, town.actor(Role.ANALYST))
    Account.objects.filter(pk=second.account_id).update(same_as=candidate.proposer_id)
    scored = services.score_candidate(actor=first, now=now, code=candidate.code, marks=BEST)
    assert (scored.state, scored.score) == ("scored", scored.low)


def test_what_a_law_demands_becomes_a_proposal_without_a_need(town: Town, now: datetime) -> None:
    sheet = services.draft_sheet(actor=town.actor(Role.SECRETARY), now=now, unit=town.root, title=localized("评分表"))
    candidate = a_candidate(
        town, now, sheet, town.actor(Role.ANALYST), need_codes=[], origin="law", ground="工会法第三十条"
    )
    Candidate.objects.filter(pk=candidate.pk).update(state="adopted")
    keeper = town.actor(Role.SECRETARY)
    made = [raise_from_candidate(actor=keeper, now=now, candidate_code=candidate.code) for _again in range(2)]
    assert made[0] == made[1]
    assert set(sources_of(made[0].code)) == {candidate.code}
