"""Taking part by every channel: one person, one voice; codes that speak once; paper typed twice; words taken back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.decide import (
    DAY,
    PERIOD,
    Ground,
    add_member,
    closed,
    draft,
    make_ground,
    member_client,
    officer_client,
    opened,
    speak,
)

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.clock import now as clock_now
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import Channel, StackState, Word
from qiao.decide.consultations.models import Consultation, Opinion, Sheet, Slip, Voice, Vote
from qiao.decide.consultations.queries import clauses_of, statements_of
from qiao.decide.consultations.queries.channels import channel_counts
from qiao.decide.consultations.services import close_consultation, revise_text, submit_opinion, vote_statement
from qiao.decide.consultations.services.assist import speak_for
from qiao.decide.consultations.services.channels import Said, hand_in
from qiao.decide.consultations.services.own import take_back_opinion
from qiao.decide.consultations.services.slips import (
    CodeUsed,
    ask_phone_code,
    confirm_phone_code,
    make_slips,
    name_list,
    send_phone_code,
    speak_by_phone,
    speak_with_code,
)
from qiao.decide.consultations.services.stacks import complete_stack, open_stack, store_stack, type_again, type_sheet
from qiao.decide.consultations.services.take_part import SpokenAlready
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Person
from qiao.org.people.services import open_account, set_contact

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
MOBILE = "13812345678"


@pytest.fixture
def ground() -> Ground:
    return make_ground(NOW)


def clerk(ground: Ground, name: str) -> Actor:
    """An officer of the base who may type paper."""
    account = open_account(actor=SYSTEM, now=NOW, email=f"{name}@x.example", display_name=name)
    grant_role(actor=SYSTEM, now=NOW, account=account, role=Role.BASE_OFFICER, unit=ground.base, since=date(2020, 1, 1))
    return actor_for(account, NOW.date())


def codes(ground: Ground, consultation: Consultation) -> dict[int, str]:
    """A fresh code of everybody without an account, by person."""
    lines = make_slips(actor=SYSTEM, now=NOW, code=consultation.code, unit=ground.district)
    people = dict(Slip.objects.filter(consultation=consultation).values_list("number", "person_id"))
    return {people[line.number]: line.code for line in lines}


def said(consultation: Consultation, words: str = "", vote: int | None = None, whole: str = "") -> Said:
    clause, statement = clauses_of(consultation)[0], statements_of(consultation)[0]
    texts = {key: text for key, text in ((clause.key, words), ("", whole)) if text}
    return Said({statement.pk: vote} if vote is not None else {}, texts)


def test_a_code_speaks_once_and_sent_twice_has_the_same_receipt(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    person, code = next(iter(codes(ground, consultation).items()))
    sheet = said(consultation, "早一点发车", vote=1)
    first = speak_with_code(now=NOW, typed=code.lower(), said=sheet)
    assert len(first.receipts) == 1
    assert speak_with_code(now=NOW, typed=code, said=sheet).receipts == first.receipts
    with pytest.raises(CodeUsed):
        speak_with_code(now=NOW, typed=code, said=said(consultation, "别的话"))
    opinion = Opinion.objects.get()
    assert (opinion.person_id, opinion.channel) == (person, Channel.CODE)
    assert Voice.objects.count() == 1


def test_nothing_of_a_code_is_kept_and_lost_ones_become_void(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    person, old = next(iter(codes(ground, consultation).items()))
    with pytest.raises(Problem, match="made for them already"):
        make_slips(actor=SYSTEM, now=NOW, code=consultation.code, unit=ground.district)
    renewed = make_slips(actor=SYSTEM, now=NOW, code=consultation.code, unit=ground.district, renew=True)
    with pytest.raises(Problem, match="No open consultation"):
        speak_with_code(now=NOW, typed=old, said=said(consultation, "x"))
    number = Slip.objects.get(person_id=person).number
    new = next(line.code for line in renewed if line.number == number)
    assert speak_with_code(now=NOW, typed=new, said=said(consultation, "x")).receipts
    listed = name_list(actor=SYSTEM, now=NOW, code=consultation.code)
    assert {line.name for line in listed} >= {Person.objects.get(pk=person).name}
    assert not any(line.code in str(listed) for line in renewed)


def test_codes_are_void_from_the_close(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    code = next(iter(codes(ground, consultation).values()))
    with pytest.raises(Problem, match="takes no votes"):
        speak_with_code(now=NOW + PERIOD, typed=code, said=said(consultation, "x"))
    close_consultation(actor=SYSTEM, now=NOW + PERIOD, code=consultation.code)
    assert not Slip.objects.exists()
    assert not Voice.objects.exists()


def test_whoever_spoke_by_one_way_is_refused_by_another_on_the_same_clause(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    member = ground.members[0]
    clause = clauses_of(consultation)[0]
    code = codes(ground, consultation)[member.person_id or 0]
    opinion = speak(NOW, member, consultation, "早一点", clause)
    with pytest.raises(SpokenAlready):
        speak_with_code(now=NOW, typed=code, said=said(consultation, "晚一点"))
    assert not Slip.objects.get(person_id=member.person_id).spent, "a refused sheet spends no code"
    assert speak_with_code(now=NOW, typed=code, said=said(consultation, "早一点", whole="好")).receipts
    assert Opinion.objects.filter(person_id=member.person_id).count() == 2
    assert take_back_opinion(actor=member, now=NOW, opinion_id=opinion.pk)
    assert Voice.objects.count() == 1


def test_the_clause_is_the_same_over_versions(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    member = ground.members[0]
    first = clauses_of(consultation)[0]
    speak(NOW, member, consultation, "早一点", first)
    texts = [{"zh-hans": "每夜三班车", "en": "Three buses a night"}, clauses_of(consultation)[1].text]
    revised = revise_text(actor=SYSTEM, now=NOW, code=consultation.code, clauses=texts)
    assert [clause.key for clause in clauses_of(revised)] == ["k1", "k2"]
    with pytest.raises(SpokenAlready):
        submit_opinion(
            actor=member, now=NOW, code=consultation.code, clause_id=clauses_of(revised)[0].pk, text="晚一点",
            language="zh-hans", channel=Channel.PHONE,
        )  # fmt: skip


def test_a_late_change_opens_the_announced_period_anew_each_time(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    for day, text in ((10, "甲"), (20, "乙"), (30, "丙")):
        moment = NOW + day * DAY
        revised = revise_text(
            actor=SYSTEM, now=moment, code=consultation.code, clauses=[{"zh-hans": text}]
        )  # fmt: skip
        assert revised.closes == moment + PERIOD


def test_a_code_by_sms_goes_to_the_number_of_the_register_only(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    person = Person.objects.get(pk=ground.members[0].person_id)
    set_contact(actor=SYSTEM, now=NOW, person=person, kind="mobile", value=MOBILE)
    assert ask_phone_code(now=NOW, code=consultation.code, number="13900000000") == 0
    slip = ask_phone_code(now=NOW, code=consultation.code, number=MOBILE)
    send_phone_code(actor=SYSTEM, now=NOW, slip_id=slip)
    assert not any(confirm_phone_code(now=NOW, slip_id=slip, typed=typed) for typed in ("", "abcdef"))
    assert not confirm_phone_code(now=NOW + timedelta(minutes=11), slip_id=slip, typed="000000")


def test_six_figures_are_tried_five_times(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiao.decide.consultations.services.slips.secrets.randbelow", lambda _most: 42)
    consultation = opened(NOW, ground)
    person = Person.objects.get(pk=ground.members[0].person_id)
    set_contact(actor=SYSTEM, now=NOW, person=person, kind="mobile", value=MOBILE)
    slip = ask_phone_code(now=NOW, code=consultation.code, number=MOBILE)
    send_phone_code(actor=SYSTEM, now=NOW, slip_id=slip)
    assert not any(confirm_phone_code(now=NOW, slip_id=slip, typed=f"{place:06d}") for place in range(5))
    assert not confirm_phone_code(now=NOW, slip_id=slip, typed="000042"), "the sixth try is none"
    send_phone_code(actor=SYSTEM, now=NOW, slip_id=slip)
    assert confirm_phone_code(now=NOW, slip_id=slip, typed="000042")
    assert not confirm_phone_code(now=NOW, slip_id=slip, typed="000042"), "a code comes back once"
    assert speak_by_phone(now=NOW, slip_id=slip, said=said(consultation, "早一点")).receipts
    assert Opinion.objects.get().channel == Channel.PHONE


def test_paper_is_typed_by_two_and_settled_by_a_third(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    made = codes(ground, consultation)
    people = [member.person_id or 0 for member in ground.members[:2]]
    one, two, three = (clerk(ground, name) for name in ("one", "two", "three"))
    stack = open_stack(actor=one, now=NOW, code=consultation.code, expected=2, evidence="卷 7")
    assert open_stack(actor=one, now=NOW, code=consultation.code, expected=2, evidence="卷 7").pk == stack.pk
    with pytest.raises(Problem, match="a stack with this number"):
        open_stack(actor=two, now=NOW, code=consultation.code, expected=2, evidence="卷 7")
    sheets = [said(consultation, "早一点发车。", vote=1), said(consultation, vote=-1, whole="不同意")]
    for number, (person, sheet) in enumerate(zip(people, sheets, strict=True), 1):
        type_sheet(actor=one, now=NOW, stack_code=stack.code, number=number, typed_code=made[person], said=sheet)
    with pytest.raises(Problem, match="stands on sheet 1"):
        type_sheet(actor=one, now=NOW, stack_code=stack.code, number=2, typed_code=made[people[0]], said=sheets[1])
    complete_stack(actor=one, now=NOW, stack_code=stack.code)
    with pytest.raises(Problem, match="somebody else"):
        type_again(actor=one, now=NOW, stack_code=stack.code, number=1, said=sheets[0])
    assert (
        type_again(
            actor=two, now=NOW, stack_code=stack.code, number=1, said=said(consultation, "早一点 发车", vote=1)
        ).differs
        == []
    )
    wrong = said(consultation, vote=1, whole="不同意")
    statement = statements_of(consultation)[0]
    assert type_again(actor=two, now=NOW, stack_code=stack.code, number=2, said=wrong).differs == [f"s{statement.pk}"]
    with pytest.raises(Problem, match="typed in two ways"):
        store_stack(actor=two, now=NOW, stack_code=stack.code)
    assert Opinion.objects.count() == 0, "nothing counts before the stack is whole"
    type_again(actor=three, now=NOW, stack_code=stack.code, number=2, said=sheets[1])
    # Meanwhile the second member speaks for herself: the paper's word on the whole stays out, her vote stands.
    speak(NOW, ground.members[1], consultation, "同意")
    vote_statement(actor=ground.members[1], now=NOW, statement_id=statement.pk, vote=0)
    stored = store_stack(actor=two, now=NOW, stack_code=stack.code)
    assert store_stack(actor=two, now=NOW, stack_code=stack.code).report == stored.report
    assert (stored.state, stored.report["stored"], stored.report["left_out"]) == (StackState.STORED, 2, 1)
    assert not Sheet.objects.exists()
    paper = Opinion.objects.get(channel=Channel.PAPER)
    assert (paper.person_id, paper.evidence) == (people[0], "卷 7/1")
    assert sorted(Vote.objects.values_list("value", flat=True)) == [0, 1]


def test_a_helper_writes_with_the_members_word(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    member = ground.members[0]
    helper, made = clerk(ground, "helper"), codes(ground, consultation)
    with pytest.raises(Problem, match="signed sheet"):
        speak_for(actor=helper, now=NOW, code=consultation.code, word=Word.SIGNATURE, typed_code="", mobile=MOBILE,
                  evidence="", said=said(consultation, "早一点"))  # fmt: skip
    handed = speak_for(
        actor=helper, now=NOW, code=consultation.code, word=Word.CODE, typed_code=made[member.person_id or 0],
        mobile="", evidence="", said=said(consultation, "早一点"),
    )  # fmt: skip
    opinion = Opinion.objects.get(receipt=handed.receipts[0])
    assert (opinion.channel, opinion.person_id) == (Channel.ASSISTED, member.person_id)
    with pytest.raises(Problem, match="used already"):
        speak_for(actor=helper, now=NOW, code=consultation.code, word=Word.CODE,
                  typed_code=made[member.person_id or 0], mobile="", evidence="",
                  said=said(consultation, "再来"))  # fmt: skip
    take_back_opinion(actor=member, now=NOW, opinion_id=opinion.pk)
    assert not Opinion.objects.exists()


def test_officers_enter_for_members_of_their_own_units_only(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    made = codes(ground, consultation)
    outside = open_account(actor=SYSTEM, now=NOW, email="out@x.example", display_name="out")
    actor = actor_for(outside, NOW.date())
    with pytest.raises(Refused):
        speak_for(actor=actor, now=NOW, code=consultation.code, word=Word.CODE,
                  typed_code=made[ground.members[0].person_id or 0], mobile="", evidence="",
                  said=said(consultation, "x"))  # fmt: skip


def test_channels_are_counted_at_the_close_and_small_ones_hidden(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    for _place in range(3):
        add_member(NOW, ground.base, f"成员{_place}")
    members = ground.members
    for place, member in enumerate(members[:6]):
        speak(NOW, member, consultation, f"意见{place}")
    extra = next(person for person in codes(ground, consultation) if person not in {m.person_id for m in members[:6]})
    code = Slip.objects.get(person_id=extra)
    hand_in(
        now=NOW, consultation=consultation, person_id=extra, channel=Channel.CODE, said=said(consultation, "我也说")
    )
    assert code.number
    consultation.refresh_from_db()
    assert consultation.channels is None
    done = close_consultation(actor=SYSTEM, now=NOW + PERIOD, code=consultation.code)
    assert done.channels == {"account": 6, "code": 1, "phone": 0, "paper": 0, "assisted": 0}
    assert all(number is None for _label, number in channel_counts(done)), "the other one would give the small one away"


def test_an_opinion_is_taken_back_before_and_after_its_answer(ground: Ground) -> None:
    from tests.factories.ballots import answer_all

    consultation = closed(NOW, ground, [(0, "甲"), (1, "乙")])
    first, second = Opinion.objects.order_by("pk")
    with pytest.raises(Refused):
        take_back_opinion(actor=ground.members[1], now=NOW, opinion_id=first.pk)
    assert take_back_opinion(actor=ground.members[0], now=NOW, opinion_id=first.pk)
    assert not take_back_opinion(actor=ground.members[0], now=NOW, opinion_id=first.pk)
    answer_all(NOW, consultation.code)
    assert take_back_opinion(actor=ground.members[1], now=NOW, opinion_id=second.pk)
    second.refresh_from_db()
    assert (second.text, second.person_id, second.answer is not None) == ("", None, True)
    consultation.refresh_from_db()
    assert consultation.taken_back == 2


ACTS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from([one for one in Channel if one != Channel.ACCOUNT] + [Channel.ACCOUNT]),
        st.sampled_from(["甲", "乙", ""]), st.sampled_from([1, 0, -1]), st.booleans(),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_one_person_has_one_voice_over_any_sequence_of_channels(
    ground: Ground, acts: Sequence[tuple[int, Channel, str, int, bool]]
) -> None:
    consultation = opened(NOW, ground)
    clause = clauses_of(consultation)[0]
    seen = set()
    for place, channel, words, vote, back in acts:
        member = ground.members[place]
        with suppress(SpokenAlready):
            hand_in(now=NOW, consultation=consultation, person_id=member.person_id or 0, channel=channel,
                    said=said(consultation, words, vote=vote))  # fmt: skip
        seen.add(member.person_id)
        if back:
            for opinion in Opinion.objects.filter(consultation=consultation, person_id=member.person_id):
                take_back_opinion(actor=member, now=NOW, opinion_id=opinion.pk)
        own = Opinion.objects.filter(consultation=consultation, clause=clause, person_id=member.person_id)
        assert len(set(own.values_list("channel", flat=True))) <= 1
        votes = Vote.objects.filter(statement__consultation=consultation)
        assert votes.count() == votes.values("voter").distinct().count() <= len(seen)
        assert Voice.objects.filter(consultation=consultation).count() <= len(seen)
    done = close_consultation(actor=SYSTEM, now=NOW + PERIOD, code=consultation.code)
    assert sum((done.channels or {}).values()) <= len(seen)


def test_pages_by_code_and_by_phone(ground: Ground) -> None:
    now = clock_now()
    consultation = opened(now, ground)
    made = make_slips(actor=SYSTEM, now=now, code=consultation.code, unit=ground.district)
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/decide/consultations/code/", {"code": made[0].code.lower()})
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert page.headers["Cache-Control"] == "no-store"
    assert "csrfmiddlewaretoken" in page.content.decode()
    done = client.post(answer.url, {"words_k1": "早一点", f"vote_{statements_of(consultation)[0].pk}": "1"})
    assert "R-" in done.content.decode()
    assert "R-" in client.post(answer.url, {"words_k1": "早一点"}).content.decode(), "sent twice, the same receipt"
    assert "spoken already" in client.get(answer.url).content.decode()
    assert client.get("/decide/consultations/code/AAAA/").status_code == 404
    unknown = client.post(f"/decide/consultations/{consultation.code}/phone/", {"number": "13900001111"}, follow=True)
    assert "on its way" in unknown.content.decode(), "nobody learns whose number is known"


def test_officers_pages(ground: Ground) -> None:
    now = clock_now()
    consultation = opened(now, ground)
    secretary = officer_client(now, ground, Role.SECRETARY)
    base = f"/decide/consultations/{consultation.code}"
    printed = secretary.post(f"{base}/codes/", {"unit": ground.district.pk, "print": "1"})
    assert printed.content.decode().count("<svg") >= 3
    assert secretary.get(f"{base}/codes/names/").status_code == 200
    assert secretary.get(f"{base}/paper/").status_code == 403
    member = member_client(now, ground.members[0])
    opinion = speak(now, ground.members[0], consultation, "早一点")
    assert member.get(f"/decide/consultations/opinion/{opinion.receipt}/back/").status_code == 200
    member.post(f"/decide/consultations/opinion/{opinion.receipt}/back/")
    assert not Opinion.objects.exists()
    assert mail.outbox == []
    assert draft(now, ground).full_period is None
