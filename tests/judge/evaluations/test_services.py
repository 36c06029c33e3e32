from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.utils.timezone import localdate
from scipy.stats import beta
from tests.factories.judge import (
    DAY,
    GOOD,
    SIGNER,
    Town,
    answered,
    closed,
    commissioned,
    opened,
    opened_offline,
    published,
    town,
)

from qiao.base import sealing
from qiao.base.access import ANONYMOUS, SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.deadlines import Span, SpanUnit, due
from qiao.base.i18n import localized
from qiao.base.ledger import merkle
from qiao.base.lineage import sources_of, targets_of
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.hear.needs.queries import need_by_code
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.choices import Indicator, State
from qiao.judge.evaluations.models import BundleFile, Evaluation, Figure, RollEntry, SealedAnswer
from qiao.judge.evaluations.rules.frame import pseudonym_of
from qiao.judge.evaluations.rules.keys import new_keys, read_public
from qiao.judge.evaluations.rules.offline import signed_result
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.services import grant_role
from qiao.org.people.models import Person
from qiao.publish.models import Article

BAD = {**GOOD, "satisfaction": "not", "solved": "not"}
NON_USER = {**GOOD, "participation": "no", "satisfaction": "satisfied", "solved": "no_need"}


@pytest.fixture
def place(db: None, now: datetime) -> Town:
    return town(now)


# --- terms and independence -------------------------------------------------------------------------------------


def test_terms_are_in_the_ledger_before_anybody_is_asked_and_link_to_the_project(place: Town) -> None:
    evaluation = commissioned(place)
    leaf = LedgerLeaf.objects.get(code=evaluation.code)
    content = json.loads(leaf.payload)
    assert leaf.kind == "evaluation.terms"
    assert [question["key"] for question in content["questions"]["questions"]] == [
        "awareness",
        "participation",
        "satisfaction",
        "solved",
    ]
    assert sources_of(evaluation.code) == [place.project.code]
    assert "evaluator@f.example" not in leaf.payload
    assert place.accounts["evaluator"].display_name not in leaf.payload


def test_only_the_executive_commissions(place: Town) -> None:
    with pytest.raises(Refused):
        services.commission_evaluation(
            actor=place.actor("secretary"), now=place.now, project_code="W-77", title=localized("题", "T"),
            evaluator=place.accounts["evaluator"], opens=place.now, closes=place.now + timedelta(days=1),
        )  # fmt: skip


def commission_with(place: Town, account: object) -> Evaluation:
    place.accounts["evaluator"] = account  # type: ignore[assignment]
    return commissioned(place)


def grant(place: Town, holder: str, role: Role) -> None:
    grant_role(
        actor=SYSTEM, now=place.now, account=place.accounts[holder], role=role, unit=place.root, since=DAY
    )  # fmt: skip


def test_an_evaluator_holds_no_other_role_both_ways(place: Town) -> None:
    # An evaluator is granted no other role …
    with pytest.raises(Problem, match="may not be held by one person"):
        grant(place, "evaluator", Role.EDITOR)
    # … whoever holds one does not become evaluator …
    with pytest.raises(Problem, match="may not be held by one person"):
        grant(place, "editor", Role.EVALUATOR)
    # … and the act asks again, also where the two units do not overlap and the grant was possible.
    from qiao.org.access.models import RoleGrant

    RoleGrant.objects.create(account=place.accounts["evaluator"], role=Role.EDITOR, unit=place.base, since=DAY)
    with pytest.raises(Problem, match="also holds the role"):
        commissioned(place)


