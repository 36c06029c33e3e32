"""Fieldwork: links, reminders, a killed worker, slips, calls, paper, bursts; nobody holds codes and answers."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiao.base import throttle
from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.choices import Delivery
from qiao.hear.surveys.exports import code_sheet
from qiao.hear.surveys.models import Answer, Burst, Call, Invitation, PaperSheet, Round, SealedAnswer
from qiao.hear.surveys.services import mailing
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account, Contact, Look
from qiao.org.people.services import open_account, set_contact
from tests.factories.hear import DAY, Town, codes_of, make_town, open_round, reach_by_mail
from tests.processes import at_once, kill_before

DAYS = {"ws_shift": "day", "need_first": ["pay"]}
NIGHTS = {"ws_shift": "night", "need_first": ["bus"], "hours": 8}


@pytest.fixture
def mailed(town: Town) -> Round:
    """An open round of which the first twelve members are reached by mail."""
    for place in range(12):
        reach_by_mail(town, place)
    return open_round(town)


@pytest.fixture
def committed(settings: Any, tmp_path: Path, transactional_db: None) -> None:
    """Other processes see what is written, and their mails lie in a folder."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")


def second_officer(town: Town, role: Role, box: str) -> Account:
    account = open_account(actor=SYSTEM, now=town.now, email=f"{box}@town.example", display_name=box)
    grant_role(actor=SYSTEM, now=town.now, account=account, role=role, unit=town.root, since=date(2020, 1, 1))
    return account


def number_of(town: Town, place: int, number: str) -> None:
    set_contact(actor=SYSTEM, now=town.now, person=town.people[place], kind="mobile", value=number)


def outbox(folder: Path) -> list[str]:
    """To whom messages lie in the folder, one for each."""
    found = []
    for file in sorted((folder / "outbox").glob("*")):
        found += [line.split()[1] for line in file.read_text().splitlines() if line.startswith("To: ")]
    return found


# links and reminders


def test_only_consented_channels_are_used(town: Town, now: datetime) -> None:
    town.member_account(0)
    reach_by_mail(town, 1)
    survey = open_round(town)
    assert services.send_links(now=now, code=survey.code) == 1
    assert [message.to for message in mail.outbox] == [["m1@town.example"]]
    # Whoever consented to nothing gets a slip.
    assert queries.codes_waiting(survey) == 39


def test_reminders_go_to_those_not_done_with_the_same_link(mailed: Round, town: Town, now: datetime) -> None:
    services.send_links(now=now, code=mailed.code)
    first = {message.to[0]: message.body.split()[0] for message in mail.outbox}
    done = first["m3@town.example"].rstrip("/").rpartition("/")[2]
    assert services.take_answer(now=now, round_id=mailed.pk, code=done, values=DAYS)
    mail.outbox.clear()
    assert services.remind(now=now + 6 * DAY, code=mailed.code) == 0
    assert services.remind(now=now + 7 * DAY, code=mailed.code) == 11
    assert services.remind(now=now + 7 * DAY, code=mailed.code) == 0
    again = {message.to[0]: message.body.split()[0] for message in mail.outbox}
    assert "m3@town.example" not in again
    # The first link still holds: somebody may have a draft under it.
    assert all(first[to] == link for to, link in again.items())
    assert all("Not answered yet" in message.subject or "还未作答" in message.subject for message in mail.outbox)
    # At most as many as the setting says, and none on the last day.
    Round.objects.filter(pk=mailed.pk).update(closes=now + 60 * DAY)
    assert services.remind(now=now + 14 * DAY, code=mailed.code) == 11
    assert services.remind(now=now + 21 * DAY, code=mailed.code) == 0
    assert AuditRow.objects.filter(action="round.remind").count() == 2


