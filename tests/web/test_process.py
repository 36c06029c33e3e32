"""The whole-process record: six stages, small numbers hidden, nothing counted while open."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils.translation import override
from tests.factories.ballots import answer_all, make_consultation, make_ground, make_proposals

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.consultations.services import finish_answers
from qiao.decide.decisions.services import take_decision
from qiao.web.process import _told, process_record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("took", "able", "words"),
    [
        (None, 10, ""), (0, 10, "nobody"), (4, 10, "fewer than 5"), (8, 10, "nearly all"),
        (10, 10, "10 people, 100 % of them"),
        (50, 200, "50 people, 25 % of them"), (1, None, "fewer than 5"), (6, None, "6 people"),
    ],
)  # fmt: skip
def test_small_numbers_and_what_is_left_of_all_are_not_told(took: int | None, able: int | None, words: str) -> None:
    with override("en"):
        assert _told(took, able) == words


def test_the_record_of_a_decision_goes_through_six_stages(now: datetime) -> None:
    ground = make_ground(now)
    proposals = [one.code for one in make_proposals(now, ground.district, 100)]
    code = make_consultation(now, ground, proposals, opinions=6, answered=False).code
    answer_all(now, code)
    finish_answers(actor=SYSTEM, now=now, code=code)
    decision = take_decision(
        actor=ground.officer("executive"), now=now, unit=ground.district, title=localized("决定", "Decision"),
        text=localized("办", "Do it"), consultation_code=code, proposal_codes=proposals,
    )  # fmt: skip
    with override("en"):
        record = process_record(decision.code)
    assert record is not None
    assert [stage.number for stage in record.stages] == [1, 2, 3, 4, 5, 6]
    consulted = record.stages[2].takings[0]
    # Six of eight: what is left is fewer than five, so the number is not told.
    assert "gave opinions: nearly all" in consulted.took
    assert "1 opinions adopted" in consulted.changed
    assert record.stages[4].takings == ()
    assert record.missed == 3
    text = Client(headers={"accept-language": "en"}).get(f"/record/{decision.code}/").content.decode()
    assert "Nobody has judged it." in text
    assert process_record("N-1") is None
    assert Client().get("/record/D-0/").status_code == 404
