"""Weighting a closed round: register totals are met, small strata joined, large weights trimmed, the plan frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils.translation import override

from qiao.base import frozen
from qiao.base.access import Refused
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.hear.surveys import queries, services
from qiao.hear.surveys.models import Invitation, Round
from qiao.org.access.choices import Role
from qiao.org.membership.choices import Employment
from tests.factories.hear import Town, make_town, open_round

DAYS: dict[str, object] = {"ws_shift": "day", "need_first": ["pay"]}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Pages asked for in English leave the language behind: not into the next test."""
    with override("en"):
        yield


@pytest.fixture
def big(db: None, now: datetime) -> Town:
    return make_town(now, members=200)


def answered(town: Town, per_cell: dict[tuple[str, str], int]) -> Round:
    """A closed round in which so many of each stratum and kind of employment answered."""
    survey = open_round(town)
    for (stratum, kind), number in per_cell.items():
        rows = Invitation.objects.filter(round=survey, stratum=stratum, employment=kind)[:number]
        assert len(rows) == number
        services.store_many(
            actor=town.actor(Role.SURVEY_OWNER), now=town.now, survey=survey, answers=[(row.pk, DAYS) for row in rows]
        )
    return services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=survey.closes, code=survey.code)


def table_of(survey: Round) -> dict[str, list[object]]:
    found: dict[str, list[object]] = pq.read_table(queries.frozen_folder(survey.code) / frozen.TABLE).to_pydict()
    return found


AGENCY, DIRECT = Employment.AGENCY.value, Employment.DIRECT.value


def test_raked_weights_meet_every_total_of_the_register(big: Town) -> None:
    # 200 members, 100 in each district; every fourth by agency, all of them in the first.
    survey = answered(big, {("T-D1", AGENCY): 12, ("T-D1", DIRECT): 30, ("T-D2", DIRECT): 40})
    owner, analyst = big.actor(Role.SURVEY_OWNER), big.actor(Role.ANALYST)
    survey = services.weight_round(actor=analyst, now=survey.closes, code=survey.code, method="rake")
    assert survey.state == "weighted"
    assert survey.weighting["totals"] == {
        "stratum": {"T-D1": 100.0, "T-D2": 100.0}, "employment": {AGENCY: 50.0, DIRECT: 150.0},
    }  # fmt: skip
    leaf = LedgerLeaf.objects.get(kind="round.weighted")
    assert "rake" in leaf.payload
    again = services.weight_round(actor=analyst, now=survey.closes, code=survey.code, method="strata")
    assert again.weighting["method"] == "rake"
    services.publish_results(actor=owner, now=survey.closes, code=survey.code)
    table = table_of(survey)
    weights = np.array(table["weight"], dtype=float)
    for column, totals in (("stratum", survey.weighting["totals"]["stratum"]),
                           ("category", survey.weighting["totals"]["employment"])):  # fmt: skip
        for key, total in totals.items():
            assert weights[np.array(table[column]) == key].sum() == pytest.approx(total)
    assert survey.weighting["after"]["n_eff"] < 82


def test_a_stratum_with_few_answers_is_joined(big: Town) -> None:
    survey = answered(big, {("T-D1", AGENCY): 20, ("T-D1", DIRECT): 30, ("T-D2", DIRECT): 3})
    survey = services.publish_results(actor=big.actor(Role.SURVEY_OWNER), now=survey.closes, code=survey.code)
    assert set(survey.weighting["joined"]) == {"T-D1", "T-D2"}
    assert [row["answered"] for row in survey.weighting["strata"]] == [53]
    assert not any(group["key"].startswith("stratum") for group in survey.results["groups"])
    # Nor does the page tell that three answered there.
    rows = queries.monitor(survey)
    assert [row.answered for row in rows] == [53]


def test_weights_over_the_cap_are_trimmed_and_said(big: Town) -> None:
    survey = answered(big, {("T-D1", AGENCY): 45, ("T-D1", DIRECT): 45, ("T-D2", DIRECT): 6})
    Round.objects.filter(pk=survey.pk).update(weight_cap=2)
    survey = services.weight_round(
        actor=big.actor(Role.ANALYST), now=survey.closes, code=survey.code, method="strata"
    )  # fmt: skip
    after = survey.weighting["after"]
    assert after["trimmed"] == 6
    assert after["maximum"] <= 2 * after["median"] * (1 + 1e-9)
    assert survey.weighting["gap"] > 0


def test_each_way_is_shown_with_what_it_costs(big: Town) -> None:
    survey = answered(big, {("T-D1", AGENCY): 12, ("T-D1", DIRECT): 30, ("T-D2", DIRECT): 40})
    client = Client(headers={"accept-language": "en"})
    client.force_login(big.account(Role.SURVEY_OWNER))
    page = client.get(f"/hear/surveys/{survey.code}/weights/").content.decode()
    assert page.count("effective answers") >= 2
    assert client.post(f"/hear/surveys/{survey.code}/weights/", {"method": "rake"}).status_code == 302
    assert "What was done to the weights" in client.get(f"/hear/surveys/{survey.code}/weights/").content.decode()
    assert client.post(f"/hear/surveys/{survey.code}/publish/").status_code == 302
    assert Round.objects.get(pk=survey.pk).state == "published"


def test_who_may_weight_and_when(big: Town) -> None:
    survey = open_round(big)
    analyst = big.actor(Role.ANALYST)
    with pytest.raises(Problem, match="after the round is closed"):
        services.weight_round(actor=analyst, now=big.now, code=survey.code)
    services.close_round(actor=big.actor(Role.SURVEY_OWNER), now=survey.closes, code=survey.code)
    with pytest.raises(Problem, match="too few answers"):
        services.weight_round(actor=analyst, now=survey.closes, code=survey.code)
    with pytest.raises(Refused):
        services.weight_round(actor=big.actor(Role.SAMPLE_DRAWER), now=survey.closes, code=survey.code)