def test_a_role_gained_later_stops_the_evaluator_at_the_next_act(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    from qiao.org.access.models import RoleGrant

    RoleGrant.objects.create(account=place.accounts["evaluator"], role=Role.TASK_OWNER, unit=place.base, since=DAY)
    with pytest.raises(Problem, match="also holds the role"):
        published(place, evaluation, pair.private, now=place.now)


def test_who_has_no_role_of_evaluator_or_belongs_to_the_judged_unit_is_refused(place: Town) -> None:
    with pytest.raises(Problem, match="does not hold the role"):
        commission_with(place, place.members[0])
    from qiao.org.access.models import RoleGrant

    RoleGrant.objects.create(account=place.members[0], role=Role.EVALUATOR, unit=place.root, since=DAY)
    with pytest.raises(Problem, match="member of the judged unit"):
        commission_with(place, place.members[0])


def test_whoever_answers_for_the_project_commissions_no_judgment_of_it(place: Town) -> None:
    place.project.owner = place.accounts["executive"]
    place.project.save()
    with pytest.raises(Problem, match="does not commission"):
        commissioned(place)


def test_one_project_has_one_evaluation(place: Town) -> None:
    commissioned(place)
    with pytest.raises(Problem, match="already"):
        commissioned(place)


def test_a_running_project_is_not_judged(place: Town) -> None:
    place.project.state = ProjectState.RUNNING
    place.project.save()
    with pytest.raises(Problem, match="not done"):
        commissioned(place)


def test_an_evaluator_of_another_round_has_no_part_in_this_one(place: Town) -> None:
    evaluation = commissioned(place)
    from qiao.org.access.models import RoleGrant
    from qiao.org.access.queries import actor_for
    from qiao.org.people.services import open_account

    other = open_account(actor=SYSTEM, now=place.now, email="other@x.example", display_name="另一家")
    RoleGrant.objects.create(account=other, role=Role.EVALUATOR, unit=place.root, since=DAY)
    with pytest.raises(Refused):
        services.register_key(
            actor=actor_for(other, place.now.date()), now=place.now, code=evaluation.code, keys=new_keys().registered
        )


# --- key and opening --------------------------------------------------------------------------------------------


SEAL_KEY, SIGN_KEY, DRAW_HASH = new_keys().registered.text().splitlines()


@pytest.mark.parametrize("half", ["", "abc", "ü" * 44, "A" * 44, "QUJD"])
def test_what_is_no_pair_of_public_keys_is_refused(half: str) -> None:
    whole = f"{SEAL_KEY}\n{SIGN_KEY}\n{DRAW_HASH}\n"
    wrong = (half, SEAL_KEY, SIGN_KEY, f"seal {half}\n{SIGN_KEY}\n{DRAW_HASH}", f"{SEAL_KEY}\n{SIGN_KEY}\ndraw {half}")
    for text in wrong:
        with pytest.raises(Problem, match="no pair of public keys"):
            read_public(text)
    assert read_public(f"# kept\n{SEAL_KEY}\n{SIGN_KEY} \n{DRAW_HASH}").text() == whole


def test_the_frame_is_frozen_with_keys_in_its_time_for_a_verified_project_only(place: Town) -> None:
    evaluation = commissioned(place)
    run = place.actor("evaluator")
    keys = new_keys()
    with pytest.raises(Problem, match="public keys first"):
        services.freeze_frame(actor=run, now=place.now, code=evaluation.code)
    services.register_key(actor=run, now=place.now, code=evaluation.code, keys=keys.registered)
    with pytest.raises(Problem, match="Freeze the frame first"):
        services.open_evaluation(actor=run, now=place.now, code=evaluation.code, seed=keys.seed)
    with pytest.raises(Problem, match="in that time only"):
        services.freeze_frame(actor=run, now=place.now - timedelta(days=3), code=evaluation.code)
    place.project.state = ProjectState.DONE_CLAIMED
    place.project.save()
    with pytest.raises(Problem, match="verified"):
        services.freeze_frame(actor=run, now=place.now, code=evaluation.code)


def test_the_roll_leaves_out_the_judged_and_the_key_is_fixed_from_now_on(place: Town) -> None:
    place.accounts["task_owner"].person = place.members[3].person
    place.members[3].person = None
    place.members[3].save()
    place.accounts["task_owner"].save()
    evaluation, _pair = opened(place)
    assert evaluation.population == evaluation.asked == 15
    assert not evaluation.roll.filter(person=place.accounts["task_owner"].person).exists()
    with pytest.raises(Problem, match="can no longer be replaced"):
        services.register_key(
            actor=place.actor("evaluator"), now=place.now, code=evaluation.code, keys=new_keys().registered
        )
    services.open_evaluation(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, seed="")
    assert evaluation.roll.count() == 15


def test_too_few_served_are_not_judged_by_themselves(db: None, now: datetime) -> None:
    with pytest.raises(Problem, match="Only 9 members"):
        opened(town(now, members=9))


# --- answering --------------------------------------------------------------------------------------------------


def test_an_answer_is_sealed_and_its_receipt_is_its_hash(place: Town) -> None:
    evaluation, pair = opened(place)
    receipt = services.submit_sealed(
        actor=place.member(0), now=place.now, code=evaluation.code, answers={**GOOD, "comment": "末班太早"}
    )
    stored = SealedAnswer.objects.get()
    assert receipt.reference == hashlib.sha256(bytes(stored.sealed)).hexdigest() == stored.digest
    assert "末班".encode() not in bytes(stored.sealed)
    content = sealing.unseal(pair.private, bytes(stored.sealed))
    assert content == {**GOOD, "comment": "末班太早", "unprompted": "", "instrument": "three-degrees-2"}


def test_every_sealed_answer_has_the_same_size(place: Town) -> None:
    evaluation, _pair = opened(place)
    long = {**GOOD, "comment": '"' * 150 + "😀" * 150, "unprompted": '"' * 100}
    answered(place, evaluation, [GOOD, long, {**NON_USER, "comment": "夜" * 300, "unprompted": "😀" * 100}])
    assert {len(bytes(row.sealed)) for row in SealedAnswer.objects.all()} == {2048 + 48}


def test_the_first_answer_counts(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD])
    with pytest.raises(Problem, match="counts once"):
        services.submit_sealed(actor=place.member(0), now=place.now, code=evaluation.code, answers=BAD)
    assert SealedAnswer.objects.count() == 1


