"""An evaluator is an organisation from outside: its people are its own, and those it judges cannot touch them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.evaluators import admitted, reg_code
from tests.factories.judge import DAY, GOOD, Town, closed, commissioned, opened, town

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.judge.evaluations import services as judging
from qiao.judge.evaluations.queries import evaluators_for
from qiao.judge.evaluators import services
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.models import Organisation, Seat
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.queries import actor_for
from qiao.org.access.services import end_grant, grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.workplaces.models import Employer, UnitEmployer

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(now) -> Town:
    return town(now, members=12)


def second(place: Town, duty: str = Duty.LEAD, email: str = "second@fair.example") -> Seat:
    return services.give_seat(
        actor=place.actor("evaluator"), now=place.now, organisation=Organisation.objects.get(code=first().code),
        email=email, display_name="川若兰", duty=duty,
    )  # fmt: skip


def first() -> Organisation:
    return Organisation.objects.order_by("pk")[0]


def admit(place: Town, **wanted: object) -> Organisation:
    facts = {
        "actor": place.actor("org_officer"), "now": place.now, "unit": place.root, "name": localized("新所", "New one"),
        "reg_code": reg_code(9), "contact": "x", "phone": "", "lead_email": "new@lead.example", "lead_name": "新负责人",
    }  # fmt: skip
    return services.admit(**{**facts, **wanted})  # type: ignore[arg-type]


def test_admitting_is_in_the_ledger_and_its_lead_can_be_commissioned(place: Town) -> None:
    organisation = admit(place)
    leaf = LedgerLeaf.objects.get(code=organisation.code)
    assert leaf.kind == "evaluator.admitted"
    assert reg_code(9) in leaf.payload
    lead = Account.objects.get(email="new@lead.example")
    assert lead in evaluators_for(place.base, place.now.date())
    assert place.accounts["evaluator"] in evaluators_for(place.base, place.now.date())
    with pytest.raises(Problem, match="admitted already"):
        admit(place, lead_email="other@lead.example")
    with pytest.raises(Problem, match="check sign"):
        admit(place, reg_code=reg_code(8)[:-1] + ("1" if reg_code(8)[-1] != "1" else "2"))
    with pytest.raises(Refused):
        admit(place, actor=place.actor("executive"))


def test_the_employer_of_members_does_not_judge(place: Town) -> None:
    employer = Employer.objects.create(
        code="EM-9", reg_code=reg_code(9), name="例厂", place=place.root, ownership="private", sector="S-C",
        confirmed=place.now.date(), entered=place.now,
    )  # fmt: skip
    UnitEmployer.objects.create(unit=place.base, employer=employer, since=DAY, entered=place.now)
    with pytest.raises(Problem, match="employs members"):
        admit(place)


def test_an_account_with_a_role_of_its_own_judges_for_no_organisation(place: Town) -> None:
    """The evaluator's role alone is not enough: terms name an organisation."""
    lone = open_account(actor=SYSTEM, now=place.now, email="lone@x.example", display_name="单独一人")
    grant_role(actor=SYSTEM, now=place.now, account=lone, role=Role.EVALUATOR, unit=place.root, since=DAY)
    place.accounts["evaluator"] = lone  # type: ignore[index]
    with pytest.raises(Problem, match="of an organisation that is admitted"):
        commissioned(place)


def test_an_interviewer_is_not_commissioned(place: Town) -> None:
    seat = second(place, Duty.INTERVIEWER)
    assert seat.account not in evaluators_for(place.base, place.now.date())
    place.accounts["evaluator"] = seat.account  # type: ignore[index]
    with pytest.raises(Problem, match="of an organisation that is admitted"):
        commissioned(place)


def test_another_lead_of_the_same_organisation_carries_on(place: Town) -> None:
    evaluation, _pair = opened(place)
    other = actor_for(second(place).account, place.now.date())
    for number in range(10):
        judging.submit_sealed(actor=place.member(number), now=place.now, code=evaluation.code, answers=GOOD)
    done = judging.close_evaluation(actor=other, now=evaluation.closes, code=evaluation.code)
    assert done.received == 10


def test_another_organisation_has_no_part_in_it(place: Town) -> None:
    evaluation, _pair = opened(place)
    stranger = open_account(actor=SYSTEM, now=place.now, email="s@x.example", display_name="别家")
    admitted(place.now, place.root, stranger, number=2)
    with pytest.raises(Refused):
        judging.close_evaluation(
            actor=actor_for(stranger, place.now.date()), now=evaluation.closes, code=evaluation.code
        )


