from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from tests.factories.org import Tree

from qiao.base.access import SYSTEM, Refused
from qiao.base.db import atomic
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.org.access.choices import Role
from qiao.org.elections import queries, services
from qiao.org.elections.choices import Cause, ElectionState, NominatedBy
from qiao.org.elections.models import Candidate, Election
from qiao.org.elections.rules import DELEGATE_QUOTA, Count
from qiao.org.mandates.choices import CommitteeKind, EmployerPost, EndReason, Post
from qiao.org.mandates.models import Mandate, Term
from qiao.org.mandates.queries import current_term
from qiao.org.mandates.services import open_mandate, open_term
from qiao.org.people.models import PersonMessage
from qiao.org.settings.services import set_value
from qiao.org.units.choices import UnitState

HASH = "a" * 64
COUNT = Count(electors=20, present=18, handed_out=18, valid=17, invalid=1)


def plan(org: Tree, cause: Cause = Cause.FIRST, kind: CommitteeKind = CommitteeKind.UNION, seats: int = 2) -> Election:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    return services.plan_election(
        actor=officer, now=org.now, unit=org["B1"], kind=kind, cause=cause, day=date(2026, 5, 20), seats=seats,
        group="云甲、云乙",
    )  # fmt: skip


def stand(org: Tree, election: Election, name: str, post: Post, **given: Any) -> Candidate:
    officer = org.officer(Role.BASE_OFFICER, "B1")
    return services.nominate(
        actor=officer, now=org.now, code=election.code, name=name, post=post, nominated_by=NominatedBy.GROUP,
        no_relative=True, **given,
    )  # fmt: skip


def called(org: Tree, **given: Any) -> tuple[Election, list[Candidate]]:
    election = plan(org, **given)
    rows = [
        stand(org, election, "云一", Post.CHAIR),
        stand(org, election, "云二", Post.MEMBER),
        stand(org, election, "云三", Post.MEMBER),
    ]
    services.call_election(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code)
    return election, rows


def hold(
    org: Tree, election: Election, votes: Mapping[int, int], elected: set[int], count: Count = COUNT, **given: Any
) -> Election:
    given = {"secret": True, "minutes_sha256": HASH, "held_on": date(2026, 5, 20)} | given
    return services.hold_election(
        actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now + timedelta(days=10), code=election.code, count=count,
        votes=votes, elected=elected, **given,
    )  # fmt: skip


def filed(org: Tree, **given: Any) -> tuple[Election, list[Candidate]]:
    election, rows = called(org, **given)
    hold(org, election, {rows[0].pk: 16, rows[1].pk: 12, rows[2].pk: 3}, {rows[0].pk, rows[1].pk})
    later = org.now + timedelta(days=11)
    return services.file_result(actor=org.officer(Role.BASE_OFFICER, "B1"), now=later, code=election.code), rows


def confirm(org: Tree, election: Election, label: str = "H1") -> Election:
    officer = org.officer(Role.ORG_OFFICER, label)
    return services.confirm_result(actor=officer, now=org.now + timedelta(days=12), code=election.code)


def test_a_confirmed_election_opens_term_and_mandates_and_activates_the_unit(org: Tree) -> None:
    unit = org["B1"]
    unit.state = UnitState.APPROVED
    unit.save(update_fields=["state"])
    election, _rows = filed(org)
    confirm(org, election)
    confirm(org, election)
    term = current_term(org["B1"])
    assert term is not None
    assert (term.since, term.until, term.election_code) == (date(2026, 5, 20), date(2029, 5, 20), election.code)
    assert set(Mandate.objects.values_list("name", "post")) == {("云一", "chair"), ("云二", "committee_member")}
    assert org["B1"].state == UnitState.ACTIVE
    assert org["B1"].term_ends == date(2029, 5, 19)
    assert LedgerLeaf.objects.filter(kind="election.confirmed").count() == 1
    assert "云一" not in LedgerLeaf.objects.get(kind="election.confirmed").payload


