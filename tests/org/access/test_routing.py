"""Where all who might decide are tied or nobody is there, the next unit above decides; desks list what one may do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.factories.joining import apply, employer
from tests.factories.org import Tree, write, xlsx

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.access.choices import Role, TieKind
from qiao.org.access.queries import actor_for, handling_unit
from qiao.org.access.services import declare_tie
from qiao.org.joining.queries import desk_items as joining_desk
from qiao.org.membership.choices import Employment
from qiao.org.membership.queries import desk_items as register_desk
from qiao.org.membership.services import (
    ask_export,
    confirm_batch,
    decide_export,
    hand_over,
    match_columns,
    take_export,
    upload_table,
)
from qiao.org.upward.choices import Matter, Outcome, PaperKind
from qiao.org.upward.queries import desk_items as papers_desk
from qiao.org.upward.services import answer_paper, draft_paper, issue_paper, receive_paper, review_paper
from qiao.org.workplaces.models import Employer

ROWS = [("姓名", "就业形式", "入会日期", "单位"), ("云一诺", "直接用工", "2021-03-05", "B1")]
FORM = {"姓名": "name", "就业形式": "employment", "入会日期": "since", "单位": "unit"}


@pytest.fixture
def maker(org: Tree) -> Employer:
    return employer(org, "例桥机械有限公司", "H1", union="B1")


def tie(org: Tree, role: Role, label: str, maker: Employer, name: str) -> Actor:
    account = org.account(role, label, name)
    declare_tie(actor=actor_for(account, org.now.date()), now=org.now, employer=maker, kind=TieKind.KIN)
    return actor_for(account, org.now.date())


def test_an_application_goes_to_the_next_unit_above_whose_officers_are_free(org: Tree, maker: Employer) -> None:
    application = apply(org, employer=maker, employment=Employment.DIRECT)
    assert application.unit.label == "B1"
    tie(org, Role.BASE_OFFICER, "B1", maker, "one")
    tie(org, Role.HUB_ORGANISER, "H1", maker, "two")
    district = org.officer(Role.ORG_OFFICER, "D1", "free")
    top = org.officer(Role.ORG_OFFICER, "F", "top")
    found = handling_unit("joining.review", org["B1"].path, on=org.now.date(), employer_id=maker.pk)
    assert found == org["D1"]
    assert len(joining_desk(actor=district, now=org.now)) == 1
    assert joining_desk(actor=top, now=org.now) == []
    page = org.client(Role.ORG_OFFICER, "D1", "free").get(f"/units/B1/joining/{application.code}/").content.decode()
    assert "it stands on the desk of D1 Union" in page
    org.officer(Role.BASE_OFFICER, "B1", "new")
    assert joining_desk(actor=district, now=org.now) == []


def test_nobody_handles_where_nobody_is(org: Tree, maker: Employer) -> None:
    tie(org, Role.ORG_OFFICER, "F", maker, "only")
    assert handling_unit("joining.review", org["B1"].path, on=org.now.date()) is None
    assert handling_unit("joining.review", org["B2"].path, on=org.now.date()) == org["F"]


def test_who_is_tied_confirms_no_import_with_rows_of_the_employer(org: Tree, maker: Employer, tmp_path: Path) -> None:
    first, free = (org.officer(Role.BASE_OFFICER, "D1", name) for name in ("first", "free"))
    tied = tie(org, Role.BASE_OFFICER, "D1", maker, "tied")
    batch = upload_table(actor=first, now=org.now, unit=org["D1"], file=write(tmp_path, "a.xlsx", xlsx(ROWS)))
    match_columns(actor=first, now=org.now, code=batch.code, mapping=FORM)
    hand_over(actor=first, now=org.now, code=batch.code)
    assert register_desk(actor=tied, now=org.now) == []
    assert register_desk(actor=first, now=org.now) == []
    assert len(register_desk(actor=free, now=org.now)) == 1
    with pytest.raises(Problem, match="You declared a tie"):
        confirm_batch(actor=tied, now=org.now, code=batch.code)
    assert confirm_batch(actor=free, now=org.now, code=batch.code).state == "confirmed"


def test_no_list_with_members_of_the_employer_goes_to_who_is_tied(org: Tree, maker: Employer) -> None:
    first = org.officer(Role.ORG_OFFICER, "D1", "first")
    tied = tie(org, Role.ORG_OFFICER, "D1", maker, "tied")
    with pytest.raises(Problem, match="You declared a tie"):
        ask_export(actor=tied, now=org.now, unit=org["D1"], purpose="Letters to all of the district")
    wish = ask_export(actor=first, now=org.now, unit=org["D1"], purpose="Letters to all of the district")
    assert register_desk(actor=tied, now=org.now) == []
    with pytest.raises(Problem, match="You declared a tie"):
        decide_export(actor=tied, now=org.now, code=wish.code, approve=True)
    free = org.officer(Role.ORG_OFFICER, "D1", "free")
    decide_export(actor=free, now=org.now, code=wish.code, approve=True)
    # Declared after the approval: the list stays where it is.
    late = tie(org, Role.ORG_OFFICER, "D1", maker, "first")
    with pytest.raises(Problem, match="You declared a tie"):
        take_export(actor=late, now=org.now + timedelta(hours=1), code=wish.code)


def test_a_paper_of_the_unit_is_neither_signed_nor_answered_by_who_is_tied(org: Tree, maker: Employer) -> None:
    drafter = org.officer(Role.BASE_OFFICER, "B1", "drafter")
    paper = draft_paper(
        actor=drafter, now=org.now, unit=org["B1"], kind=PaperKind.REQUEST, matter=next(iter(Matter)), title="Heating",
        text="The hall is cold.", question="May we spend the reserve on it?", proposal="Yes, a tenth of it.",
    )  # fmt: skip
    with pytest.raises(Problem, match="You declared a tie"):
        issue_paper(actor=tie(org, Role.BASE_CHAIR, "B1", maker, "tied"), now=org.now, code=paper.code)
    issue_paper(actor=org.officer(Role.BASE_CHAIR, "B1", "chair"), now=org.now, code=paper.code)
    tied = tie(org, Role.ORG_OFFICER, "H1", maker, "desk")
    assert papers_desk(actor=tied, now=org.now) == []
    with pytest.raises(Problem, match="You declared a tie"):
        receive_paper(actor=tied, now=org.now, code=paper.code)
    free = org.officer(Role.ORG_OFFICER, "H1", "free")
    assert len(papers_desk(actor=free, now=org.now)) == 1
    receive_paper(actor=free, now=org.now, code=paper.code)
    review_paper(actor=free, now=org.now, code=paper.code)
    signer = tie(org, Role.EXECUTIVE, "H1", maker, "signer")
    with pytest.raises(Problem, match="You declared a tie"):
        answer_paper(actor=signer, now=org.now, code=paper.code, outcome=next(iter(Outcome)), answer="Yes, as said.")
