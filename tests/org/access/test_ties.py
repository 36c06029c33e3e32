"""Declared ties to employers (S12): flagged, kept from the desk, refused at the act with the reason."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.joining import apply, employer
from tests.factories.org import DAY, Tree

from qiao.base.access import Actor, Refused, Tie, require_untied
from qiao.base.models import AuditRow
from qiao.base.problems import Problem
from qiao.org.access.choices import Role, TieKind
from qiao.org.access.models import TieDeclaration
from qiao.org.access.queries import actor_for
from qiao.org.access.services import declare_tie, end_tie
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.rules import may_decide
from qiao.org.appeals.services import decide_appeal
from qiao.org.joining import services as joining
from qiao.org.joining.choices import Identity, State
from qiao.org.joining.models import Application
from qiao.org.joining.queries import desk_items
from qiao.org.membership.choices import Employment, RulingKind
from qiao.org.membership.services import propose_ruling
from qiao.org.workplaces.models import Employer


@pytest.fixture
def maker(org: Tree) -> Employer:
    return employer(org, "例桥机械有限公司", "H1", union="B1")


def tied(org: Tree, role: Role, label: str, maker: Employer, name: str = "") -> Actor:
    """An officer who has declared a tie."""
    account = org.account(role, label, name)
    declare_tie(actor=actor_for(account, org.now.date()), now=org.now, employer=maker, kind=TieKind.KIN)
    return actor_for(account, org.now.date())


def test_a_tie_bars_its_employer_and_unit_and_no_other(org: Tree, maker: Employer) -> None:
    actor = tied(org, Role.ORG_OFFICER, "D1", maker)
    assert actor.ties == (Tie(maker.pk, maker.name, (org["B1"].path,)),)
    with pytest.raises(Problem, match="You declared a tie"):
        require_untied(actor, org["B1"].path)
    with pytest.raises(Problem):
        require_untied(actor, org["H1"].path, maker.pk)
    require_untied(actor, org["H1"].path)
    require_untied(actor, org["B2"].path)


def test_declaring_twice_is_once_and_ends_by_oneself_alone(org: Tree, maker: Employer) -> None:
    actor = tied(org, Role.BASE_OFFICER, "B1", maker)
    again = declare_tie(actor=actor, now=org.now, employer=maker, kind=TieKind.KIN)
    assert TieDeclaration.objects.count() == 1
    with pytest.raises(Refused):
        end_tie(actor=org.officer(Role.ORG_OFFICER, "D1"), now=org.now, tie_id=again.pk)
    for _twice in range(2):
        end_tie(actor=actor, now=org.now, tie_id=again.pk)
    assert actor_for(org.account(Role.BASE_OFFICER, "B1"), org.now.date()).ties == ()
    assert list(AuditRow.objects.filter(action__startswith="tie.").order_by("pk").values_list("action", flat=True)) == [
        "tie.declare", "tie.end",
    ]  # fmt: skip
    with pytest.raises(Refused):
        declare_tie(actor=Actor(), now=org.now, employer=maker, kind=TieKind.MANAGES)


def test_who_is_tied_decides_no_application_there(org: Tree, maker: Employer) -> None:
    application = apply(org, employer=maker, employment=Employment.DIRECT)
    assert application.unit.label == "B1"
    free = org.officer(Role.BASE_OFFICER, "B1", "free")
    assert len(desk_items(actor=free, now=org.now)) == 1
    actor = tied(org, Role.BASE_OFFICER, "B1", maker, "tied")
    assert desk_items(actor=actor, now=org.now) == []
    with pytest.raises(Problem, match="You declared a tie"):
        joining.take_up(actor=actor, now=org.now, code=application.code)
    with pytest.raises(Problem, match="You declared a tie"):
        joining.note_identity(actor=actor, now=org.now, code=application.code, identity=Identity.PAPER)
    with pytest.raises(Problem, match="You declared a tie"):
        joining.refuse(actor=actor, now=org.now, code=application.code, reason="Not one of ours, surely.")
    assert Application.objects.get().decided is None
    # Whoever is tied may still pass it on: to the unit above, which decides.
    joining.pass_on(actor=actor, now=org.now, code=application.code, to=org["H1"])
    with pytest.raises(Problem, match="You declared a tie"):
        joining.refuse(
            actor=tied(org, Role.HUB_ORGANISER, "H1", maker), now=org.now, code=application.code, reason="x" * 12
        )
    hub = org.officer(Role.HUB_ORGANISER, "H1", "other")
    assert joining.refuse(actor=hub, now=org.now, code=application.code, reason="x" * 12).state == State.REFUSED


def test_who_is_tied_decides_no_appeal_of_the_unit(org: Tree, maker: Employer) -> None:
    appeal = Appeal(
        code="A-9", receipt="R-9", kind="joining", subject="J-1", unit_path=org["B1"].path, body_path=org["D1"].path,
        attempt=1, ground="g", filed=org.now, due=org.now, barred_ids=[], barred_paths=[],
    )  # fmt: skip
    appeal.save()
    assert may_decide(org.officer(Role.ORG_OFFICER, "D1", "free"), appeal)
    actor = tied(org, Role.ORG_OFFICER, "D1", maker, "tied")
    assert not may_decide(actor, appeal)
    with pytest.raises(Problem, match="You declared a tie"):
        decide_appeal(actor=actor, now=org.now, code="A-9", upheld=True, reason="r")


def test_the_page_declares_flags_and_ends(org: Tree, maker: Employer) -> None:
    client = org.client(Role.BASE_OFFICER, "B1")
    assert "You have declared none" in client.get("/access/mine/ties/").content.decode()
    found = client.post("/access/mine/ties/", {"text": "例桥", "find": "1"}).content.decode()
    assert maker.name in found
    assert not TieDeclaration.objects.exists()
    form = {"text": "例桥", "kind": "manages"}
    assert "Choose one of these" in client.post("/access/mine/ties/", form).content.decode()
    other = {**form, "text": "没有这家"}
    assert "holds no employer that begins so" in client.post("/access/mine/ties/", other).content.decode()
    assert client.post("/access/mine/ties/", {**form, "employer": str(maker.pk)}).status_code == 302
    tie = TieDeclaration.objects.get()
    flag = "tied to this unit&#x27;s employer"
    officers = org.client(Role.ORG_OFFICER, "D1").get("/units/B1/officers/").content.decode()
    assert flag in officers or flag.replace("&#x27;", "'") in officers
    assert org.client(Role.BASE_OFFICER, "B2").post(f"/access/mine/ties/{tie.pk}/end/").status_code == 404
    assert Client().get("/access/mine/ties/").status_code == 302
    assert client.post(f"/access/mine/ties/{tie.pk}/end/").status_code == 302
    tie.refresh_from_db()
    assert tie.until is not None


def test_who_is_tied_proposes_no_ruling(org: Tree, maker: Employer) -> None:
    member = org.member("B1", "云一")
    actor = tied(org, Role.BASE_OFFICER, "B1", maker)
    with pytest.raises(Problem, match="You declared a tie"):
        propose_ruling(actor=actor, now=org.now, membership_id=member.pk, kind=RulingKind.LAPSE, day=DAY, reason="r")
