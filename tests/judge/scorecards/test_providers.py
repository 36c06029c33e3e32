"""Organisations that carry out projects: named with a number, shown without a rank, never judging themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from tests.factories.deliver import ground, planned
from tests.factories.evaluators import reg_code
from tests.factories.judge import GOOD, Town, closed, commissioned, published, town

from qiao.base import clock
from qiao.base.db import atomic
from qiao.base.problems import Problem, Problems
from qiao.deliver.programmes.models import Project
from qiao.judge.evaluators.models import Organisation

pytestmark = pytest.mark.django_db
NAME = "青禾服务社"


def given_out(place: Town) -> Project:
    place.project.provider, place.project.provider_code = NAME, reg_code(31)
    place.project.save()
    return place.project


def test_a_plan_names_both_or_neither(now) -> None:
    place = ground(now)
    project = planned(place, provider=f" {NAME} ", provider_code=reg_code(31).lower())
    assert (project.provider, project.provider_code) == (NAME, reg_code(31))
    for wrong in ({"provider": NAME}, {"provider_code": reg_code(31)}):
        with pytest.raises((Problem, Problems), match="both or none"):
            planned(place, **wrong)
    with pytest.raises((Problem, Problems), match="check sign"):
        planned(place, provider=NAME, provider_code="91990000MA00000310")
    with pytest.raises(IntegrityError), atomic():
        Project.objects.filter(pk=project.pk).update(provider="")
    page = Client(headers={"accept-language": "en"}).get(f"/deliver/projects/{project.code}/").content.decode()
    assert NAME in page


def test_its_scorecard_holds_its_projects_and_what_users_say(now) -> None:
    place = town(now)
    given_out(place)
    evaluation, pair = closed(place, [GOOD] * 12)
    published(place, evaluation, pair.private, now=evaluation.closes)
    page = Client(headers={"accept-language": "en"}).get(f"/judge/scorecards/provider/{reg_code(31)}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert NAME in text
    assert evaluation.code in text
    assert "not ranked" in text
    card = Client(headers={"accept-language": "en"}).get(f"/judge/scorecards/project/{place.project.code}/")
    assert f"/judge/scorecards/provider/{reg_code(31)}/" in card.content.decode()
    assert Client().get(f"/judge/scorecards/provider/{reg_code(32)}/").status_code == 404


def test_an_unjudged_provider_says_so(now) -> None:
    place = town(clock.now() - timedelta(days=1))
    given_out(place)
    page = Client(headers={"accept-language": "en"}).get(f"/judge/scorecards/provider/{reg_code(31)}/")
    assert "None of its projects was judged yet" in page.content.decode()


def test_whoever_carries_it_out_does_not_judge_it(now) -> None:
    place = town(now)
    given_out(place)
    Organisation.objects.update(reg_code=reg_code(31))
    with pytest.raises(Problem, match="carries the project out"):
        commissioned(place)
