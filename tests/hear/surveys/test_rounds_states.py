"""The states of a round: who passes, refuses, extends, closes early, links; what the database holds to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.hear.surveys import queries, rules, services
from qiao.hear.surveys.models import Invitation, PrivacyCheck, Round
from qiao.hear.surveys.queries import POINTS
from qiao.org.access.choices import Role
from qiao.org.units.models import Unit
from tests.factories.hear import DAY, Town, checked_round, closed_round, open_round, pass_plan, planned_round

DAYS = {"ws_shift": "day", "need_first": ["pay"]}
HELD = {key: True for key, _label in POINTS}


def test_nobody_is_drawn_before_the_privacy_check(town: Town, now: datetime) -> None:
    survey = planned_round(town)
    with pytest.raises(Problem, match="after the privacy check"):
        services.draw_round(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code)
    with pytest.raises(Refused):
        services.pass_plan(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code, points=HELD)
    with pytest.raises(Problem, match="Not every point"):
        services.pass_plan(actor=town.actor(Role.DPO), now=now, code=survey.code, points={"purpose": True})
    passed = pass_plan(town, survey)
    assert (passed.state, pass_plan(town, survey).state) == ("privacy_checked", "privacy_checked")
    assert PrivacyCheck.objects.get().retention_days == 90
    leaf = LedgerLeaf.objects.get(kind="round.committed")
    assert passed.commitment in leaf.payload
    assert passed.nonce not in leaf.payload


def test_a_plan_without_purpose_is_not_passed(town: Town) -> None:
    with pytest.raises(Problem, match="needed for"):
        pass_plan(town, planned_round(town, purpose={}))


def test_the_owner_does_not_check_the_own_plan(town: Town, now: datetime) -> None:
    survey = planned_round(town)
    Round.objects.filter(pk=survey.pk).update(planned_by_id=town.account(Role.DPO).pk)
    with pytest.raises(Problem, match="somebody else"):
        pass_plan(town, survey)


def test_a_refused_plan_goes_back_and_its_draw_is_void(town: Town, now: datetime) -> None:
    survey = checked_round(town)
    services.draw_round(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code)
    privacy, owner = town.actor(Role.DPO), town.actor(Role.SURVEY_OWNER)
    with pytest.raises(Problem, match="Say why"):
        services.refuse_plan(actor=privacy, now=now, code=survey.code, reason=" ")
    back = services.refuse_plan(actor=privacy, now=now, code=survey.code, reason="第 3 题不需要")
    assert (back.state, back.seed, back.invited, Invitation.objects.count()) == ("planned", "", 0, 0)
    assert queries.checks_of(back)[0].reason == "第 3 题不需要"
    fresh = queries.round_by_code(survey.code)
    wanted: dict[str, Any] = {
        "title": localized("新题目", "New title"), "purpose": fresh.purpose, "asked": "sample", "sample_size": 20,
        "opens": fresh.opens, "closes": fresh.closes, "stratum_by": "employment", "design": "elements",
        "allocation": "proportional", "given": {}, "per_cluster": None, "earlier_code": "", "earlier_item": "",
        "expected_rate": 0.25,
    }  # fmt: skip
    changed = services.change_plan(
        actor=owner, now=now, code=survey.code, unit=town.root, version=fresh.version, wanted=wanted
    )
    assert (changed.title["en"], changed.sample_size) == ("New title", 20)
    pass_plan(town, changed)
    with pytest.raises(Problem, match="has been passed"):
        services.change_plan(
            actor=owner, now=now, code=survey.code, unit=town.root, version=fresh.version, wanted=wanted
        )


def test_no_plan_goes_back_once_people_are_asked(town: Town, now: datetime) -> None:
    survey = open_round(town)
    with pytest.raises(Problem, match="asked already"):
        services.refuse_plan(actor=town.actor(Role.DPO), now=now, code=survey.code, reason="x")


def test_the_sheet_names_sensitive_questions_and_design_columns(town: Town) -> None:
    sheet = queries.sheet_of(planned_round(town, asked="sample", sample_size=20))
    assert [question.name for question in sheet.questions] == ["ws_shift", "need_first", "hours", "words"]
    assert [question.name for question in sheet.questions if question.free] == ["words"]
    assert (len(sheet.columns), sheet.cell, sheet.faults) == (3, 10, ())


def test_a_round_is_extended_with_a_reason_and_never_shortened(town: Town, now: datetime) -> None:
    survey, owner = open_round(town), town.actor(Role.SURVEY_OWNER)
    with pytest.raises(Problem, match="Say why"):
        services.extend_round(actor=owner, now=now, code=survey.code, closes=survey.closes + DAY, reason="")
    with pytest.raises(Problem, match="never shortened"):
        services.extend_round(actor=owner, now=now, code=survey.code, closes=survey.closes - DAY, reason="x")
    with pytest.raises(Refused):
        services.extend_round(
            actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code, closes=survey.closes + DAY, reason="x"
        )
    for _again in range(2):
        later = services.extend_round(actor=owner, now=now, code=survey.code, closes=survey.closes + DAY, reason="台风")
    assert later.closes == survey.closes + DAY
    assert [step["reason"] for step in later.extensions] == ["台风"]
    assert LedgerLeaf.objects.filter(kind="round.extended").count() == 1
    assert queries.due_rounds(survey.closes) == []


def test_an_early_close_says_why_in_the_ledger(town: Town, now: datetime) -> None:
    survey, owner = open_round(town), town.actor(Role.SURVEY_OWNER)
    with pytest.raises(Problem, match="Say why"):
        services.close_round(actor=owner, now=now, code=survey.code)
    closed = services.close_round(actor=owner, now=now, code=survey.code, reason="题目有误")
    assert closed.early_reason == "题目有误"
    assert "题目有误" in LedgerLeaf.objects.get(kind="round.closed").payload


def test_a_round_is_linked_when_every_finding_is_answered(town: Town, now: datetime) -> None:
    survey = closed_round(town, [DAYS] * 35)
    assert services.link_round(now=now, code=survey.code, answered=1, needs=2).state == "published"
    assert services.link_round(now=now, code=survey.code, answered=0, needs=0).state == "published"
    for _again in range(2):
        assert services.link_round(now=now, code=survey.code, answered=2, needs=2).state == "linked"
    assert LedgerLeaf.objects.filter(kind="round.linked").count() == 1
    assert survey.code in [one.code for one in queries.published_rounds()]


def test_the_database_holds_to_the_states(town: Town) -> None:
    survey = open_round(town)
    for wrong in ({"state": "nowhere"}, {"state": "published"}, {"state": "linked", "manifest_hash": "x"},
                  {"drawn_by_id": survey.planned_by_id}, {"design": "two_stage"}, {"small_cell": 4}):  # fmt: skip
        with pytest.raises(IntegrityError), atomic():
            Round.objects.filter(pk=survey.pk).update(**wrong)


def test_steps_of_volunteers_leave_the_draw_out() -> None:
    labels = [label for label, _done, _here in rules.steps("fielding", "volunteers")]
    assert len(labels) == len(rules.STEPS) - 1
    assert rules.steps("published_as_failed")[-1][2]


def test_reminders_and_limits_are_those_of_the_day_the_round_opened(town: Town, now: datetime) -> None:
    survey = open_round(town)
    assert (survey.reminders_after, survey.reminders_most, survey.weight_cap) == (7, 2, 5)
    assert not rules.reminder_due(survey, now + timedelta(days=6))
    assert rules.reminder_due(survey, now + timedelta(days=7))
    assert not rules.reminder_due(survey, survey.closes - timedelta(hours=3))


def test_rounds_come_round_by_their_cadence(town: Town, now: datetime) -> None:
    owner = town.actor(Role.SURVEY_OWNER)
    never = queries.due_calendar(owner, now)
    assert [(row.last, row.overdue) for row in never] == [(None, False), (None, False)]
    survey = closed_round(town, [DAYS] * 35)
    rows = {row.what: row for row in queries.due_calendar(owner, now + 10 * DAY)}
    assert any(row.due == queries.months_after(row.last, 12) for row in rows.values() if row.last)
    late = queries.due_calendar(owner, now + 400 * DAY)
    assert sum(row.overdue for row in late) == 1
    items = queries.desk_items(actor=owner, now=now + 400 * DAY)
    assert sum("calendar" in item.url for item in items) == 1
    assert survey.code


def test_months_end_where_the_month_ends() -> None:
    assert queries.months_after(datetime(2025, 1, 31).date(), 1).isoformat() == "2025-02-28"
    assert queries.months_after(datetime(2025, 11, 30).date(), 3).isoformat() == "2026-02-28"


def test_base_unions_answer_once_each_by_their_officers(town: Town, now: datetime) -> None:
    from datetime import date

    from qiao.base.access import SYSTEM
    from qiao.org.access.queries import actor_for
    from qiao.org.access.services import grant_role
    from qiao.org.people.services import open_account

    survey = open_round(town, asked="base_unions", stratum_by="none")
    assert survey.invited == 2
    account = open_account(actor=SYSTEM, now=now, email="o@town.example", display_name="o")
    grant_role(
        actor=SYSTEM, now=now, account=account, role=Role.BASE_OFFICER, unit=town.bases[0], since=date(2020, 1, 1)
    )
    officer = actor_for(account, now.date())
    with pytest.raises(Refused):
        services.union_code(actor=officer, now=now, code=survey.code, unit=town.bases[1])
    secret = services.union_code(actor=officer, now=now, code=survey.code, unit=town.bases[0])
    assert secret == services.union_code(actor=officer, now=now, code=survey.code, unit=town.bases[0])
    assert [item.url.endswith("/union/") for item in queries.desk_items(actor=officer, now=now)] == [True]
    assert services.take_answer(now=now, round_id=survey.pk, code=secret, values=DAYS)
    with pytest.raises(Problem, match="answered already"):
        services.union_code(actor=officer, now=now, code=survey.code, unit=town.bases[0])
    assert Unit.objects.filter(pk__in=Invitation.objects.values("unit_id")).count() == 2