def test_an_overdue_unit_is_renewed(org: Tree) -> None:
    old = open_term(actor=SYSTEM, now=org.now, unit=org["B1"], kind=CommitteeKind.UNION, since=date(2023, 1, 1))
    chair = open_mandate(
        actor=SYSTEM, now=org.now, unit=org["B1"], post=Post.CHAIR, name="云旧", since=date(2023, 1, 1), term=old
    )
    election, _rows = filed(org, cause=Cause.RENEWAL)
    confirm(org, election)
    chair.refresh_from_db()
    assert (chair.until, chair.end_reason) == (date(2026, 5, 20), EndReason.TERM)
    assert Term.objects.filter(ended__isnull=True).count() == 1


def test_who_filed_does_not_confirm(org: Tree) -> None:
    election, _rows = filed(org)
    own = org.account(Role.BASE_OFFICER, "B1")
    org.account(Role.ORG_OFFICER, "H1", own.display_name)
    with pytest.raises(Problem, match="does not confirm"):
        services.confirm_result(
            actor=org.officer(Role.ORG_OFFICER, "H1", own.display_name), now=org.now, code=election.code
        )
    with pytest.raises(Refused):
        services.confirm_result(actor=org.officer(Role.ORG_OFFICER, "B1"), now=org.now, code=election.code)
    with pytest.raises(Refused):
        confirm(org, election, "D2")


def test_the_database_itself_refuses_that_the_filer_confirms(org: Tree) -> None:
    election, _rows = filed(org)
    election.state, election.decided_by = ElectionState.CONFIRMED, election.filed_by
    with pytest.raises(IntegrityError), atomic():
        election.save()


def test_a_candidate_does_not_file(org: Tree) -> None:
    election = plan(org)
    own = org.account(Role.BASE_OFFICER, "B1")
    row = stand(org, election, "云一", Post.CHAIR, account=own)
    services.call_election(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code)
    hold(org, election, {row.pk: 16}, {row.pk})
    with pytest.raises(Problem, match="does not file"):
        services.file_result(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code)


def test_close_relatives_are_refused_and_managers_flagged_in_public(org: Tree) -> None:
    election = plan(org)
    with pytest.raises(Problem, match="Close relatives"):
        services.nominate(
            actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code, name="云亲", post=Post.CHAIR,
            nominated_by=NominatedBy.SELF, no_relative=False,
        )  # fmt: skip
    row = stand(org, election, "云管", Post.CHAIR, employer_post=EmployerPost.HR)
    services.call_election(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code)
    found = hold(org, election, {row.pk: 16}, {row.pk})
    assert "chair_manages" in found.warnings
    services.file_result(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code)
    confirm(org, election)
    page = org.client(Role.AUDITOR, "F").get("/units/B1/").content.decode()
    assert "The chair holds a post of the employer: Head of personnel" in page


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (Count(20, 21, 18, 17, 1), "More were present"),
        (Count(20, 18, 19, 17, 1), "More ballot papers were handed out"),
        (Count(20, 18, 18, 18, 1), "came back than were handed out"),
        (Count(40, 18, 18, 17, 1), "27 are needed"),
        (Count(0, 0, 0, 0, 0), "how many could vote"),
    ],
)
def test_counts_that_do_not_fit_are_refused(org: Tree, count: Count, said: str) -> None:
    election, rows = called(org)
    with pytest.raises(Problem, match=said):
        hold(org, election, dict.fromkeys((row.pk for row in rows), 9), {rows[0].pk}, count)


def test_who_has_not_won_is_not_elected(org: Tree) -> None:
    election, (chair, one, two) = called(org)
    with pytest.raises(Problem, match="not more than half"):
        hold(org, election, {chair.pk: 8, one.pk: 12, two.pk: 10}, {chair.pk, one.pk})
    with pytest.raises(Problem, match="more votes for the same post"):
        hold(org, election, {chair.pk: 16, one.pk: 10, two.pk: 12}, {chair.pk, one.pk})
    with pytest.raises(Problem, match="than there are seats"):
        hold(org, election, {chair.pk: 16, one.pk: 10, two.pk: 12}, {chair.pk, one.pk, two.pk})
    with pytest.raises(Problem, match="secret ballot"):
        hold(org, election, {chair.pk: 16, one.pk: 12, two.pk: 3}, {chair.pk}, secret=False)
    with pytest.raises(Problem, match="signed minutes"):
        hold(org, election, {chair.pk: 16, one.pk: 12, two.pk: 3}, {chair.pk}, minutes_sha256="")
    with pytest.raises(Problem, match="3 years at most"):
        hold(org, election, {chair.pk: 16, one.pk: 12, two.pk: 3}, {chair.pk}, term_until=date(2031, 5, 20))
    assert Election.objects.get().state == ElectionState.CALLED