def test_a_code_works_once_without_an_account_and_however_it_is_typed(place: Town) -> None:
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    assert len(mails) == 16
    assert services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk) == []
    secret = mails[0].secret_code
    assert not RollEntry.objects.filter(code_hash__contains=secret.replace("-", "")).exists()
    services.submit_sealed(
        actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=GOOD, secret_code=secret.lower().replace("-", " ")
    )
    with pytest.raises(Problem, match="counts once"):
        services.submit_sealed(actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=GOOD, secret_code=secret)
    with pytest.raises(Problem, match="so spelled"):
        services.submit_sealed(actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=GOOD, secret_code="2" * 12)
    assert SealedAnswer.objects.count() == 1


def test_the_code_sheet_is_made_once_for_those_without_an_account(place: Town) -> None:
    place.members[5].delete()
    evaluation, _pair = opened(place)
    run = place.actor("evaluator")
    rows = services.make_code_sheet(actor=run, now=place.now, code=evaluation.code)
    gone = Person.objects.get(name="会员5")
    assert [row.pseudonym for row in rows] == [pseudonym_of(evaluation.code, gone.pk)]
    services.submit_sealed(
        actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=GOOD, secret_code=rows[0].secret_code
    )
    with pytest.raises(Problem, match="made already"):
        services.make_code_sheet(actor=run, now=place.now, code=evaluation.code)
    with pytest.raises(Refused):
        services.make_code_sheet(actor=place.actor("executive"), now=place.now, code=evaluation.code)


def test_who_was_not_asked_does_not_answer(place: Town) -> None:
    evaluation, _pair = opened(place)
    for role in ("executive", "evaluator", "sys_admin"):
        with pytest.raises(Refused):
            services.submit_sealed(actor=place.actor(role), now=place.now, code=evaluation.code, answers=GOOD)
    with pytest.raises(Refused):
        services.submit_sealed(actor=ANONYMOUS, now=place.now, code=evaluation.code, answers=GOOD)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"awareness": ""}, "awareness"),
        ({"satisfaction": ""}, "satisfaction"),
        ({"satisfaction": "delighted"}, "satisfaction"),
        ({"comment": "长" * 301}, "comment"),
    ],
)
def test_missing_or_unknown_answers_are_refused_and_nothing_is_kept(
    place: Town, change: dict[str, str], column: str
) -> None:
    evaluation, _pair = opened(place)
    with pytest.raises(Problem) as caught:
        services.submit_sealed(actor=place.member(0), now=place.now, code=evaluation.code, answers={**GOOD, **change})
    assert caught.value.place.column == column
    assert not SealedAnswer.objects.exists()
    assert not evaluation.roll.filter(issued=True).exists()


def test_after_its_time_nothing_comes_in(place: Town) -> None:
    evaluation, _pair = opened(place)
    with pytest.raises(Problem, match="not open"):
        services.submit_sealed(actor=place.member(0), now=evaluation.closes, code=evaluation.code, answers=GOOD)


def test_no_audit_row_tells_of_an_answer(place: Town) -> None:
    evaluation, _pair = opened(place)
    before = AuditRow.objects.count()
    answered(place, evaluation, [GOOD, BAD])
    assert AuditRow.objects.count() == before