def test_what_cannot_be_delivered_leaves_the_base_of_the_rate(
    mailed: Round, town: Town, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiao.org.people.services.carriers import NotCarried

    def dead(kind: str, address: str, subject: str, text: str) -> None:
        raise NotCarried("nobody", nobody=True)

    # The gateway of another house: what it answers is not ours to produce.
    monkeypatch.setattr(mailing, "send_to", dead)
    for _job in range(3):
        assert services.send_links(now=now, code=mailed.code) == 0
    rows = Invitation.objects.filter(round=mailed)
    assert rows.filter(delivery=Delivery.UNDELIVERABLE).count() == 12
    code = codes_of(town, mailed)[0]
    # They are asked on paper now; what comes back from there is noted by its number.
    assert rows.filter(delivery=Delivery.LETTER).count() == 40
    assert (
        services.note_undeliverable(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=mailed.code, slips=[38, 39, 40])
        == 3
    )
    with pytest.raises(Problem, match="no slip number 99"):
        services.note_undeliverable(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=mailed.code, slips=[99])
    services.take_answer(now=now, round_id=mailed.pk, code=code, values=DAYS)
    assert queries.response_rate(queries.round_by_code(mailed.code)) == pytest.approx(1 / 37)


def test_a_killed_worker_asks_nobody_twice_and_loses_nobody(committed: None, now: datetime, tmp_path: Path) -> None:
    town = make_town(now)
    for place in range(12):
        reach_by_mail(town, place)
    survey = open_round(town)

    kill_before("surveys_invitation", lambda: services.send_links(now=now, code=survey.code))
    assert outbox(tmp_path) == []
    services.send_links(now=now, code=survey.code)
    sent = outbox(tmp_path)
    assert len(sent) == len(set(sent)) == 12
    assert services.send_links(now=now, code=survey.code) == 0
    assert sorted(outbox(tmp_path)) == sorted(sent)


def test_what_died_while_being_sent_is_unsure_until_the_reminder(mailed: Round, town: Town, now: datetime) -> None:
    row = Invitation.objects.filter(round=mailed, person_id=town.people[0].pk)
    # As a job leaves it that is killed between its claim and the mark after sending.
    row.update(delivery=Delivery.SENDING)
    assert services.send_links(now=now, code=mailed.code) == 11
    assert row.get().delivery == Delivery.UNSURE
    assert queries.fieldwork(mailed).unsure == 1
    assert services.remind(now=now + 7 * DAY, code=mailed.code) == 12
    assert row.get().delivery == Delivery.SENT


def test_two_workers_at_once_ask_everybody_once(committed: None, now: datetime, tmp_path: Path) -> None:
    town = make_town(now)
    for place in range(12):
        reach_by_mail(town, place)
    survey = open_round(town)

    def job() -> object:
        return services.send_links(now=now, code=survey.code)

    assert at_once(job, job) == ["done", "done"]
    services.send_links(now=now, code=survey.code)
    assert sorted(outbox(tmp_path)) == sorted(f"m{place}@town.example" for place in range(12))


def test_two_drawers_at_once_draw_once(committed: None, now: datetime) -> None:
    from tests.factories.hear import checked_round

    town = make_town(now)
    survey = checked_round(town, asked="sample", sample_size=20)
    one = town.actor(Role.SAMPLE_DRAWER)
    two = actor_for(second_officer(town, Role.SAMPLE_DRAWER, "drawer2"), now.date())

    def draw(actor: Actor) -> object:
        return services.draw_round(actor=actor, now=now, code=survey.code)

    assert at_once(lambda: draw(one), lambda: draw(two)) == ["sampled", "sampled"]
    assert Invitation.objects.filter(round=survey).count() == 20
    assert AuditRow.objects.filter(action="round.draw").count() == 1
    owner = town.actor(Role.SURVEY_OWNER)
    opening = lambda: services.open_round(actor=owner, now=now, code=survey.code)  # noqa: E731
    assert at_once(opening, opening) == ["fielding", "fielding"]
    assert AuditRow.objects.filter(action="round.open").count() == 1


# slips


def test_slips_bear_no_names_and_the_list_no_codes(town: Town, now: datetime) -> None:
    survey, drawer = open_round(town), town.actor(Role.SAMPLE_DRAWER)
    with pytest.raises(Problem, match="make them first"):
        services.name_list(actor=drawer, now=now, code=survey.code)
    lines = services.make_code_sheet(actor=drawer, now=now, code=survey.code)
    listed = services.name_list(actor=drawer, now=now, code=survey.code)
    assert [line.slip for line in lines] == list(range(1, 41))
    assert sorted(line.slip for line in listed) == list(range(1, 41))
    book = code_sheet(survey, lines, path="/s/CODE/")
    assert not any(person.name.encode() in book for person in town.people)
    assert not any(line.code in str(listed) for line in lines)
    assert AuditRow.objects.filter(action="round.names").count() == 1
    for role in (Role.SURVEY_OWNER, Role.INTERVIEWER):
        with pytest.raises(Refused):
            services.name_list(actor=town.actor(role), now=now, code=survey.code)


# calls


@pytest.fixture
def called(town: Town, now: datetime) -> Round:
    """An open round with twenty members handed out to two interviewers."""
    for place in range(20):
        number_of(town, place, f"138000000{place:02}")
    survey = open_round(town)
    interviewers = [town.account(Role.INTERVIEWER), second_officer(town, Role.INTERVIEWER, "second")]
    assert (
        services.hand_out_calls(
            actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code, interviewers=interviewers, number=20
        )
        == 20
    )
    return survey


def test_an_interviewer_sees_the_own_list_one_person_at_a_time(called: Round, town: Town, now: datetime) -> None:
    caller = town.actor(Role.INTERVIEWER)
    call = services.next_call(actor=caller, now=now, code=called.code)
    assert call is not None
    shown = services.person_called(actor=caller, now=now, call=call)
    assert shown.number.startswith("138000000")
    assert Look.objects.filter(person_id=call.invitation.person_id).count() == 1
    other = Call.objects.exclude(interviewer_id=caller.account_id).first()
    assert other is not None
    for act in (services.log_call, services.take_interview):
        wanted: dict[str, Any] = {"outcome": "refused"} if act is services.log_call else {"values": DAYS}
        with pytest.raises(Refused):
            act(actor=caller, now=now, code=called.code, call_id=other.pk, **wanted)
    with pytest.raises(Refused):
        services.person_called(actor=caller, now=now, call=other)


def test_calls_that_fail_come_back_and_appointments_on_time(called: Round, town: Town, now: datetime) -> None:
    caller = town.actor(Role.INTERVIEWER)

    def following(at: datetime) -> int:
        call = services.next_call(actor=caller, now=at, code=called.code)
        assert call is not None
        return call.pk

    def log(pk: int, outcome: str, at: datetime, **more: Any) -> None:
        services.log_call(actor=caller, now=at, code=called.code, call_id=pk, outcome=outcome, **more)

    first = following(now)
    log(first, "no_answer", now)
    second = following(now)
    assert second != first
    log(second, "appointment", now, appointment=now + timedelta(hours=2))
    assert following(now) not in {first, second}
    assert following(now + timedelta(hours=2)) == second
    with pytest.raises(Problem, match="after now"):
        log(second, "appointment", now, appointment=now - DAY)
    third = following(now)
    log(third, "wrong_number", now)
    row = Invitation.objects.get(call__pk=third)
    assert row.delivery == Delivery.UNDELIVERABLE
    assert Contact.objects.get(person_id=row.person_id).state == "stale"
    # Nobody answered today: again tomorrow, at most five times.
    Call.objects.exclude(pk=first).delete()
    assert services.next_call(actor=caller, now=now, code=called.code) is None
    for day in range(1, 5):
        log(following(now + day * DAY), "no_answer", now + day * DAY)
    assert services.next_call(actor=caller, now=now + 6 * DAY, code=called.code) is None


def test_an_interview_is_taken_once_and_leaves_no_mark_on_the_call(called: Round, town: Town, now: datetime) -> None:
    caller = town.actor(Role.INTERVIEWER)
    call = services.next_call(actor=caller, now=now, code=called.code)
    assert call is not None
    before = Call.objects.filter(pk=call.pk).values().get()
    taken = services.take_interview(actor=caller, now=now, code=called.code, call_id=call.pk, values=NIGHTS)
    assert taken
    assert Call.objects.filter(pk=call.pk).values().get() == before
    with pytest.raises(Problem, match="answered already"):
        services.take_interview(actor=caller, now=now, code=called.code, call_id=call.pk, values=DAYS)
    assert services.next_call(actor=caller, now=now, code=called.code) not in {call}
    services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=called.code, reason="x")
    assert not Call.objects.exists()
    assert Answer.objects.get().values["hours"] == 8


