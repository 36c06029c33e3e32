"""What somebody who has everything but the evaluator's key tries, and what catches it.

The table of docs/algorithms/sealed-evaluation.md names these tests.

The attacker here is the administrator of the database: triggers are switched off before they act.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.factories.judge import GOOD, Town, answered, closed, opened, published, town
from typer.testing import CliRunner

from qiao.base import sealing
from qiao.base.access import ANONYMOUS, SYSTEM
from qiao.base.i18n import localized
from qiao.base.ledger.export import check_export
from qiao.base.ledger.log import append, export, sign_head
from qiao.base.models import LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.base.shares import join_key, split_key
from qiao.cli.main import app
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.choices import Indicator, State
from qiao.judge.evaluations.exports import sealed_lines
from qiao.judge.evaluations.models import Evaluation, Figure, SealedAnswer
from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_2
from qiao.judge.evaluations.rules.offline import Outcome
from qiao.judge.evaluations.services.credential import own_credential, private_of

BAD = {**GOOD, "satisfaction": "not", "solved": "not"}
run = CliRunner()


@pytest.fixture
def place(db: None, now: datetime) -> Town:
    return town(now)


@contextmanager
def administrator() -> Iterator[None]:
    """Whoever owns the database switches the triggers off, acts, and switches them on again."""
    with connection.cursor() as cursor:
        # What waits to be checked at the end of the transaction bars a change of the table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE evaluations_sealedanswer DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE evaluations_sealedanswer ENABLE TRIGGER USER")


def seal(evaluation: Evaluation, content: object) -> tuple[bytes, str]:
    sealed = sealing.seal(evaluation.public_key, content)  # type: ignore[arg-type]
    return sealed, hashlib.sha256(sealed).hexdigest()


def slip_in(evaluation: Evaluation, content: object) -> SealedAnswer:
    sealed, digest = seal(evaluation, content)
    return SealedAnswer.objects.create(evaluation=evaluation, sealed=sealed, digest=digest)


def open_it(place: Town, evaluation: Evaluation, key: str) -> Outcome:
    return published(place, evaluation, key)


# --- the administrator and the box ------------------------------------------------------------------------------


def test_an_answer_edited_after_the_close_stops_the_opening(place: Town) -> None:
    evaluation, pair = closed(place, [BAD] * 12)
    sealed, digest = seal(evaluation, {**GOOD, "instrument": THREE_DEGREES_2.version})
    with administrator():
        first = SealedAnswer.objects.all()[0]
        SealedAnswer.objects.filter(pk=first.pk).update(sealed=sealed, digest=digest)
    with pytest.raises(Problem, match="not those whose root is in the ledger"):
        open_it(place, evaluation, pair.private)
    assert not Figure.objects.exists()


def test_an_answer_deleted_or_added_after_the_close_stops_the_opening(place: Town) -> None:
    evaluation, pair = closed(place, [BAD] * 12)
    with administrator():
        extra = slip_in(evaluation, {**GOOD, "instrument": THREE_DEGREES_2.version})
    with pytest.raises(Problem, match="not those whose root"):
        open_it(place, evaluation, pair.private)
    with administrator():
        SealedAnswer.objects.exclude(pk=extra.pk).filter(pk=SealedAnswer.objects.exclude(pk=extra.pk)[0].pk).delete()
    with pytest.raises(Problem, match="not those whose root"):
        open_it(place, evaluation, pair.private)


def test_an_answer_added_or_deleted_before_the_close_voids_it(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [BAD] * 12)
    with administrator():
        SealedAnswer.objects.filter(pk=SealedAnswer.objects.all()[0].pk).delete()
    done = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    assert done.state == State.VOID
    assert "11" in done.void_reason["en"]
    assert "12" in done.void_reason["en"]


def swapped(place: Town, evaluation: Evaluation, *, forged: bool, receipt: bool) -> tuple[str, Evaluation]:
    """One of twelve answers is exchanged before the close; its giver's digest, and what the close made of it."""
    answered(place, evaluation, [BAD] * 11)
    mine = services.submit_sealed(actor=place.member(11), now=place.now, code=evaluation.code, answers=BAD)
    with administrator():
        SealedAnswer.objects.filter(digest=mine.reference).delete()
        sealed, digest = seal(evaluation, {**GOOD, "instrument": THREE_DEGREES_2.version})
        made = own_credential(private_of(evaluation), digest) if forged else (None, None)
        SealedAnswer.objects.create(
            evaluation=evaluation, sealed=sealed, digest=digest, prefix=made[0], credential=made[1]
        )
    if receipt:
        Receipt.objects.filter(pk=mine.pk).update(number="R-0000-0000-0000"[:16], reference=digest)
    done = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    return mine.reference, done


