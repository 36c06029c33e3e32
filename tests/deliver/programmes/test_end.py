from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils.timezone import localdate
from tests.factories import deliver as make
from tests.factories.deliver import Ground

from qiao.base.access import SYSTEM, Actor, Grant, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import targets_of
from qiao.base.problems import Problem
from qiao.decide.proposals.models import Proposal
from qiao.deliver.programmes import queries, services
from qiao.deliver.programmes.choices import ChangeState
from qiao.deliver.programmes.models import DeadlineChange, Milestone, Project
from qiao.org.access.choices import Role
from qiao.org.access.rules import actions_of
from qiao.org.people.models import Account
from qiao.org.units.models import Unit
from qiao.publish.models import Article

WHY = localized("审批延后", "Approval came late")


def ask(place: Ground, project: Project, *, role: str, days: int, **more: object) -> DeadlineChange:
    new = localdate(place.now) + timedelta(days=days)
    given = {"actor": place.actor(role), "now": place.now, "code": project.code, "new_due": new, "reason": WHY}
    return services.ask_deadline_change(**{**given, **more})  # type: ignore[arg-type]


def answer(place: Ground, change: DeadlineChange, *, role: str, consent: bool, **more: object) -> DeadlineChange:
    return services.answer_deadline_change(
        actor=place.actor(role),
        now=place.now,
        change_id=change.pk,
        consent=consent,
        **more,  # type: ignore[arg-type]
    )


def test_a_date_asked_from_above_waits_for_the_base(place: Ground) -> None:
    project = make.running(place)
    change = ask(place, project, role="executive", days=95)
    project.refresh_from_db()
    assert project.due == change.old_due
    with pytest.raises(Refused):
        answer(place, change, role="executive", consent=True)
    answer(place, change, role="task_owner", consent=True)
    project.refresh_from_db()
    assert project.due == change.new_due
    assert project.source_due == change.old_due
    assert Article.objects.filter(code=project.code).count() == 2


def test_a_date_asked_by_the_base_waits_for_above(place: Ground) -> None:
    project = make.running(place)
    change = ask(place, project, role="task_owner", days=130)
    with pytest.raises(Refused):
        answer(place, change, role="second_owner", consent=True)
    with pytest.raises(Problem, match="why the change is declined"):
        answer(place, change, role="executive", consent=False)
    declined = answer(place, change, role="executive", consent=False, answer=localized("不同意", "No"))
    assert declined.state == ChangeState.DECLINED
    project.refresh_from_db()
    assert project.due == change.old_due
    # Answered is answered: a second consent changes nothing.
    assert answer(place, change, role="executive", consent=True).state == ChangeState.DECLINED


def test_a_date_moves_with_a_reason_to_a_day_that_fits(place: Ground) -> None:
    project = make.running(place)
    with pytest.raises(Problem, match="reason is public"):
        ask(place, project, role="task_owner", days=130, reason={})
    with pytest.raises(Problem, match="over already"):
        ask(place, project, role="task_owner", days=-1)
    with pytest.raises(Problem, match="open milestone is due"):
        ask(place, project, role="executive", days=60)
    milestone = project.milestones.order_by("position")[0]
    with pytest.raises(Problem, match="outside the project"):
        ask(place, project, role="task_owner", days=101, milestone_id=milestone.pk)
    ask(place, project, role="task_owner", days=50, milestone_id=milestone.pk)
    with pytest.raises(Problem, match="has to be answered first"):
        ask(place, project, role="task_owner", days=51, milestone_id=milestone.pk)


def test_a_milestone_keeps_its_source_target(place: Ground) -> None:
    project = make.running(place)
    milestone = project.milestones.order_by("position")[0]
    change = ask(place, project, role="task_owner", days=50, milestone_id=milestone.pk)
    answer(place, change, role="executive", consent=True)
    view = queries.milestone_views(project, today=localdate(place.now))[0]
    assert view.moved
    assert view.milestone.due == change.new_due
    assert view.milestone.source_due == change.old_due


def test_done_is_claimed_when_every_milestone_is_reached(place: Ground) -> None:
    project = make.running(place)
    with pytest.raises(Problem, match="2 milestones are still open"):
        services.claim_done(actor=place.actor("task_owner"), now=place.now, code=project.code)
    done = make.reached(place)
    assert done.progress == 100
    claimed = services.claim_done(actor=place.actor("task_owner"), now=place.now, code=done.code)
    assert claimed.state == "done_claimed"


def test_who_owns_reports_or_claims_does_not_verify(place: Ground) -> None:
    project = make.claimed(place)
    with pytest.raises(Refused):
        services.verify_project(actor=place.actor("task_owner"), now=place.now, code=project.code, asked=3, confirmed=3)
    Project.objects.filter(pk=project.pk).update(claimed_by=place.accounts["auditor"].pk)
    with pytest.raises(Problem, match="another person"):
        services.verify_project(actor=place.actor("auditor"), now=place.now, code=project.code, asked=3, confirmed=3)
    with pytest.raises(IntegrityError):
        Project.objects.filter(pk=project.pk).update(verified_by=project.owner_id)