def test_a_mode_is_recorded_only_where_enough_share_it(called: Round, town: Town, now: datetime) -> None:
    # Ten agency workers in district 1 have the even numbers divisible by four: five of them are called. Of the rest of
    # each cell enough remain or none is marked.
    marked = {}
    for row in Invitation.objects.filter(round=called):
        marked.setdefault((row.stratum, row.employment, row.mode), 0)
        marked[row.stratum, row.employment, row.mode] += 1
    assert all(number >= 10 for number in marked.values())
    assert {mode for _stratum, _employment, mode in marked} == {"", "phone"}


def test_who_planned_or_drew_does_not_interview(town: Town, now: datetime) -> None:
    number_of(town, 0, "13800000099")
    survey = open_round(town)
    account = town.account(Role.INTERVIEWER)
    Round.objects.filter(pk=survey.pk).update(planned_by_id=account.pk)
    with pytest.raises(Problem, match="does not interview"):
        services.hand_out_calls(
            actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code, interviewers=[account], number=1
        )


def test_questions_are_read_one_by_one_and_nothing_can_be_read_back(
    called: Round, town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiao.hear.surveys.views import interviews

    monkeypatch.setattr(interviews, "now", lambda: town.now)
    client.force_login(town.account(Role.INTERVIEWER))
    page = client.get(reverse("surveys:interview", args=[called.code]))
    call = page.context["call"]
    url = reverse("surveys:ask", args=[called.code, call.pk])
    first = client.get(url)
    assert first.context["question"].key == "ws_shift"
    missing = client.post(url, {"qiao:at": "ws_shift"})
    assert (missing.status_code, missing.context["question"].key) == (422, "ws_shift")
    answers: dict[str, Any] = {"ws_shift": "day"}
    second = client.post(url, {**answers, "qiao:at": "ws_shift"})
    assert second.context["question"].key == "need_first"
    back = client.post(url, {**answers, "qiao:at": "need_first", "qiao:back": "1"})
    assert back.context["question"].key == "ws_shift"
    assert back.context["question"].options[0][2]
    answers["need_first"] = ["pay", "bus"]
    # Hours are asked of nights only: the next is the last.
    last = client.post(url, {**answers, "qiao:at": "need_first"})
    assert last.context["question"].key == "words"
    done = client.post(url, {**answers, "qiao:at": "words"})
    assert "R-" in done.content.decode()
    assert client.post(url, {**answers, "qiao:at": "words"}).status_code == 302
    assert client.get(url).status_code == 302
    assert SealedAnswer.objects.filter(round=called).count() == 1


# paper


@pytest.fixture
def papers(town: Town, now: datetime) -> tuple[Round, list[str]]:
    survey = open_round(town)
    return queries.round_by_code(survey.code), codes_of(town, survey)


def type_all(town: Town, survey: Round, codes: list[str], actor: Actor, now: datetime) -> str:
    batch = services.open_batch(actor=actor, now=now, code=survey.code, expected=len(codes))
    for number, code in enumerate(codes, 1):
        services.type_sheet(
            actor=actor, now=now, batch_code=batch.code, number=number, code=code, values=DAYS if number % 2 else NIGHTS
        )
    return batch.code


def test_a_stack_is_typed_verified_and_stored_as_one(
    papers: tuple[Round, list[str]], town: Town, now: datetime
) -> None:
    survey, codes = papers
    clerk, second, third = town.actor(Role.INTERVIEWER), town.actor(Role.SURVEY_OWNER), third_clerk(town)
    code = type_all(town, survey, codes[:12], clerk, now)
    assert not SealedAnswer.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, ' ') FROM surveys_papersheet s")
        (text,) = cursor.fetchone()
    assert "need_first" not in text and "night" not in text  # noqa: PT018
    services.complete_batch(actor=clerk, now=now, batch_code=code)
    batch = services.complete_batch(actor=clerk, now=now, batch_code=code)
    drawn = services.to_verify(batch)
    assert len(drawn) == 2
    with pytest.raises(Problem, match="typed again"):
        services.store_batch(actor=clerk, now=now, batch_code=code)
    with pytest.raises(Problem, match="somebody else"):
        services.type_again(actor=clerk, now=now, batch_code=code, number=drawn[0], values=DAYS)
    for number in drawn:
        right = DAYS if number % 2 else NIGHTS
        wrong = services.type_again(
            actor=second, now=now, batch_code=code, number=number, values={**right, "words": "?"}
        )
        assert wrong.differs == ["words"]
        with pytest.raises(Problem, match="two ways"):
            services.store_batch(actor=clerk, now=now, batch_code=code)
        # Neither of the two decides about the own typing: a third looks at the paper.
        for one in (clerk, second):
            with pytest.raises(Problem, match="somebody else"):
                services.type_again(actor=one, now=now, batch_code=code, number=number, values=right)
        assert not services.type_again(actor=third, now=now, batch_code=code, number=number, values=right).differs
    # One has answered online meanwhile: the first answer stays.
    assert services.take_answer(now=now, round_id=survey.pk, code=codes[0], values=DAYS)
    for _replay in range(2):
        stored = services.store_batch(actor=clerk, now=now, batch_code=code)
    assert stored.report == {"settled": 2, "stored": 11, "late": 1, "verified": 2}
    assert not PaperSheet.objects.exists()
    assert SealedAnswer.objects.filter(round=survey).count() == 12
    assert Invitation.objects.filter(round=survey, answered=True).count() == 12


