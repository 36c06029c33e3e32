from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from tests.factories.judge import GOOD, Town, closed, published, town

from qiao.base import clock
from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.choices import Outcome, State
from qiao.judge.evaluations.models import Evaluation, PromiseCheck, Recheck
from qiao.org.access.queries import actor_for
from qiao.org.access.services import open_account
from qiao.org.people.models import Account

BAD = {**GOOD, "satisfaction": "not", "solved": "not"}
TEXT = localized("我们会改。", "We will mend it.")
SAID = localized("实地看过。", "We went and looked.")


@pytest.fixture
def place(db: None, now: datetime) -> Town:
    return town(now)


def poor(place: Town) -> Evaluation:
    evaluation, pair = closed(place, [BAD] * 10)
    published(place, evaluation, pair.private, now=place.now)
    return evaluation


def promise(place: Town, *, days: int = 60, owner: Account | None = None, text: Localized = TEXT) -> services.Promised:
    return services.Promised(text, owner or place.accounts["org_officer"], place.now.date() + timedelta(days=days))


def responded(place: Town, evaluation: Evaluation, promises: list[services.Promised]) -> Evaluation:
    return services.respond(
        actor=place.actor("executive"), now=place.now, code=evaluation.code, text=TEXT, promises=promises
    )


def looked(place: Town, evaluation: Evaluation, *outcomes: Outcome, after: int = 200) -> Evaluation:
    waiting = queries.open_promises(evaluation)
    found = {
        one.pk: (outcome, {} if outcome == Outcome.KEPT else SAID)
        for one, outcome in zip(waiting, outcomes, strict=True)
    }
    moment = place.now + timedelta(days=after)
    account = place.accounts["evaluator"]
    return services.recheck(
        actor=actor_for(account, moment.date()), now=moment, code=evaluation.code, text=SAID, found=found
    )


def test_a_poor_result_needs_a_promise_somebody_else_than_the_judged_answers_for(place: Town) -> None:
    evaluation = poor(place)
    stranger = open_account(actor=actor_for(place.accounts["org_officer"], place.now.date()), now=place.now,
                            email="no@f.example", display_name="无职务")  # fmt: skip
    for promises, said in (
        ([], "The result is poor"),
        ([promise(place, owner=place.accounts["task_owner"])], "let somebody else answer"),
        ([promise(place, owner=stranger)], "holds no office"),
        ([promise(place, days=0)], "due after today"),
        ([promise(place, days=250)], "by the recheck"),
        ([promise(place, text={})], "Write what will be done"),
        ([promise(place)] * 7, "at most 6"),
        ([promise(place, text=localized("找 13912345678", "x"))], "telephone number"),
    ):
        with pytest.raises((Problem, Problems), match=said):
            responded(place, evaluation, promises)
        evaluation.refresh_from_db()
        assert (evaluation.state, evaluation.response) == (State.PUBLISHED, {})
    done = responded(place, evaluation, [promise(place), promise(place, days=90)])
    assert done.state == State.RESPONDED
    assert [one.owner_name for one in done.promises.all()] == ["org_officer 干部"] * 2
    assert place.accounts["task_owner"] not in queries.possible_owners(evaluation, place.now.date())


def test_the_recheck_has_its_days_and_closes_what_is_kept(place: Town) -> None:
    evaluation = responded(place, poor(place), [promise(place), promise(place)])
    # Half a year after 11 May 2026, on to a working day; then a month.
    assert evaluation.recheck_from is not None
    assert evaluation.recheck_from >= localdate(place.now) + timedelta(days=180)
    assert evaluation.recheck_due is not None
    assert evaluation.recheck_due >= evaluation.recheck_from + timedelta(days=30)
    with pytest.raises(Problem, match="rechecked from"):
        looked(place, evaluation, Outcome.KEPT, Outcome.KEPT, after=100)
    done = looked(place, evaluation, Outcome.KEPT, Outcome.PARTLY)
    assert done.state == State.RECHECKED
    again = done.recheck_from
    assert again is not None
    assert again > evaluation.recheck_from + timedelta(days=150)
    # Only what is not kept yet is looked at again.
    assert [one.position for one in queries.open_promises(evaluation)] == [2]
    last = looked(place, evaluation, Outcome.KEPT, after=400)
    assert last.state == State.ENDED
    with pytest.raises(Problem, match="nothing to recheck"):
        looked(place, evaluation, after=600)
    kinds = LedgerLeaf.objects.filter(code=evaluation.code, kind="evaluation.rechecked").order_by("index")
    assert [json.loads(leaf.payload)["promises"] for leaf in kinds] == [
        [{"outcome": "kept", "position": 1}, {"outcome": "partly", "position": 2}],
        [{"outcome": "kept", "position": 2}],
    ]


