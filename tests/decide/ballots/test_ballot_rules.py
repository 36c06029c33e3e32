"""Every rule: planned, voted, counted, and the export counted again to the same result."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import lexico_tie_breaking
from tests.factories.ballots import DAY, Ground, make_ground, make_proposals
from typer.testing import CliRunner

from qiao.base.access import SYSTEM
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.cli.main import app
from qiao.decide.ballots import queries, rules, services
from qiao.decide.ballots.choices import Rule
from qiao.decide.ballots.exports import bundle_of
from qiao.decide.ballots.models import Ballot, BallotItem, Paper
from qiao.decide.ballots.services.tally import tally
from qiao.org.units.models import Unit
from qiao_stats import ranking, share

pytestmark = pytest.mark.django_db


def plan(now: datetime, ground: Ground, rule: Rule, number: int = 4, **options) -> tuple[Ballot, list[str]]:
    codes = [one.code for one in make_proposals(now, ground.district, *range(100, 100 * number + 1, 100))]
    ballot = services.plan_ballot(
        actor=SYSTEM, now=now, unit=ground.district, title=localized("票决", "Vote"), proposal_codes=codes, opens=now,
        closes=now + 7 * DAY, rule=rule, **options,
    )  # fmt: skip
    return services.open_ballot(actor=SYSTEM, now=now, code=ballot.code), codes


def vote(now: datetime, ground: Ground, ballot: Ballot, papers: list[dict[str, int]]) -> None:
    for member, paper in zip(ground.members, papers, strict=False):
        services.cast_ballot(actor=member, now=now + DAY, code=ballot.code, proposal_codes=list(paper), ranks=paper)


def verify(tmp_path: Path, ballot: Ballot, *more: str):
    file = tmp_path / f"{ballot.code}.zip"
    file.write_bytes(bundle_of(Ballot.objects.get(pk=ballot.pk)))
    return CliRunner().invoke(app, ["verify", str(file), *more])


def test_approval_chooses_those_with_most_votes(now: datetime, tmp_path: Path) -> None:
    ground = make_ground(now, members=7)
    ballot, (a, b, c, d) = plan(now, ground, Rule.APPROVAL, winners=2)
    vote(now, ground, ballot, [{a: 1, b: 1}, {b: 1}, {b: 1, d: 1}, {d: 1}, {d: 1, a: 1}, {c: 1}])
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert [(won.proposal_code, won.votes) for won in queries.winners(ballot.code)] == [(b, 3), (d, 3)]
    assert queries.losers(ballot.code) == [a, c]
    counted = Ballot.objects.get(pk=ballot.pk)
    assert (counted.spent, counted.share) == (None, None)
    assert counted.ties == [{"bought": b, "equal": [d]}]
    election = share.read_pabulib(queries.result_file(ballot.code) or "")
    assert share.share_budget(election, share.Rule.GREEDY).selected == (b, d)
    assert verify(tmp_path, ballot).exit_code == 0


def test_limited_choices_hold_the_limit_and_what_nobody_chose_is_not_chosen(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, codes = plan(now, ground, Rule.LIMITED, winners=3, most=2)
    with pytest.raises(Problem, match="names 3 projects; it may name 2 at most"):
        vote(now, ground, ballot, [dict.fromkeys(codes[:3], 1)])
    assert not Paper.objects.exists()
    vote(now, ground, ballot, [{codes[2]: 1}, {codes[2]: 1, codes[0]: 1}, {codes[2]: 1}, {codes[0]: 1}, {codes[2]: 1}])
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    assert [won.proposal_code for won in queries.winners(ballot.code)] == [codes[2], codes[0]]
    assert "max_length;2" in (queries.result_file(ballot.code) or "")


def test_most_votes_first_buys_what_fits(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, _b, c, d) = plan(now, ground, Rule.GREEDY, budget=Decimal(500))
    vote(now, ground, ballot, [{d: 1, c: 1}, {d: 1, c: 1}, {d: 1, a: 1}, {c: 1}, {d: 1, a: 1}, {d: 1}])
    counted = services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    # D (400) has five votes; C (300) three but does not fit; A (100) does; nobody wants B.
    assert [won.proposal_code for won in queries.winners(ballot.code)] == [d, a]
    assert (counted.spent, counted.share) == (Decimal(500), None)


def test_a_run_off_tells_every_round(now: datetime, tmp_path: Path) -> None:
    ground = make_ground(now, members=9)
    ballot, (a, b, c) = plan(now, ground, Rule.INSTANT_RUNOFF, 3, winners=1)
    # A leads with 4, C is weakest with 2 and its papers go to B: B wins 5 to 4.
    vote(now, ground, ballot, [{a: 1}] * 4 + [{b: 1, a: 2}] * 3 + [{c: 3, b: 7}] * 2)
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    counted = Ballot.objects.get(pk=ballot.pk)
    assert [won.proposal_code for won in queries.winners(ballot.code)] == [b]
    rounds = queries.rounds_of(counted, queries.item_lines(counted))
    assert dict(rounds[0].votes) == {"项目1；甲": 4, "项目2；甲": 3, "项目3；甲": 2}
    assert (rounds[0].out, rounds[1].out, rounds[2].last) == ("项目3；甲", "项目1；甲", True)
    run = verify(tmp_path, ballot)
    assert run.exit_code == 0, run.output
    file = tmp_path / f"{ballot.code}.{queries.result_ending(ballot.code)}"
    file.write_text(queries.result_file(ballot.code) or "", encoding="utf-8")
    again = CliRunner().invoke(app, ["share", str(file), "--rule", "instant-runoff", "--format", "json"])
    assert json.loads(again.stdout)["order"][0].startswith(f"{b} ")


def test_schulze_takes_the_winner_of_all_duels(now: datetime, tmp_path: Path) -> None:
    ground = make_ground(now, members=9)
    ballot, (a, b, c) = plan(now, ground, Rule.SCHULZE, 3, winners=2)
    # B is nobody's loser: 5 to 4 against A, 7 to 2 against C, though it has the fewest first choices.
    vote(now, ground, ballot, [{a: 1, b: 2, c: 3}] * 4 + [{b: 1, c: 2, a: 3}] * 3 + [{c: 1, b: 2, a: 3}] * 2)
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    counted = Ballot.objects.get(pk=ballot.pk)
    assert [won.proposal_code for won in queries.winners(ballot.code)] == [b, c]
    duels = queries.duels_of(counted, queries.item_lines(counted), 9)
    assert [(duel.votes_ahead, duel.votes_behind, duel.no_preference) for duel in duels] == [
        (7, 2, 0),
        (5, 4, 0),
        (5, 4, 0),
    ]
    assert verify(tmp_path, ballot).exit_code == 0


def test_a_plan_says_what_its_rule_lacks(now: datetime) -> None:
    ground = make_ground(now)
    with pytest.raises(Problem, match="Say how many projects are chosen"):
        plan(now, ground, Rule.APPROVAL)
    with pytest.raises(Problem, match="nothing to decide"):
        plan(now, ground, Rule.SCHULZE, winners=4)
    with pytest.raises(Problems, match="Say how many projects one member may choose"):
        plan(now, ground, Rule.LIMITED)
    with pytest.raises(Problem, match="budget must be more than 0"):
        plan(now, ground, Rule.GREEDY, winners=3)
    assert not Ballot.objects.exists()


def test_numbers_are_closed_up_so_that_papers_that_mean_the_same_are_the_same(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, b, c) = plan(now, ground, Rule.SCHULZE, 3, winners=1)
    vote(now, ground, ballot, [{c: 2, a: 2, b: 7}, {a: 1, c: 1, b: 2}])
    assert {(tuple(paper.marks), tuple(paper.ranks)) for paper in Paper.objects.all()} == {((a, c, b), (1, 1, 2))}
    with pytest.raises(Problem, match="begin with 1"):
        vote(now + DAY, ground, ballot, [{}, {}, {a: 0}][2:])


@pytest.mark.parametrize("change", ["paper", "file", "receipt", "entry"])
def test_a_changed_bundle_is_noticed(now: datetime, tmp_path: Path, change: str) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, b, c) = plan(now, ground, Rule.INSTANT_RUNOFF, 3, winners=1)
    vote(now, ground, ballot, [{a: 1, b: 2}] * 3 + [{b: 1}] * 2 + [{c: 1, b: 2}])
    services.count_ballot(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    ending = queries.result_ending(ballot.code)
    with zipfile.ZipFile(io.BytesIO(bundle_of(Ballot.objects.get(pk=ballot.pk)))) as pack:
        pack.extractall(tmp_path)
    folder = tmp_path / ballot.code
    name = {"paper": "papers.txt", "file": f"{ballot.code}.{ending}", "receipt": "receipts.txt", "entry": "ledger.json"}
    file = folder / name[change]
    text = file.read_text(encoding="utf-8")
    changed = {
        "paper": text.replace(f"{b}=1", f"{c}=1", 1),
        "file": text.replace("3: 1, 2", "3: 2, 1"),
        "receipt": "\n".join(text.splitlines()[1:]) + "\n",
        "entry": text.replace('\\"turnout\\":6', '\\"turnout\\":7'),
    }[change]
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 2
    # Not even with the list of hashes made to fit.
    head = json.loads((folder / "ballot.json").read_text(encoding="utf-8"))
    for entry in head["files"]:
        entry["sha256"] = hashlib.sha256((folder / entry["name"]).read_bytes()).hexdigest()
    (folder / "ballot.json").write_text(json.dumps(head), encoding="utf-8")
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 2


PROJECTS = tuple(f"P-{number}" for number in range(1, 6))


def _by_pabutools(text: str, rule: Rule) -> set[str]:
    """The same file, read and counted by other software alone."""
    with NamedTemporaryFile("w", suffix=".pb", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        instance, profile = parse_pabulib(file.name)
    count = method_of_equal_shares if rule == Rule.EQUAL_SHARES else greedy_utilitarian_welfare
    return {one.name for one in count(instance, profile, sat_class=Cost_Sat, tie_breaking=lexico_tie_breaking)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(list(Rule)),
    costs=st.lists(st.integers(1, 400), min_size=5, max_size=5),
    papers=st.lists(st.dictionaries(st.sampled_from(PROJECTS), st.integers(1, 5), max_size=5), min_size=1, max_size=25),
    winners=st.integers(1, 4),
    keep=st.booleans(),
)
def test_the_recount_of_an_export_is_the_result(rule: Rule, costs, papers, winners, keep) -> None:
    """For random papers under every rule: what the file of papers counts to is what was published."""
    ballot = Ballot(
        code="B-1", unit=Unit(label="F", name={}), title=localized("票决", "Vote"), rule=rule,
        budget=Decimal(400) if rule in (Rule.EQUAL_SHARES, Rule.GREEDY) else None, winners=winners,
        leftover="keep" if keep else "most-votes" if rule == Rule.EQUAL_SHARES else "keep",
        opens=datetime(2026, 5, 1), closes=datetime(2026, 5, 9),
    )  # fmt: skip
    ballot.opens = ballot.opens.astimezone()
    ballot.closes = ballot.closes.astimezone()
    items = [
        BallotItem(proposal_code=code, title=localized(f"项目 {code}", code), cost=Decimal(cost), position=place)
        for place, (code, cost) in enumerate(zip(PROJECTS, costs, strict=True), 1)
    ]
    marked = [
        rules.mark_paper(rule=rule, most=None, listed=PROJECTS, chosen=list(paper), ranks=paper, may_be_blank=True)
        for paper in papers
    ]
    outcome = tally(ballot, items, [(tuple(one.marks), tuple(one.ranks)) for one in marked])
    if outcome.ending == "pb":
        election = share.read_pabulib(outcome.text)
        by = share.Rule.EQUAL_SHARES if rule == Rule.EQUAL_SHARES else share.Rule.GREEDY
        more = share.Completion.NONE if keep or rule != Rule.EQUAL_SHARES else share.Completion.GREEDY
        assert share.share_budget(election, by, completion=more).selected == outcome.chosen
        if more == share.Completion.NONE:
            assert set(outcome.chosen) == _by_pabutools(outcome.text, rule)
        assert len(election.ballots) == sum(not one.blank for one in marked)
    else:
        again = ranking.read_preflib(outcome.text)
        assert again.voters == sum(not one.blank for one in marked)
        if again.voters:
            order = ranking.count_ranked(again, ranking.RankedRule(rule.value)).order
            codes = [PROJECTS[one] for one in order[:winners]]
            assert [code for code in codes if code in outcome.chosen] == list(outcome.chosen)
            assert set(codes) - set(outcome.chosen) == {
                code for code in codes if not any(code in one.marks for one in marked)
            }


def test_a_count_is_asked_for_once_and_done_by_its_job(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, _b, _c) = plan(now, ground, Rule.INSTANT_RUNOFF, 3, winners=1)
    vote(now, ground, ballot, [{a: 1}] * 6)
    asked = services.ask_count(actor=ground.officer("count_officer"), now=now + 8 * DAY, code=ballot.code)
    assert (asked.state, asked.count_stage) == ("closed", 1)
    told = queries.counting_of(asked)
    assert told is not None
    assert (told.papers, told.done, told.failed) == (6, 0, False)
    assert queries.stuck_counts(now + 8 * DAY) == []
    assert queries.stuck_counts(now + 9 * DAY) == [ballot.code]
    for _ in range(2):
        services.run_count(now=now + 8 * DAY, code=ballot.code)
    assert [won.proposal_code for won in queries.winners(ballot.code)] == [a]
    assert queries.stuck_counts(now + 9 * DAY) == []


class Gone(Exception):
    """The worker is gone."""


def dies(now: datetime, code: str) -> None:
    with atomic():
        services.run_count(now=now + 8 * DAY, code=code)
        raise Gone


def test_a_count_that_dies_before_publishing_leaves_nothing_and_begins_anew(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, _b, _c) = plan(now, ground, Rule.SCHULZE, 3, winners=1)
    vote(now, ground, ballot, [{a: 1}] * 6)
    services.ask_count(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    with pytest.raises(Gone):
        dies(now, ballot.code)
    left = Ballot.objects.get(pk=ballot.pk)
    assert (left.state, queries.winners(ballot.code), queries.result_file(ballot.code)) == ("closed", [], None)
    assert services.run_count(now=now + 9 * DAY, code=ballot.code).state == "counted"


def test_a_job_whose_check_fails_says_so_on_the_page(now: datetime) -> None:
    ground = make_ground(now, members=6)
    ballot, (a, b, _c) = plan(now, ground, Rule.SCHULZE, 3, winners=1)
    vote(now, ground, ballot, [{a: 1}] * 6)
    services.ask_count(actor=SYSTEM, now=now + 8 * DAY, code=ballot.code)
    first = Paper.objects.order_by("pk").first()
    assert first is not None
    Paper.objects.filter(pk=first.pk).update(marks=[b])
    with pytest.raises(Problem, match="not those sealed"):
        services.run_count(now=now + 8 * DAY, code=ballot.code)
    told = queries.counting_of(Ballot.objects.get(pk=ballot.pk))
    assert told is not None
    assert told.failed
    assert told.fault