def third_clerk(town: Town) -> Actor:
    """Somebody else who enters answers."""
    account = Account.objects.filter(email="clerk3@town.example").first()
    if account is None:
        account = open_account(actor=SYSTEM, now=town.now, email="clerk3@town.example", display_name="third")
        grant_role(
            actor=SYSTEM, now=town.now, account=account, role=Role.INTERVIEWER, unit=town.root, since=date(2020, 1, 1)
        )
    return actor_for(account, town.now.date())


def test_faults_of_a_stack(papers: tuple[Round, list[str]], town: Town, now: datetime) -> None:
    survey, codes = papers
    clerk = town.actor(Role.INTERVIEWER)
    with pytest.raises(Problem, match="between 1 and"):
        services.open_batch(actor=clerk, now=now, code=survey.code, expected=0)
    batch = services.open_batch(actor=clerk, now=now, code=survey.code, expected=3)
    assert services.open_batch(actor=clerk, now=now, code=survey.code, expected=3) == batch

    def typed(number: int, code: str) -> None:
        services.type_sheet(actor=clerk, now=now, batch_code=batch.code, number=number, code=code, values=DAYS)

    for number, code, said in (
        (1, "", "missing"), (1, "AAAA-BBBB-CCCC", "not given"), (4, codes[0], "has 3 sheets"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=said):
            typed(number, code)
    typed(1, codes[0])
    typed(1, codes[0])
    with pytest.raises(Problem, match="stands on sheet 1"):
        typed(2, codes[0])
    with pytest.raises(Problem, match="1 of 3 sheets"):
        services.complete_batch(actor=clerk, now=now, batch_code=batch.code)
    # What was begun can be gone on with.
    assert queries.next_sheet(queries.stack_by_code(survey, batch.code), []) == 2  # type: ignore[arg-type]
    services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code, reason="x")
    assert not PaperSheet.objects.exists()