def test_an_answer_slipped_in_without_a_credential_voids_it(place: Town) -> None:
    _mine, done = swapped(place, opened(place)[0], forged=False, receipt=True)
    assert done.state == State.VOID
    assert "1 of 12 sealed answers hold no valid credential" in done.void_reason["en"]


def test_an_answer_swapped_with_a_forged_credential_is_missed_by_the_receipts(place: Town) -> None:
    _mine, done = swapped(place, opened(place)[0], forged=True, receipt=False)
    assert done.state == State.VOID
    assert "12 receipts" in done.void_reason["en"]


def test_an_answer_swapped_with_credential_and_receipt_is_missed_by_the_one_who_gave_it(place: Town) -> None:
    mine, done = swapped(place, opened(place)[0], forged=True, receipt=True)
    # All numbers agree, so nothing but the member's own receipt tells: it leads to no answer under the root.
    assert done.state == State.SEALED
    assert queries.inclusion_of(done, mine) is None


def test_a_sealed_answer_copied_is_refused(place: Town) -> None:
    evaluation, _pair = opened(place)
    sealed, _digest = seal(evaluation, {**GOOD, "instrument": THREE_DEGREES_2.version})
    services.submit_sealed(actor=place.member(0), now=place.now, code=evaluation.code, sealed=sealed)
    with pytest.raises(Problem, match="sent before"):
        services.submit_sealed(actor=place.member(1), now=place.now, code=evaluation.code, sealed=sealed)
    assert SealedAnswer.objects.count() == 1
    # Whose answer was refused answers anew.
    services.submit_sealed(actor=place.member(1), now=place.now, code=evaluation.code, answers=BAD)


def test_the_order_of_the_box_plays_no_part(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 6 + [BAD] * 6)
    with administrator():
        rows = [(row.sealed, row.digest, row.prefix, row.credential) for row in SealedAnswer.objects.all()]
        SealedAnswer.objects.all().delete()
        for sealed, digest, prefix, credential in reversed(rows):
            SealedAnswer.objects.create(
                evaluation=evaluation, sealed=sealed, digest=digest, prefix=prefix, credential=credential
            )
    opened_ = open_it(place, evaluation, pair.private)
    assert opened_.results.figure(Indicator.SATISFACTION).estimate == 0.5


def test_nothing_opens_before_the_close(place: Town) -> None:
    evaluation, pair = opened(place)
    answered(place, evaluation, [GOOD] * 12)
    with pytest.raises(Problem, match="after the close"):
        open_it(place, evaluation, pair.private)
    with administrator():
        Evaluation.objects.filter(pk=evaluation.pk).update(state=State.OPEN)
    with pytest.raises(Problem, match="after the close"):
        open_it(place, evaluation, pair.private)


def test_an_old_backup_does_not_extend_what_was_published(place: Town) -> None:
    evaluation, _pair = opened(place)
    sign_head(now=place.now)
    backup = json.loads(json.dumps(export()))
    answered(place, evaluation, [BAD] * 12)
    services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    sign_head(now=evaluation.closes)
    published = json.loads(json.dumps(export()))
    assert check_export(published, source="x", older=backup).heads == 2
    with pytest.raises(Problem, match="of the older"):
        check_export(backup, source="x", older=published)


def test_two_members_who_were_shown_different_logs_find_out(place: Town) -> None:
    """Two continuations of one log: each is in order by itself, neither extends the other."""
    evaluation, _pair = opened(place)
    sign_head(now=place.now)
    answered(place, evaluation, [BAD] * 12)
    shown = []
    for reason in ("甲", "乙"):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT one_of_two")
        append(kind="evaluation.void", code=evaluation.code, content={"reason": localized(reason)}, now=place.now)
        sign_head(now=place.now + timedelta(minutes=1))
        shown.append(json.loads(json.dumps(export())))
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT one_of_two")
    for one in shown:
        assert check_export(one, source="x").heads == 2
    for first, second in (shown, reversed(shown)):
        with pytest.raises(Problem):
            check_export(first, source="x", older=second)


# --- officers, members, the evaluator ----------------------------------------------------------------------------


def test_a_found_code_is_spent_once_and_its_owner_sees_it(place: Town) -> None:
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    found = mails[3].secret_code
    services.submit_sealed(actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=GOOD, secret_code=found)
    with pytest.raises(Problem, match="counts once"):
        services.submit_sealed(actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=BAD, secret_code=found)
    standing = queries.standing_by_code(found, evaluation, place.now)
    assert standing.issued


