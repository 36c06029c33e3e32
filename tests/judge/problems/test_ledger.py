"""From a problem raised to its lesson: who may do what, when, and what nobody can get round."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from tests.factories.org import Tree
from tests.factories.problems import (
    accepted,
    claimed,
    ground,
    member,
    owned,
    owner,
    raised,
    rechecked,
    running,
)

from qiao.base.access import ANONYMOUS, SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.models import LedgerLeaf, Receipt
from qiao.base.problems import Problem, Problems
from qiao.hear.needs.models import Need
from qiao.hear.needs.services import raise_finding
from qiao.hear.window import services as window
from qiao.hear.window.models import Request
from qiao.judge.problems import queries, services
from qiao.judge.problems.choices import Say, Source, State, Tendency, VoiceKind
from qiao.judge.problems.models import Entry, Move, Verdict, Voice
from qiao.judge.problems.rules.states import FOLLOWING, Outcome, outcome
from qiao.judge.problems.services.erasing import erase_voices
from qiao.judge.ratings.rules.poor import PoorRating, tell_listeners
from qiao.org.access.choices import Role
from qiao.org.appeals.services import decide_appeal
from qiao.org.retention.rules import Held
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.services import enter_input

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(now: object, db: None) -> Tree:
    return ground(now)  # type: ignore[arg-type]


def later(entry: Entry) -> object:
    return entry.recheck_from + timedelta(hours=1)  # type: ignore[operator]


def test_anybody_raises_a_problem_and_leaves_nothing_but_words(tree: Tree) -> None:
    made = raised(tree)
    assert made.entry.state == State.RAISED
    assert made.entry.due is not None
    voice = Voice.objects.get(entry=made.entry)
    assert (voice.person_id, voice.account_id, voice.receipt) == (None, None, made.receipt)
    assert Receipt.objects.get(pk=made.receipt).promised is not None
    move = Move.objects.get(entry=made.entry)
    assert (move.by, move.role) == (None, ""), "who raised it stands in no log"


def test_the_same_form_sent_twice_is_one_problem(tree: Tree) -> None:
    assert raised(tree).receipt == raised(tree).receipt
    assert Entry.objects.count() == 1


def test_the_thread_of_a_problem_is_shown_once_others_may_see_it(tree: Tree) -> None:
    by = member(tree, 1)
    entry = raised(tree, by=by).entry
    (before,) = queries.own_items(actor=by, now=tree.now)
    assert before.thread_code == ""
    services.accept_problem(actor=tree.officer(Role.EXECUTIVE, "D1"), now=tree.now, code=entry.code)
    (after,) = queries.own_items(actor=by, now=tree.now)
    assert after.thread_code == entry.code


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"about_officer": True}, "goes to the window"),
        ({"text": localized("他的宗教信仰有问题")}, "what somebody thinks"),
        ({"text": localized("")}, "short title"),
    ],
)
def test_what_does_not_belong_into_the_ledger_is_refused(tree: Tree, words: dict[str, object], said: str) -> None:
    given = {"nonce": "nonce-bad-1", "unit": tree["B1"], "title": localized("一个问题"), "text": localized("说明")}
    with pytest.raises(Problem, match=said):
        services.raise_problem(
            actor=ANONYMOUS,
            now=tree.now,
            given=services.Given(**(given | words)),  # type: ignore[arg-type]
        )
    assert not Entry.objects.exists()


def test_an_officers_name_in_the_words_goes_to_the_window(tree: Tree) -> None:
    tree.account(Role.BASE_CHAIR, "B1", "zhangdaqiao")
    with pytest.raises(Problem, match="goes to the window"):
        services.raise_problem(
            actor=ANONYMOUS, now=tree.now,
            given=services.Given(
                nonce="nonce-0009", unit=tree["B1"], title=localized("zhangdaqiao 不来"), text=localized("一年没来"),
            ),
        )  # fmt: skip


def test_personal_data_is_refused_with_its_place(tree: Tree) -> None:
    with pytest.raises(Problems):
        services.raise_problem(
            actor=ANONYMOUS, now=tree.now,
            given=services.Given(
                nonce="nonce-0010", unit=tree["B1"], title=localized("电话"), text=localized("打13900001234找我"),
            ),
        )  # fmt: skip


def test_only_an_office_names_an_audit_as_the_source(tree: Tree) -> None:
    given = services.Given(
        nonce="nonce-0011", unit=tree["B1"], title=localized("账目不公开"), text=localized("一年没有公开账目"),
        source=Source.AUDIT, source_code="AS-7",
    )  # fmt: skip
    with pytest.raises(Refused):
        services.raise_problem(actor=member(tree, 0), now=tree.now, given=given)
    auditor = tree.officer(Role.AUDITOR, "F")
    made = services.raise_problem(actor=auditor, now=tree.now, given=given).entry
    assert Voice.objects.get(entry=made).account_id == auditor.account_id
    with pytest.raises(Problem, match="is not declined"):
        services.decline_problem(
            actor=tree.officer(Role.EXECUTIVE, "D1"), now=tree.now, code=made.code, reason=localized("不是问题")
        )


def test_a_decline_needs_a_reason_and_an_upheld_appeal_takes_it_on(tree: Tree) -> None:
    made = raised(tree)
    chief = tree.officer(Role.EXECUTIVE, "D1")
    with pytest.raises(Problem, match="Write why"):
        services.decline_problem(actor=chief, now=tree.now, code=made.entry.code, reason={})
    services.decline_problem(actor=chief, now=tree.now, code=made.entry.code, reason=localized("已有安排"))
    appeal = services.appeal_decline(now=tree.now, receipt=made.receipt, ground="没有人来过", actor=ANONYMOUS)
    decide_appeal(actor=tree.officer(Role.ORG_OFFICER, "D1"), now=tree.now, code=appeal.code, upheld=True, reason="对")
    made.entry.refresh_from_db()
    assert made.entry.state == State.ACCEPTED


def test_a_unit_elsewhere_takes_nothing_on(tree: Tree) -> None:
    made = raised(tree).entry
    with pytest.raises(Refused):
        services.accept_problem(actor=tree.officer(Role.EXECUTIVE, "D2"), now=tree.now, code=made.code)


def test_who_raised_it_does_not_take_it_on(tree: Tree) -> None:
    made = raised(tree, by=tree.officer(Role.ORG_OFFICER, "F"), source=Source.OWN).entry
    with pytest.raises(Problem, match="somebody else decides"):
        services.accept_problem(actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=made.code)


def test_only_the_owner_mends_and_only_with_dated_steps(tree: Tree) -> None:
    made = owned(tree)
    day = tree.now.date()
    with pytest.raises(Refused):
        services.plan_remedy(
            actor=tree.officer(Role.HUB_ORGANISER, "H1", "another"), now=tree.now, code=made.code,
            remedy=localized("改"), steps=[(localized("一步"), day)],
        )  # fmt: skip
    for steps in ([], [(localized("昨天"), day - timedelta(days=1))], [(localized("晚"), day + timedelta(days=9)),
                                                                      (localized("早"), day)]):  # fmt: skip
        with pytest.raises(Problem):
            services.plan_remedy(
                actor=owner(tree), now=tree.now, code=made.code, remedy=localized("改"), steps=steps
            )  # fmt: skip
    made.refresh_from_db()
    assert made.state == State.OWNED


def test_more_time_needs_a_reason_and_a_later_day(tree: Tree) -> None:
    made = running(tree)
    before = made.due
    with pytest.raises(Problem, match="Write why"):
        services.extend_remedy(
            actor=owner(tree), now=tree.now, code=made.code, until=tree.now.date() + timedelta(days=60), reason={}
        )
    with pytest.raises(Problem, match="a day after"):
        services.extend_remedy(
            actor=owner(tree), now=tree.now, code=made.code, until=tree.now.date(), reason=localized("等材料")
        )
    made = services.extend_remedy(
        actor=owner(tree), now=tree.now, code=made.code, until=tree.now.date() + timedelta(days=60),
        reason=localized("等材料"),
    )  # fmt: skip
    assert made.due > before  # type: ignore[operator]
    assert made.extensions.get().before == before


def test_a_claim_needs_people_who_were_asked(tree: Tree) -> None:
    made = running(tree)
    with pytest.raises(Problem, match="photographs"):
        services.claim_mended(
            actor=owner(tree), now=tree.now, code=made.code, claim=localized("好了"), users_asked=0, users_confirmed=0
        )
    with pytest.raises(Problem, match="still open"):
        services.claim_mended(
            actor=owner(tree), now=tree.now, code=made.code, claim=localized("好了"), users_asked=3, users_confirmed=3
        )


def test_those_who_raised_it_are_filled_up_by_members_drawn_by_a_public_seed(tree: Tree) -> None:
    made = claimed(tree, by=member(tree, 0))
    kinds = Counter(made.voices.values_list("kind", flat=True))
    assert kinds == {VoiceKind.RAISER: 1, VoiceKind.DRAWN: 8}
    assert (len(made.draw_seed), made.drawn_of) == (32, 11)
    assert not made.voices.filter(kind=VoiceKind.DRAWN, person=member(tree, 0).person_id).exists()
    assert LedgerLeaf.objects.filter(kind="problem.claimed", code=made.code).count() == 1


def test_nobody_speaks_before_the_day_and_the_owner_never(tree: Tree) -> None:
    made = claimed(tree, by=member(tree, 0))
    with pytest.raises(Problem, match="from"):
        services.say_whether_mended(actor=member(tree, 0), now=tree.now, code=made.code, say=Say.MENDED)
    with pytest.raises(Refused):
        services.say_whether_mended(actor=owner(tree), now=later(made), code=made.code, say=Say.MENDED)  # type: ignore[arg-type]
    Voice.objects.create(
        entry=made, kind=VoiceKind.RAISER, account_id=owner(tree).account_id, since=tree.now.date()
    )  # fmt: skip
    with pytest.raises(Refused):
        services.say_whether_mended(actor=owner(tree), now=later(made), code=made.code, say=Say.MENDED)  # type: ignore[arg-type]


def test_a_receipt_is_enough_to_say_it(tree: Tree) -> None:
    made = raised(tree)
    entry = claimed(tree)
    services.say_whether_mended(
        actor=ANONYMOUS,
        now=later(entry),
        code=entry.code,
        say=Say.PARTLY,
        note_text="周末没有",
        receipt=made.receipt,  # type: ignore[arg-type]
    )
    assert Verdict.objects.get(entry=entry).note == "周末没有"
    with pytest.raises(Refused):
        services.say_whether_mended(
            actor=ANONYMOUS,
            now=later(entry),
            code=entry.code,
            say=Say.MENDED,
            receipt="R-2222-2222-2",  # type: ignore[arg-type]
        )


def test_mended_by_more_than_half_and_closed_by_another_with_a_lesson(tree: Tree) -> None:
    made = rechecked(tree, by=member(tree, 0))
    assert made.state == State.RECHECKED
    lesson = localized("公示要有专人", "A board needs somebody")
    for officer in (owner(tree), tree.officer(Role.ORG_OFFICER, "H1")):
        with pytest.raises((Refused, Problem)):
            services.close_problem(actor=officer, now=tree.now, code=made.code, lesson=lesson)
    verifier = tree.officer(Role.ORG_OFFICER, "F")
    with pytest.raises(Problem, match="teaches"):
        services.close_problem(actor=verifier, now=tree.now, code=made.code, lesson={})
    made = services.close_problem(actor=verifier, now=tree.now, code=made.code, lesson=lesson)
    assert made.state == State.CLOSED
    kinds = list(LedgerLeaf.objects.filter(code=made.code).order_by("index").values_list("kind", flat=True))
    assert kinds == ["problem.accepted", "problem.claimed", "problem.closed"]


def test_not_mended_opens_it_again_and_asks_for_a_new_remedy(tree: Tree) -> None:
    made = rechecked(tree, Say.NOT_MENDED, by=member(tree, 0))
    assert (made.state, made.reopened, made.turn, made.remedy) == (State.REOPENED, 1, 2, {})
    assert made.due is not None
    with pytest.raises(Problem):
        services.claim_mended(
            actor=owner(tree), now=tree.now, code=made.code, claim=localized("好了"), users_asked=1, users_confirmed=1
        )


def test_silence_leads_to_the_union_above_never_to_the_end(tree: Tree) -> None:
    made = claimed(tree)
    after = made.due + timedelta(days=1)  # type: ignore[operator]
    assert services.settle_due(actor=SYSTEM, now=after) == 0
    verifier = tree.officer(Role.ORG_OFFICER, "F")
    with pytest.raises(Problem, match="their word comes first"):
        services.recheck_problem(
            actor=verifier,
            now=later(made),
            code=made.code,
            say=Say.MENDED,
            ground=localized("看过"),  # type: ignore[arg-type]
        )
    with pytest.raises(Refused):
        services.recheck_problem(
            actor=tree.officer(Role.ORG_OFFICER, "H1"), now=after, code=made.code, say=Say.MENDED,
            ground=localized("看过"),
        )  # fmt: skip
    made = services.recheck_problem(
        actor=verifier, now=after, code=made.code, say=Say.NOT_MENDED, ground=localized("问了五人，没有改")
    )
    assert made.state == State.REOPENED


def test_one_word_settles_it_once_the_time_is_over(tree: Tree) -> None:
    made = claimed(tree, by=member(tree, 0))
    services.say_whether_mended(actor=member(tree, 0), now=later(made), code=made.code, say=Say.MENDED)  # type: ignore[arg-type]
    made.refresh_from_db()
    assert made.state == State.CLAIMED
    assert services.settle_due(actor=SYSTEM, now=made.due + timedelta(days=1)) == 1  # type: ignore[operator]
    assert services.settle_due(actor=SYSTEM, now=made.due + timedelta(days=1)) == 0  # type: ignore[operator]


def test_whoever_raised_it_opens_a_closed_one_again_within_a_year(tree: Tree) -> None:
    made = rechecked(tree, by=member(tree, 0))
    services.close_problem(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=made.code, lesson=localized("专人")
    )
    with pytest.raises(Problem, match="raise it anew"):
        services.reopen_problem(
            actor=member(tree, 0), now=tree.now + timedelta(days=400), code=made.code, reason=localized("又没人管")
        )
    with pytest.raises(Refused):
        services.reopen_problem(actor=ANONYMOUS, now=tree.now, code=made.code, reason=localized("又没人管"))
    made = services.reopen_problem(
        actor=member(tree, 0), now=tree.now + timedelta(days=40), code=made.code, reason=localized("又没人管")
    )
    assert made.state == State.REOPENED
    assert Move.objects.filter(entry=made).last().by is None  # type: ignore[union-attr]


def test_the_database_itself_holds_owner_and_closer_apart(tree: Tree) -> None:
    made = rechecked(tree, by=member(tree, 0))
    with pytest.raises(DatabaseError), atomic():
        Entry.objects.filter(pk=made.pk).update(
            state=State.CLOSED, closed=tree.now, closed_by=made.owner_id, lesson=localized("x")
        )
    with pytest.raises(DatabaseError), atomic():
        Move.objects.filter(entry=made).delete()


def test_clocks_warn_once_each_and_overdue_stands_in_the_public_counts(tree: Tree) -> None:
    made = running(tree)
    span = made.due - made.clock_from  # type: ignore[operator]
    for share, mark in ((0.4, 0), (0.6, 50), (0.6, 50), (0.85, 80), (1.1, 100)):
        services.warn_due(actor=SYSTEM, now=made.clock_from + share * span)
        made.refresh_from_db()
        assert made.warned == mark
    after = made.due + timedelta(days=1)  # type: ignore[operator]
    assert queries.measures("", now=after).overdue == 1
    assert [(unit.label, late) for unit, _open, late in queries.counts_by_unit(tree["F"].path, now=after)] == [
        ("D1", 1), ("D2", 0),
    ]  # fmt: skip


def test_the_public_page_names_no_person(tree: Tree) -> None:
    made = claimed(tree, by=member(tree, 0))
    page = Client(headers={"accept-language": "en"}).get(f"/judge/problems/{made.code}/").content.decode()
    assert "Nobody keeps up the board" in page
    assert owner(tree).name not in page
    assert "职工" not in page
    assert tree["H1"].name["en"] in page
    raised_only = raised(tree, nonce="nonce-0077").entry
    assert Client().get(f"/judge/problems/{raised_only.code}/").status_code == 404


def test_words_of_few_people_are_not_counted_out(tree: Tree) -> None:
    made = rechecked(tree, by=member(tree, 0))
    said = queries.entry_page(made, now=tree.now).said[0]
    assert (said.asked, said.said, said.mended) == (9, 5, 5), "settled as soon as five of nine say so"
    Verdict.objects.filter(pk=Verdict.objects.filter(entry=made).first().pk).update(say=Say.PARTLY)  # type: ignore[union-attr]
    assert queries.entry_page(made, now=tree.now).said[0].mended is None


def test_only_who_agreed_is_named_and_only_to_the_offices_concerned(tree: Tree) -> None:
    hidden = accepted(tree, by=member(tree, 0))
    named = accepted(tree, by=member(tree, 1), nonce="nonce-0078", shielded=False)
    chief = tree.client(Role.EXECUTIVE, "D1")
    assert "职工0" not in chief.get(f"/judge/problems/{hidden.code}/").content.decode()
    assert "职工1" in chief.get(f"/judge/problems/{named.code}/").content.decode()
    for other in (Client(), tree.client(Role.EXECUTIVE, "D2")):
        assert "职工1" not in other.get(f"/judge/problems/{named.code}/").content.decode()


def test_the_list_holds_its_query_count(tree: Tree, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        accepted(tree, nonce=f"nonce-1{number:03}")
    with django_assert_max_num_queries(40) as few:  # type: ignore[operator]
        Client().get("/judge/problems/")
    for number in range(12):
        accepted(tree, nonce=f"nonce-2{number:03}")
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        Client().get("/judge/problems/")


def test_every_state_leads_somewhere_and_the_claim_never_to_the_end() -> None:
    assert set(FOLLOWING) == set(State)
    assert State.CLOSED not in FOLLOWING[State.CLAIMED] | FOLLOWING[State.RUNNING] | FOLLOWING[State.OWNED]


@pytest.mark.parametrize(
    ("said", "voices", "over", "want"),
    [
        ({}, 9, False, Outcome.WAIT),
        ({}, 9, True, Outcome.SILENT),
        ({}, 0, False, Outcome.SILENT),
        ({"mended": 5}, 9, False, Outcome.MENDED),
        ({"mended": 4}, 9, False, Outcome.WAIT),
        ({"mended": 4}, 9, True, Outcome.MENDED),
        ({"mended": 2, "partly": 2}, 4, False, Outcome.NOT_MENDED),
        ({"not_mended": 1}, 9, True, Outcome.NOT_MENDED),
        ({"mended": 1, "not_mended": 1}, 9, True, Outcome.NOT_MENDED),
    ],
)
def test_more_than_half_must_say_it(said: dict[str, int], voices: int, over: bool, want: Outcome) -> None:
    assert outcome(said, voices=voices, over=over) == want


def test_a_bad_judgment_is_a_finding_and_a_problem_exactly_once(tree: Tree) -> None:
    judgment = services.Judgment(
        unit=tree["B1"], title=localized("夜班班车没有让使用者满意"), detail=localized("满意度 40%"),
        source=Source.EVALUATION, source_code="E-77", share=0.6, lower=0.5, upper=0.7, n=60, rate=0.4,
        subject="project:W-7",
    )  # fmt: skip
    first = services.record_judgment(actor=SYSTEM, now=tree.now, judgment=judgment)
    again = services.record_judgment(actor=SYSTEM, now=tree.now + timedelta(days=1), judgment=judgment)
    assert first.pk == again.pk
    assert first.state == State.ACCEPTED
    assert Need.objects.filter(source_code="E-77").count() == 1
    assert set(sources_of(first.code)) == {"E-77", Need.objects.get(source_code="E-77").code}
    with pytest.raises(Refused):
        services.record_judgment(actor=ANONYMOUS, now=tree.now, judgment=judgment)


def test_a_poor_rating_reaches_the_ledger_through_the_registry(tree: Tree) -> None:
    need = raise_finding(
        actor=SYSTEM, now=tree.now, unit=tree["B1"], title=localized("会员对工会不满意"), detail=localized("满意 40%"),
        share=0.6, lower=0.5, upper=0.7, n=60, rate=0.7, source_code="R-9",
    )  # fmt: skip
    found = PoorRating("R-9", tree["B1"], localized("会员评家"), {}, 0.4, need.code)
    for _twice in range(2):
        tell_listeners(found, SYSTEM, tree.now)
    entry = Entry.objects.get(source=Source.RATING)
    assert (entry.source_code, entry.state) == ("R-9", State.ACCEPTED)
    assert Need.objects.count() == 1


def test_what_comes_back_within_a_year_names_what_it_repeats(tree: Tree) -> None:
    def judged(code: str, days: int) -> Entry:
        return services.record_judgment(
            actor=SYSTEM, now=tree.now + timedelta(days=days),
            judgment=services.Judgment(
                unit=tree["B1"], title=localized(f"班车不好 {code}"), detail=localized("满意度低"),
                source=Source.EVALUATION, source_code=code, share=0.6, lower=0.5, upper=0.7, subject="project:W-7",
            ),
        )  # fmt: skip

    first = judged("E-1", 0)
    Entry.objects.filter(pk=first.pk).update(
        state=State.CLOSED, closed=tree.now, lesson=localized("x"), due=None, owner=tree.account(Role.EXECUTIVE, "D1"),
        owner_unit=tree["D1"],
    )  # fmt: skip
    assert judged("E-2", 100).repeat_of_id == first.pk
    assert judged("E-3", 500).repeat_of_id is None


def test_many_unsolved_requests_of_one_topic_become_a_problem_once(tree: Tree) -> None:
    made = window.file_request(
        actor=ANONYMOUS, now=tree.now, given=window.Given(nonce="pattern-0001", text="加班费", place=tree["B1"])
    ).request
    rows = []
    for number in range(12):
        row = Request.objects.get(pk=made.pk)
        row.pk, row.code, row.nonce, row.receipt = None, f"{made.code}-{number}", f"pattern-{number:06}", f"X-{number}"
        row.body, row.answered, row.state = tree["B1"], tree.now, "closed"
        row.outcome = "not_solved" if number < 11 else "solved"
        row.closed = tree.now
        rows.append(row)
    Request.objects.bulk_create(rows)
    assert services.find_patterns(actor=SYSTEM, now=tree.now + timedelta(days=1)) == 1
    assert services.find_patterns(actor=SYSTEM, now=tree.now + timedelta(days=2)) == 0
    entry = Entry.objects.get(source=Source.REQUESTS)
    assert entry.text["en"].startswith("11 askers say"), "the one who was content is not told apart"


def test_who_raised_it_is_forgotten_and_the_counts_stay(tree: Tree) -> None:
    made = rechecked(tree, by=member(tree, 0))
    services.close_problem(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, code=made.code, lesson=localized("专人")
    )
    cutoff = tree.now + timedelta(days=900)
    assert len(erase_voices(cutoff, 10, Held(cutoff)).keys) == 1
    assert erase_voices(cutoff, 10, Held(cutoff)).keys == ()
    assert not Voice.objects.exclude(person=None, account=None, receipt=None).exists()
    assert Verdict.objects.filter(entry=made).count() == 5


def test_the_whole_way_on_the_pages(tree: Tree) -> None:
    client = Client(headers={"accept-language": "en"})
    form = {
        "unit": "B1", "title": "Nobody comes", "text": "For a year.", "tendency": "office_bound", "nonce": "page-nonce",
    }  # fmt: skip
    answer = client.post("/judge/problems/new/", form)
    entry = Entry.objects.get()
    receipt = Voice.objects.get().receipt
    assert receipt in answer.content.decode()
    assert client.post("/judge/problems/new/", form | {"unit": "nowhere"}).status_code == 422
    assert "Where it stands" in answer.content.decode()
    page = client.post("/judge/problems/mine/", {"number": receipt}).content.decode()
    assert "Nobody comes" in page
    assert client.post("/judge/problems/mine/", {"number": "R-2222-2222-2"}).status_code == 422
    chief = tree.client(Role.EXECUTIVE, "D1")
    assert chief.get(f"/judge/problems/{entry.code}/accept/").status_code == 200
    assert chief.post(f"/judge/problems/{entry.code}/accept/", {"repeat_of": ""}).status_code == 302
    account = tree.account(Role.HUB_ORGANISER, "H1")
    chosen = f"{account.pk}@{tree['H1'].pk}"
    assert chief.post(f"/judge/problems/{entry.code}/owner/", {"owner": chosen}).status_code == 302
    mender = tree.client(Role.HUB_ORGANISER, "H1")
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    remedy = {"remedy_zh_hans": "每月去一次", "remedy_en": "", "steps": f"{day} 去班组 | Visit\n不是日期"}
    assert "Line 2" in mender.post(f"/judge/problems/{entry.code}/plan/", remedy).content.decode()
    remedy["steps"] = f"{day} 去班组 | Visit"
    assert mender.post(f"/judge/problems/{entry.code}/plan/", remedy).status_code == 302
    assert mender.post(f"/judge/problems/{entry.code}/steps/1/").status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.RUNNING
    assert entry.steps.get().done is not None
    for address in ("", "indicators/", f"{entry.code}/", "?state=open&tendency=office_bound&find=B1", "?unit=D1"):
        for language in ("zh-hans", "en"):
            shown = Client(headers={"accept-language": language}).get(f"/judge/problems/{address}")
            assert shown.status_code == 200


def test_show_only_spending_is_read_from_the_accounts_entered(tree: Tree) -> None:
    def told() -> str:
        return Client(headers={"accept-language": "en"}).get("/judge/problems/indicators/").content.decode()

    assert "no union has entered both amounts" in told()
    for kind, value, year in (
        (InputKind.SHOWS, "420", 2025), (InputKind.RIGHTS_AID, "1000", 2025),
        (InputKind.SHOWS, "300", 2024), (InputKind.RIGHTS_AID, "400", 2024),
    ):  # fmt: skip
        enter_input(
            actor=SYSTEM, now=tree.now, unit=tree["F"], kind=kind, value=Decimal(value), day=date(year, 6, 30),
            source="Accounts",
        )  # fmt: skip
    found = queries.indicators(now=tree.now)[-1]
    assert (found.tendency, found.now, found.before, found.n, found.year) == (Tendency.SHOW, 0.42, 0.75, 1, 2025)
    page = told()
    assert "42.0\u00a0%" in page
    assert "75.0\u00a0%" in page
    assert "by the accounts of 2025 of 1 union;" in page
