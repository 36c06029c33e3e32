"""Answers from files: all or nothing, every fault with row and column."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from qiao.base.access import SYSTEM, Refused
from qiao.base.problems import Problem, Problems
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Invitation, Round, SealedAnswer
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account
from tests.factories.hear import Town, codes_of, open_round
from tests.hear.surveys.opened import values_of


def enter(town: Town, survey: Round, text: str, *, encoding: str = "utf-8", name: str = "答卷.csv") -> int:
    return services.enter_file(
        actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=survey.code, file_name=name,
        content=text.encode(encoding),
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_file_with_codes(town: Town, encoding: str) -> None:
    survey = open_round(town)
    one, two = codes_of(town, survey)[:2]
    text = f"code,ws_shift,need_first,hours,words\n{one},night,pay;bus,８,班车少\n{two.lower()},day,legal,,\n"
    assert enter(town, survey, text, encoding=encoding) == 2
    found = {values["ws_shift"]: values for values in values_of(survey)}
    assert found["night"] == {"ws_shift": "night", "need_first": ["pay", "bus"], "hours": 8, "words": "班车少"}
    assert found["day"] == {"ws_shift": "day", "need_first": ["legal"]}
    assert Invitation.objects.filter(answered=True).count() == 2


def test_every_fault_has_its_place_and_nothing_is_stored(town: Town) -> None:
    survey = open_round(town)
    one, two, three, four = codes_of(town, survey)[:4]
    services.take_answer(now=town.now, round_id=survey.pk, code=four, values={"ws_shift": "day", "need_first": ["pay"]})
    rows = [
        f"{one},day,pay,", f"{two},evening,pay,", f"{three},night,,x", f"{one},day,bus,", "ZZZZ-ZZZZ-ZZZZ,day,bus,",
        ",day,bus,", f"{four},day,bus,",
    ]  # fmt: skip
    with pytest.raises(Problems) as caught:
        enter(town, survey, "code,ws_shift,need_first,hours\n" + "\n".join(rows) + "\n")
    assert [(fault.place.row, fault.place.column) for fault in caught.value.faults] == [
        (3, "ws_shift"), (4, "need_first"), (4, "hours"), (5, "code"), (6, "code"), (7, "code"), (8, "code"),
    ]  # fmt: skip
    assert SealedAnswer.objects.count() == 1


def test_unknown_and_denied_columns_are_refused(town: Town) -> None:
    survey = open_round(town)
    with pytest.raises(Problems) as caught:
        enter(town, survey, "code,ws_shift,政治面貌,shoe_size\nx,day,群众,42\n")
    assert [(fault.place.row, fault.place.column) for fault in caught.value.faults] == [
        (1, "政治面貌"), (1, "shoe_size"),
    ]  # fmt: skip
    assert "群众" not in str(caught.value)


def test_a_round_with_invitations_needs_codes(town: Town) -> None:
    with pytest.raises(Problem, match="Missing column: code"):
        enter(town, open_round(town), "ws_shift,need_first\nday,pay\n")


def test_volunteers_have_no_codes(town: Town) -> None:
    survey = open_round(town, asked="volunteers")
    assert enter(town, survey, "ws_shift,need_first\nday,pay\nday,pay legal\n") == 2
    with pytest.raises(Problems, match="no variable “code”"):
        enter(town, survey, "code,ws_shift,need_first\nx,day,pay\n")


def test_what_is_no_table_is_refused(town: Town) -> None:
    survey = open_round(town)
    for text in ("", "code,code\n1,2\n", "code\n"):
        with pytest.raises((Problem, Problems)):
            enter(town, survey, text)


def test_base_officers_below_enter_paper_others_do_not(town: Town, now: datetime) -> None:
    survey = open_round(town)
    code = codes_of(town, survey)[0]
    account = open_account(actor=SYSTEM, now=now, email="base@town.example", display_name="base")
    grant_role(
        actor=SYSTEM, now=now, account=account, role=Role.BASE_OFFICER, unit=town.bases[1], since=date(2020, 1, 1)
    )
    content = f"code,ws_shift,need_first\n{code},day,pay\n".encode()
    with pytest.raises(Refused):
        services.enter_file(
            actor=town.actor(Role.ANALYST), now=now, code=survey.code, file_name="a.csv", content=content
        )
    clerk = actor_for(account, now.date())
    assert services.enter_file(actor=clerk, now=now, code=survey.code, file_name="a.csv", content=content) == 1


def test_not_after_the_end(town: Town) -> None:
    survey = open_round(town)
    with pytest.raises(Problem, match="only while the round is open"):
        services.enter_file(
            actor=town.actor(Role.SURVEY_OWNER),
            now=survey.closes,
            code=survey.code,
            file_name="a.csv",
            content=b"code\n",
        )
