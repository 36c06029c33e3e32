"""Who raised a problem is forgotten after its time; a running one, a young one and a held one keep their people."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.factories.org import Tree
from tests.factories.problems import ground, member, owned, raised, rechecked

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.judge.problems import services
from qiao.judge.problems.models import Entry, Verdict, Voice
from qiao.org.access.choices import Role
from qiao.org.retention.choices import Ground
from qiao.org.retention.models import Hold, Proof
from qiao.org.retention.queries import cutoff_of
from qiao.org.retention.rules import rule_by_key
from qiao.org.retention.services import run_rule, set_hold

DAY = timedelta(days=1)


@pytest.fixture
def tree(now: datetime, db: None) -> Tree:
    return ground(now)


def _named(entry: Entry) -> bool:
    return Voice.objects.filter(entry=entry, person__isnull=False).exists()


def test_voices_go_two_years_after_the_end_with_a_proof(tree: Tree) -> None:
    running = owned(tree, by=member(tree, 1), nonce="nonce-run-1")
    made = rechecked(tree, by=member(tree, 0))
    closed = services.close_problem(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=made.code, lesson=localized("专人", "Somebody"),
    )  # fmt: skip
    span = tree.now - cutoff_of(rule_by_key("problem_voices"), tree.now)
    later = tree.now + span + 2 * DAY
    Entry.objects.filter(pk=running.pk).update(raised=tree.now - 2 * span)
    Entry.objects.filter(pk=closed.pk).update(closed=tree.now + 4 * DAY)
    assert run_rule(actor=SYSTEM, now=later, key="problem_voices") == 0, "it is young still"
    Entry.objects.filter(pk=closed.pk).update(closed=tree.now)
    set_hold(actor=SYSTEM, now=later, object_class="problem_voices", ground=Ground.COURT, reason="case 7",
             until=later.date() + DAY)  # fmt: skip
    assert run_rule(actor=SYSTEM, now=later, key="problem_voices") == 0
    assert _named(closed)
    Hold.objects.update(ended_at=later)
    said = Verdict.objects.filter(entry=closed).count()
    assert run_rule(actor=SYSTEM, now=later, key="problem_voices") == 1
    assert not _named(closed)
    assert Verdict.objects.filter(entry=closed).count() == said, "how many said what stays"
    assert _named(running), "a running problem keeps those to be asked"
    proof = Proof.objects.get(object_class="problem_voices")
    assert proof.number == 1
    assert proof.digest in LedgerLeaf.objects.get(index=proof.ledger_index).payload
    assert run_rule(actor=SYSTEM, now=later, key="problem_voices") == 0


def test_a_declined_one_goes_with_its_words(tree: Tree) -> None:
    made = raised(tree, by=member(tree, 0)).entry
    services.decline_problem(
        actor=tree.officer(Role.EXECUTIVE, "D1"), now=tree.now, code=made.code,
        reason=localized("属于个案，请走职工之窗。", "A case of one person: the window takes it."),
    )  # fmt: skip
    span = tree.now - cutoff_of(rule_by_key("problem_voices"), tree.now)
    assert run_rule(actor=SYSTEM, now=tree.now + span - 5 * DAY, key="problem_voices") == 0
    assert run_rule(actor=SYSTEM, now=tree.now + span + 5 * DAY, key="problem_voices") == 1
    made.refresh_from_db()
    assert (made.title["zh-hans"], made.text["zh-hans"]) == ("—", "—")
    assert not Voice.objects.filter(entry=made).exists()
