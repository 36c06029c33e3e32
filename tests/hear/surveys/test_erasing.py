"""The single answers of a survey are erased in time; what was published stays and can still be checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override
from typer.testing import CliRunner

from qiao.base import frozen
from qiao.base.access import SYSTEM
from qiao.base.models import LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.cli.main import app
from qiao.hear.needs.services import derive_needs
from qiao.hear.surveys import queries
from qiao.hear.surveys.models import Answer, Invitation, Round
from qiao.hear.surveys.rules import PUBLISH_FLOOR, RAW_RETENTION, SMALL_CELL
from qiao.org.access.choices import Role
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Proof
from qiao.org.retention.services import run_rule, set_hold
from qiao.org.settings.services import set_value
from tests.factories.hear import DAY, Town, closed_round, planned_round


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The command line speaks English from its first call on: not into the next test."""
    with override("en"):
        yield


ANSWER = {"ws_shift": "day", "need_first": ["pay"]}


def erase(town: Town, after: int) -> int:
    return run_rule(actor=SYSTEM, now=town.now + after * DAY, key="survey_answers", batch=20)


def test_answers_and_their_table_go_after_ninety_days_and_figures_stay(town: Town, own_home: Path) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    figures = (queries.frozen_folder(survey.code) / "figures.csv").read_bytes()
    ended = (Round.objects.get(pk=survey.pk).closed - town.now).days
    assert erase(town, ended + 89) == 0
    assert erase(town, ended + 91) == 36
    assert erase(town, ended + 92) == 0
    assert not Answer.objects.filter(round=survey).exists()
    folder = queries.frozen_folder(survey.code)
    assert not (folder / frozen.TABLE).exists()
    assert (folder / "figures.csv").read_bytes() == figures
    survey = Round.objects.get(pk=survey.pk)
    assert survey.erased == town.now + (ended + 91) * DAY
    assert survey.results["questions"]
    manifest = frozen.verify(folder)
    assert manifest.hash == survey.manifest_hash
    assert list(manifest.erased) == [frozen.TABLE]
    proof = Proof.objects.get()
    assert (proof.number, proof.rule) == (36, "svy.raw_retention = 90 d")
    assert proof.digest in LedgerLeaf.objects.get(kind="retention.erased").payload


def test_qiao_verify_says_what_is_gone_and_still_finds_what_was_changed(town: Town) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    erase(town, 200)
    folder = queries.frozen_folder(survey.code)
    told = CliRunner().invoke(app, ["verify", str(folder), "--format", "csv"])
    assert told.exit_code == 0
    line = next(line for line in told.stdout.splitlines() if line.startswith(frozen.TABLE))
    assert "erased 2026-" in line
    (folder / "figures.csv").write_text("other")
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 2
    # A table that is simply not there, without the note, is missed.
    (folder / frozen.ERASED).unlink()
    assert "answers.parquet is missing" in CliRunner().invoke(app, ["verify", str(folder)]).stderr


def test_a_killed_erasure_is_taken_up(town: Town) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    run_rule(actor=SYSTEM, now=town.now + 200 * DAY, key="survey_answers", batch=10, batches=2)
    Proof.objects.update(finished=None)
    assert Answer.objects.filter(round=survey).count() == 15
    # The file went, the transaction did not commit: the next run finds it done.
    frozen.erase_table(queries.frozen_folder(survey.code), now=town.now, rule="x")
    assert erase(town, 201) == 16
    assert Proof.objects.get().number == 36
    assert Round.objects.get(pk=survey.pk).erased


def test_a_hold_on_the_round_or_its_unit_stops_it(town: Town) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    given = {"ground": Ground.COURT, "reason": "case 12", "until": date(2027, 6, 1), "object_class": "survey_answers"}
    dpo = town.actor(Role.DPO)
    set_hold(actor=dpo, now=town.now, code=survey.code, **given)
    assert erase(town, 200) == 0
    assert erase(town, 400) == 36


def test_needs_are_no_longer_derived_and_the_page_says_why(town: Town) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    erase(town, 200)
    with pytest.raises(Problem, match="are erased"):
        derive_needs(actor=town.actor(Role.ANALYST), now=town.now, round_code=survey.code)
    page = Client(headers={"accept-language": "en"}).get(f"/hear/surveys/{survey.code}/").content.decode()
    assert "The single answers were erased on" in page


def test_the_receipt_still_tells(town: Town) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    receipt = Receipt.objects.create(number="R-0000-0000-0", kind="survey", code=survey.code, day=date(2026, 5, 11))
    erase(town, 200)
    state = queries.receipt_state(receipt)
    assert state is not None
    assert ("The single answers are erased, the tables stay", True) in state.steps


def test_who_was_invited_goes_too(town: Town) -> None:
    survey = closed_round(town, [ANSWER] * 35)
    assert run_rule(actor=SYSTEM, now=town.now + 200 * DAY, key="survey_invitations", batch=7) == 40
    assert not Invitation.objects.exists()
    rows = queries.monitor(Round.objects.get(pk=survey.pk))
    assert rows[-1].answered == 35


def test_a_round_keeps_the_limits_it_was_planned_under(town: Town) -> None:
    office, guard = town.actor(Role.ORG_OFFICER), town.actor(Role.DPO)
    first = planned_round(town)
    for actor, setting, value in ((office, PUBLISH_FLOOR, 36), (guard, SMALL_CELL, 10)):
        set_value(
            actor=actor, now=town.now, setting_key=setting.key, unit=town.root, value=value, since=town.now.date(),
            reason="more care",
        )  # fmt: skip
    assert (first.publish_floor, first.small_cell) == (30, 5)
    second = closed_round(town, [ANSWER] * 35)
    assert (second.publish_floor, second.small_cell, second.state) == (36, 10, "published_as_failed")
    with pytest.raises(Problem, match="cannot be lower than 5"):
        set_value(
            actor=guard, now=town.now, setting_key=SMALL_CELL.key, unit=town.root, value=4,
            since=town.now.date() + timedelta(days=1), reason="less care",
        )  # fmt: skip
    assert RAW_RETENTION.highest == 366