def test_what_was_found_is_said_in_full_by_the_evaluator_alone_and_stands(place: Town) -> None:
    evaluation = responded(place, poor(place), [promise(place)])
    (one,) = queries.open_promises(evaluation)
    moment = place.now + timedelta(days=200)
    run = actor_for(place.accounts["evaluator"], moment.date())
    for actor, text, found, said in (
        (run, {}, {one.pk: (Outcome.KEPT, {})}, "Write what you looked at"),
        (run, SAID, {}, "Say of every promise"),
        (run, SAID, {one.pk: (Outcome.NOT_KEPT, {})}, "Write what was found"),
    ):
        with pytest.raises(Problem, match=said):
            services.recheck(actor=actor, now=moment, code=evaluation.code, text=text, found=found)
    with pytest.raises(Refused):
        services.recheck(
            actor=place.actor("executive"), now=moment, code=evaluation.code, text=SAID,
            found={one.pk: (Outcome.KEPT, {})},
        )  # fmt: skip
    looked(place, evaluation, Outcome.NOT_KEPT)
    for act in (
        lambda: PromiseCheck.objects.update(outcome=Outcome.KEPT),
        lambda: Recheck.objects.all().delete(),
        lambda: evaluation.promises.update(until=date(2099, 1, 1)),
    ):
        with pytest.raises(DatabaseError), atomic():
            act()


def test_a_union_that_does_not_respond_is_rechecked_all_the_same(place: Town) -> None:
    evaluation = poor(place)
    done = looked(place, evaluation)
    assert done.state == State.RECHECKED
    late = queries.after(done, localdate(place.now) + timedelta(days=200))
    assert late.response_late
    # The response may still come, with what it promises, and is looked at again.
    moment = place.now + timedelta(days=210)
    services.respond(
        actor=actor_for(place.accounts["executive"], moment.date()), now=moment, code=evaluation.code, text=TEXT,
        promises=[services.Promised(TEXT, place.accounts["org_officer"], moment.date() + timedelta(days=20))],
    )  # fmt: skip
    evaluation.refresh_from_db()
    assert evaluation.state == State.RESPONDED


def test_a_late_response_is_looked_at_after_the_same_time(place: Town) -> None:
    evaluation = poor(place)
    before = evaluation.recheck_from
    assert before is not None
    moment = place.now + timedelta(days=190)
    until = before + timedelta(days=60)
    done = services.respond(
        actor=actor_for(place.accounts["executive"], moment.date()), now=moment, code=evaluation.code, text=TEXT,
        promises=[services.Promised(TEXT, place.accounts["org_officer"], until)],
    )  # fmt: skip
    assert done.recheck_from is not None
    assert done.recheck_from > until


def test_a_good_result_without_promises_is_closed_by_looking_again(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    published(place, evaluation, pair.private, now=place.now)
    responded(place, evaluation, [])
    assert looked(place, evaluation).state == State.ENDED


def test_the_desks_say_what_is_owed_and_until_when(place: Town) -> None:
    evaluation = poor(place)
    before = place.now + timedelta(days=10)
    executive = actor_for(place.accounts["executive"], before.date())
    run = actor_for(place.accounts["evaluator"], before.date())

    def steps(actor: object, moment: datetime) -> dict[str, date | None]:
        items = queries.desk_items(actor=actor, now=moment)  # type: ignore[arg-type]
        return {item.url: item.due and localdate(item.due) for item in items}

    respond = reverse("evaluations:respond", args=[evaluation.code])
    recheck = reverse("evaluations:recheck", args=[evaluation.code])
    assert steps(executive, before)[respond] == evaluation.response_due
    assert recheck not in steps(run, before)
    later = place.now + timedelta(days=200)
    assert steps(actor_for(place.accounts["evaluator"], later.date()), later)[recheck] == evaluation.recheck_due
    responded(place, evaluation, [promise(place)])
    assert respond not in steps(executive, before)


def test_the_pages_take_promises_and_show_what_became_of_them(db: None, client: Client) -> None:
    place = town(clock.now())
    evaluation = poor(place)
    address = reverse("evaluations:respond", args=[evaluation.code])
    client.force_login(place.accounts["executive"])
    page = client.get(address).content.decode()
    assert "org_officer 干部" in page
    assert "task_owner 干部" not in page
    owner = str(place.accounts["org_officer"].pk)
    until = (place.now.date() + timedelta(days=30)).isoformat()
    half = client.post(address, {"text_zh_hans": "我们会改", "0-text_zh_hans": "加一班车", "0-owner": owner})
    assert half.status_code == 422
    assert "什么时候" in half.content.decode()
    given = {"text_zh_hans": "我们会改", "0-text_zh_hans": "加一班车", "0-owner": owner, "0-until": until}
    assert client.post(address, given).status_code == 302
    shown = client.get(reverse("evaluations:detail", args=[evaluation.code])).content.decode()
    assert "加一班车" in shown
    assert "尚未复查" in shown
    looked(place, evaluation, Outcome.NOT_KEPT)
    shown = client.get(reverse("evaluations:detail", args=[evaluation.code])).content.decode()
    assert "没有做到" in shown
    assert "实地看过" in shown


def test_two_clicks_publish_one_response(place: Town) -> None:
    evaluation = poor(place)
    responded(place, evaluation, [promise(place)])
    with pytest.raises(Problem, match="given once"):
        responded(place, evaluation, [promise(place)])
    assert evaluation.promises.count() == 1