def test_users_confirm_or_it_goes_back(place: Ground) -> None:
    project = make.claimed(place)
    auditor = place.actor("auditor")
    for asked, confirmed in ((0, 0), (5, 0), (5, 6)):
        with pytest.raises(Problem):
            services.verify_project(actor=auditor, now=place.now, code=project.code, asked=asked, confirmed=confirmed)
    with pytest.raises(Problem, match="what is missing"):
        services.verify_project(actor=auditor, now=place.now, code=project.code, found_true=False)
    back = services.verify_project(actor=auditor, now=place.now, code=project.code, found_true=False, note=WHY)
    assert back.state == "running"


def test_a_verified_project_awaits_judgment_and_is_closed_with_it(place: Ground) -> None:
    project = make.verified(place)
    assert queries.projects_awaiting_judgment(place.root.path) == [project]
    assert queries.projects_awaiting_judgment(place.two.path) == []
    for _twice in range(2):
        closed = services.close_judged(
            actor=SYSTEM, now=place.now, code=project.code, evaluation_code="E-9", figure_text=localized("满意 81 %")
        )
    assert (closed.state, closed.evaluation_code) == ("closed", "E-9")
    assert targets_of(project.code) == ["E-9"]
    assert queries.projects_awaiting_judgment() == []
    assert queries.stations([project.code])[0].flags == ()


def test_only_a_verified_project_is_judged(place: Ground) -> None:
    project = make.running(place)
    with pytest.raises(Problem, match="cannot become"):
        services.close_judged(actor=SYSTEM, now=place.now, code=project.code, evaluation_code="E-9", figure_text={})
    with pytest.raises(Refused):
        services.close_judged(
            actor=place.actor("executive"), now=place.now, code=project.code, evaluation_code="E-9", figure_text={}
        )


def test_an_end_without_judgment_is_flagged_for_ever(place: Ground) -> None:
    executive = place.actor("executive")
    stopped = make.running(place)
    with pytest.raises(Problem, match="reason is public"):
        services.stop_project(actor=executive, now=place.now, code=stopped.code, reason={})
    services.stop_project(actor=executive, now=place.now, code=stopped.code, reason=WHY)
    closed = services.close_unjudged(actor=executive, now=place.now, code=make.verified(place).code, reason=WHY)
    for station in queries.stations([stopped.code, closed.code]):
        assert len(station.flags) == 1
    with pytest.raises(Problem, match="cannot become"):
        services.start_project(actor=executive, now=place.now, code=stopped.code)


def test_the_desk_tells_each_office_its_part(place: Ground) -> None:
    def steps(role: str) -> list[str]:
        return [item.next_step for item in queries.desk_items(actor=place.actor(role), now=place.now)]

    make.planned(place)
    assert steps("executive") == ["Start it"]
    project = make.running(place)
    first = project.milestones.order_by("position")[0]
    items = queries.desk_items(actor=place.actor("task_owner"), now=place.now)
    assert [item.next_step for item in items] == ["Report: Route chosen"]
    assert items[0].url.endswith(f"/milestone/{first.pk}/")
    ask(place, project, role="task_owner", days=130)
    assert "Consent to another date, or decline" in steps("executive")
    make.claimed(place)
    assert steps("auditor") == ["Verify with those who use it"]
    make.reached(place)
    assert "Claim it as done" in steps("task_owner")
    assert steps("editor") == []


def test_reports_are_locked_against_each_other(place: Ground) -> None:
    """The row of the project orders reports on different milestones: the whole never loses one."""
    project = make.running(place)
    for number, milestone in enumerate(Milestone.objects.filter(project=project), start=1):
        services.report_milestone(
            actor=place.actor("task_owner"), now=place.now, milestone_id=milestone.pk, progress=10 * number
        )
    project.refresh_from_db()
    assert project.progress == (10 * 1 + 20 * 3) // 4


def acting(account: Account, role: Role, unit: Unit) -> Actor:
    """An officer with one role in one unit."""
    return Actor(account_id=account.pk, name=role.value, grants=(Grant(role, unit.pk, unit.path, actions_of(role)),))


@pytest.mark.parametrize("part", ["raised", "planned"])
def test_who_proposed_or_planned_a_project_does_not_verify_it(place: Ground, part: str) -> None:
    project = make.claimed(place)
    other = place.accounts["analyst"]
    if part == "raised":
        Proposal.objects.filter(code=project.proposal_code).update(raised_by=other.pk)
    else:
        Project.objects.filter(pk=project.pk).update(planned_by=other.pk)
    verifier = acting(other, Role.AUDITOR, place.root)
    with pytest.raises(Problem, match="does not verify it"):
        services.verify_project(actor=verifier, now=place.now, code=project.code, asked=20, confirmed=17)
    assert not queries.project_by_code(project.code).verified


def test_an_evaluator_of_another_unit_closes_nothing_here(place: Ground) -> None:
    project = make.verified(place)
    stranger = acting(place.accounts["evaluator"], Role.EVALUATOR, place.two)
    with pytest.raises(Refused):
        services.close_judged(actor=stranger, now=place.now, code=project.code, evaluation_code="E-1", figure_text=WHY)
    assert queries.project_by_code(project.code).state == "verified"


def test_a_unit_does_not_take_what_the_one_above_decided(place: Ground) -> None:
    code, (proposal,) = make.decision(place)
    district = acting(place.accounts["analyst"], Role.EXECUTIVE, place.one)
    with pytest.raises(Refused):
        make.planned(place, actor=district, decision_code=code, proposal_code=proposal)
    assert not Project.objects.exists()