def test_nobody_holds_codes_and_answers(papers: tuple[Round, list[str]], town: Town, now: datetime) -> None:
    survey, _codes = papers
    drawer = town.account(Role.SAMPLE_DRAWER)
    assert survey.drawn_by_id == drawer.pk
    with pytest.raises(Refused):
        services.open_batch(actor=town.actor(Role.SAMPLE_DRAWER), now=now, code=survey.code, expected=3)
    # Not even where the same account were an entry clerk elsewhere: who made this round's codes types none of it.
    clerk = town.account(Role.INTERVIEWER)
    Round.objects.filter(pk=survey.pk).update(drawn_by_id=clerk.pk)
    with pytest.raises(Problem, match="list of codes"):
        services.open_batch(actor=town.actor(Role.INTERVIEWER), now=now, code=survey.code, expected=3)
    with pytest.raises(Problem, match="list of codes"):
        services.enter_file(
            actor=town.actor(Role.INTERVIEWER), now=now, code=survey.code, file_name="a.csv", content=b"code\n"
        )
    with pytest.raises(Problem):
        grant_role(actor=SYSTEM, now=now, account=drawer, role=Role.INTERVIEWER, unit=town.root, since=now.date())


def test_numbers_become_options(papers: tuple[Round, list[str]]) -> None:
    survey, _codes = papers
    typed = queries.from_numbers(
        survey.version_id, {"ws_shift": "2", "need_first": "1，3", "hours": "8", "words": " x "}
    )
    assert typed == {"ws_shift": ["night"], "need_first": ["pay", "legal"], "hours": ["8"], "words": ["x"]}
    with pytest.raises(Problem, match="from 1 to 2"):
        queries.from_numbers(survey.version_id, {"ws_shift": "3"})