def test_a_seat_is_given_by_a_lead_alone_and_to_nobody_known_here(place: Town) -> None:
    asks = actor_for(second(place, Duty.INTERVIEWER).account, place.now.date())
    for actor in (asks, place.actor("org_officer"), place.actor("executive"), place.member(2)):
        with pytest.raises(Refused):
            services.give_seat(
                actor=actor, now=place.now, organisation=first(), email="n@x.example", display_name="n",
                duty=Duty.LEAD,
            )  # fmt: skip
    # An officer, a member, somebody of another organisation: refused alike, and without saying which they are.
    stranger = open_account(actor=SYSTEM, now=place.now, email="s@x.example", display_name="别家")
    admitted(place.now, place.root, stranger, number=2)
    said = set()
    for address in ("editor@f.example", "m3@f.example", "s@x.example"):
        with pytest.raises(Problem) as caught:
            second(place, email=address)
        said.add(str(caught.value))
    assert len(said) == 1
    assert Seat.objects.filter(organisation=first()).count() == 2


def test_who_has_a_seat_gets_no_other_role(place: Town) -> None:
    account = second(place, Duty.INTERVIEWER).account
    for role in (Role.EDITOR, Role.TASK_OWNER, Role.INTERVIEWER):
        with pytest.raises(Problem, match="may not be held by one person"):
            grant_role(actor=SYSTEM, now=place.now, account=account, role=role, unit=place.base, since=DAY)


def test_those_judged_do_not_take_the_role_away_while_it_runs(place: Town) -> None:
    evaluation = commissioned(place)
    seat = second(place)
    grants = RoleGrant.objects.filter(role=Role.EVALUATOR, account__in=[seat.account, place.accounts["evaluator"]])
    assert grants.count() == 2
    for grant in grants:
        with pytest.raises(Problem, match=evaluation.code):
            end_grant(actor=place.actor("org_officer"), now=place.now, grant_id=grant.pk)
    judging.void_evaluation(
        actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason=localized("撤回", "Withdrawn")
    )
    end_grant(actor=place.actor("org_officer"), now=place.now, grant_id=grants[0].pk)


def test_a_seat_ends_with_its_role_but_not_the_last_lead(place: Town) -> None:
    closed(place, [GOOD] * 10)
    own = Seat.objects.get(account=place.accounts["evaluator"])
    lead = place.actor("evaluator")
    with pytest.raises(Problem, match="seat another"):
        services.end_seat(actor=lead, now=place.now, seat_id=own.pk)
    seat = second(place)
    services.end_seat(actor=lead, now=place.now, seat_id=seat.pk)
    seat.refresh_from_db()
    assert seat.until == place.now.date()
    grant = RoleGrant.objects.get(account=seat.account)
    assert grant.until is not None
    assert grant.until <= place.now.date()
    with pytest.raises(Refused):
        services.end_seat(actor=place.actor("org_officer"), now=place.now, seat_id=own.pk)


def test_pages(place: Town) -> None:
    public = Client(headers={"accept-language": "en"})
    listed = public.get(reverse("evaluators:index")).content.decode()
    assert "Fair Measure Institute 1" in listed
    assert reverse("evaluators:new") not in listed
    officer, lead, editor = (Client(headers={"accept-language": "en"}) for _ in range(3))
    officer.force_login(place.accounts["org_officer"])
    lead.force_login(place.accounts["evaluator"])
    editor.force_login(place.accounts["editor"])
    assert editor.get(reverse("evaluators:people")).status_code == 403
    given = {
        "name_zh_hans": "海量所",
        "name_en": "Sea",
        "reg_code": reg_code(5),
        "contact": "x",
        "phone": "",
        "lead_name": "海",
    }
    given["unit"] = str(place.root.pk)
    wrong = officer.post(reverse("evaluators:new"), {**given, "lead_email": "editor@f.example"})
    assert wrong.status_code == 422
    assert "cannot be given a seat" in wrong.content.decode()
    assert officer.post(reverse("evaluators:new"), {**given, "lead_email": "sea@x.example"}).status_code == 302
    people = reverse("evaluators:people")
    assert lead.post(
        people, {"display_name": "川", "email": "c@x.example", "duty": "interviewer"}
    ).status_code == 302  # fmt: skip
    page = lead.get(people).content.decode()
    assert "c@x.example" in page
    seat = Seat.objects.get(account__email="c@x.example")
    assert lead.post(reverse("evaluators:end", args=[seat.pk])).status_code == 302
    seat.refresh_from_db()
    assert seat.until is not None
    foreign = Seat.objects.get(account__email="sea@x.example")
    assert lead.post(reverse("evaluators:end", args=[foreign.pk])).status_code == 404
