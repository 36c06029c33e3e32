"""States and guards of a rating, from the call to the recheck."""

from __future__ import annotations

import hashlib
import threading
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, connections
from tests.factories.ratings import (
    BAD,
    DAY,
    GOOD,
    add_member,
    called,
    frozen,
    joined,
    keyed,
    make_place,
    officer,
    opened,
    published,
    voted,
)

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.problems import Problem, Problems
from qiao.hear.needs.queries import need_by_code
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import ObjectionKind, ObjectionState, Origin, PetitionState, State, Verdict, VoidReason
from qiao.judge.ratings.models import Cast, MembersCall, Paper, Rating, RollEntry, Signature, WrappedKey
from qiao.judge.ratings.rules import poor
from qiao.judge.ratings.rules.bundle import check_bundle
from qiao.judge.ratings.services.closing import papers_root
from qiao.judge.ratings.services.roll import roll_hash
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account

pytestmark = pytest.mark.django_db


def test_a_rating_goes_from_the_call_to_its_result_in_the_ledger(now: datetime) -> None:
    place = make_place(now)
    rating = published(place, [GOOD] * 7 + [BAD] * 5)
    rating.refresh_from_db()
    assert rating.state == State.PUBLISHED
    assert (rating.roll_size, rating.voted, rating.turnout) == (12, 12, 12)
    line = queries.lines_of(rating)[0]
    assert (line.point, line.base, line.satisfied, line.top) == ("whole", 12, 7 / 12, 7 / 12)
    kinds = list(LedgerLeaf.objects.filter(code=rating.code).order_by("index").values_list("kind", flat=True))
    assert kinds == ["rating.called", "rating.roll", *["rating.key"] * 3, "rating.opened", "rating.closed",
                     *["rating.joined"] * 2, "rating.result"]  # fmt: skip
    states = list(rating.steps.values_list("state", flat=True))
    assert states == ["called", "roll_frozen", "open", "closed", "counted", "valid", "published"]