def test_paper_is_typed_on_the_page(
    papers: tuple[Round, list[str]], town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiao.hear.surveys.views import paper

    monkeypatch.setattr(paper, "now", lambda: town.now)
    survey, codes = papers
    client.force_login(town.account(Role.INTERVIEWER))
    made = client.post(reverse("surveys:stacks", args=[survey.code]), {"expected": "1"})
    url = made.headers["Location"]
    fault = client.post(url, {"qiao:sheet": "1", "qiao:code": codes[0], "ws_shift": "2", "need_first": "9"})
    assert (fault.status_code, fault.context["typed_code"]) == (422, codes[0])
    good = {"qiao:sheet": "1", "qiao:code": codes[0], "ws_shift": "2", "need_first": "1 2", "hours": "8"}
    assert client.post(url, good).status_code == 302
    assert client.post(url, {"act": "complete"}).status_code == 302
    client.force_login(town.account(Role.SURVEY_OWNER))
    again = {key: value for key, value in good.items() if key != "qiao:code"}
    differs = client.post(url, {**again, "hours": "9"}, follow=True)
    assert "hours" in differs.content.decode()
    assert client.get(url).context["number"] == 0
    fresh = client.post(url, again)
    assert (fresh.status_code, len(fresh.context["faults"])) == (422, 1)
    client.force_login(Account.objects.get(pk=third_clerk(town).account_id))
    shown = client.get(url)
    assert (shown.context["number"], shown.context["differing"]) == (1, "hours")
    assert client.post(url, again).status_code == 302
    assert client.post(url, {"act": "store"}).status_code == 302
    assert SealedAnswer.objects.filter(round=survey).count() == 1


# volunteers


def test_a_burst_from_one_address_is_flagged_and_kept(town: Town, now: datetime) -> None:
    survey = open_round(town, asked="volunteers")
    flags = [services.note_volunteer(now=now, survey=survey, address="203.0.113.9") for _ in range(8)]
    assert flags == [False] * 5 + [True] * 3
    assert not services.note_volunteer(now=now, survey=survey, address="203.0.113.10")
    assert not services.note_volunteer(now=now + DAY, survey=survey, address="203.0.113.9")
    for place, flagged in enumerate(flags):
        assert services.take_answer(now=now, round_id=survey.pk, values=DAYS, flagged=flagged, token=f"page {place}")
    assert queries.fieldwork(survey).flagged == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(b::text, ' ') FROM surveys_burst b")
        assert "203.0.113" not in cursor.fetchone()[0]
    closed = services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=now, code=survey.code, reason="x")
    assert closed.flagged == 3
    assert not Burst.objects.exists()


def test_an_address_that_sends_faster_than_people_is_slowed(town: Town, now: datetime) -> None:
    survey = open_round(town, asked="volunteers")
    for _ in range(40):
        services.note_volunteer(now=now, survey=survey, address="203.0.113.9")
    with pytest.raises(throttle.TooMany):
        services.note_volunteer(now=now, survey=survey, address="203.0.113.9")


def test_the_margin_shrinks_as_answers_come(town: Town, now: datetime) -> None:
    survey = open_round(town, expected_rate=0.5)
    assert queries.margin_now(survey) is None
    rows = list(Invitation.objects.filter(round=survey, stratum="T-D1").order_by("pk"))
    services.store_many(actor=SYSTEM, now=now, survey=survey, answers=[(row.pk, DAYS) for row in rows[:10]])
    first = queries.margin_now(survey)
    assert first is not None
    assert first.planned == pytest.approx(0.157, abs=1e-3)  # 1.96·√(.25/20 · 20/39)
    more = list(Invitation.objects.filter(round=survey, stratum="T-D2").order_by("pk"))[:10]
    services.store_many(actor=SYSTEM, now=now, survey=survey, answers=[(row.pk, DAYS) for row in more])
    second = queries.margin_now(survey)
    assert second is not None
    assert second.margin < first.margin
    assert json.dumps([second.effective]) == "[20.0]"
