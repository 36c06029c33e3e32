"""Two officers at the very same moment, on two connections."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from tests.factories import deliver as make
from tests.factories.deliver import Ground

from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.deliver.programmes import services
from qiao.deliver.programmes.models import Project, Report, Spending

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[str]:
    """Run the acts side by side; what each said when it was refused, "" where it was not."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            gate.wait(timeout=10)
            act()
        except Problem as problem:
            return problem.text()
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def place(transactional_db: None, now) -> Ground:
    return make.ground(now)


def test_of_two_reports_on_one_page_one_is_kept_and_the_other_told(place: Ground) -> None:
    milestone = make.running(place).milestones.order_by("position")[0]

    def report(role: str, progress: int) -> Callable[[], object]:
        actor = place.actor(role)
        return lambda: services.report_milestone(
            actor=actor, now=place.now, milestone_id=milestone.pk, progress=progress, seen_version=0
        )

    said = together(report("task_owner", 20), report("second_owner", 70))
    assert sorted(bool(text) for text in said) == [False, True]
    milestone.refresh_from_db()
    assert Report.objects.get().progress == milestone.progress


def test_money_entered_at_once_adds_up_and_stays_within_the_budget(place: Ground) -> None:
    project = make.running(place)
    actor = place.actor("task_owner")

    def spend() -> object:
        return services.spend(
            actor=actor, now=place.now, code=project.code, amount=Decimal(4000), purpose=localized("租车")
        )

    said = together(spend, spend, spend)
    assert sum(1 for text in said if "why the budget is exceeded" in text) == 1
    project.refresh_from_db()
    assert project.spent == sum(Spending.objects.values_list("amount", flat=True)) == 8000


def test_a_proposal_planned_twice_at_once_is_one_project(place: Ground) -> None:
    decision_code, codes = make.decision(place)

    def plan() -> object:
        return make.planned(place, decision_code=decision_code, proposal_code=codes[0])

    said = together(plan, plan)
    assert sorted(bool(text) for text in said) == [False, True]
    assert Project.objects.count() == 1


def test_two_starts_at_once_freeze_once(place: Ground) -> None:
    project = make.planned(place)
    actor = place.actor("executive")
    start = lambda: services.start_project(actor=actor, now=place.now, code=project.code)  # noqa: E731
    assert together(start, start) == ["", ""]
    assert project.transitions.count() == 2
