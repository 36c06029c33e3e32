"""The blinded frame: who draws knows nobody, who knows everybody learns nothing of the draw."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.factories.judge import DAY, Town, commissioned, opened, town
from typer.testing import CliRunner

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.base.problems import Problem
from qiao.cli.main import app
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import RollEntry
from qiao.judge.evaluations.rules.frame import OTHER, FrameRow, coarsened, draw, pseudonym_of
from qiao.judge.evaluations.rules.keys import commitment, new_keys
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Person

run = CliRunner()


@pytest.fixture
def place(db: None, now: datetime) -> Town:
    return town(now, members=40)


def test_the_sample_is_drawn_again_by_the_command(place: Town, tmp_path: Path) -> None:
    evaluation, keys = opened(place, sample_size=12)
    frame = tmp_path / "frame.csv"
    frame.write_text(str(queries.frame_of(evaluation)))
    drawn = tmp_path / "drawn.csv"
    done = run.invoke(
        app,
        ["sample", str(frame), "--key", "pseudonym", "--seed", keys.seed, "-n", "12", "-o", str(drawn)],
    )
    assert done.exit_code == 0, done.output
    again = {row["pseudonym"] for row in csv.DictReader(io.StringIO(drawn.read_text(encoding="utf-8-sig")))}
    roll = RollEntry.objects.filter(evaluation=evaluation).values_list("person_id", flat=True)
    assert again == {pseudonym_of(evaluation.code, person) for person in roll}
    assert (evaluation.population, evaluation.asked, len(again)) == (40, 12, 12)


def test_the_seed_is_committed_before_the_frame_and_told_after_it(place: Town) -> None:
    evaluation, keys = opened(place, sample_size=12)
    kinds = list(LedgerLeaf.objects.filter(code=evaluation.code).order_by("index").values_list("kind", flat=True))
    order = [kinds.index(f"evaluation.{kind}") for kind in ("terms", "key", "frame", "opened")]
    assert order == sorted(order)
    said = {leaf.kind: json.loads(leaf.payload) for leaf in LedgerLeaf.objects.filter(code=evaluation.code)}
    assert said["evaluation.key"]["seed_hash"] == said["evaluation.frame"]["seed_hash"] == commitment(keys.seed)
    assert said["evaluation.opened"]["seed"] == keys.seed
    assert keys.seed not in json.dumps([said["evaluation.key"], said["evaluation.frame"]])


def test_another_seed_draws_nothing(place: Town) -> None:
    evaluation, keys, actor = commissioned(place, sample_size=12), new_keys(), place.actor("evaluator")
    services.register_key(actor=actor, now=place.now, code=evaluation.code, keys=keys.registered)
    services.freeze_frame(actor=actor, now=place.now, code=evaluation.code)
    for seed in ("", new_keys().seed, keys.seed.upper()):
        with pytest.raises(Problem, match="not the seed you committed to"):
            services.open_evaluation(actor=actor, now=place.now, code=evaluation.code, seed=seed)
    with pytest.raises(Problem, match="can no longer be replaced"):
        services.register_key(actor=actor, now=place.now, code=evaluation.code, keys=new_keys().registered)
    assert evaluation.roll.count() == 40


def test_the_judged_side_can_neither_freeze_nor_draw_nor_see_the_frame(place: Town) -> None:
    evaluation, keys = commissioned(place), new_keys()
    services.register_key(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, keys=keys.registered)
    for role in ("executive", "task_owner", "secretary", "org_officer", "sys_admin", "auditor", "sample_drawer"):
        with pytest.raises(Refused):
            services.freeze_frame(actor=place.actor(role), now=place.now, code=evaluation.code)
        with pytest.raises(Refused):
            services.open_evaluation(actor=place.actor(role), now=place.now, code=evaluation.code, seed=keys.seed)
        client = Client()
        client.force_login(place.accounts[role])
        assert client.get(reverse("evaluations:frame", args=[evaluation.code])).status_code == 403


def test_who_joined_after_the_frame_was_frozen_is_not_in_it(place: Town) -> None:
    evaluation, keys, actor = commissioned(place), new_keys(), place.actor("evaluator")
    services.register_key(actor=actor, now=place.now, code=evaluation.code, keys=keys.registered)
    services.freeze_frame(actor=actor, now=place.now, code=evaluation.code)
    before = queries.frame_of(evaluation)
    late = Person.objects.create(name="新会员")
    admit_member(actor=SYSTEM, now=place.now, person=late, unit=place.base, employment=Employment.DIRECT, since=DAY)
    services.freeze_frame(actor=actor, now=place.now, code=evaluation.code)
    assert queries.frame_of(evaluation) == before
    assert LedgerLeaf.objects.filter(code=evaluation.code, kind="evaluation.frame").count() == 1


def test_pseudonyms_of_two_evaluations_have_nothing_in_common() -> None:
    first = {pseudonym_of("E-1", person) for person in range(500)}
    second = {pseudonym_of("E-2", person) for person in range(500)}
    assert len(first) == len(second) == 500
    assert not first & second


def test_nothing_kept_joins_pseudonyms_with_people_and_no_page_names_who_is_drawn(place: Town) -> None:
    evaluation, _keys = opened(place, sample_size=12)
    drawn = set(evaluation.roll.values_list("person_id", flat=True))
    names = {pseudonym_of(evaluation.code, person) for person in drawn}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found = [row[0] for row in cursor.fetchall() if any(name in row[0] for name in names)]
            # The frame itself, in which every member stands, drawn or not.
            assert len(found) == (table == "evaluations_bundlefile"), table
    people = {f"会员{number}" for number in range(40)}
    for role in ("executive", "task_owner", "sys_admin", "auditor", "evaluator", "secretary"):
        client = Client()
        client.force_login(place.accounts[role])
        for name in ("detail", "board", "frame", "digests", "bundle"):
            address = reverse(f"evaluations:{name}", args=[] if name == "board" else [evaluation.code])
            body = client.get(address).content.decode(errors="replace")
            assert not people & set(body.replace("<", " ").replace(">", " ").split())
            if name != "frame":
                assert not any(pseudonym in body for pseudonym in names)
    told = " ".join(str(row.detail) for row in AuditRow.objects.all())
    assert not any(pseudonym in told for pseudonym in names)


def test_the_frame_singles_nobody_out() -> None:
    rows = [FrameRow(f"{number:03}", "A" if number < 30 else "B", "direct") for number in range(50)]
    rows += [FrameRow("100", "A", "agency"), FrameRow("101", "C", "agency"), FrameRow("102", "D", "direct")]
    found = coarsened(rows)
    assert [row.pseudonym for row in found] == sorted(row.pseudonym for row in rows)
    assert min(Counter((row.branch, row.employment) for row in found).values()) >= 5
    many = coarsened([*rows, *(FrameRow(f"2{number}", "C", "agency") for number in range(9))])
    assert min(Counter((row.branch, row.employment) for row in many).values()) >= 5
    assert len({row.branch for row in many}) > 1
    assert {(row.branch, row.employment) for row in coarsened(rows[:3])} == {(OTHER, OTHER)}


def test_the_draw_is_uniform_and_needs_no_order() -> None:
    people = {f"p{number}": number for number in range(20)}
    hits: Counter[int] = Counter()
    for seed in range(2000):
        hits.update(draw(people, 5, str(seed)))
    assert all(abs(hits[person] - 500) < 110 for person in people.values())
    backwards = dict(reversed(people.items()))
    assert draw(backwards, 5, "x") == draw(people, 5, "x")
    assert sorted(draw(people, None, "x")) == list(range(20))


def test_before_the_draw_nobody_is_asked(place: Town) -> None:
    evaluation, keys, actor = commissioned(place), new_keys(), place.actor("evaluator")
    services.register_key(actor=actor, now=place.now, code=evaluation.code, keys=keys.registered)
    services.freeze_frame(actor=actor, now=place.now, code=evaluation.code)
    assert queries.open_items(actor=place.member(0), now=place.now) == []
    services.void_evaluation(actor=actor, now=place.now, code=evaluation.code, reason=localized("停办", "Called off"))
    evaluation.refresh_from_db()
    assert evaluation.state == State.VOID