def test_a_result_sent_back_is_corrected_and_filed_again(org: Tree) -> None:
    election, rows = filed(org)
    upper = org.officer(Role.ORG_OFFICER, "H1")
    services.return_result(actor=upper, now=org.now, code=election.code, reason="Minutes unsigned")
    hold(org, election, {rows[0].pk: 15, rows[1].pk: 12, rows[2].pk: 3}, {rows[0].pk, rows[1].pk})
    services.file_result(actor=org.officer(Role.BASE_OFFICER, "B1"), now=org.now, code=election.code)
    assert confirm(org, election).state == ElectionState.CONFIRMED


def test_a_vacancy_is_filled_within_the_running_term(org: Tree) -> None:
    with pytest.raises(Problem, match="No term runs"):
        plan(org, cause=Cause.FILL)
    term = open_term(actor=SYSTEM, now=org.now, unit=org["B1"], kind=CommitteeKind.UNION, since=date(2025, 1, 1))
    election, _rows = filed(org, cause=Cause.FILL)
    confirm(org, election)
    assert Term.objects.count() == 1
    assert set(Mandate.objects.values_list("term_id", flat=True)) == {term.pk}


def test_one_election_of_a_committee_is_open_at_a_time_and_notice_is_given(org: Tree) -> None:
    election = plan(org)
    with pytest.raises(Problem, match="open already"):
        plan(org)
    officer = org.officer(Role.BASE_OFFICER, "B1")
    with pytest.raises(Problem, match="Nobody is nominated"):
        services.call_election(actor=officer, now=org.now, code=election.code)
    stand(org, election, "云一", Post.CHAIR)
    with pytest.raises(Problem, match="7 days' notice"):
        services.call_election(actor=officer, now=org.now + timedelta(days=8), code=election.code)
    services.withdraw_election(actor=officer, now=org.now, code=election.code, reason="Another day")
    assert plan(org).code != election.code


def test_the_boards_count_days_and_rates(org: Tree) -> None:
    open_term(actor=SYSTEM, now=org.now, unit=org["B2"], kind=CommitteeKind.UNION, since=date(2023, 5, 1))
    board = queries.overdue_board(org["F"], date(2026, 5, 11))
    assert [(row.unit.label, row.days) for row in board.rows] == [("B2", 10)]
    assert (board.overdue, board.active) == (1, 6)
    vacant = {row.unit.label: row for row in board.vacancies}
    assert vacant["B2"].since == date(2020, 1, 1)
    assert vacant["B2"].over > 0
    share = {row.unit.label: (row.overdue, row.active) for row in board.shares}
    assert share == {"D1": (0, 3), "D2": (1, 2)}


def test_the_board_is_for_officers_above_and_a_workbook(org: Tree) -> None:
    open_term(actor=SYSTEM, now=org.now, unit=org["B2"], kind=CommitteeKind.UNION, since=date(2023, 5, 1))
    client = org.client(Role.ORG_OFFICER, "D2")
    page = client.get("/units/D2/overdue/").content.decode()
    assert "B2 Union" in page
    answer = client.get("/units/D2/overdue.xlsx")
    assert answer.content[:2] == b"PK"
    assert client.get("/units/D1/overdue/").status_code == 403
    assert org.client(Role.BASE_OFFICER, "B2").get("/units/D2/overdue/").status_code == 403


def test_the_board_asks_as_often_for_many_rows_as_for_one(org: Tree, django_assert_max_num_queries: Any) -> None:
    for label in ("B1", "B2", "H1", "D1", "D2"):
        open_term(actor=SYSTEM, now=org.now, unit=org[label], kind=CommitteeKind.UNION, since=date(2020, 1, 1))
    with django_assert_max_num_queries(8):
        queries.overdue_board(org["F"], date(2026, 5, 11))


