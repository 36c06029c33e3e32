"""A round from plan to published figures."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail

from qiao.base import frozen
from qiao.base.access import Refused
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.exports import template_form
from qiao.hear.surveys.models import Invitation, QuestionnaireVersion, SealedAnswer
from qiao.org.access.choices import Role
from qiao.publish.models import Article
from tests.factories.hear import (
    CHOICES,
    DAY,
    SURVEY,
    Town,
    checked_round,
    closed_round,
    codes_of,
    fill,
    make_town,
    open_round,
    pass_plan,
    reach_by_mail,
    upload,
    workbook,
)

DAYS = {"ws_shift": "day", "need_first": ["pay"]}
NIGHTS = {"ws_shift": "night", "need_first": ["bus"], "hours": 8}


def test_faults_of_a_form_are_located_and_nothing_is_stored(town: Town) -> None:
    bad = (
        *SURVEY,
        ("select_one nowhere", "x", "？", "?", "", ""),
        ("text", "political_status", "政治面貌", "x", "", ""),
    )
    with pytest.raises(Problems) as caught:
        upload(town, workbook(bad))
    assert {(fault.place.sheet, fault.place.row) for fault in caught.value.faults} == {("survey", 6)}
    with pytest.raises(Problems) as caught:
        upload(town, workbook((*SURVEY, ("text", "face", "政治面貌", "Political status", "", ""))))
    assert [(fault.place.sheet, fault.place.row) for fault in caught.value.faults] == [("survey", 6)]
    assert not QuestionnaireVersion.objects.exists()


def test_names_of_the_platforms_columns_are_refused(town: Town) -> None:
    with pytest.raises(Problems, match="needed for the data"):
        upload(town, workbook((*SURVEY, ("text", "stratum", "层", "Stratum", "", ""))))


def test_a_form_without_anything_to_count_is_refused(town: Town) -> None:
    with pytest.raises(Problems, match="No question can be counted"):
        upload(town, workbook((SURVEY[0], SURVEY[-1]), CHOICES))


def test_uploading_again_makes_a_version_the_same_file_none(town: Town, now: datetime) -> None:
    first = QuestionnaireVersion.objects.get(pk=upload(town))
    owner = town.actor(Role.SURVEY_OWNER)
    again = {
        "actor": owner,
        "now": now,
        "unit": town.root,
        "title": {},
        "file_name": "f.xlsx",
        "code": first.questionnaire.code,
    }
    assert services.upload_questionnaire(content=bytes(first.content), **again) == first
    assert services.upload_questionnaire(content=workbook(SURVEY[:-1]), **again).number == 2


def test_the_template_can_be_asked_in_both_languages(town: Town) -> None:
    form = services.check_form("template.xlsx", template_form())
    asked = [question for question in form.questions if question.type not in {"note"}]
    assert len(asked) == 12
    assert form.language_for("zh-hans") == "中文 (zh)"
    assert form.language_for("en") == "English (en)"
    assert all(set(question.label) == {"中文 (zh)", "English (en)"} for question in asked)
    assert not form.warnings


def test_owner_and_drawer_are_two_people(town: Town, now: datetime) -> None:
    survey = checked_round(town)
    with pytest.raises(Refused):
        services.draw_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code)
    with pytest.raises(Refused):
        services.open_round(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code)
    with pytest.raises(Problem, match="after its sample is drawn"):
        services.open_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code)


def test_a_sample_is_proportional_and_can_be_drawn_again_from_its_seed(now: datetime, db: None) -> None:
    town = make_town(now, members=90)
    survey = checked_round(town, asked="sample", sample_size=30)
    drawer = town.actor(Role.SAMPLE_DRAWER)
    first = services.draw_round(actor=drawer, now=now, code=survey.code)
    people = set(Invitation.objects.filter(round=survey).values_list("person_id", flat=True))
    assert len(people) == 30
    assert [(row["population"], row["invited"]) for row in first.strata] == [(45, 15), (45, 15)]
    # The same day: the same draw, and nothing new in the ledger.
    leaves = LedgerLeaf.objects.count()
    second = services.draw_round(actor=drawer, now=now, code=survey.code)
    assert second.seed == first.seed
    assert set(Invitation.objects.filter(round=survey).values_list("person_id", flat=True)) == people
    assert LedgerLeaf.objects.count() == leaves
    # Another day would be another sample: nobody draws until it pleases.
    with pytest.raises(Problem, match="not drawn a second time"):
        services.draw_round(actor=drawer, now=now, code=survey.code, day=now.date() - DAY)
    assert set(Invitation.objects.filter(round=survey).values_list("person_id", flat=True)) == people
    # Sent back with the reason, it has another seed, and the ledger says that the first is void.
    privacy = town.actor(Role.DPO)
    services.refuse_plan(actor=privacy, now=now, code=survey.code, reason="The register was of the wrong day")
    assert first.seed in LedgerLeaf.objects.get(kind="round.draw_void").payload
    pass_plan(town, survey)
    earlier = services.draw_round(actor=drawer, now=now, code=survey.code, day=now.date() - DAY)
    assert earlier.frame_hash != first.frame_hash
    assert earlier.seed != first.seed


def test_opening_freezes_the_questionnaire_and_tells_the_ledger(town: Town, now: datetime) -> None:
    survey = open_round(town)
    kinds = list(LedgerLeaf.objects.order_by("index").values_list("kind", flat=True))
    assert kinds == ["round.committed", "round.sampled", "questionnaire.frozen", "round.opened"]
    assert QuestionnaireVersion.objects.get().frozen == now
    services.open_round(actor=town.actor(Role.SURVEY_OWNER), now=now + DAY, code=survey.code)
    assert LedgerLeaf.objects.count() == 4
    assert Article.objects.get().code == survey.code


def test_links_are_mailed_once_and_work_once(town: Town, now: datetime) -> None:
    for place in (0, 1, 2):
        reach_by_mail(town, place)
    survey = open_round(town)
    assert services.send_links(now=now, code=survey.code) == 3
    assert services.send_links(now=now, code=survey.code) == 0
    assert sorted(message.to[0] for message in mail.outbox) == [f"m{place}@town.example" for place in (0, 1, 2)]
    link = mail.outbox[0].body.split()[0]
    assert link.startswith(f"{settings.SITE_URL}/hear/surveys/s/")
    code = link.rstrip("/").rpartition("/")[2]
    assert services.take_answer(now=now, round_id=survey.pk, code=code, values=DAYS)
    assert services.take_answer(now=now, round_id=survey.pk, code=code, values=NIGHTS) is None
    # The sheet is for those who got no mail.
    assert len(codes_of(town, survey)) == 37


def test_the_sheet_of_codes_is_given_out_once(town: Town, now: datetime) -> None:
    survey = open_round(town)
    drawer = town.actor(Role.SAMPLE_DRAWER)
    first = services.make_code_sheet(actor=drawer, now=now, code=survey.code)
    with pytest.raises(Problem, match="are not kept"):
        services.make_code_sheet(actor=drawer, now=now, code=survey.code)
    services.take_answer(now=now, round_id=survey.pk, code=first[0].code, values=DAYS)
    second = services.make_code_sheet(actor=drawer, now=now, code=survey.code, renew=True)
    assert len(second) == 39
    assert services.take_answer(now=now, round_id=survey.pk, code=first[1].code, values=DAYS) is None
    with pytest.raises(Refused):
        services.make_code_sheet(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code, renew=True)


def test_answers_are_taken_only_while_the_round_is_open(town: Town, now: datetime) -> None:
    survey = open_round(town)
    code, other = codes_of(town, survey)[:2]
    late = survey.closes
    assert services.take_answer(now=late, round_id=survey.pk, code=code, values=DAYS) is None
    assert services.take_answer(now=now, round_id=survey.pk + 1, code=code, values=DAYS) is None
    assert services.take_answer(now=now, round_id=survey.pk, code=code.lower().replace("-", " "), values=DAYS)
    services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code, reason="done")
    assert services.take_answer(now=now, round_id=survey.pk, code=other, values=DAYS) is None


def test_published_figures_carry_weight_interval_and_n(town: Town, own_home: Path) -> None:
    # District 1 (20 members) gives 20 answers, district 2 gives 12 of 20: there each stands for 20/12.
    survey = open_round(town)
    for stratum, number, pay in (("T-D1", 20, 10), ("T-D2", 12, 12)):
        rows = Invitation.objects.filter(round=survey, stratum=stratum).order_by("pk")[:number]
        services.store_many(
            actor=town.actor(Role.SURVEY_OWNER), now=town.now, survey=survey,
            answers=[(row.pk, DAYS if place < pay else NIGHTS) for place, row in enumerate(rows)],
        )  # fmt: skip
    owner = town.actor(Role.SURVEY_OWNER)
    services.close_round(actor=owner, now=survey.closes, code=survey.code)
    survey = services.publish_results(actor=owner, now=survey.closes, code=survey.code)
    assert (survey.state, survey.answered, survey.invited) == ("published", 32, 40)
    question = next(one for one in survey.results["questions"] if one["name"] == "need_first")
    share, lower, upper, n = question["options"][0]["cells"][0]
    # 10/20 of the first twenty and 12/12 of the other twenty: 0.75; unweighted it would be 22/32 = 0.69.
    assert share == pytest.approx(0.75)
    assert n == 32
    # District 1 was asked as a whole and varies; it was a census, so the correction leaves no sampling error.
    assert lower <= share <= upper
    manifest = frozen.verify(queries.frozen_folder(survey.code))
    assert manifest.hash == survey.manifest_hash
    assert LedgerLeaf.objects.get(kind="round.frozen").payload.count(manifest.hash) == 1
    table = list(csv.DictReader(io.StringIO((manifest.folder / "figures.csv").read_bytes().decode("utf-8-sig"))))
    row = next(r for r in table if (r["question"], r["option"], r["group"]) == ("need_first", "pay", "all"))
    assert (float(row["value"]), row["n"], row["status"]) == (0.75, "32", "shown")


def test_too_few_answers_are_published_as_failed(town: Town) -> None:
    survey = closed_round(town, [DAYS] * 29)
    assert (survey.state, survey.answered, survey.results) == ("published_as_failed", 29, {})
    assert survey.manifest_hash


def test_no_answer_at_all(town: Town) -> None:
    assert closed_round(town, []).state == "published_as_failed"


def test_small_cells_are_hidden(town: Town) -> None:
    survey = closed_round(town, [*[DAYS] * 33, *[NIGHTS] * 3])
    question = next(one for one in survey.results["questions"] if one["name"] == "ws_shift")
    # Three people on nights: hidden, and the one other cell with them, from which they could be computed back.
    assert [option["cells"][0][0] for option in question["options"]] == [None, None]
    assert not any(group["key"] == "ws_shift:night" for group in survey.results["groups"])


def test_a_frozen_file_that_was_changed_is_noticed(town: Town) -> None:
    survey = closed_round(town, [DAYS] * 35)
    path = queries.frozen_folder(survey.code) / frozen.TABLE
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Problem, match="not the one that was frozen"):
        queries.frozen_round(survey.code)


def test_closing_and_publishing_twice_change_nothing(town: Town) -> None:
    survey = closed_round(town, [DAYS] * 35)
    owner = town.actor(Role.SURVEY_OWNER)
    leaves, rows = LedgerLeaf.objects.count(), AuditRow.objects.count()
    services.close_round(actor=owner, now=town.now + 20 * DAY, code=survey.code)
    assert (
        services.publish_results(actor=owner, now=town.now + 20 * DAY, code=survey.code).published == survey.published
    )
    assert (LedgerLeaf.objects.count(), AuditRow.objects.count()) == (leaves, rows)


def test_rounds_past_their_last_day_are_due(town: Town, now: datetime) -> None:
    survey = open_round(town)
    assert queries.due_rounds(now) == []
    assert queries.due_rounds(survey.closes) == [survey.code]


def test_monitor_tells_how_many_never_who(town: Town) -> None:
    survey = open_round(town)
    fill(town, survey, [DAYS] * 4)
    # Two in each district: too few to be told while the round is open. The whole is told.
    rows = queries.monitor(survey)
    assert [(row.label, row.invited, row.answered) for row in rows] == [
        ("第1区", 20, None), ("第2区", 20, None), ("", 40, 4),
    ]  # fmt: skip
    fill(town, survey, [DAYS] * 16)
    rows = queries.monitor(survey)
    assert [(row.label, row.answered, row.rate) for row in rows] == [
        ("第1区", 10, 0.5), ("第2区", 10, 0.5), ("", 20, 0.5),
    ]  # fmt: skip


def test_volunteers_carry_no_interval(town: Town, now: datetime) -> None:
    survey = open_round(town, asked="volunteers")
    for place in range(31):
        assert services.take_answer(now=now, round_id=survey.pk, values=DAYS if place % 2 else NIGHTS)
    owner = town.actor(Role.SURVEY_OWNER)
    services.close_round(actor=owner, now=now, code=survey.code, reason="done")
    survey = services.publish_results(actor=owner, now=now, code=survey.code)
    cells = survey.results["questions"][0]["options"][0]["cells"][0]
    assert cells == [pytest.approx(15 / 31), None, None, 31]


def test_a_round_takes_no_volunteers_unless_it_asks_them(town: Town, now: datetime) -> None:
    survey = open_round(town)
    assert services.take_answer(now=now, round_id=survey.pk, values=DAYS) is None


def test_answers_must_be_of_the_round(town: Town, now: datetime) -> None:
    survey = open_round(town)
    row = Invitation.objects.filter(round=survey).first()
    assert row is not None
    twice, owner = [(row.pk, DAYS), (row.pk, DAYS)], town.actor(Role.SURVEY_OWNER)
    with pytest.raises(ValueError, match="answered already"):
        services.store_many(actor=owner, now=now, survey=survey, answers=twice)
    assert not SealedAnswer.objects.exists()