# --- what nobody can change -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [SealedAnswer, Figure, BundleFile])
@pytest.mark.parametrize("act", ["UPDATE {} SET evaluation_id = evaluation_id", "DELETE FROM {}"])
def test_triggers_refuse_to_change_or_delete(place: Town, model: type[SealedAnswer], act: str) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    published(place, evaluation, pair.private, now=place.now)
    assert model.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"), atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(model._meta.db_table))


def test_the_database_itself_takes_no_answer_after_the_close(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    with pytest.raises(DatabaseError, match="only while the evaluation is open"), atomic():
        SealedAnswer.objects.create(evaluation=evaluation, sealed=sealing.seal(pair.public, GOOD), digest="0" * 64)


# --- closing ----------------------------------------------------------------------------------------------------


def test_the_root_over_all_sealed_answers_is_in_the_ledger(place: Town) -> None:
    evaluation, _pair = closed(place, [GOOD] * 11)
    digests = sorted(hashlib.sha256(bytes(row.sealed)).hexdigest() for row in SealedAnswer.objects.all())
    root = merkle.root([merkle.leaf_hash(bytes.fromhex(digest)) for digest in digests]).hex()
    entry = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.closed").payload)
    assert entry["root"] == evaluation.root == root
    assert entry["answers"] == evaluation.received == 11
    for place_, digest in enumerate(digests):
        proof = queries.inclusion_of(evaluation, digest)
        assert proof is not None
        found = merkle.root_from_inclusion(
            merkle.leaf_hash(bytes.fromhex(digest)), place_, 11, [bytes.fromhex(step) for step in proof.path]
        )
        assert found is not None
        assert found.hex() == root
    assert queries.inclusion_of(evaluation, "0" * 64) is None


def test_closing_early_needs_a_reason_and_twice_is_harmless(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 10)
    run = place.actor("evaluator")
    with pytest.raises(Problem, match="say why"):
        services.close_evaluation(actor=run, now=place.now, code=evaluation.code)
    with pytest.raises(Refused):
        services.close_evaluation(actor=place.actor("executive"), now=evaluation.closes, code=evaluation.code)
    services.close_evaluation(actor=run, now=place.now, code=evaluation.code, reason="都答完了")
    again = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    assert again.state == State.SEALED
    assert again.closed_early == "都答完了"
    assert LedgerLeaf.objects.filter(code=evaluation.code, kind="evaluation.closed").count() == 1


def test_the_roll_is_written_anew_so_that_no_transaction_joins_person_and_answer(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 12)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM evaluations_rollentry WHERE issued ORDER BY ctid")
        before = [row[0] for row in cursor.fetchall()]
    services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, id FROM evaluations_rollentry WHERE issued ORDER BY ctid")
        after = cursor.fetchall()
    assert sorted(person for person, _pk in after) == sorted(before)
    assert not RollEntry.objects.filter(code_hash__isnull=False).exists()
    # Twelve people in the order they answered again: one chance in 479 million.
    assert [person for person, _pk in after] != before


def test_fewer_than_ten_answers_are_never_opened(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 9)
    assert evaluation.state == State.VOID
    with pytest.raises(Problem, match="after the close"):
        published(place, evaluation, pair.private, now=place.now)
    # The project still awaits its judgment.
    assert [row.code for row in queries.projects_to_judge()] == [place.project.code]


def test_stuffed_answers_make_it_void(place: Town) -> None:
    evaluation, pair = opened(place)
    answered(place, evaluation, [GOOD] * 10)
    sealed = sealing.seal(pair.public, {**GOOD, "instrument": "three-degrees-1"})
    SealedAnswer.objects.create(evaluation=evaluation, sealed=sealed, digest=hashlib.sha256(sealed).hexdigest())
    done = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    assert done.state == State.VOID
    assert "1 of 11" in done.void_reason["en"]


def test_the_commissioning_side_can_withdraw_only_before_it_opens(place: Town) -> None:
    evaluation, _pair = opened(place)
    with pytest.raises(Refused):
        services.void_evaluation(
            actor=place.actor("executive"), now=place.now, code=evaluation.code, reason=localized("不想评了", "No more")
        )
    services.void_evaluation(
        actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason=localized("钥匙丢了", "Key lost")
    )
    again = commissioned(place)
    services.void_evaluation(
        actor=place.actor("executive"), now=place.now, code=again.code, reason=localized("写错了", "Mistake")
    )


# --- opening the answers ----------------------------------------------------------------------------------------


def test_a_wrong_key_changes_nothing(place: Town) -> None:
    evaluation, _pair = closed(place, [GOOD] * 10)
    leaves = LedgerLeaf.objects.count()
    services.hand_out(actor=place.actor("evaluator"), now=place.now, code=evaluation.code)
    leaves += 1
    for key in (sealing.new_key_pair().private, "", "nonsense", evaluation.public_key):
        with pytest.raises(Problem, match="does not belong"):
            published(place, evaluation, key)
    evaluation.refresh_from_db()
    place.project.refresh_from_db()
    assert evaluation.state == State.SEALED
    assert place.project.state == ProjectState.VERIFIED
    assert LedgerLeaf.objects.count() == leaves
    assert not Figure.objects.exists()


def test_only_this_evaluator_gets_the_answers_and_publishes(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    files = signed_result(opened_offline(place, evaluation, pair.private), SIGNER.sign)
    for role in ("executive", "sys_admin", "auditor", "task_owner"):
        with pytest.raises(Refused):
            services.hand_out(actor=place.actor(role), now=place.now, code=evaluation.code)
        with pytest.raises(Refused):
            services.publish_result(actor=place.actor(role), now=place.now, code=evaluation.code, files=files)


def test_results_equal_hand_computed_numbers(place: Town) -> None:
    # 12 of 16 served answered: 6 users, 6 others who ticked a grade too.
    users = [*[GOOD] * 5, {**GOOD, "comment": "谢谢"}]
    others = [*[NON_USER] * 5, {**NON_USER, "awareness": "no"}]
    evaluation, pair = closed(place, users + others)
    opened_ = published(place, evaluation, pair.private, now=place.now)
    assert opened_.comments == ("谢谢",)
    figures = {row.indicator: row for row in Figure.objects.all()}
    assert figures[Indicator.AWARENESS].estimate == round((12 - 2.5) / 12, 4)  # one did not: a small cell
    assert figures[Indicator.PARTICIPATION].estimate == round(6 / 12, 4)
    assert (figures[Indicator.SATISFACTION].base, figures[Indicator.SATISFACTION].estimate) == (6, 1)
    assert figures[Indicator.TOP_BOX].estimate == 1
    assert (figures[Indicator.SOLVED].base, figures[Indicator.SOLVED].estimate) == (6, 1)
    composite = 0.2 * 9.5 / 12 + 0.3 * 6 / 12 + 0.5
    assert figures[Indicator.COMPOSITE].estimate == pytest.approx(composite, abs=1e-4)
    # Interval of participation: effective size p(1 - p)/se² with se² = (1 - 12/16) p(1 - p)/11, that is 44.
    size, share = 44, 6 / 12
    assert figures[Indicator.PARTICIPATION].lower == pytest.approx(
        beta.ppf(0.025, size * share, size * (1 - share) + 1), abs=1e-4
    )
    assert figures[Indicator.PARTICIPATION].upper == pytest.approx(
        beta.ppf(0.975, size * share + 1, size * (1 - share)), abs=1e-4
    )


def test_publication_closes_the_project_and_goes_out_in_one_step(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    published(place, evaluation, pair.private, now=place.now)
    evaluation.refresh_from_db()
    place.project.refresh_from_db()
    assert evaluation.state == State.PUBLISHED
    assert place.project.state == ProjectState.CLOSED
    assert place.project.evaluation_code == evaluation.code
    assert evaluation.finding_code == ""
    assert Article.objects.filter(code=evaluation.code, title__en__startswith="Results").exists()
    files = {file.name: file.content for file in evaluation.bundle.all()}
    manifest = json.loads(files["manifest.json"])
    assert evaluation.bundle_hash == hashlib.sha256(files["manifest.json"].encode()).hexdigest()
    for listed in manifest["files"]:
        assert hashlib.sha256(files[listed["name"]].encode()).hexdigest() == listed["sha256"]
    entry = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.published").payload)
    assert entry["bundle"] == evaluation.bundle_hash
    with pytest.raises(Problem, match="cannot become"):
        published(place, evaluation, pair.private, now=place.now)


def test_a_poor_result_goes_back_to_hear(place: Town) -> None:
    evaluation, pair = closed(place, [BAD] * 6 + [GOOD] * 5)
    published(place, evaluation, pair.private, now=place.now)
    evaluation.refresh_from_db()
    need = need_by_code(evaluation.finding_code)
    assert targets_of(evaluation.code) == [need.code]
    assert need.source_code == evaluation.code
    assert need.share == pytest.approx(6 / 11, abs=1e-4)
    assert need.lower < need.share < need.upper
    assert need.n == 11
    assert need.rate == pytest.approx(11 / 16)


def test_small_bases_and_cells_are_withheld(place: Town) -> None:
    # Only four users: no satisfaction, no composite, no finding however bad.
    evaluation, pair = closed(place, [BAD] * 4 + [NON_USER] * 8)
    published(place, evaluation, pair.private, now=place.now)
    evaluation.refresh_from_db()
    figures = {row.indicator: row for row in Figure.objects.all()}
    for indicator in (Indicator.SATISFACTION, Indicator.TOP_BOX, Indicator.SOLVED, Indicator.COMPOSITE):
        assert (figures[indicator].base, figures[indicator].estimate) == (None, None)
    # Four of twelve: told as 2½, from what 1 would give to what 4 would.
    participation = figures[Indicator.PARTICIPATION]
    assert participation.estimate == round(2.5 / 12, 4)
    assert participation.lower < 1 / 12 < 4 / 12 < participation.upper
    assert evaluation.finding_code == ""
    table = evaluation.bundle.get(name="answers.csv").content.splitlines()
    assert "satisfaction,not," in table
    assert not any(line.split(",")[2] in {"1", "2", "3", "4"} for line in table[1:])


def test_tampered_answers_are_not_opened(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 10)
    Evaluation.objects.filter(pk=evaluation.pk).update(root="ab" * 32)
    with pytest.raises(Problem, match="not those whose root is in the ledger"):
        published(place, evaluation, pair.private)


def test_the_response_comes_after_and_changes_no_figure(place: Town) -> None:
    evaluation, pair = closed(place, [BAD] * 10)
    text = localized("我们会改。", "We will mend it.")
    with pytest.raises(Problem, match="cannot become"):
        services.respond(actor=place.actor("executive"), now=place.now, code=evaluation.code, text=text)
    published(place, evaluation, pair.private, now=place.now)
    with pytest.raises(Refused):
        services.respond(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, text=text)
    promised = [services.Promised(text, place.accounts["org_officer"], place.now.date() + timedelta(days=60))]
    done = services.respond(
        actor=place.actor("executive"), now=place.now, code=evaluation.code, text=text, promises=promised
    )
    assert done.state == State.RESPONDED
    assert done.response_due == localdate(due(place.now, Span(30, SpanUnit.DAYS)))
    with pytest.raises(Problem, match="given once"):
        services.respond(actor=place.actor("executive"), now=place.now, code=evaluation.code, text=text)


# --- what is void, and what is not published yet -------------------------------------------------------------------


def row_stamps(table: str) -> set[str]:
    """The numbers of the transactions that wrote the rows of answered entries, or of sealed answers."""
    where = "WHERE issued" if table.endswith("rollentry") else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {table} {where}")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_void_evaluation_joins_nobody_with_a_sealed_answer(now: datetime) -> None:
    place = town(now)
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 10)
    assert row_stamps("evaluations_rollentry") == row_stamps("evaluations_sealedanswer")
    services.void_evaluation(
        actor=place.actor("evaluator"), now=now, code=evaluation.code, reason=localized("停电", "Power cut")
    )
    assert not row_stamps("evaluations_rollentry") & row_stamps("evaluations_sealedanswer")
    assert not RollEntry.objects.filter(code_hash__isnull=False).exists()


def test_the_reason_for_closing_early_is_in_the_ledger(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 10)
    services.close_evaluation(actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason="工厂停产")
    leaf = LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.closed")
    assert json.loads(leaf.payload)["reason"] == "工厂停产"


def test_what_everybody_reads_of_an_end_names_no_telephone(place: Town) -> None:
    evaluation, _pair = opened(place)
    run = {"actor": place.actor("evaluator"), "now": place.now, "code": evaluation.code}
    with pytest.raises(Problems):
        services.close_evaluation(**run, reason="请打 13800138000")
    with pytest.raises(Problems):
        services.void_evaluation(**run, reason=localized("请打 13800138000"))
    assert Evaluation.objects.get().state == State.OPEN


def test_roles_end_and_begin_with_the_day_here(db: None) -> None:
    # One in the morning of the 12th in Shanghai is still the 11th in UTC.
    night = datetime(2026, 5, 11, 17, 0, tzinfo=UTC)
    place = town(night)
    grant = RoleGrant.objects.get(account=place.accounts["evaluator"])
    grant.until = date(2026, 5, 12)
    grant.save()
    with pytest.raises(Problem, match="does not hold the role"):
        commissioned(place)