def test_reminders_go_out_once(org: Tree) -> None:
    own, above = org.account(Role.BASE_OFFICER, "B2"), org.account(Role.ORG_OFFICER, "D2")
    term = open_term(actor=SYSTEM, now=org.now, unit=org["B2"], kind=CommitteeKind.UNION, since=date(2023, 5, 1))
    assert services.remind_terms(now=org.now) == 1
    assert services.remind_terms(now=org.now) == 0
    for _again in range(2):
        assert services.tell_reminder(term_id=term.pk, kind="overdue", now=org.now) == 2
    told = PersonMessage.objects.order_by("account_id")
    assert [message.account_id for message in told] == sorted([own.pk, above.pk])
    assert all(message.url == "/units/B2/elections/" for message in told)


def test_candidates_are_shown_to_members_and_officers_the_elected_to_all(org: Tree) -> None:
    election, _rows = filed(org)
    public = org.client(Role.BASE_OFFICER, "B2")
    assert "云三" not in public.get(f"/units/B1/elections/{election.code}/").content.decode()
    assert "云三" in org.client(Role.BASE_OFFICER, "B1").get(f"/units/B1/elections/{election.code}/").content.decode()
    confirm(org, election)
    page = public.get(f"/units/B1/elections/{election.code}/").content.decode()
    assert "云一" in page
    assert "云三" not in page


def test_the_whole_way_by_forms(org: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [org.now]
    monkeypatch.setattr("qiao.org.elections.views.steps.now", lambda: moment[0])
    base, upper = org.client(Role.BASE_OFFICER, "B1"), org.client(Role.ORG_OFFICER, "H1")
    sent = {"kind": "union", "cause": "first", "day": "2026-05-20", "seats": "1", "group": "云甲"}
    where = base.post("/units/B1/elections/plan/", sent)["Location"]
    base.post(
        f"{where}nominate/",
        {"name": "云一", "post": "chair", "nominated_by": "group", "employer_post": "none", "no_relative": "on"},
    )
    base.post(where, {"step": "call"})
    moment[0] = org.now + timedelta(days=9)
    key = Candidate.objects.get().pk
    minutes = SimpleUploadedFile("minutes.jpg", b"signed")
    base.post(
        f"{where}result/",
        {
            "held_on": "2026-05-20", "electors": "20", "present": "18", "handed_out": "18", "valid": "18",
            "invalid": "0", "secret": "on", f"votes_{key}": "15", f"elected_{key}": "on", "minutes": minutes,
        },
    )  # fmt: skip
    base.post(where, {"step": "file"})
    assert base.post(where, {"step": "confirm"}).status_code == 403
    assert "Result of an election" in upper.get("/desk/").content.decode()
    upper.post(where, {"step": "confirm"})
    assert Election.objects.get().state == ElectionState.CONFIRMED
    assert Mandate.objects.get().name == "云一"


def test_above_the_base_the_number_of_delegates_is_asked_for_at_planning(org: Tree) -> None:
    officer = org.officer(Role.ORG_OFFICER, "D1")
    given = {"actor": officer, "now": org.now, "kind": CommitteeKind.UNION, "cause": Cause.FIRST, "seats": 3,
             "day": date(2026, 5, 20), "group": "云甲"}  # fmt: skip
    for number in range(3):
        org.member("B1", f"江{number}")
    first = services.plan_election(unit=org["D1"], **given)
    assert first.warnings == ["delegates_unset"]
    address = f"/units/D1/elections/{first.code}/"
    client = org.client(Role.ORG_OFFICER, "D1")
    assert "have it set before the congress" in client.get(address).content.decode()
    services.withdraw_election(actor=officer, now=org.now, code=first.code, reason="again, with the number set")
    set_value(actor=org.officer(Role.ORG_OFFICER, "F"), now=org.now, setting_key=DELEGATE_QUOTA.key, unit=org["F"],
              value="1-9: 2-3", since=org.now.date(), reason="statute of the federation")  # fmt: skip
    again = services.plan_election(unit=org["D1"], **given)
    assert again.warnings == []
    page = client.get(f"/units/D1/elections/{again.code}/").content.decode()
    assert "2 to 3 for so many members" in page
    assert (
        services.plan_election(**{**given, "actor": org.officer(Role.BASE_OFFICER, "B1")}, unit=org["B1"]).warnings
        == []
    )