def test_a_poor_result_is_published_and_becomes_a_need_and_tells_whoever_registered(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[poor.PoorRating] = []
    monkeypatch.setattr(poor, "_listeners", [lambda found, _actor, _now: told.append(found)])
    rating = published(make_place(now), [GOOD] * 5 + [BAD] * 7)
    need = need_by_code(rating.finding_code)
    assert (need.source_code, need.share, need.n) == (rating.code, round(1 - 5 / 12, 4), 12)
    assert rating.poor
    assert rating.plan_due is not None
    assert [one.code for one in told] == [rating.code]
    assert sorted(told[0].points) == ["chair", "hearing", "whole"]


def test_below_the_threshold_it_is_void_with_its_reason_and_run_again_once(now: datetime) -> None:
    place = make_place(now)
    rating = published(place, [GOOD] * 7)
    assert (rating.state, rating.void_kind, rating.turnout) == (State.VOID, VoidReason.TURNOUT, 7)
    assert not rating.cells.exists()
    assert not rating.files.exists()
    assert "7" in rating.void_text["en"]
    later = rating.closes + 70 * DAY
    services.lapse_clocks(now=later, code=rating.code)
    again = Rating.objects.get(rerun_of=rating)
    assert again.origin == Origin.RERUN
    assert again.keys.count() == 3
    assert services.rerun_rating(actor=SYSTEM, now=later, code=rating.code) == again
    Rating.objects.filter(pk=again.pk).update(state=State.VOID, void_kind=VoidReason.TURNOUT)
    with pytest.raises(Problem, match="once is the rule"):
        services.rerun_rating(actor=SYSTEM, now=later, code=again.code)


def test_nobody_of_the_judged_union_calls_opens_counts_or_ends_it(now: datetime) -> None:
    place = make_place(now)
    with pytest.raises(Refused):
        called(place, actor=place.chair)
    rating = frozen(place)
    for act in (services.freeze_roll, services.open_rating, services.end_rating):
        with pytest.raises(Refused):
            act(actor=place.chair, now=rating.opens, code=rating.code)
    with pytest.raises(Refused):
        services.declare_void(actor=place.chair, now=now, code=rating.code, reason=localized("不好", "no"))
    inside = Account.objects.create(email="in@x.example", display_name="in", person_id=place.members[0].person_id)
    from qiao.org.access.services import grant_role

    grant_role(actor=SYSTEM, now=now, account=inside, role=Role.COUNT_OFFICER, unit=place.ground.district,
               since=now.date())  # fmt: skip
    with pytest.raises(Problem, match="keys are held outside"):
        services.name_officers(actor=place.caller, now=now, code=rating.code, officers=[*place.accounts[:1], inside])


def test_a_count_officer_who_joins_the_union_later_can_no_longer_count(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 12)
    person = add_member(now, place.base, "新").person_id
    Account.objects.filter(pk=place.accounts[0].pk).update(person_id=person)
    with pytest.raises(Problem, match="keys are held outside"):
        joined(place, rating, (0,))
    assert joined(place, rating, (1, 2)).state == State.PUBLISHED


def test_one_key_opens_nothing_and_any_two_do_in_any_order(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    assert WrappedKey.objects.filter(rating=rating).count() == 6
    voted(place, rating, [GOOD] * 12)
    first = joined(place, rating, (2,))
    assert first.state == State.CLOSED
    assert first.turnout is None
    assert joined(place, rating, (2,)).state == State.CLOSED
    assert joined(place, rating, (0,)).state == State.PUBLISHED
    assert not WrappedKey.objects.filter(rating=rating).exists()


def test_a_wrong_key_and_a_key_before_the_end_change_nothing(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    with pytest.raises(Problem, match="stays open"):
        services.join_key(actor=place.counters[0], now=rating.opens, code=rating.code,
                          private_key=place.keys[0].private)  # fmt: skip
    with pytest.raises(Problem, match="does not belong"):
        services.join_key(actor=place.counters[0], now=rating.closes, code=rating.code,
                          private_key=place.keys[1].private)  # fmt: skip
    with pytest.raises(Refused):
        services.join_key(actor=place.caller, now=rating.closes, code=rating.code,
                          private_key=place.keys[0].private)  # fmt: skip
    rating.refresh_from_db()
    assert rating.state == State.OPEN


def test_while_open_nothing_is_counted_and_no_row_joins_voter_and_ballot(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD, BAD, GOOD])
    with pytest.raises(IntegrityError), atomic():
        Rating.objects.filter(pk=rating.pk).update(turnout=3)
    sealed = {len(bytes(one)) for one in Paper.objects.filter(rating=rating).values_list("sealed", flat=True)}
    assert len(sealed) == 1
    assert not AuditRow.objects.filter(code=rating.code, action__startswith="members_rating.cast").exists()
    assert all(not one.reference and not one.content_hash for one in Receipt.objects.filter(code=rating.code))


def test_the_close_shuffles_box_and_roll_and_erases_the_times(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 12)
    root = papers_root(rating)
    services.close_rating(actor=SYSTEM, now=rating.closes, code=rating.code)
    rating.refresh_from_db()
    assert rating.papers_root == root == papers_root(rating)
    assert not Cast.objects.filter(rating=rating).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM ratings_paper WHERE rating_id = %s", [rating.pk])
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT id FROM ratings_paper WHERE rating_id = %s ORDER BY ctid", [rating.pk])
        keys = [key for (key,) in cursor.fetchall()]
    assert keys == sorted(keys)


def test_votes_are_taken_once_from_the_roll_within_the_hours(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    services.cast_vote(actor=place.members[0], now=rating.opens, code=rating.code, grades=GOOD)
    with pytest.raises(services.VotedAlready):
        services.cast_vote(actor=place.members[0], now=rating.opens, code=rating.code, grades=BAD)
    with pytest.raises(services.VotedAlready):
        services.give_paper(actor=place.counters[0], now=rating.opens, code=rating.code,
                            person_id=place.members[0].person_id or 0)  # fmt: skip
    late = add_member(now, place.base, "后")
    with pytest.raises(Problem, match="not on the roll"):
        services.cast_vote(actor=late, now=rating.opens, code=rating.code, grades=GOOD)
    with pytest.raises(Problem, match="Grade every point"):
        services.cast_vote(actor=place.members[1], now=rating.opens, code=rating.code, grades={"whole": "not"})
    with pytest.raises(Problem, match="one of the grades"):
        services.cast_vote(actor=place.members[1], now=rating.opens, code=rating.code, grades=GOOD | {"whole": "x"})
    with pytest.raises(Problem, match="not open"):
        services.cast_vote(actor=place.members[1], now=rating.closes, code=rating.code, grades=GOOD)


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_one_member_at_once_are_one_vote(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    outcomes: list[str] = []

    def cast() -> None:
        try:
            services.cast_vote(actor=place.members[0], now=rating.opens, code=rating.code, grades=GOOD)
            outcomes.append("in")
        except services.VotedAlready:
            outcomes.append("already")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=cast) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "in"]
    assert Paper.objects.filter(rating=rating).count() == 1


def test_paper_and_online_make_one_count_each_paper_typed_by_two_and_settled_by_a_third(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    a, b, c = place.counters
    for member in place.members[:2]:
        services.give_paper(actor=a, now=rating.opens, code=rating.code, person_id=member.person_id or 0)
    for member in place.members[2:]:
        services.cast_vote(actor=member, now=rating.opens, code=rating.code, grades=GOOD)
    with pytest.raises(Problem, match="after the announced end"):
        services.type_sheet(actor=a, now=rating.opens, code=rating.code, number=1, grades=BAD)
    end = rating.closes
    with pytest.raises(Problem, match="two count officers type them"):
        services.close_rating(actor=SYSTEM, now=end, code=rating.code)
    services.type_sheet(actor=a, now=end, code=rating.code, number=1, grades=BAD)
    with pytest.raises(Problem, match="somebody else"):
        services.type_sheet(actor=a, now=end, code=rating.code, number=1, grades=BAD)
    services.type_sheet(actor=b, now=end, code=rating.code, number=1, grades=GOOD)
    with pytest.raises(Problem, match="not settled"):
        services.finish_papers(actor=a, now=end, code=rating.code, missing=1, reason=localized("丢", "lost"))
    assert services.type_sheet(actor=c, now=end, code=rating.code, number=1, grades={"whole": "not"}).settled
    with pytest.raises(Problem, match="no paper number 3"):
        services.type_sheet(actor=a, now=end, code=rating.code, number=3, grades=GOOD)
    with pytest.raises(Problem, match="must make up"):
        services.finish_papers(actor=a, now=end, code=rating.code)
    with pytest.raises(Problem, match="Say why"):
        services.finish_papers(actor=a, now=end, code=rating.code, missing=1)
    services.finish_papers(actor=a, now=end, code=rating.code, missing=1, reason=localized("没投", "not in the box"))
    done = joined(place, rating)
    assert (done.voted, done.turnout, done.papers_missing) == (12, 11, 1)
    cells = {cell.grade: cell for cell in done.cells.filter(point="whole")}
    assert cells["not"].count is None
    assert cells["not"].few


def test_a_box_that_does_not_agree_with_the_roll_is_void(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 12)
    Paper.objects.create(rating=rating, sealed=b"more")
    closed = services.close_rating(actor=SYSTEM, now=rating.closes, code=rating.code)
    assert (closed.state, closed.void_kind) == (State.VOID, VoidReason.MISMATCH)


def test_a_ballot_exchanged_after_the_close_is_not_counted(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [BAD] * 12)
    services.close_rating(actor=SYSTEM, now=rating.closes, code=rating.code)
    from qiao.base import sealing

    one = Paper.objects.filter(rating=rating).first()
    assert one is not None
    one.sealed = sealing.seal(rating.public_key, GOOD)
    one.save()
    joined(place, rating, (0,))
    with pytest.raises(Problem, match="root stands in the ledger"):
        joined(place, rating, (1,))


def test_the_roll_is_contested_put_right_by_another_and_then_left_alone(now: datetime) -> None:
    place = make_place(now)
    rating = frozen(place)
    before = rating.roll_sha256
    late = add_member(now, place.base, "漏")
    made = services.object_to_roll(actor=late, now=now + 2 * DAY, code=rating.code, kind=ObjectionKind.MISSING,
                                   ground="我是会员")  # fmt: skip
    same = services.object_to_roll(actor=late, now=now + 2 * DAY, code=rating.code, kind=ObjectionKind.MISSING,
                                   ground="我是会员")  # fmt: skip
    assert made == same
    rating.refresh_from_db()
    assert rating.state == State.ROLL_CONTESTED
    keyed(place, rating)
    with pytest.raises(Problem, match="contested"):
        services.open_rating(actor=place.caller, now=rating.opens, code=rating.code)
    with pytest.raises(Problem, match="You called this rating"):
        services.decide_objection(actor=place.caller, now=now + 3 * DAY, code=made.code, upheld=True, reason="对")
    with pytest.raises(Refused):
        services.decide_objection(actor=place.chair, now=now + 3 * DAY, code=made.code, upheld=True, reason="对")
    services.decide_objection(actor=place.decider, now=now + 3 * DAY, code=made.code, upheld=True, reason="登记在册")
    rating.refresh_from_db()
    assert (rating.state, rating.roll_size) == (State.ROLL_FROZEN, 13)
    assert rating.roll_sha256 != before
    assert rating.roll_sha256 == roll_hash(rating)
    RollEntry.objects.filter(rating=rating, person_id=late.person_id).delete()
    with pytest.raises(Problem, match="hash stands in the ledger"):
        services.open_rating(actor=place.caller, now=rating.opens, code=rating.code)


def test_a_dismissed_objection_is_appealed_and_upheld_after_the_opening_voids(now: datetime) -> None:
    place = make_place(now)
    rating = frozen(place)
    late = add_member(now, place.base, "漏")
    made = services.object_to_roll(actor=late, now=now + 2 * DAY, code=rating.code, kind=ObjectionKind.MISSING,
                                   ground="我是会员")  # fmt: skip
    services.decide_objection(actor=place.decider, now=now + 3 * DAY, code=made.code, upheld=False, reason="不在册")
    appeal = services.appeal_objection(actor=late, now=now + 4 * DAY, code=made.code, ground="在册")
    keyed(place, rating)
    services.open_rating(actor=place.caller, now=rating.opens, code=rating.code)
    services.uphold_appeal(appeal, place.caller, rating.opens)
    rating.refresh_from_db()
    made.refresh_from_db()
    assert (rating.state, made.state) == (State.VOID, ObjectionState.UPHELD)


def test_opening_waits_for_time_objections_and_every_key(now: datetime) -> None:
    place = make_place(now)
    rating = frozen(place)
    with pytest.raises(Problem, match="object to the roll until"):
        services.open_rating(actor=place.caller, now=now + 2 * DAY, code=rating.code)
    with pytest.raises(Problem, match="3 are missing"):
        services.open_rating(actor=place.caller, now=rating.opens, code=rating.code)
    keyed(place, rating)
    with pytest.raises(Problem, match="not before"):
        services.open_rating(actor=place.caller, now=rating.opens - DAY, code=rating.code)
    with pytest.raises(Problem, match="Another count officer registered"):
        services.register_key(actor=place.counters[0], now=now, code=rating.code, public_key=place.keys[1].public)
    one = services.open_rating(actor=place.caller, now=rating.opens, code=rating.code)
    assert services.open_rating(actor=place.caller, now=rating.opens, code=rating.code).public_key == one.public_key
    with pytest.raises(Problem, match="no key can be replaced"):
        services.make_key(actor=place.counters[0], now=rating.opens, code=rating.code)


def test_bad_calls_are_refused_with_what_to_do(now: datetime) -> None:
    place = make_place(now)
    for changes, words in (
        ({"opens": now + 2 * DAY, "closes": now + 9 * DAY}, "object to the roll until"),
        ({"opens": now + 30 * DAY, "closes": now + 20 * DAY}, "later days"),
        ({"points": ("nothing",)}, "no point"),
        ({"title": {}}, "needs a title"),
        ({"officers": place.accounts[:1]}, "at least 2"),
    ):
        with pytest.raises((Problem, Problems), match=words):
            called(place, **changes)
    with pytest.raises(Problem, match="none above"):
        called(place, unit=place.ground.root, actor=SYSTEM)
    made = called(place)
    assert called(place) == made
    with pytest.raises(Problem, match="being rated now"):
        called(place, closes=now + 40 * DAY)


def test_small_unions_are_counted_together(now: datetime) -> None:
    place = make_place(now, members=3)
    with pytest.raises(Problem, match="together with others"):
        called(place)
    from datetime import date

    from qiao.org.units.choices import UnitKind
    from qiao.org.units.services import found_unit

    other = found_unit(actor=SYSTEM, now=now, kind=UnitKind.BASE, name=localized("小厂", "Small"), label="F-D1-B2",
                       parent=place.ground.district, founded=date(2010, 1, 1))  # fmt: skip
    for number in range(3):
        add_member(now, other, f"小{number}")
    made = services.call_below(
        actor=place.caller, now=now, unit=place.ground.district, title=localized("评家", "Rate"), points=["hearing"],
        officers=place.accounts, opens=now + 20 * DAY, closes=now + 30 * DAY,
    )  # fmt: skip
    assert [(one.unit, one.joint, one.rated.count()) for one in made] == [(place.ground.district, True, 2)]
    assert services.freeze_roll(actor=place.caller, now=now + DAY, code=made[0].code).roll_size == 6
    again = services.call_below(
        actor=place.caller, now=now, unit=place.ground.district, title=localized("评家", "Rate"), points=["hearing"],
        officers=place.accounts, opens=now + 20 * DAY, closes=now + 30 * DAY,
    )  # fmt: skip
    assert again == []


def test_a_petition_calls_the_rating_with_the_last_signature_and_nobody_sees_it_grow(now: datetime) -> None:
    place = make_place(now)
    first = services.start_petition(actor=place.members[0], now=now, unit=place.base, ground=localized("该评", "now"))
    assert (first.needed, first.state) == (4, PetitionState.COLLECTING)
    assert (
        services.start_petition(actor=place.members[1], now=now, unit=place.base, ground=localized("x", "x")) == first
    )
    services.sign_petition(actor=place.members[1], now=now, code=first.code)
    services.sign_petition(actor=place.members[2], now=now, code=first.code)
    services.unsign_petition(actor=place.members[2], code=first.code)
    with pytest.raises(Refused):
        services.sign_petition(actor=place.chair, now=now, code=first.code)
    assert not AuditRow.objects.filter(code=first.code).exists()
    services.sign_petition(actor=place.members[2], now=now, code=first.code)
    done = services.sign_petition(actor=place.members[3], now=now, code=first.code)
    assert done.state == PetitionState.REACHED
    assert done.rating is not None
    assert done.rating.origin == Origin.PETITION
    assert done.rating.keys.count() == 3
    assert not Signature.objects.exists()


def test_a_petition_without_enough_names_lapses_and_its_names_go(now: datetime) -> None:
    place = make_place(now)
    one = services.start_petition(actor=place.members[0], now=now, unit=place.base, ground=localized("该评", "now"))
    services.lapse_petition(actor=SYSTEM, now=one.until, code=one.code)
    assert MembersCall.objects.get().state == PetitionState.LAPSED
    assert not Signature.objects.exists()
    with pytest.raises(Problem, match="over"):
        services.sign_petition(actor=place.members[1], now=one.until, code=one.code)


def test_answer_plan_report_recheck_and_end(now: datetime) -> None:
    place = make_place(now)
    rating = published(place, [GOOD] * 5 + [BAD] * 7)
    at = (rating.published or now) + DAY
    with pytest.raises(Refused):
        services.respond(actor=place.caller, now=at, code=rating.code, text=localized("收到", "Noted"))
    services.respond(actor=place.chair, now=at, code=rating.code, text=localized("收到", "Noted"))
    with pytest.raises(Problem, match="given once"):
        services.respond(actor=place.chair, now=at, code=rating.code, text=localized("另一", "Other"))
    day = at.date() + 30 * DAY
    with pytest.raises(Problem, match="2 have none"):
        services.plan_remedies(actor=place.chair, now=at, code=rating.code,
                               promises=[services.Promise("whole", localized("改", "mend"), day)])  # fmt: skip
    with pytest.raises(Refused):
        services.plan_remedies(actor=place.caller, now=at, code=rating.code, promises=[])
    promises = [services.Promise(key, localized("改", "mend"), day) for key in ("whole", "chair", "hearing")]
    services.plan_remedies(actor=place.chair, now=at, code=rating.code, promises=promises)
    services.plan_remedies(actor=place.chair, now=at, code=rating.code, promises=promises)
    remedies = list(rating.remedies.all())
    assert len(remedies) == 3
    services.report_remedy(actor=place.chair, now=at, remedy_id=remedies[0].pk, text=localized("做了", "done"))
    with pytest.raises(Problem, match="every remedy"):
        services.recheck(actor=place.caller, now=at, code=rating.code, verdicts={})
    verdicts = {one.pk: (Verdict.KEPT, {}) for one in remedies[:2]} | {
        remedies[2].pk: (Verdict.NOT_KEPT, localized("没做", "nothing was done"))
    }
    services.recheck(actor=place.caller, now=at, code=rating.code, verdicts=verdicts)
    rating.refresh_from_db()
    assert queries.kept_of(rating) == (2, 3)
    assert services.end_rating(actor=place.caller, now=at, code=rating.code).state == State.DONE


def test_clocks_that_lapse_are_told_once_and_the_plan_passes_to_the_union_above(now: datetime) -> None:
    place = make_place(now)
    rating = published(place, [GOOD] * 5 + [BAD] * 7)
    late = (rating.published or now) + 70 * DAY
    for _time in range(2):
        services.lapse_clocks(now=late, code=rating.code)
    rating.refresh_from_db()
    assert rating.lapsed == ["response", "plan"]
    assert LedgerLeaf.objects.filter(code=rating.code, kind="rating.lapsed").count() == 2
    promises = [services.Promise(key, localized("改", "mend"), late.date() + 30 * DAY)
                for key in ("whole", "chair", "hearing")]  # fmt: skip
    planned = services.plan_remedies(actor=place.caller, now=late, code=rating.code, promises=promises)
    assert planned.plan_from_above
    with pytest.raises(Problem, match="somebody else rechecks"):
        services.recheck(actor=place.caller, now=late, code=rating.code, verdicts={})


def test_an_incident_voids_before_the_result_and_never_after(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    text = localized("票箱被本会干部打开", "The box was opened")
    void = services.declare_void(actor=place.caller, now=rating.opens, code=rating.code, reason=text)
    assert (void.state, void.void_kind) == (State.VOID, VoidReason.INCIDENT)
    again = services.declare_void(actor=place.caller, now=rating.opens, code=rating.code, reason=text)
    assert again.voided == void.voided
    other = services.rerun_rating(actor=place.caller, now=rating.opens + DAY, code=rating.code)
    Rating.objects.filter(pk=other.pk).update(
        state=State.PUBLISHED, published=now, turnout=1, roll_size=5, roll_sha256="x", bundle_sha256="x"
    )
    with pytest.raises(Problem, match="it stands"):
        services.declare_void(actor=place.caller, now=now, code=other.code, reason=text)


def test_the_bundle_is_recomputed_and_a_changed_count_is_found(now: datetime) -> None:
    rating = published(make_place(now), [GOOD] * 7 + [BAD] * 5)
    files = {row.name: row.content for row in rating.files.all()}
    assert hashlib.sha256(files["manifest.json"].encode()).hexdigest() == rating.bundle_sha256
    assert [row["checked"] for row in check_bundle(files)] == ["whole", "chair", "hearing", "turnout"]
    changed = files | {"cells.csv": files["cells.csv"].replace("whole,satisfied,7", "whole,satisfied,9")}
    with pytest.raises(Problem):
        check_bundle(changed)


def test_ballots_and_roll_are_destroyed_after_the_challenge_time(now: datetime) -> None:
    from qiao.judge.ratings.services.erasing import erase_papers, erase_roll
    from qiao.org.retention.rules import Held

    rating = published(make_place(now), [GOOD] * 12)
    early = rating.challenge_ends or now
    assert not erase_papers(early, 100, Held(early)).keys
    later = early + DAY
    erase_papers(later, 100, Held(later))
    erase_roll(later, 100, Held(later))
    rating.refresh_from_db()
    assert not rating.papers.exists()
    assert not rating.roll.exists()
    assert rating.roll_salt == ""
    assert rating.cells.exists()


def test_the_upper_sheet_stands_beside(now: datetime) -> None:
    place = make_place(now)
    rating = called(place)
    services.enter_beside(actor=place.caller, now=now, code=rating.code, shares={"dues": 0.8}, source="年度考核表")
    rating.refresh_from_db()
    [(_name, share, line, passes)] = queries.beside_of(rating)
    assert (share, line, passes) == (0.8, 1.0, False)
    with pytest.raises(Problem, match="between 0 and 100"):
        services.enter_beside(actor=place.caller, now=now, code=rating.code, shares={"dues": 8}, source="x")
    with pytest.raises(Refused):
        services.enter_beside(actor=place.chair, now=now, code=rating.code, shares={}, source="x")


def test_a_receipt_proves_that_the_ballot_was_counted(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    number = services.cast_vote(actor=place.members[0], now=rating.opens, code=rating.code, grades=GOOD).number
    with pytest.raises(Problem, match="once the vote is closed"):
        queries.receipt_proof(rating, number)
    voted_rest = place.members[1:]
    for member in voted_rest:
        services.cast_vote(actor=member, now=rating.opens, code=rating.code, grades=GOOD)
    done = joined(place, rating)
    proof = queries.receipt_proof(done, number)
    assert (proof.size, proof.root) == (12, done.receipts_root)
    with pytest.raises(Problem, match="no receipt"):
        queries.receipt_proof(done, "R-2222-2222-2")


def test_an_actor_of_another_district_has_no_say(now: datetime) -> None:
    place = make_place(now)
    rating = frozen(place)
    other = actor_for(officer(now, "elsewhere", Role.ORG_OFFICER, place.base), now.date())
    with pytest.raises(Refused):
        services.name_officers(actor=other, now=now, code=rating.code, officers=place.accounts)
