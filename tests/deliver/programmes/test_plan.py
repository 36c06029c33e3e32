from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.utils.timezone import localdate
from tests.factories import deliver as make
from tests.factories.deliver import Ground

from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.models import AuditRow, LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes import queries, services
from qiao.deliver.programmes.models import Project
from qiao.publish.models import Article


def test_a_project_comes_out_of_its_decision_and_its_proposal(place: Ground) -> None:
    project = make.planned(place)
    assert project.code.startswith("W-")
    assert set(sources_of(project.code)) == {project.decision_code, project.proposal_code}
    assert AuditRow.objects.filter(action="project.plan", code=project.code).exists()
    assert project.state == "planned"
    assert project.source_due is None


def test_only_who_plans_plans_and_only_in_their_subtree(place: Ground) -> None:
    with pytest.raises(Refused):
        make.planned(place, actor=place.actor("task_owner"))
    assert not Project.objects.exists()


def test_everything_missing_is_said_at_once(place: Ground) -> None:
    with pytest.raises(Problems) as caught:
        make.planned(place, owner=None, milestones=[], goal={})
    said = str(caught.value)
    assert "responsible person" in said
    assert "without milestones" in said
    assert "different for members" in said
    assert not Project.objects.exists()


def test_the_owner_must_hold_the_role_there(place: Ground) -> None:
    with pytest.raises(Problems, match="task owner"):
        make.planned(place, owner=place.accounts["editor"])


def test_milestones_lie_within_the_project(place: Ground) -> None:
    day = localdate(place.now) + timedelta(days=101)
    with pytest.raises(Problems, match="Milestone 1 lies outside"):
        make.planned(place, milestones=[(localized("晚"), day)])


def test_a_proposal_that_was_not_adopted_makes_no_project(place: Ground) -> None:
    with pytest.raises(Problem, match="did not adopt"):
        make.planned(place, proposal_code="P-1")


def test_one_live_project_for_a_proposal_another_after_a_stop(place: Ground) -> None:
    first = make.planned(place)
    same = {"decision_code": first.decision_code, "proposal_code": first.proposal_code}
    with pytest.raises(Problem, match="exists already"):
        make.planned(place, **same)
    services.stop_project(
        actor=place.actor("executive"), now=place.now, code=first.code, reason=localized("改方案", "Another plan")
    )
    assert queries.plannable([place.root.path]) == []
    assert [each.proposal.code for each in queries.plannable([place.root.path], again=True)] == [first.proposal_code]
    assert make.planned(place, **same).pk != first.pk


def test_adopted_proposals_wait_to_be_planned(place: Ground) -> None:
    decision_code, codes = make.decision(place, number=2)
    assert [each.proposal.code for each in queries.plannable([place.root.path])] == codes
    make.planned(place, decision_code=decision_code, proposal_code=codes[0])
    assert [each.proposal.code for each in queries.plannable([place.root.path])] == codes[1:]
    assert queries.plannable([]) == []


def test_the_start_freezes_targets_in_the_ledger_and_tells_everybody(place: Ground) -> None:
    project = make.running(place)
    assert project.source_due == project.due
    assert project.source_budget == project.budget
    assert all(each.source_due == each.due for each in project.milestones.all())
    content = json.loads(LedgerLeaf.objects.get(kind="project.baseline").payload)
    assert content["due"] == project.due.isoformat()
    assert [each["weight"] for each in content["milestones"]] == [1, 3]
    assert place.accounts["task_owner"].display_name not in json.dumps(content)
    assert Article.objects.filter(code=project.code, state="published").count() == 1


def test_starting_twice_changes_nothing(place: Ground) -> None:
    project = make.running(place)
    services.start_project(actor=place.actor("executive"), now=place.now, code=project.code)
    assert LedgerLeaf.objects.filter(kind="project.baseline").count() == 1
    assert project.transitions.count() == 2


def test_personal_data_in_the_goal_is_refused(place: Ground) -> None:
    with pytest.raises(Problems, match="telephone number"):
        make.planned(place, goal=localized("请联系 138 1234 5678"))


def test_steps_cannot_be_rewritten(place: Ground) -> None:
    project = make.running(place)
    with pytest.raises(DatabaseError), atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_transition SET after = 'closed' WHERE project_id = %s", [project.pk])