def test_nobody_answers_twice_by_two_ways(place: Town) -> None:
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    entry = evaluation.roll.get(person_id=place.members[0].person_id)
    mine = next(mail.secret_code for mail in mails if mail.email == place.members[0].email)
    assert entry.invited
    services.submit_sealed(actor=place.member(0), now=place.now, code=evaluation.code, answers=GOOD)
    with pytest.raises(Problem, match="counts once"):
        services.submit_sealed(actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=BAD, secret_code=mine)
    sealed, _digest = seal(evaluation, {**BAD, "instrument": THREE_DEGREES_2.version})
    with pytest.raises(Problem, match="counts once"):
        services.submit_sealed(actor=place.member(0), now=place.now, code=evaluation.code, sealed=sealed)
    assert SealedAnswer.objects.count() == 1


@pytest.mark.parametrize("size", [0, 1, 2095, 2097, 4144])
def test_what_has_not_the_size_of_a_sealed_answer_is_none(place: Town, size: int) -> None:
    evaluation, _pair = opened(place)
    with pytest.raises(Problem, match="no sealed answer"):
        services.submit_sealed(actor=place.member(0), now=place.now, code=evaluation.code, sealed=bytes(size))
    assert not evaluation.roll.filter(issued=True).exists()


def test_rubbish_of_the_right_size_stops_nothing_and_counts_nowhere(place: Town) -> None:
    evaluation, pair = opened(place)
    answered(place, evaluation, [GOOD] * 11)
    rubbish = (
        b"\x07" * 2096,
        sealing.seal(pair.public, {**GOOD, "instrument": "three-degrees-0"}),
        sealing.seal(pair.public, {**GOOD, "satisfaction": "marvellous", "instrument": THREE_DEGREES_2.version}),
        sealing.seal(pair.public, {"instrument": THREE_DEGREES_2.version}),
        sealing.seal(pair.public, ["nothing"]),  # type: ignore[arg-type]
    )
    for number, sealed in enumerate(rubbish, start=11):
        services.submit_sealed(actor=place.member(number), now=place.now, code=evaluation.code, sealed=sealed)
    evaluation = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    found = open_it(place, evaluation, pair.private)
    assert (evaluation.received, evaluation.unreadable, found.unreadable) == (16, 5, 5)
    assert found.results.answers == 11
    assert found.results.figure(Indicator.SATISFACTION).estimate == 1
    leaf = LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.published")
    assert json.loads(leaf.payload)["unreadable"] == 5


def test_so_much_rubbish_that_too_few_are_left_opens_nothing(place: Town) -> None:
    evaluation, pair = opened(place)
    answered(place, evaluation, [GOOD] * 9)
    services.submit_sealed(actor=place.member(9), now=place.now, code=evaluation.code, sealed=b"\x07" * 2096)
    services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    with pytest.raises(Problem, match="so few are never told"):
        open_it(place, evaluation, pair.private)
    assert not Figure.objects.exists()


def test_the_evaluator_can_neither_drop_answers_nor_change_a_question(place: Town, tmp_path: Path) -> None:
    evaluation, pair = closed(place, [GOOD] * 9 + [BAD] * 3)
    lines = list(sealed_lines(evaluation))
    (tmp_path / "a.key").write_text(pair.private)

    def says(name: str, content: list[str]) -> str:
        (tmp_path / name).write_text("".join(content))
        done = run.invoke(app, ["judge", "open", str(tmp_path / name), "-k", str(tmp_path / "a.key")])
        assert done.exit_code == 2
        return done.output

    assert "left out" in says("dropped.jsonl", lines[:-1])
    head = json.loads(lines[0])
    fewer = json.dumps({**head, "answers": head["answers"] - 1}) + "\n"
    assert "left out" in says("fewer.jsonl", [fewer, *lines[1:-1]])
    other = json.dumps({**head, "instrument": "three-degrees-kinder"}) + "\n"
    assert "not known here" in says("kinder.jsonl", [other, *lines[1:]])
    # What is published names the questions by their hash, which was in the ledger before anybody was asked.
    terms = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.terms").payload)
    assert THREE_DEGREES_2.digest in json.dumps(terms)


def test_a_lost_share_is_no_loss_and_one_alone_tells_nothing(place: Town, tmp_path: Path) -> None:
    evaluation, pair = closed(place, [GOOD] * 12)
    words = split_key(pair.private, shares=3, threshold=2)
    with pytest.raises(Problem, match="2 are needed"):
        join_key(words[:1])
    assert open_it(place, evaluation, join_key([words[2], words[0]])).results.answers == 12


def test_a_clock_put_back_or_forward_lets_nothing_in(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 12)
    with pytest.raises(Problem, match="not open for answers"):
        services.submit_sealed(actor=place.member(12), now=evaluation.closes, code=evaluation.code, answers=GOOD)
    services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    with pytest.raises(Problem, match="not open for answers"):
        services.submit_sealed(actor=place.member(12), now=place.now, code=evaluation.code, answers=GOOD)
    with pytest.raises(Problem, match="cannot become"):
        services.open_evaluation(
            actor=place.actor("evaluator"), now=place.now, code=evaluation.code, seed=evaluation.seed
        )
