"""Scorecards: figures with n and margin, no ranking, small cells hidden, few queries; the report of the loop."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.judge import GOOD, closed, published, town
from tests.factories.org import Tree, make_tree
from typer.testing import CliRunner

from qiao.base import clock
from qiao.base.access import ANONYMOUS, SYSTEM
from qiao.base.i18n import localized
from qiao.base.lineage import link
from qiao.cli.main import app
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.deliver.programmes.models import Project
from qiao.hear.needs.services import raise_finding
from qiao.hear.window import services as window
from qiao.hear.window.choices import Outcome
from qiao.hear.window.models import Request
from qiao.judge.evaluations import services as evaluations
from qiao.judge.evaluations.choices import Outcome as Found
from qiao.judge.evaluations.queries import open_promises
from qiao.judge.scorecards import queries
from qiao.judge.scorecards.exports import loop_csv
from qiao.judge.scorecards.rules.figures import figure, moved, told_apart
from qiao.org.access.queries import actor_for

pytestmark = pytest.mark.django_db


def answered(tree: Tree, label: str, *, solved: int, other: int, ago: int = 30, start: int = 0) -> None:
    """Requests at a unit on which askers have spoken: written straight into the table, as thousands would be."""
    made = window.file_request(
        actor=ANONYMOUS, now=tree.now,
        given=window.Given(nonce=f"card-{label}-{start:05}", text="加班费", place=tree[label]),
    ).request  # fmt: skip
    pattern = Request.objects.get(pk=made.pk)
    when = tree.now - timedelta(days=ago)
    rows = []
    for number in range(solved + other):
        row = Request.objects.get(pk=pattern.pk)
        row.pk, row.code, row.nonce = None, f"{pattern.code}-{number}", f"{pattern.nonce[:50]}-{number}"
        row.receipt = f"X{pattern.pk}-{number}"[:16]
        row.body, row.received, row.answered, row.due = tree[label], when, when + timedelta(days=3), when
        row.outcome = Outcome.SOLVED if number < solved else Outcome.NOT_SOLVED
        row.state, row.closed = "closed", when + timedelta(days=5)
        rows.append(row)
    Request.objects.filter(pk=pattern.pk).update(received=tree.now - timedelta(days=3000))
    Request.objects.bulk_create(rows)


@pytest.fixture
def tree(now: datetime, db: None) -> Tree:
    return make_tree(now)


def test_a_figure_has_its_n_and_an_exact_interval() -> None:
    one = figure(10, 10)
    assert (one.share, one.upper) == (1.0, 1.0)
    assert one.lower == pytest.approx(0.025 ** (1 / 10))
    assert figure(5, 9).hidden


def test_a_change_is_called_sure_only_where_it_is() -> None:
    assert moved((180, 200), (100, 200)).sure
    assert not moved((11, 20), (10, 20)).sure
    assert moved((5, 8), (100, 200)).points is None
    assert moved((20, 20), (20, 20)).p is not None


def test_a_hidden_cell_takes_another_with_it() -> None:
    assert told_apart({"a": 3, "b": 40, "c": 15}) == {"a", "c"}
    assert told_apart({"a": 3, "b": 40, "c": 8}) == {"a", "c"}
    assert told_apart({"a": 3, "b": 4, "c": 40, "d": 12}) == {"a", "b", "d"}
    assert told_apart({"a": 30, "b": 40}) == frozenset()


def test_solved_as_the_askers_say_beside_the_year_before(tree: Tree) -> None:
    answered(tree, "B1", solved=40, other=10)
    answered(tree, "B1", solved=10, other=40, ago=500, start=1)
    found = queries.request_figures(tree["F"].path, now=tree.now)["solved"]
    assert (found.now.part, found.now.of, found.before.part) == (40, 50, 10)
    assert found.points == pytest.approx(60)
    assert found.sure
    page = Client(headers={"accept-language": "en"}).get("/judge/scorecards/").content.decode()
    assert "n = 50" in page


def test_units_stand_in_the_order_of_the_tree_and_small_ones_are_hidden(tree: Tree) -> None:
    answered(tree, "B1", solved=10, other=30)
    answered(tree, "B2", solved=30, other=2)
    rows = queries.solved_by_unit(tree["F"], now=tree.now)
    assert [row.unit.label for row in rows] == ["D1", "D2"], "the better one does not come first"
    assert [row.solved.part for row in rows] == [10, 30]
    page = Client(headers={"accept-language": "en"}).get("/judge/scorecards/").content.decode()
    assert page.index("D1 Union") < page.index("D2 Union")
    Request.objects.filter(body=tree["B2"], outcome=Outcome.SOLVED).exclude(code__endswith="-0").delete()
    rows = queries.solved_by_unit(tree["F"], now=tree.now)
    assert all(row.solved.hidden for row in rows), "three askers of D2 could be told from the sum and D1"


def test_no_query_more_for_more_units(tree: Tree) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert Client().get("/judge/scorecards/unit/F/").status_code == 200
        return len(found)

    answered(tree, "B1", solved=12, other=3)
    count()
    before = count()
    for number, label in enumerate(("D1", "D2", "H1", "B2"), start=5):
        answered(tree, label, solved=12, other=3, start=number)
    assert count() <= before


def test_every_ended_task_gets_judged_or_stands_on_the_list(now: datetime, db: None) -> None:
    place = town(now)
    rows = queries.awaiting("", now=now + timedelta(days=200))
    assert [row.project.code for row in rows] == [place.project.code]
    assert rows[0].clock is not None
    assert rows[0].clock.mark == "overdue"
    assert queries.overdue_judgments("", now=now + timedelta(days=200)) == 1
    assert queries.overdue_judgments("", now=now) == 0
    Project.objects.update(state=ProjectState.CLOSED, reason={"zh-hans": "太小"})
    assert queries.awaiting("", now=now)[0].closed_without


def test_the_report_is_computed_from_the_links_and_again_from_its_file(now: datetime, db: None, tmp_path: Path) -> None:
    place = town(now)
    need = raise_finding(
        actor=SYSTEM, now=now, unit=place.root, title=localized("夜班"), detail=localized("夜班没有车"), share=0.5,
        lower=0.4, upper=0.6, n=50, rate=None, source_code="S-1",
    )  # fmt: skip
    links = ((need.code, "P-1"), ("P-1", "D-7"), ("P-1", place.project.code), ("D-7", place.project.code))
    for source, target in links:
        link(source=source, target=target, now=now)
    (row,) = queries.loop_rows()
    assert (row.needs, row.decision, row.ended) == (1, "D-7", False)
    file = tmp_path / "loop.csv"
    file.write_bytes(loop_csv([row]))
    run = CliRunner().invoke(app, ["loop", str(file)])
    assert run.exit_code == 0, run.output
    assert "1/1" in run.stdout
    file.write_text(file.read_text().replace(",no,", ",maybe,", 1))
    run = CliRunner().invoke(app, ["loop", str(file)])
    assert run.exit_code == 2
    assert "row 2" in run.output
    assert Client().get("/judge/scorecards/loop/").status_code == 200


@pytest.mark.parametrize("address", ["", "unjudged/", "loop/", "loop/loop.csv", "unit/F/", "service/pay/"])
def test_pages_stand_in_both_languages(tree: Tree, address: str) -> None:
    for language in ("zh-hans", "en"):
        assert Client(headers={"accept-language": language}).get(f"/judge/scorecards/{address}").status_code == 200


def test_what_followed_a_judgment_stands_on_the_card(now: datetime, db: None, client: Client) -> None:
    place = town(clock.now())
    evaluation, pair = closed(place, [{**GOOD, "satisfaction": "not", "solved": "not"}] * 10)
    published(place, evaluation, pair.private, now=place.now)
    (row,) = queries.judged("", now=place.now)
    assert (row.promised, row.kept, row.looked, row.response_late) == (0, 0, False, False)
    (row,) = queries.judged("", now=place.now + timedelta(days=40))
    assert row.response_late
    text = localized("改", "Mend")
    until = place.now.date() + timedelta(days=30)
    evaluations.respond(
        actor=place.actor("executive"), now=place.now, code=evaluation.code, text=text,
        promises=[evaluations.Promised(text, place.accounts["org_officer"], until)] * 2,
    )  # fmt: skip
    page = client.get(reverse("scorecards:project", args=[place.project.code])).content.decode()
    assert "2 项整改承诺，尚未复查" in page
    first, second = open_promises(evaluation)
    later = place.now + timedelta(days=200)
    evaluations.recheck(
        actor=actor_for(place.accounts["evaluator"], later.date()), now=later, code=evaluation.code, text=text,
        found={first.pk: (Found.KEPT, {}), second.pk: (Found.NOT_KEPT, text)},
    )  # fmt: skip
    (row,) = queries.judged("", now=later, code=evaluation.code)
    assert (row.promised, row.kept, row.looked, row.response_late) == (2, 1, True, False)
    assert queries.judged("", now=later, code="E-0") == []
